"""Building blocks of IIIF resources."""

import pytest

from api.iiif.presentation import build_image_service, build_metadata, rights_properties, rights_uri


@pytest.mark.parametrize(
    ("licence_text", "uri"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "http://creativecommons.org/licenses/by-sa/4.0/"),
        ("http://www.creativecommons.org/licenses/by/3.0/no/deed.no", "http://creativecommons.org/licenses/by/3.0/no/"),
        (
            "https://creativecommons.org/publicdomain/mark/1.0/deed.en",
            "http://creativecommons.org/publicdomain/mark/1.0/",
        ),
        (
            "https://rightsstatements.org/page/InC-EDU/1.0/?language=en",
            "http://rightsstatements.org/vocab/InC-EDU/1.0/",
        ),
        ("CC BY 4.0", ""),
        ("https://library.example.org/terms", ""),
        ("javascript:alert(1)//creativecommons.org/licenses/by/4.0/", ""),
        ("", ""),
    ],
)
def test_rights_are_a_canonical_uri_or_empty(licence_text: str, uri: str) -> None:
    assert rights_uri(licence_text) == uri


def test_a_licence_in_words_is_a_statement_without_a_uri() -> None:
    assert rights_properties("Fri bruk") == {
        "requiredStatement": {"label": {"en": ["Licence"]}, "value": {"none": ["Fri bruk"]}}
    }
    assert rights_properties("") == {}


def test_metadata_leaves_out_empty_values() -> None:
    assert build_metadata({"Title": [""], "Year": []}) == []


@pytest.mark.parametrize(
    ("request_url", "service_type"),
    [
        ("https://i.example.org/1/full/max/0/default.jpg", "ImageService3"),
        ("https://i.example.org/1/full/full/0/default.jpg", "ImageService2"),
        ("https://i.example.org/1/full/full/0/native.jpg", "ImageService1"),
    ],
)
def test_the_version_of_an_image_service_follows_from_its_request_url(request_url: str, service_type: str) -> None:
    service = build_image_service("https://i.example.org/1", request_url)
    assert service.get("type", service.get("@type")) == service_type

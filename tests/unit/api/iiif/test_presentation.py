"""Small parts of IIIF resources."""

import pytest

from api.iiif.presentation import image_service, licence_properties, metadata, rights_uri


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
def test_rights_are_canonical_uris_or_nothing(licence_text: str, uri: str) -> None:
    assert rights_uri(licence_text) == uri


def test_a_licence_in_words_is_shown_and_is_no_uri() -> None:
    assert licence_properties("Fri bruk") == {
        "requiredStatement": {"label": {"en": ["Licence"]}, "value": {"none": ["Fri bruk"]}}
    }
    assert licence_properties("") == {}


def test_what_a_record_does_not_say_has_no_line() -> None:
    assert metadata({"Title": [""], "Year": []}) == []


@pytest.mark.parametrize(
    ("request_url", "service_type"),
    [
        ("https://i.example.org/1/full/max/0/default.jpg", "ImageService3"),
        ("https://i.example.org/1/full/full/0/default.jpg", "ImageService2"),
        ("https://i.example.org/1/full/full/0/native.jpg", "ImageService1"),
    ],
)
def test_the_version_of_a_service_is_read_off_its_request(request_url: str, service_type: str) -> None:
    service = image_service("https://i.example.org/1", request_url)
    assert service.get("type", service.get("@type")) == service_type

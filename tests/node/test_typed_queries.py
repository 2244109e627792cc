"""What readers type and paste, as the service answers it over the specimen books."""

from collections.abc import Iterator
from html import escape
from shutil import copytree

import pytest

from tests.library import ServedLibrary, index_library
from tests.paths import CASES


@pytest.fixture(scope="module")
def cases(node_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedLibrary]:
    """The books of four cases: hyphens, long titles, numerals and other scripts."""
    folder = tmp_path_factory.mktemp("cases")
    for case in ("joined-and-hyphenated", "long-title", "roman-numerals", "other-scripts"):
        copytree(CASES / case, folder / case)
    yield from index_library(node_url, folder, tmp_path_factory.mktemp("data"))


CRUSOE = (
    "The Life and Strange Surprizing Adventures of Robinson Crusoe of York Mariner Who lived Eight and Twenty Years all"
    " alone in an uninhabited Island"
)
WHOLE_TITLE = f"{CRUSOE} on the Coast of America near the Mouth of the Great River of Oroonoque"


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("demanddriven", ["Demand-driven Forecasting"]),
        ("seaserpent", ["Demand-driven Forecasting"]),
        ("pothook", ["Demand-driven Forecasting"]),
        ("OBrien", ["Demand-driven Forecasting"]),
        ("sea-serp*", ["Demand-driven Forecasting"]),
        ("O’Bri*", ["Demand-driven Forecasting"]),
        ("l'OBrien", ["Demand-driven Forecasting"]),
        ("seaserpent NOT (pothook AND zzz)", ["Demand-driven Forecasting"]),
        ("seaserpent NOT (pothook AND OBrien)", []),
        ("seaserpent year:*", ["Demand-driven Forecasting"]),
        ("author:O`Brien", ["Demand-driven Forecasting"]),
        ("publisher:mcgrawhill", ["Demand-driven Forecasting"]),
        ("place:StratfordUponAvon", ["Demand-driven Forecasting"]),
        ('"Karl XII"', ["Berättelser om Karl XII"]),
        ('"Karl XI"', ["Berättelser om Karl XI"]),
        ('title:"Karl XI"', ["Berättelser om Karl XI"]),
        ('"μηνιν αειδε"', ["Ἰλιάς"]),
        ('"свет и тень"', ["Ёлка и война"]),
        ('"тень и свет"', []),
        ('"ברא אלהים"', ["תִּקּוּן סוֹפְרִים"]),
        ('title:"ديوان علقمة"', ["ديوان عَلْقَمَة الفَحْل"]),
        ("sea‑serpent +pothook", ["Demand-driven Forecasting"]),
        (WHOLE_TITLE, [WHOLE_TITLE, f"{CRUSOE} retold for children"]),
        (f"{CRUSOE} retold for children", [f"{CRUSOE} retold for children", WHOLE_TITLE]),
        (WHOLE_TITLE.upper(), [WHOLE_TITLE, f"{CRUSOE} retold for children"]),
    ],
)
def test_typed_text_finds_these_books_in_this_order(cases: ServedLibrary, typed: str, titles: list[str]) -> None:
    assert [hit["title"] for hit in cases.search(q=typed)["hits"]] == titles


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "fyr xyz"},
        {"q": "fyr", "place": "Atlantis"},
        {"q": "fyr", "year_from": "1900", "has_caption": "true"},
        {"q": "lighthouse fyr stavkirke ship xyzz bbbbb"},
        {"q": "xyzz zzyx", "place": "Atlantis"},
        {"q": "xyz"},
        {"q": "herring", "group": "book", "language": "fr"},
        {"place": "Atlantis"},
    ],
)
def test_search_without_results_offers_others_that_find_as_many_as_it_says(
    specimen: ServedLibrary, parameters: dict[str, str]
) -> None:
    result_page = specimen.search(**parameters)
    assert result_page["total"] == 0
    assert result_page["other_searches"]
    html = specimen.api_client.get("/", params=parameters).text
    for other_search in result_page["other_searches"]:
        response = specimen.api_client.get(f"/api/search{other_search['url'].removeprefix('/')}")
        assert response.json()["total"] == other_search["total"] > 0
        assert f'href="{escape(other_search["url"])}"' in html


INVISIBLE = ["fyr\u00ad", "ky\u00adsten", "fyr\ufeff", "fyr\u200d", "fyr\u2060", "\u200efyr\u200e", "fyr\u200b"]


@pytest.mark.parametrize(
    "typed", [f'"{"a o " * 400}"', f"1{'a' * 1900}", f"1{'a' * 900} " * 2, " ".join(['"a o"'] * 300), "'" * 300, "红*"]
)
def test_long_texts_are_answered(specimen: ServedLibrary, typed: str) -> None:
    assert specimen.api_client.get("/api/search", params={"q": typed}).status_code == 200


@pytest.mark.parametrize("typed", INVISIBLE)
def test_invisible_characters_change_nothing(specimen: ServedLibrary, typed: str) -> None:
    plain = "kysten" if "sten" in typed else "fyr"
    assert specimen.search(q=typed)["hits"] == specimen.search(q=plain)["hits"] != []


def test_invisible_characters_change_no_filter(specimen: ServedLibrary) -> None:
    total = specimen.search(place="Bergen")["total"]
    assert specimen.search(place="\u200eBer\u00adgen\ufeff")["total"] == total > 0
    vocabulary = specimen.api_client.get(
        "/api/facets", params={"facet": "place", "prefix": "\u200eＢｅr\u00adg"}
    ).json()
    assert [value["value"] for value in vocabulary["values"]] == ["Bergen"]


DIGIBOK = "URN:NBN:no-nb_digibok_2099010100017"


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (f"https://www.nb.no/items/{DIGIBOK}", None),
        (f"https://www.nb.no/items/{DIGIBOK}/", None),
        (f"https://api.nb.no/catalog/v1/iiif/{DIGIBOK}/manifest", None),
        (f"https://www.nb.no/items/{DIGIBOK}?page=5", 5),
        (f"{DIGIBOK}_0005", 5),
        (f"https://api.nb.no/catalog/v1/iiif/{DIGIBOK}/canvas/p3", 3),
    ],
)
def test_pasted_address_finds_its_book_and_the_page_first(
    specimen: ServedLibrary, address: str, page: int | None
) -> None:
    result_page = specimen.search(q=address, decoration="include")
    assert result_page["total"] == 18
    assert {hit["book_id"] for hit in result_page["hits"]} == {DIGIBOK}
    assert page is None or result_page["hits"][0]["page"] == page

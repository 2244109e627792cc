"""The searches that a librarian chooses for the start page."""

from pathlib import Path

import pytest

from api.pages.featured import MAX_FEATURED, parse_search, read_featured
from core.errors import FrontispieceError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("subject=Fyr&subject=Skip&year_to=1850", "/?subject=Fyr&subject=Skip&year_to=1850"),
        ("?q=fyr", "/?q=fyr"),
        ("https://pictures.example.org/?place=Kristiania&has_caption=true", "/?place=Kristiania&has_caption=true"),
    ],
)
def test_an_address_or_its_query_string_is_a_search(text: str, url: str) -> None:
    assert parse_search(text).url() == url


def test_broken_rows_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "featured.csv"
    table.write_text(
        "\ufefftitle,search\nLighthouses,subject=Fyr\nNo search,\nTypo,subjekt=Fyr\nYear,year_from=old\nWords,fyr\n"
        "Maps,label=Map\n",
        encoding="utf-8",
    )
    assert [featured.title for featured in read_featured(table)] == ["Lighthouses", "Maps"]
    log = capsys.readouterr().out
    assert all(f"line={line}" in log for line in (3, 4, 5, 6)), log
    assert "subjekt" in log


def test_a_long_table_is_cut_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    table = tmp_path / "featured.csv"
    table.write_text("title,search\n" + "Map,label=Map\n" * 50, encoding="utf-8")
    assert len(read_featured(table)) == MAX_FEATURED
    with pytest.raises(FrontispieceError, match=r"missing\.csv"):
        read_featured(tmp_path / "missing.csv")

"""Reading a folder: nested, with or without a table, with files that are no pictures."""

from pathlib import Path

import pytest
from PIL import Image

from core.errors import FrontispieceError
from evaluation.pictures.folder import pixel_digest, printed_source, read_folder
from tests.paths import SHARED


def test_pictures_have_their_rows_and_unused_files_are_reported(drawings: Path) -> None:
    warnings: list[str] = []
    pictures = read_folder(drawings, warn=warnings.append)
    assert [picture.label for picture in pictures] == ["", "map", "print", "map", "print", "music", ""]
    assert [picture.columns.get("year", "") for picture in pictures][:2] == ["", "1700"]
    assert (pictures[1].width, pictures[1].height) == (90, 220) == pictures[1].open().size
    assert any("broken.jpg is skipped" in line for line in warnings)
    assert any("1 rows of the table match no picture" in line for line in warnings)


def test_files_with_the_same_pixels_have_the_same_digest(drawings: Path) -> None:
    pictures = read_folder(drawings)
    assert len(pictures) == 7
    assert len({picture.digest for picture in pictures}) == 6
    assert pictures[0].digest == pictures[1].digest


def test_digest_of_one_colour_does_not_depend_on_the_size() -> None:
    sheets = [Image.new("RGB", size, colour) for size in ((10, 20), (30, 5)) for colour in ("white", "#fffffe")]
    white, cream, other_white, other_cream = map(pixel_digest, sheets)
    assert (white, cream) == (other_white, other_cream)
    assert white != cream
    sheets[0].putpixel((3, 3), (0, 0, 0))
    assert pixel_digest(sheets[0]) != white


@pytest.mark.parametrize("heading", ["file", "filename", "image"])
@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-16")])
def test_named_table_with_other_headings_delimiters_and_encodings(
    drawings: Path, tmp_path: Path, heading: str, delimiter: str, encoding: str
) -> None:
    """Names need no folders, and Excel's encodings are read."""
    table = tmp_path / "mine.csv"
    rows = [(heading, "class", "note"), ("again.png", "kjærlighet", "blå"), ("bpt6k000121a-1.png", "kart", "")]
    table.write_text("\n".join(map(delimiter.join, rows)), encoding)
    labels = {picture.name: picture.label for picture in read_folder(drawings, table) if picture.label}
    assert labels == {"again.png": "kjærlighet", "part 1/bpt6k000121a-1.png": "kart"}


def test_pictures_without_a_table_have_no_label(drawings: Path) -> None:
    (drawings / "labels.csv").unlink()
    assert {picture.label for picture in read_folder(drawings)} == {""}


def test_table_without_names_and_folder_without_pictures_are_refused(drawings: Path, tmp_path: Path) -> None:
    table = tmp_path / "other.csv"
    table.write_text("colour,taste\nred,sweet\n")
    with pytest.raises(FrontispieceError, match="has no column for the picture; it may be called path"):
        read_folder(drawings, table)
    with pytest.raises(FrontispieceError, match="contains no picture that can be read"):
        read_folder(tmp_path / "pictures" / "nothing here")


@pytest.mark.parametrize(
    ("name", "book"),
    [
        ("GraphicZone/impr17_bpt6k1110784_f18_3.jpg", "bpt6k1110784"),
        ("TextZone/inc15_bpt6k15223596_bpt6k15223596_f39_chocomufin_1.jpg", "bpt6k15223596"),
        ("Recueil/btv1b84700801-174.jpg", "btv1b84700801"),
        ("Texte/btv1b84700801-66.jpg", "btv1b84700801"),
        ("SET_photo/btv1b8432385n-f10.jpg", "btv1b8432385n"),
        ("crops/digibok_2009042803019_0104_2.jpg", "2009042803019"),
        ("newspaper_clips/2_Img_Ar0020001.png", "newspaper_clips/Img"),
        ("newspaper_clips/6_Img_Ad00607S.png", "newspaper_clips/Img"),
        ("nb_chr24/1-ivar_aasen__SigLIP__02.jpg", "nb_chr24/ivar_aasen"),
        ("scores/Dichterliebe01-2.png", "scores/Dichterliebe01"),
        ("map_tiles/1920-6_13.jpg", "map_tiles"),
        ("bnf_press/Photo/14-4-1.jpg", "bnf_press/Photo"),
        ("pages/00000012.jpg", "pages"),
        ("12.jpg", "."),
    ],
)
def test_printed_source_is_guessed_from_the_name(name: str, book: str) -> None:
    assert printed_source(name) == book


def test_printed_source_is_read_from_the_table() -> None:
    assert printed_source("crops/bpt6k1110784_f18.jpg", {"book_id": "urn:1", "label": "map"}) == "urn:1"


def test_subfolder_is_read_with_the_table_of_its_parent() -> None:
    """The paths of the table start two folders above."""
    scores = read_folder(SHARED / "images" / "scores", SHARED / "images" / "labels.csv")
    assert {picture.label for picture in scores} == {"music"}
    assert {picture.columns["repo"] for picture in scores} == {"Audiveris/audiveris"}


def test_ambiguous_name_matches_no_row(drawings: Path) -> None:
    """Many books have a file with the same name, such as 0001."""
    table = drawings / "labels.csv"
    table.write_text("path,label\nelsewhere/again.png,map\nand here/again.png,print\n")
    assert {picture.label for picture in read_folder(drawings)} == {""}

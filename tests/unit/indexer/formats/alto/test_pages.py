"""ALTO pages: real files, then one test per rule."""

from pathlib import Path
from typing import Any

import pytest

from indexer.formats.alto import read_page, read_pages
from indexer.formats.ocr.picture_types import is_picture
from indexer.records import Page
from tests.alto_factory import alto_document, box_values, position_attributes, print_space, text_block
from tests.paths import SHARED

ALTO = SHARED / "alto"

# file: unit, words, {kind: pictures}, some boxes by id
REAL_FILES: dict[str, tuple[str, int, dict[str, int], dict[str, tuple[float, ...]]]] = {
    "altoxml_bnf_v2.xml": (
        "pixel", 2615, {"GraphicalElement": 4}, {"PAG_00000001_GE000001": (1950, 247, 644, 204)}),
    "altoxml_v4_glyph1.xml": ("pixel", 2, {}, {}),
    "bnf_5628146_04.xml": ("pixel", 6, {"Illustration": 1, "GraphicalElement": 6}, {}),
    "bnf_5628146_06.xml": ("pixel", 40, {"Illustration": 2}, {"PAG_00000006_IL000001": (140, 718, 408, 291)}),
    "bnf_en_00031_p4.xml": (
        "pixel", 5725, {"Illustration": 13, "GraphicalElement": 181}, {"Page1_Block54": (1739, 740, 1194, 330)}),
    "bnf_excelsior_p5.xml.gz": ("pixel", 149, {"Illustration": 3}, {"PAG_5_IL000001": (462, 827, 5297, 3257)}),
    "bnf_lacroix1904_p1.xml": (
        "pixel", 5421, {"Illustration": 1, "GraphicalElement": 1}, {"PAG_00000001_IL000001": (135, 6, 4856, 1889)}),
    "bnf_mag6519971_34.xml": ("pixel", 12, {"Illustration": 4}, {}),
    "bnf_mono9612399_22.xml": ("pixel", 93, {"Illustration": 2}, {"PAG_00000022_IL000002": (722, 1988, 612, 292)}),
    "bnf_pji1900_p1.xml": ("pixel", 62, {"Illustration": 1}, {"P1_CB00001": (73, 907, 3182, 3816)}),
    "bnf_pp1904_p6.xml": ("pixel", 2901, {"Illustration": 1}, {"P6_CB00001": (2906, 1200, 241, 267)}),
    "cookbook68_issue1_p1.xml": ("pixel", 2532, {"Illustration": 10, "GraphicalElement": 6}, {}),
    "dbmdz_alto.xml": ("inch1200", 547, {}, {}),
    "dbmdz_alto_float.xml": ("inch1200", 541, {}, {}),
    "dbmdz_alto_namespaced.xml": ("pixel", 1924, {"Illustration": 5}, {"PAG001BLK0002": (814, 432, 657, 373)}),
    "dbmdz_altobadcoords.xml": ("pixel", 3073, {}, {}),
    "dbmdz_bnl_lunion_1865-04-15.xml": ("mm10", 2816, {}, {}),
    "gc_impr16_bpt6k3041989v_f31.xml": ("pixel", 16, {}, {}),
    "gc_impr16_bpt6k70526g_f10.xml": (
        "pixel", 21, {"GraphicZone": 1, "DropCapitalZone": 1}, {"eSc_textblock_d24ea906": (1012, 1340, 1305, 801)}),
    "gc_impr17_bpt6k111525t_f8.xml": ("pixel", 30, {"MusicZone": 1}, {}),
    "gc_inc15_bpt6k15260973_f9_chocomufin.xml": (
        "pixel", 12, {"DropCapitalZone": 1, "GraphicZone": 1, "StampZone": 1},
        {"eSc_textblock_77910646": (267, 2199, 364, 323)}),
    "kb_dutch.xml": ("pixel", 2733, {"Illustration": 2}, {"P1_CB00002": (2532, 481, 620, 530)}),
    "kb_german.xml": ("pixel", 2545, {"GraphicalElement": 29}, {}),
    "kitodo_noTextBlock.xml": ("pixel", 0, {"Illustration": 3, "GraphicalElement": 6}, {}),
    "kraken_dims.xml": ("pixel", 86, {}, {}),
    "loc_alto21_tags.xml": ("inch1200", 4429, {}, {}),
    "nb_2014062307158_0001.xml": (
        "mm10", 0, {"Illustration": 1}, {"P1_CB00001": (171.375, 182.25, 1161.375, 2242.875)}),
    "nb_2014062307158_0003.xml": ("mm10", 44, {}, {}),
    "nb_2014062307158_0005.xml": ("mm10", 0, {"Illustration": 1}, {}),
    "nb_2014062307158_C3.xml": ("mm10", 0, {"Illustration": 1}, {}),
    "nb_docworks69.xml": ("mm10", 22, {"Illustration": 1}, {"P31_CB00004": (47, 104, 984, 698)}),
    "nb_transkribus_subs.xml": ("mm10", 20, {}, {}),
    "sbb_PPN715049151_17.xml": ("pixel", 242, {}, {}),
    "sbb_PPN767883624_1.xml": ("pixel", 7, {"Illustration": 1, "GraphicalElement": 38}, {}),
    "slub_41d3f429.xml": ("pixel", 0, {}, {}),
    "slub_9facf512.xml": ("pixel", 0, {"Illustration": 2, "GraphicalElement": 3}, {"Page1_Block5": (773, 4, 129, 87)}),
    "ulb_737429_737436.xml": ("pixel", 91, {"Illustration": 2, "GraphicalElement": 9}, {}),
    "ulb_88120_10.xml": ("pixel", 397, {"Illustration": 1}, {"cblock_0": (2118, 0, 171, 3058)}),
    "ulb_zd_0001_0002.xml": ("pixel", 1313, {"Illustration": 45, "GraphicalElement": 26}, {}),
}  # fmt: skip


def word_count(page: Page) -> int:
    return sum(len(block.words) for block in page.blocks)


@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_are_read(name: str) -> None:
    unit, count, type_counts, boxes = REAL_FILES[name]
    page = read_page(ALTO / name)
    block_types = [picture.block_type for picture in page.pictures]
    assert (page.unit, word_count(page)) == (unit, count)
    assert {block_type: block_types.count(block_type) for block_type in block_types} == type_counts
    by_id = {picture.id: box_values(picture.box) for picture in page.pictures}
    assert {picture_id: by_id[picture_id] for picture_id in boxes} == boxes


@pytest.mark.parametrize("path", sorted(ALTO.iterdir()), ids=lambda path: path.name)
def test_boxes_of_every_real_file_are_inside_the_page(path: Path) -> None:
    pages = read_pages(path)
    assert pages
    for page in pages:
        boxed_elements: list[Any] = [*page.blocks, *page.pictures]
        boxed_elements += [word for block in page.blocks for word in block.words]
        for element in boxed_elements:
            assert element.box.x >= 0
            assert element.box.y >= 0
            if page.width and page.height:
                assert element.box.right <= page.width
                assert element.box.bottom <= page.height
        ids = [picture.id for picture in page.pictures]
        assert len(ids) == len(set(ids))
        assert all(0 <= picture.position <= len(page.blocks) for picture in page.pictures)


@pytest.mark.parametrize(
    ("namespace", "prefix"),
    [
        ("", ""),
        ("http://www.loc.gov/standards/alto/ns-v2#", ""),
        ("http://www.loc.gov/standards/alto/ns-v4#", "a:"),
        ("http://bibnum.bnf.fr/ns/alto_prod", ""),
        ("urn:nobody:knows:this", "x:"),
    ],
)
def test_the_namespace_does_not_matter(namespace: str, prefix: str) -> None:
    body = alto_document(
        print_space(text_block("T", "one two") + f'<Illustration ID="I" {position_attributes(0, 50, 100, 100)}/>')
    ).decode()
    body = body.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
    declaration = f' xmlns{":" if prefix else ""}{prefix.rstrip(":")}="{namespace}"' if namespace else ""
    page = read_page(body.replace("alto>", f"alto{declaration}>", 1).encode())
    assert (page.text, [picture.id for picture in page.pictures]) == ("one two", ["I"])


@pytest.mark.parametrize(
    ("measurement_unit", "unit", "warning_count"),
    [
        ("pixel", "pixel", 0), ("MM10", "mm10", 0), (" inch1200 ", "inch1200", 0), ("pixels", "pixel", 0),
        ("furlong", "pixel", 1), ("", "pixel", 1),
    ],
)  # fmt: skip
def test_an_unknown_unit_means_pixels_and_a_warning(measurement_unit: str, unit: str, warning_count: int) -> None:
    page = read_page(alto_document(print_space(""), unit=measurement_unit))
    assert (page.unit, len(page.warnings)) == (unit, warning_count)


class TestPictures:
    def read_pictures(self, content: str, before: str = "") -> list[tuple[str, str, tuple[float, ...], str]]:
        page = read_page(alto_document(print_space(content), styles_xml=before))
        return [
            (picture.id, picture.block_type, box_values(picture.box), picture.composed_block_id)
            for picture in page.pictures
        ]

    def test_an_illustration_block_and_its_element_are_one_picture(self) -> None:
        for position in (position_attributes(10, 10, 400, 400), position_attributes(12, 9, 395, 402)):
            content = f'<ComposedBlock ID="C" TYPE="Illustration" {position_attributes(10, 10, 400, 400)}>'
            content += f'<GraphicalElement ID="C_SUB" {position}/></ComposedBlock>'
            assert self.read_pictures(content) == [("C", "Illustration", (10, 10, 400, 400), "")]

    def test_nested_illustration_blocks_are_one_picture(self) -> None:
        content = f'<ComposedBlock ID="A" TYPE="Illustration" {position_attributes(10, 10, 400, 400)}>'
        content += f'<ComposedBlock ID="B" TYPE="Illustration" {position_attributes(10, 10, 400, 400)}>'
        content += f'<GraphicalElement ID="G" {position_attributes(10, 10, 400, 400)}/></ComposedBlock></ComposedBlock>'
        assert self.read_pictures(f"<ComposedBlock>{content}</ComposedBlock>") == [
            ("A", "Illustration", (10, 10, 400, 400), "P1_ComposedBlock1")
        ]

    def test_a_caption_inside_is_not_part_of_the_picture(self) -> None:
        content = f'<ComposedBlock ID="C" TYPE="Illustration" {position_attributes(0, 0, 400, 500)}>'
        content += (
            '<GraphicalElement ID="G" '
            f"{position_attributes(0, 0, 400, 400)}/>{text_block('T', 'Fig. 1', position=(0, 420, 400, 40))}"
        )
        page = read_page(alto_document(print_space(content + "</ComposedBlock>")))
        assert [(picture.id, box_values(picture.box), picture.composed_block_id) for picture in page.pictures] == [
            ("C", (0, 0, 400, 400), "C")
        ]
        assert page.blocks[0].composed_block_id == "C"

    def test_two_photographs_in_one_block_are_two_pictures(self) -> None:
        content = f'<ComposedBlock ID="C" TYPE="Illustration" {position_attributes(0, 0, 400, 200)}>'
        content += (
            f'<GraphicalElement ID="G" {position_attributes(0, 0, 190, 200)}/><Illustration ID="H" '
            f"{position_attributes(210, 0, 190, 200)}/>"
        )
        assert [picture[0] for picture in self.read_pictures(content + "</ComposedBlock>")] == ["G", "H"]

    def test_a_block_of_bnf_groups_picture_and_caption(self) -> None:
        page = read_page(ALTO / "bnf_mono9612399_22.xml")
        assert page.pictures[0].composed_block_id == "PAG_00000022_CB000001"
        assert "PAG_00000022_CB000001" in {block.composed_block_id for block in page.blocks}

    def test_a_block_without_a_box_gets_the_box_of_its_picture(self) -> None:
        content = (
            f'<ComposedBlock ID="C" TYPE="Photo"><GraphicalElement {position_attributes(1, 2, 30, 40)}/>'
            "</ComposedBlock>"
        )
        assert self.read_pictures(content) == [("C", "Photo", (1, 2, 30, 40), "")]

    def test_tables_and_formulas_are_text_and_no_pictures(self) -> None:
        for block_type in ("Table", "Formula", "table", "container", "Advertisement"):
            content = (
                f'<ComposedBlock ID="C" TYPE="{block_type}" '
                f"{position_attributes(0, 0, 400, 500)}>{text_block('T', '12 34')}</ComposedBlock>"
            )
            page = read_page(alto_document(print_space(content)))
            assert (page.text, page.pictures, page.blocks[0].composed_block_id) == ("12 34", (), "C")

    @pytest.mark.parametrize("tag", ["OtherTag", "LayoutTag", "StructureTag", "Layout"])
    def test_a_tagged_zone_is_a_picture(self, tag: str) -> None:
        tags = f'<Tags><{tag} ID="b1" LABEL="GraphicZone:figure#1"/><OtherTag ID="b2" LABEL="MainZone"/></Tags>'
        zone = f'<TextBlock ID="Z" TAGREFS="b9 b1" {position_attributes(0, 100, 50, 60)}/>'
        content = text_block("T", "words", attributes='TAGREFS="b2"') + zone
        assert self.read_pictures(content, tags) == [("Z", "GraphicZone:figure#1", (0, 100, 50, 60), "")]
        assert read_page(alto_document(print_space(content), styles_xml=tags)).blocks[0].role == "MainZone"

    def test_words_inside_a_zone_are_kept(self) -> None:
        tags = '<Tags><OtherTag ID="b1" LABEL="GraphicZone"/></Tags>'
        page = read_page(
            alto_document(print_space(text_block("Z", "Oslo Bergen", attributes='TAGREFS="b1"')), styles_xml=tags)
        )
        assert (page.text, len(page.pictures), page.warnings) == ("Oslo Bergen", 1, ())

    def test_a_zone_full_of_text_gives_a_warning(self) -> None:
        assert "30 lines of text" in read_page(ALTO / "gc_impr17_bpt6k111525t_f8.xml").warnings[0]

    @pytest.mark.parametrize(
        "name",
        [
            "GraphicZone",
            "GraphicZone:figure#1",
            "graphic#2",
            "GraphicZone-Decoration",
            "DropCapitalZone",
            "dropCap",
            "drop-capital",
            "MusicZone",
            "Illustration",
            "Figure",
            "StampZone",
            "SealZone",
            "ImageRegion",
            "GRAPHIC_ZONE",
            "LineDrawingRegion",
            "MapRegion",
            "CustomZone:figure",
        ],
    )
    def test_tags_with_picture_names_are_pictures(self, name: str) -> None:
        assert is_picture(name)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "MainZone",
            "MarginTextZone:note",
            "DamageZone",
            "DigitizationArtefactZone",
            "TableZone",
            "Table",
            "Formula",
            "QuireMarksZone",
            "TitlePageZone",
            "GraphicZone-FigDesc",
            "GraphicZone-Head",
            "Figure caption",
            "GraphicZone-TextualContent",
            "separatorsBox",
            "SeparatorRegion",
            "Advertisement",
        ],
    )
    def test_tags_with_other_names_are_not_pictures(self, name: str) -> None:
        assert not is_picture(name)

    @pytest.mark.parametrize(
        "points",
        ["1,2 30,2 30,40", "1 2 30 2 30 40", "1,2,30,2,30,40", " 1.0,2.0  30,2\n30,40 ", "(1,2) (30,2) (30,40)"],
    )
    def test_every_syntax_of_points(self, points: str) -> None:
        shape = f'<Shape><Polygon POINTS="{points}"/></Shape>'
        for box in (position_attributes(1, 2, 29, 38), ""):
            picture = read_page(
                alto_document(print_space(f'<Illustration ID="I" {box}>{shape}</Illustration>'))
            ).pictures[0]
            assert picture.polygon == ((1, 2), (30, 2), (30, 40))
            assert box_values(picture.box) == (1, 2, 29, 38)

"""Two coordinate spaces in one file become one."""

import pytest

from core.geometry import Box
from indexer.formats.alto import read_page
from indexer.records import Page
from tests.alto_factory import alto_document, box_values, position_attributes, print_space, text_block
from tests.paths import SHARED

ALTO = SHARED / "alto"


def test_a_line_that_reaches_beyond_the_page_ends_at_its_edge() -> None:
    page = read_page(alto_document(print_space(text_block("T", "fyr", position=(900, 10, 200, 20)))))
    assert box_values(page.blocks[0].lines[0].box) == (900, 10, 100, 20)


class TestSpaces:
    """NB's legacy files put blocks in mm10 at 150 dpi and their lines in mm10 at 400."""

    LINE = (
        f'<TextLine {position_attributes(300, 150, 150, 15)}><String CONTENT="a" '
        f"{position_attributes(300, 150, 150, 15)}/></TextLine>"
    )
    BLOCK = f'<TextBlock ID="T" {position_attributes(800, 400, 400, 40)}>{LINE}</TextBlock>'
    PICTURE = f'<ComposedBlock ID="C" {position_attributes(800, 800, 400, 400)} TYPE="Illustration"/>'

    def read_mm10_page(self, content: str, unit: str = "mm10", width: int = 4000) -> Page:
        print_space = f"<PrintSpace {position_attributes(0, 0, width, width)}>{content}</PrintSpace>"
        return read_page(alto_document(print_space, size='WIDTH="1500" HEIGHT="1500"', unit=unit))

    def test_scale_follows_from_lines_inside_their_block(self) -> None:
        page = self.read_mm10_page(self.BLOCK + self.PICTURE, width=1500)
        assert page.resolution == 400
        assert box_values(page.blocks[0].box) == (300, 150, 150, 15)
        assert box_values(page.pictures[0].box) == (300, 300, 150, 150)

    def test_a_picture_outside_every_block_is_in_block_space(self) -> None:
        shape = '<Shape><Polygon POINTS="800,800 1200,800 1200,1200"/></Shape>'
        element = f'<GraphicalElement ID="G" {position_attributes(800, 800, 400, 400)}>{shape}</GraphicalElement>'
        [picture] = self.read_mm10_page(self.BLOCK + element).pictures
        assert box_values(picture.box) == (300, 300, 150, 150)
        assert picture.polygon == ((300, 300), (450, 300), (450, 450))

    def test_lines_have_precedence_over_the_print_space(self) -> None:
        page = self.read_mm10_page(
            self.BLOCK.replace(position_attributes(800, 400, 400, 40), position_attributes(290, 145, 170, 30))
            + self.PICTURE
        )
        assert page.resolution is None
        assert box_values(page.pictures[0].box) == (800, 800, 400, 400)

    def test_without_text_the_scale_follows_from_the_print_space(self) -> None:
        page = self.read_mm10_page(self.PICTURE)
        assert page.resolution == 400
        assert box_values(page.pictures[0].box) == (300, 300, 150, 150)

    def test_margins_are_used_if_the_print_space_is_small(self) -> None:
        margins = (
            f"<RightMargin {position_attributes(3990, 0, 10, 3990)}/><BottomMargin "
            f"{position_attributes(0, 3990, 4000, 10)}/>"
        )
        print_space = f"<PrintSpace {position_attributes(700, 700, 2000, 2000)}>{self.PICTURE}</PrintSpace>"
        page = read_page(alto_document(margins + print_space, size='WIDTH="1500" HEIGHT="1500"', unit="mm10"))
        assert page.resolution == 400

    def test_pixels_never_have_two_spaces(self) -> None:
        page = self.read_mm10_page(self.PICTURE, unit="pixel")
        assert page.resolution is None
        assert box_values(page.pictures[0].box) == (800, 800, 400, 400)

    def test_a_block_inside_a_table_is_in_page_space(self) -> None:
        cell = self.BLOCK.replace('ID="T"', 'ID="U"').replace(
            position_attributes(800, 400, 400, 40), position_attributes(300, 150, 150, 15)
        )
        table = f'<ComposedBlock ID="C" {position_attributes(800, 400, 400, 40)} TYPE="Table">{cell}</ComposedBlock>'
        page = self.read_mm10_page(self.BLOCK + table)
        assert [box_values(block.box) for block in page.blocks] == [(300, 150, 150, 15)] * 2
        assert page.pictures == ()

    def test_blocks_and_lines_of_a_real_page_coincide(self) -> None:
        page = read_page(ALTO / "nb_2014062307158_0003.xml")
        assert page.resolution == 400
        for block in page.blocks:
            lines_box = Box.from_boxes(line.box for line in block.lines)
            assert block.box.overlap_area(lines_box) > 0.5 * lines_box.area


class TestPagesWithoutSize:
    """Units that are not pixels become pixels by the size of the page."""

    PICTURE = f'<Illustration ID="I" {position_attributes(1000, 1000, 1000, 1000)}/>'
    WHOLE = position_attributes(0, 0, 2540, 3810)
    MARGINS = (
        f"<TopMargin {position_attributes(0, 0, 2540, 500)}/><LeftMargin {position_attributes(0, 500, 500, 2810)}/>"
        f"<RightMargin {position_attributes(2040, 500, 500, 2810)}/>"
        f"<BottomMargin {position_attributes(0, 3310, 2540, 500)}/>"
    )
    INNER = position_attributes(500, 500, 1540, 2810)

    def read(self, print_space: str, *, unit: str = "mm10", size: str = "", margins: str = "") -> Page:
        content = f"{margins}<PrintSpace {print_space}>{self.PICTURE}</PrintSpace>"
        return read_page(alto_document(content, size=size, unit=unit))

    @pytest.mark.parametrize("unit", ["mm10", "inch1200"])
    @pytest.mark.parametrize("size", ["", 'WIDTH="0" HEIGHT="0"', 'WIDTH="bar" HEIGHT="3810"'])
    def test_the_size_is_that_of_print_space_and_margins(self, unit: str, size: str) -> None:
        for page in (
            self.read(self.WHOLE, unit=unit, size=size),
            self.read(self.INNER, unit=unit, size=size, margins=self.MARGINS),
        ):
            assert (page.width, page.height, len(page.pictures)) == (2540, 3810, 1)
            assert "the size of the page is taken from its PrintSpace and margins" in page.warnings

    @pytest.mark.parametrize("print_space", ["", INNER])
    def test_pictures_on_a_page_of_unknown_size_are_left_out(self, print_space: str) -> None:
        page = self.read(print_space)
        assert (page.width, page.height, page.pictures) == (0, 0, ())
        assert "the page has no size, so its mm10 cannot become pixels; pictures left out: 1" in page.warnings

    def test_pixels_need_no_size(self) -> None:
        page = self.read(self.WHOLE, unit="pixel")
        assert (page.width, page.height) == (0, 0)
        assert [box_values(picture.box) for picture in page.pictures] == [(1000, 1000, 1000, 1000)]

    def test_spaces_in_another_coordinate_space_than_the_lines_are_scaled(self) -> None:
        content = (
            f"<PrintSpace {position_attributes(0, 0, 4000, 4000)}>{TestSpaces.BLOCK}{TestSpaces.PICTURE}</PrintSpace>"
        )
        page = read_page(alto_document(content, size="", unit="mm10"))
        assert (page.width, page.height, page.resolution) == (1500, 1500, 400)
        assert box_values(page.pictures[0].box) == (300, 300, 150, 150)

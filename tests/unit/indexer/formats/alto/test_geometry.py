"""Two coordinate spaces in one file become one."""

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

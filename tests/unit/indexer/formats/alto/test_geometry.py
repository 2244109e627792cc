"""Two coordinate spaces in one file become one."""

from core.geometry import Box
from indexer.formats.alto import read_page
from indexer.records import Page
from tests.made_alto import alto, corners, place, space, text
from tests.paths import SHARED

ALTO = SHARED / "alto"


def test_a_line_that_reaches_beyond_the_page_ends_at_its_edge() -> None:
    page = read_page(alto(space(text("T", "fyr", at=(900, 10, 200, 20)))))
    assert corners(page.blocks[0].lines[0].box) == (900, 10, 100, 20)


class TestSpaces:
    """NB's legacy files put blocks in mm10 at 150 dpi and their lines in mm10 at 400."""

    LINE = f'<TextLine {place(300, 150, 150, 15)}><String CONTENT="a" {place(300, 150, 150, 15)}/></TextLine>'
    BLOCK = f'<TextBlock ID="T" {place(800, 400, 400, 40)}>{LINE}</TextBlock>'
    PICTURE = f'<ComposedBlock ID="C" {place(800, 800, 400, 400)} TYPE="Illustration"/>'

    def read(self, inside: str, unit: str = "mm10", width: int = 4000) -> Page:
        around = f"<PrintSpace {place(0, 0, width, width)}>{inside}</PrintSpace>"
        return read_page(alto(around, size='WIDTH="1500" HEIGHT="1500"', unit=unit))

    def test_lines_decide(self) -> None:
        page = self.read(self.BLOCK + self.PICTURE, width=1500)
        assert page.resolution == 400
        assert corners(page.blocks[0].box) == (300, 150, 150, 15)
        assert corners(page.pictures[0].box) == (300, 300, 150, 150)

    def test_a_picture_outside_every_block_is_in_block_space_too(self) -> None:
        shape = '<Shape><Polygon POINTS="800,800 1200,800 1200,1200"/></Shape>'
        bare = f'<GraphicalElement ID="G" {place(800, 800, 400, 400)}>{shape}</GraphicalElement>'
        [picture] = self.read(self.BLOCK + bare).pictures
        assert corners(picture.box) == (300, 300, 150, 150)
        assert picture.polygon == ((300, 300), (450, 300), (450, 450))

    def test_lines_decide_against_the_print_space(self) -> None:
        page = self.read(self.BLOCK.replace(place(800, 400, 400, 40), place(290, 145, 170, 30)) + self.PICTURE)
        assert page.resolution is None
        assert corners(page.pictures[0].box) == (800, 800, 400, 400)

    def test_without_text_the_print_space_decides(self) -> None:
        page = self.read(self.PICTURE)
        assert page.resolution == 400
        assert corners(page.pictures[0].box) == (300, 300, 150, 150)

    def test_margins_count_where_the_print_space_is_small(self) -> None:
        around = f"<RightMargin {place(3990, 0, 10, 3990)}/><BottomMargin {place(0, 3990, 4000, 10)}/>"
        inside = f"<PrintSpace {place(700, 700, 2000, 2000)}>{self.PICTURE}</PrintSpace>"
        page = read_page(alto(around + inside, size='WIDTH="1500" HEIGHT="1500"', unit="mm10"))
        assert page.resolution == 400

    def test_pixels_never_have_two_spaces(self) -> None:
        page = self.read(self.PICTURE, unit="pixel")
        assert page.resolution is None
        assert corners(page.pictures[0].box) == (800, 800, 400, 400)

    def test_a_block_inside_a_table_is_in_page_space(self) -> None:
        cell = self.BLOCK.replace('ID="T"', 'ID="U"').replace(place(800, 400, 400, 40), place(300, 150, 150, 15))
        table = f'<ComposedBlock ID="C" {place(800, 400, 400, 40)} TYPE="Table">{cell}</ComposedBlock>'
        page = self.read(self.BLOCK + table)
        assert [corners(block.box) for block in page.blocks] == [(300, 150, 150, 15)] * 2
        assert page.pictures == ()

    def test_a_real_page_lines_up(self) -> None:
        page = read_page(ALTO / "nb_2014062307158_0003.xml")
        assert page.resolution == 400
        for block in page.blocks:
            line = Box.around(line.box for line in block.lines)
            assert block.box.overlap(line) > 0.5 * line.area

"""Damaged, hostile and foreign files are read as far as possible, or refused with a reason."""

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AltoError
from indexer.formats.alto import read_page, read_pages
from indexer.records import Page
from tests.alto_factory import alto_document, box_values, position_attributes, print_space, text_block
from tests.paths import SHARED

ALTO = SHARED / "alto"


class TestBroken:
    def read_with_warnings(self, data: bytes | Path, *expected_parts: str) -> Page:
        page = read_page(data)
        warnings = "\n".join(page.warnings)
        assert all(part in warnings for part in expected_parts), warnings
        return page

    BODY = alto_document(
        print_space(text_block("T", "one two") + f'<Illustration ID="I" {position_attributes(0, 50, 100, 100)}/>')
    )

    def test_two_declarations(self) -> None:
        declarations = b'<?xml version="1.0" encoding="UTF-8"?>\n' * 2
        assert self.read_with_warnings(declarations + self.BODY, "2 XML declarations").text == "one two"

    def test_a_newline_before_the_declaration(self) -> None:
        assert self.read_with_warnings(b'\n<?xml version="1.0"?>' + self.BODY, "white space").text == "one two"
        assert self.read_with_warnings(ALTO / "nb_transkribus_subs.xml", "white space").blocks

    def test_a_byte_order_mark_gives_no_warning(self) -> None:
        assert read_page(b'\xef\xbb\xbf<?xml version="1.0"?>' + self.BODY).warnings == ()

    def test_a_truncated_file_is_read_up_to_its_end(self) -> None:
        data = (ALTO / "kb_dutch.xml").read_bytes()
        page = self.read_with_warnings(data[: len(data) // 2], "not well-formed, line ")
        assert 0 < sum(len(block.words) for block in page.blocks) < 2733

    @pytest.mark.parametrize(
        ("size", "width", "height", "warning"),
        [
            ('WIDTH="1000" HEIGHT="1999;x_wconf"', 1000, 1999, "read as 1999"),
            ('WIDTH="bar" HEIGHT="900"', 0, 900, "'bar' is not a number"),
            ("", 0, 0, "has no HEIGHT"),
            ('WIDTH="nan" HEIGHT="1e999"', 0, 0, ""),
            ('WIDTH="-5" HEIGHT="0"', 0, 0, ""),
        ],
    )
    def test_sizes_that_are_not_numbers(self, size: str, width: float, height: float, warning: str) -> None:
        page = self.read_with_warnings(alto_document(print_space(text_block("T", "one")), size=size), warning)
        assert (page.width, page.height, page.text) == (width, height, "one")

    @pytest.mark.parametrize(
        ("box", "clipped_box", "warning"),
        [
            ((-50, 10, 100, 20), (0, 10, 50, 20), "I: reaches beyond the page; clipped"),
            ((900, 900, 500, 500), (900, 900, 100, 100), "I: reaches beyond the page; clipped"),
            ((999, 0, 2, 10), (999, 0, 1, 10), ""),
            ((10, 10, 0, 20), None, "I: empty box"),
            ((10, 10, -20, 20), None, "I: empty box"),
            ((5000, 10, 20, 20), None, "I: lies outside the page"),
            ((10, 10, 20, float("nan")), None, "I: no usable box"),
            ((10, float("inf"), 20, 20), None, "I: no usable box"),
        ],
    )
    def test_boxes_off_the_page(
        self, box: tuple[float, ...], clipped_box: tuple[float, ...] | None, warning: str
    ) -> None:
        page = self.read_with_warnings(
            alto_document(print_space(f'<Illustration ID="I" {position_attributes(*box)}/>')), warning
        )
        assert [box_values(picture.box) for picture in page.pictures] == ([clipped_box] if clipped_box else [])
        assert bool(page.warnings) == bool(warning)

    def test_boxes_never_contain_nan(self) -> None:
        """ÖNB's export of 1772 writes HEIGHT="NaN" for blocks, lines and words."""
        attributes = position_attributes(10, 10, 100, float("nan"))
        content = (
            f'<TextBlock {attributes}><TextLine {attributes}><String CONTENT="one" {attributes}/></TextLine>'
            "</TextBlock>"
        )
        (block,) = self.read_with_warnings(alto_document(print_space(content)), "word without a usable box").blocks
        assert block.text == "one"
        assert box_values(block.box) == box_values(block.lines[0].box) == box_values(block.words[0].box) == (0, 0, 0, 0)

    def test_a_word_off_the_page_keeps_its_text(self) -> None:
        strings = (
            f'<String CONTENT="in" {position_attributes(0, 0, 10, 10)}/><String CONTENT="out" '
            f"{position_attributes(5000, 0, 10, 10)}/>"
        )
        page = self.read_with_warnings(
            alto_document(print_space(text_block("T", strings))),
            "word without a usable box; the box of its line is used (1×)",
        )
        assert page.text == "in out"

    def test_missing_ids_are_made_from_the_position(self) -> None:
        content = f"<Illustration {position_attributes(0, 0, 9, 9)}/><Illustration {position_attributes(20, 0, 9, 9)}/>"
        data = alto_document(print_space(content)).replace(b' ID="P1"', b"")
        assert [picture.id for picture in read_page(data).pictures] == ["Page1_Illustration1", "Page1_Illustration2"]

    def test_repeated_ids_are_made_unique(self) -> None:
        content = "".join(f'<Illustration ID="I" {position_attributes(x, 0, 9, 9)}/>' for x in (0, 20, 40))
        page = self.read_with_warnings(alto_document(print_space(content)), "the id I is used twice")
        assert [picture.id for picture in page.pictures] == ["I", "I-2", "I-3"]

    def test_pages_of_one_file_have_different_ids(self) -> None:
        data = self.BODY.replace(b"</Layout>", b'<Page ID="P1"/></Layout>')
        assert [page.id for page in read_pages(data)] == ["P1", "P1-2"]

    def test_an_empty_page_is_a_page(self) -> None:
        page = read_page(ALTO / "slub_41d3f429.xml")
        assert (page.blocks, page.pictures, page.warnings) == ((), (), ())

    def test_qualified_attributes(self) -> None:
        page = read_page(ALTO / "sbb_PPN715049151_17.xml")
        assert (page.width, page.height) == (2849, 3948)

    def test_invalid_bytes_are_tolerated(self) -> None:
        assert self.read_with_warnings(self.BODY.replace(b"one", b"\xff\xfe"), "not well-formed").pictures


class TestRefused:
    def refusal_reason(self, data: bytes | Path) -> str:
        with pytest.raises(AltoError) as caught:
            read_pages(data, "book/page.xml")
        assert str(caught.value).startswith("book/page.xml: ")
        return str(caught.value)

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b"   ", "empty"),
            (b"\x00\x01\x02", "not XML"),
            (b"\x1f\x8bnonsense", "gzip"),
            (b"PK\x03\x04 a zip", "not XML"),
            (b"<mets/>", "<mets>"),
            (b"<alto/>", "no Page"),
            (b"<alto><Layout/></alto>", "no Page"),
            (b"<!DOCTYPE html><html></html>", "line 1: it has a document type"),
        ],
    )
    def test_files_that_are_not_alto(self, data: bytes, reason: str) -> None:
        assert reason in self.refusal_reason(data)

    def test_a_missing_file_and_a_folder(self, tmp_path: Path) -> None:
        assert "No such file" in self.refusal_reason(tmp_path / "none.xml")
        assert "directory" in self.refusal_reason(tmp_path)

    def test_an_entity_bomb(self) -> None:
        levels = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
        bomb = f'<!DOCTYPE alto [<!ENTITY a0 "ha">{levels}]><alto><Layout><Page ID="&a9;"/></Layout></alto>'
        for encoding in ("utf-8", "utf-16"):
            assert self.refusal_reason(bomb.encode(encoding))

    @pytest.mark.parametrize(
        "doctype_template", ['<!DOCTYPE alto [<!ENTITY x SYSTEM "{0}">]>', '<!DOCTYPE alto SYSTEM "{0}">']
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_external_entities_are_not_read(self, tmp_path: Path, doctype_template: str, encoding: str) -> None:
        secret = tmp_path / "secret.dtd"
        secret.write_text('<!ENTITY x "SECRET">')
        for url in (secret.as_uri(), "http://127.0.0.1:9/x.dtd"):
            data = doctype_template.format(url) + '<alto><Layout><Page ID="&x;"/></Layout></alto>'
            assert "SECRET" not in self.refusal_reason(data.encode(encoding))

    def test_a_doctype_in_utf7_reads_no_external_entity(self, tmp_path: Path) -> None:
        """UTF-7 hides the declaration from a search of the bytes."""
        secret = tmp_path / "secret.dtd"
        secret.write_text('<!ENTITY x "SECRET">')
        hidden_doctype = (
            f'<!DOCTYPE alto SYSTEM "{secret}">'.replace("<", "+ADw-").replace("!", "+ACE-").replace('"', "+ACI-")
        )
        data = f'<?xml version="1.0" encoding="UTF-7"?>{hidden_doctype}+ADw-alto/+AD4-'.encode()
        assert "SECRET" not in self.refusal_reason(data)

    def test_an_attribute_of_100_mb(self) -> None:
        head, tail = b'<alto><Layout><Page ID="', b'"/></Layout></alto>'
        assert self.refusal_reason(head + b"x" * 20_000_000 + tail)
        assert "MiB" in self.refusal_reason(head + b"x" * 100_000_000 + tail)

    def test_a_gzip_bomb(self) -> None:
        bomb = gzip.compress(b"<alto>" + b" " * (65 * 2**20), 9)
        assert len(bomb) < 100_000
        assert "MiB when unpacked" in self.refusal_reason(bomb)

    def test_deep_nesting(self) -> None:
        for depth in (100, 5000):
            content = "<ComposedBlock>" * depth + "</ComposedBlock>" * depth
            assert re.search("deep|depth", self.refusal_reason(alto_document(print_space(content))))

    def test_thousands_of_repeated_ids_give_few_warnings(self) -> None:
        content = text_block("T", "a") * 2000 + f'<Illustration ID="I" {position_attributes(0, 0, 9, 9)}/>' * 2000
        page = read_page(alto_document(print_space(content)))
        assert (len(page.blocks), len(page.pictures)) == (2000, 2000)
        assert len(page.warnings) < 60


def test_gzip_is_recognised_by_its_first_bytes_even_if_truncated() -> None:
    data = TestBroken.BODY * 1
    compressed_page = gzip.compress(data)
    assert read_page(compressed_page).text == "one two"
    compressed_file = gzip.compress((ALTO / "kb_dutch.xml").read_bytes())
    assert "gzip data end too early" in read_page(compressed_file[: len(compressed_file) // 2]).warnings[0]


MUTATED_FILES = [
    "nb_docworks69.xml", "gc_impr16_bpt6k70526g_f10.xml", "bnf_pji1900_p1.xml", "kraken_dims.xml",
    "nb_2014062307158_0003.xml", "bnf_excelsior_p5.xml.gz",
]  # fmt: skip
MUTATION_FRAGMENTS = [
    b"",
    b"<",
    b">",
    b'"',
    b"&",
    b"\x00",
    b"\xff",
    b"-",
    b"1e308",
    b"nan",
    b"<ComposedBlock>",
    b"</TextBlock>",
    b"]]>",
]


@settings(max_examples=150)
@given(data=st.data(), name=st.sampled_from(MUTATED_FILES))
def test_any_damage_gives_a_page_or_an_alto_error(data: st.DataObject, name: str) -> None:
    mutated_bytes = bytearray((ALTO / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(mutated_bytes)))
        end = start + data.draw(st.sampled_from([0, 1, 3, 40, 4000]))
        mutated_bytes[start:end] = data.draw(st.sampled_from(MUTATION_FRAGMENTS) | st.binary(max_size=8))
    assert_no_other_error(bytes(mutated_bytes))


@settings(max_examples=150)
@given(data=st.data(), name=st.sampled_from(MUTATED_FILES[:-1]))
def test_any_attribute_value_gives_a_page(data: st.DataObject, name: str) -> None:
    text_between = re.split(rb'="[^"<]*"', (ALTO / name).read_bytes())
    values = re.findall(rb'="([^"<]*)"', (ALTO / name).read_bytes())
    odd_values = st.sampled_from(
        [b"", b"-1", b"0", b"nan", b"inf", b"1e308", b"-1e308", b"1_0", b"T,;", b"\xc2\xac", b"99999999999"]
    )
    for _ in range(data.draw(st.integers(1, 8))):
        values[data.draw(st.integers(0, len(values) - 1))] = data.draw(odd_values)
    mutated_bytes = text_between[0] + b"".join(
        b'="' + value + b'"' + part for value, part in zip(values, text_between[1:], strict=True)
    )
    assert_no_other_error(mutated_bytes)


@given(st.binary(max_size=300))
def test_any_bytes_give_an_alto_error(raw: bytes) -> None:
    assert_no_other_error(raw)


def assert_no_other_error(raw: bytes) -> None:
    for page in read_pages_or_none(raw):
        for picture in page.pictures:
            assert picture.scale(1.5).box.to_pixel_box().width >= 1


def read_pages_or_none(raw: bytes) -> tuple[Page, ...]:
    try:
        return read_pages(raw, "mutant")
    except AltoError:
        return ()

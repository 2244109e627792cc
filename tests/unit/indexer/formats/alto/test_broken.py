"""Damaged, hostile and foreign files: read as far as they go, or refused with a reason."""

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import AltoError
from indexer.formats.alto import read_page, read_pages
from indexer.records import Page
from tests.made_alto import alto, corners, place, space, text
from tests.paths import SHARED

ALTO = SHARED / "alto"


class TestBroken:
    def warned(self, data: bytes | Path, *parts: str) -> Page:
        page = read_page(data)
        said = "\n".join(page.warnings)
        assert all(part in said for part in parts), said
        return page

    BODY = alto(space(text("T", "one two") + f'<Illustration ID="I" {place(0, 50, 100, 100)}/>'))

    def test_two_declarations(self) -> None:
        declared = b'<?xml version="1.0" encoding="UTF-8"?>\n' * 2
        assert self.warned(declared + self.BODY, "2 XML declarations").text == "one two"

    def test_a_newline_before_the_declaration(self) -> None:
        assert self.warned(b'\n<?xml version="1.0"?>' + self.BODY, "white space").text == "one two"
        assert self.warned(ALTO / "nb_transkribus_subs.xml", "white space").blocks

    def test_a_byte_order_mark_is_no_fault(self) -> None:
        assert read_page(b'\xef\xbb\xbf<?xml version="1.0"?>' + self.BODY).warnings == ()

    def test_a_truncated_file_is_read_as_far_as_it_goes(self) -> None:
        data = (ALTO / "kb_dutch.xml").read_bytes()
        page = self.warned(data[: len(data) // 2], "not well-formed, line ")
        assert 0 < sum(len(block.words) for block in page.blocks) < 2733

    @pytest.mark.parametrize(
        ("size", "width", "height", "said"),
        [
            ('WIDTH="1000" HEIGHT="1999;x_wconf"', 1000, 1999, "read as 1999"),
            ('WIDTH="bar" HEIGHT="900"', 0, 900, "'bar' is not a number"),
            ("", 0, 0, "does not say its HEIGHT"),
            ('WIDTH="nan" HEIGHT="1e999"', 0, 0, ""),
            ('WIDTH="-5" HEIGHT="0"', 0, 0, ""),
        ],
    )
    def test_sizes_that_are_no_numbers(self, size: str, width: float, height: float, said: str) -> None:
        page = self.warned(alto(space(text("T", "one")), size=size), said)
        assert (page.width, page.height, page.text) == (width, height, "one")

    @pytest.mark.parametrize(
        ("at", "kept", "said"),
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
    def test_boxes_off_the_page(self, at: tuple[float, ...], kept: tuple[float, ...] | None, said: str) -> None:
        page = self.warned(alto(space(f'<Illustration ID="I" {place(*at)}/>')), said)
        assert [corners(item.box) for item in page.pictures] == ([kept] if kept else [])
        assert bool(page.warnings) == bool(said)

    def test_heights_that_are_no_number_never_get_into_a_box(self) -> None:
        """ÖNB's export of 1772 writes HEIGHT="NaN" for blocks, lines and words."""
        at = place(10, 10, 100, float("nan"))
        inside = f'<TextBlock {at}><TextLine {at}><String CONTENT="one" {at}/></TextLine></TextBlock>'
        (block,) = self.warned(alto(space(inside)), "word without a usable box").blocks
        assert block.text == "one"
        assert corners(block.box) == corners(block.lines[0].box) == corners(block.words[0].box) == (0, 0, 0, 0)

    def test_a_word_off_the_page_keeps_its_text(self) -> None:
        strings = f'<String CONTENT="in" {place(0, 0, 10, 10)}/><String CONTENT="out" {place(5000, 0, 10, 10)}/>'
        page = self.warned(alto(space(text("T", strings))), "word without a usable box; that of its line is taken (1×)")
        assert page.text == "in out"

    def test_missing_ids_are_made_from_the_place(self) -> None:
        inside = f"<Illustration {place(0, 0, 9, 9)}/><Illustration {place(20, 0, 9, 9)}/>"
        data = alto(space(inside)).replace(b' ID="P1"', b"")
        assert [item.id for item in read_page(data).pictures] == ["Page1_Illustration1", "Page1_Illustration2"]

    def test_repeated_ids_are_made_unique(self) -> None:
        inside = "".join(f'<Illustration ID="I" {place(x, 0, 9, 9)}/>' for x in (0, 20, 40))
        page = self.warned(alto(space(inside)), "the id I is used twice")
        assert [item.id for item in page.pictures] == ["I", "I-2", "I-3"]

    def test_pages_of_one_file_have_ids_of_their_own(self) -> None:
        data = self.BODY.replace(b"</Layout>", b'<Page ID="P1"/></Layout>')
        assert [page.id for page in read_pages(data)] == ["P1", "P1-2"]

    def test_an_empty_page_is_a_page(self) -> None:
        page = read_page(ALTO / "slub_41d3f429.xml")
        assert (page.blocks, page.pictures, page.warnings) == ((), (), ())

    def test_qualified_attributes(self) -> None:
        page = read_page(ALTO / "sbb_PPN715049151_17.xml")
        assert (page.width, page.height) == (2849, 3948)

    def test_invalid_bytes_do_not_stop_it(self) -> None:
        assert self.warned(self.BODY.replace(b"one", b"\xff\xfe"), "not well-formed").pictures


class TestRefused:
    def reason(self, data: bytes | Path) -> str:
        with pytest.raises(AltoError) as caught:
            read_pages(data, "book/page.xml")
        assert str(caught.value).startswith("book/page.xml: ")
        return str(caught.value)

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "empty"),
            (b"   ", "not XML"),
            (b"\x00\x01\x02", "not XML"),
            (b"\x1f\x8bnonsense", "gzip"),
            (b"PK\x03\x04 a zip", "not XML"),
            (b"<mets/>", "<mets>"),
            (b"<alto/>", "no Page"),
            (b"<alto><Layout/></alto>", "no Page"),
            (b"<!DOCTYPE html><html></html>", "document type"),
        ],
    )
    def test_what_is_not_alto(self, data: bytes, said: str) -> None:
        assert said in self.reason(data)

    def test_a_missing_file_and_a_folder(self, tmp_path: Path) -> None:
        assert "No such file" in self.reason(tmp_path / "none.xml")
        assert "directory" in self.reason(tmp_path)

    def test_an_entity_bomb(self) -> None:
        levels = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
        bomb = f'<!DOCTYPE alto [<!ENTITY a0 "ha">{levels}]><alto><Layout><Page ID="&a9;"/></Layout></alto>'
        for encoding in ("utf-8", "utf-16"):
            assert self.reason(bomb.encode(encoding))

    @pytest.mark.parametrize("how", ['<!DOCTYPE alto [<!ENTITY x SYSTEM "{0}">]>', '<!DOCTYPE alto SYSTEM "{0}">'])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_nothing_outside_the_file_is_read(self, tmp_path: Path, how: str, encoding: str) -> None:
        secret = tmp_path / "secret.dtd"
        secret.write_text('<!ENTITY x "SECRET">')
        for place_ in (secret.as_uri(), "http://127.0.0.1:9/x.dtd"):
            data = how.format(place_) + '<alto><Layout><Page ID="&x;"/></Layout></alto>'
            assert "SECRET" not in self.reason(data.encode(encoding))

    def test_a_doctype_in_a_disguise_reads_nothing_either(self, tmp_path: Path) -> None:
        """UTF-7 hides the declaration from a search of the bytes; the parser's own answer is empty."""
        secret = tmp_path / "secret.dtd"
        secret.write_text('<!ENTITY x "SECRET">')
        hidden = f'<!DOCTYPE alto SYSTEM "{secret}">'.replace("<", "+ADw-").replace("!", "+ACE-").replace('"', "+ACI-")
        data = f'<?xml version="1.0" encoding="UTF-7"?>{hidden}+ADw-alto/+AD4-'.encode()
        assert "SECRET" not in self.reason(data)

    def test_an_attribute_of_100_mb(self) -> None:
        head, tail = b'<alto><Layout><Page ID="', b'"/></Layout></alto>'
        assert self.reason(head + b"x" * 20_000_000 + tail)
        assert "MiB" in self.reason(head + b"x" * 100_000_000 + tail)

    def test_a_gzip_bomb(self) -> None:
        bomb = gzip.compress(b"<alto>" + b" " * (65 * 2**20), 9)
        assert len(bomb) < 100_000
        assert "MiB when unpacked" in self.reason(bomb)

    def test_deep_nesting(self) -> None:
        for depth in (100, 5000):
            inside = "<ComposedBlock>" * depth + "</ComposedBlock>" * depth
            assert re.search("deep|depth", self.reason(alto(space(inside))))

    def test_thousands_of_repeated_ids_fill_no_report(self) -> None:
        inside = text("T", "a") * 2000 + f'<Illustration ID="I" {place(0, 0, 9, 9)}/>' * 2000
        page = read_page(alto(space(inside)))
        assert (len(page.blocks), len(page.pictures)) == (2000, 2000)
        assert len(page.warnings) < 60


def test_gzip_is_known_by_its_first_bytes_whole_or_cut() -> None:
    data = TestBroken.BODY * 1
    packed = gzip.compress(data)
    assert read_page(packed).text == "one two"
    more = gzip.compress((ALTO / "kb_dutch.xml").read_bytes())
    assert "gzip data end too early" in read_page(more[: len(more) // 2]).warnings[0]


MUTANTS = [
    "nb_docworks69.xml", "gc_impr16_bpt6k70526g_f10.xml", "bnf_pji1900_p1.xml", "kraken_dims.xml",
    "nb_2014062307158_0003.xml", "bnf_excelsior_p5.xml.gz",
]  # fmt: skip
PIECES = [
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), name=st.sampled_from(MUTANTS))
def test_any_damage_gives_a_page_or_an_alto_error(data: st.DataObject, name: str) -> None:
    raw = bytearray((ALTO / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(raw)))
        end = start + data.draw(st.sampled_from([0, 1, 3, 40, 4000]))
        raw[start:end] = data.draw(st.sampled_from(PIECES) | st.binary(max_size=8))
    check_never_a_traceback(bytes(raw))


@settings(max_examples=150, deadline=None)
@given(data=st.data(), name=st.sampled_from(MUTANTS[:-1]))
def test_any_attribute_value_gives_a_page(data: st.DataObject, name: str) -> None:
    parts = re.split(rb'="[^"<]*"', (ALTO / name).read_bytes())
    values = re.findall(rb'="([^"<]*)"', (ALTO / name).read_bytes())
    odd = st.sampled_from(
        [b"", b"-1", b"0", b"nan", b"inf", b"1e308", b"-1e308", b"1_0", b"T,;", b"\xc2\xac", b"99999999999"]
    )
    for _ in range(data.draw(st.integers(1, 8))):
        values[data.draw(st.integers(0, len(values) - 1))] = data.draw(odd)
    joined = parts[0] + b"".join(b'="' + value + b'"' + part for value, part in zip(values, parts[1:], strict=True))
    check_never_a_traceback(joined)


@given(st.binary(max_size=300))
def test_any_bytes_give_an_alto_error(raw: bytes) -> None:
    check_never_a_traceback(raw)


def check_never_a_traceback(raw: bytes) -> None:
    for page in pages_or_nothing(raw):
        for picture in page.pictures:
            assert picture.scaled(1.5).box.rounded().width >= 1


def pages_or_nothing(raw: bytes) -> tuple[Page, ...]:
    try:
        return read_pages(raw, "mutant")
    except AltoError:
        return ()

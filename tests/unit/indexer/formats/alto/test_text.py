"""Words, lines and reading order of ALTO pages."""

import pytest

from indexer.context.page_text import words_and_boxes
from indexer.formats.alto import read_page
from tests.alto_factory import alto_document, box_values, position_attributes, print_space, text_block
from tests.paths import SHARED

ALTO = SHARED / "alto"


class TestText:
    def test_first_part_of_a_hyphenated_word_holds_the_whole_word(self) -> None:
        first_line = (
            '<String CONTENT="Brann"/><String CONTENT="skade" SUBS_TYPE="HypPart1" SUBS_CONTENT="skadetrygd"/><HYP/>'
        )
        second_line = '<String CONTENT="trygd" SUBS_TYPE="HypPart2" SUBS_CONTENT="skadetrygd"/><String CONTENT="er"/>'
        page = read_page(alto_document(print_space(text_block("T", first_line) + text_block("U", second_line))))
        assert [word.text for block in page.blocks for word in block.words] == ["Brann", "skadetrygd", "", "er"]

    def test_second_part_holds_the_whole_word_if_the_first_is_on_another_page(self) -> None:
        second_line = '<String CONTENT="trygd" SUBS_TYPE="HypPart2" SUBS_CONTENT="skadetrygd"/>'
        assert read_page(alto_document(print_space(text_block("T", second_line)))).text == "skadetrygd"

    @pytest.mark.parametrize(
        ("first_line", "second_line", "expected_text"),
        [
            ('<String CONTENT="og"/><String CONTENT="sko"/><HYP CONTENT="-"/>', "len brant", "og skolen brant"),
            ('<String CONTENT="sko-"/><HYP CONTENT="-"/>', "len", "skolen"),
            ("sko¬", "len brant", "skolen brant"),
            ("sko⸗", "len", "skolen"),
            ("sko\u00ad", "len", "skolen"),
            ('<String CONTENT="og sko¬"/>', '<String CONTENT="len brant"/>', "og skolen brant"),
            ("Brann-", "og annen", "Brann- og annen"),
            ("sko\u00ad", "le\u00adn bra\u00adnt", "skolen brant"),
            ('<String CONTENT="Schu\u00ad"/><HYP CONTENT="\u00ad"/>', "le", "Schule"),
            ("Ma\u0308r\u00ad", "chen", "Märchen"),
            ("Ky\u00adsten\u00ad", '<String CONTENT=" "/>', "Kysten"),
        ],
    )
    def test_a_hyphen_at_the_end_of_a_line_joins_the_word(
        self, first_line: str, second_line: str, expected_text: str
    ) -> None:
        assert read_page(alto_document(print_space(text_block("T", first_line, second_line)))).text == expected_text

    def test_decomposed_letters_are_composed_and_every_word_keeps_its_box(self) -> None:
        strings = "".join(
            f'<String CONTENT="{content}" {position_attributes(10 * number, 5, 8, 9)}/>'
            for number, content in enumerate(("Gru\u0308n", "\ufeff", "\u00ad", "\u0098Ko\u0308ln", "wald"), start=1)
        )
        page = read_page(alto_document(print_space(text_block("T", strings))))
        passage, boxes = words_and_boxes(page, 1)
        assert (passage.text, boxes) == ("Grün Köln wald", "10,5,8,9 40,5,8,9 50,5,8,9")

    def test_a_decomposed_whole_word_of_a_hyphenation_is_composed(self) -> None:
        first_line = '<String CONTENT="Bru\u0308" SUBS_TYPE="HypPart1" SUBS_CONTENT="Bru\u0308\u00adcke"/><HYP/>'
        second_line = '<String CONTENT="cke" SUBS_TYPE="HypPart2" SUBS_CONTENT="Bru\u0308\u00adcke"/>'
        page = read_page(alto_document(print_space(text_block("T", first_line, second_line))))
        assert [word.text for word in page.blocks[0].words] == ["Brücke", ""]

    def test_hyphenated_words_of_a_real_page_are_joined(self) -> None:
        assert "geöffnet von Morgens" in read_page(ALTO / "dbmdz_altobadcoords.xml").text

    @pytest.mark.parametrize(
        ("wc_value", "confidence"), [("0.87", 0.87), ("87", 0.87), ("1", 1.0), ("x", None), ("-1", None)]
    )
    def test_confidence(self, wc_value: str, confidence: float | None) -> None:
        page = read_page(alto_document(print_space(text_block("T", f'<String CONTENT="a" WC="{wc_value}"/>'))))
        assert page.blocks[0].words[0].confidence == pytest.approx(confidence)

    def test_language_of_a_page_is_the_most_frequent_of_its_blocks(self) -> None:
        blocks = (
            text_block("A", "a", attributes='LANG="de"')
            + text_block("B", "b", attributes='language="nb"')
            + text_block("C", "c", attributes='LANG="nb"')
        )
        assert read_page(alto_document(print_space(blocks))).language == "nb"

    def test_a_word_without_a_box_gets_the_box_of_its_line(self) -> None:
        page = read_page(alto_document(print_space(text_block("T", "word", position=(5, 6, 70, 8)))))
        assert box_values(page.blocks[0].words[0].box) == (5, 6, 70, 8)
        assert page.warnings == ()

    def test_nested_strings_lose_no_words(self) -> None:
        """In a damaged file one `/` is missing, so the following strings are children."""
        nested_strings = '<String CONTENT="a"/><String CONTENT="b"><String CONTENT="c"/></String><String CONTENT="d"/>'
        assert read_page(alto_document(print_space(text_block("T", nested_strings)))).text == "a b d"

    def test_metadata_of_the_page(self) -> None:
        page = read_page(ALTO / "bnf_pp1904_p4.xml")
        assert (page.id, page.number, page.label, page.confidence) == ("P4", 4, "353", 0.845)
        assert read_page(ALTO / "nb_2014062307158_0001.xml").image_file_name == "digibok_2014062307158_0001.tif"


class TestOrder:
    def ids_and_positions(self, data: bytes) -> tuple[list[str], list[int]]:
        page = read_page(data)
        return [block.id for block in page.blocks], [picture.position for picture in page.pictures]

    A, B, C = (text_block(name, name, position=(0, y, 900, 50)) for name, y in (("A", 0), ("B", 300), ("C", 600)))

    def test_a_picture_between_blocks_keeps_its_position(self) -> None:
        picture = f'<Illustration ID="I" {position_attributes(0, 900, 100, 50)}/>'
        assert self.ids_and_positions(alto_document(print_space(self.A + picture + self.B + self.C))) == (
            ["A", "B", "C"],
            [1],
        )

    def test_pictures_listed_after_all_text_get_their_printed_position(self) -> None:
        pictures = "".join(f"<Illustration {position_attributes(0, y, 900, 100)}/>" for y in (100, 400, 700))
        assert self.ids_and_positions(alto_document(print_space(self.A + self.B + self.C + pictures))) == (
            ["A", "B", "C"],
            [1, 2, 3],
        )

    def test_margins_are_read_around_the_print_space(self) -> None:
        bottom_margin, top_margin = f"<BottomMargin>{self.C}</BottomMargin>", f"<TopMargin>{self.A}</TopMargin>"
        assert self.ids_and_positions(alto_document(bottom_margin + print_space(self.B) + top_margin))[0] == [
            "A",
            "B",
            "C",
        ]

    def test_reading_order_of_version_4(self) -> None:
        refs = "".join(f'<ElementRef ID="r{i}" REF="{ref}"/>' for i, ref in enumerate(("C", "I", "B", "nobody")))
        order = f"<ReadingOrder><OrderedGroup>{refs}</OrderedGroup></ReadingOrder>"
        picture = f'<Illustration ID="I" {position_attributes(0, 900, 100, 50)}/>'
        assert self.ids_and_positions(alto_document(print_space(self.B + self.C + picture), styles_xml=order)) == (
            ["C", "B"],
            [1],
        )

    def test_reading_order_by_lines(self) -> None:
        lines = "".join(f'<TextLine ID="{word}"><String CONTENT="{word}"/></TextLine>' for word in ("x", "y"))
        block = f'<TextBlock ID="T" {position_attributes(0, 0, 90, 90)}>{lines}</TextBlock>'
        refs = '<ElementRef REF="y"/><ElementRef REF="x"/><ElementRef REF="A"/>'
        page = read_page(
            alto_document(
                print_space(self.A + block),
                styles_xml=f"<ReadingOrder><OrderedGroup>{refs}</OrderedGroup></ReadingOrder>",
            )
        )
        assert page.text == "y x\nA"

    def test_idnext_places_pictures_too(self) -> None:
        """OCR-D lists Illustrations last and chains them with IDNEXT."""
        page = read_page(ALTO / "ulb_737429_737436.xml")
        picture_positions = {picture.id: picture.position for picture in page.pictures}
        blocks_before = [block.id for block in page.blocks[: picture_positions["region0010"]]]
        assert blocks_before[-1] == "region0009"
        assert picture_positions["region0007"] == picture_positions["region0010"] - 1

    def test_circular_idnext_ends(self) -> None:
        blocks = text_block("A", "a", attributes='IDNEXT="B"') + text_block("B", "b", attributes='IDNEXT="A"')
        assert self.ids_and_positions(alto_document(print_space(blocks)))[0] == ["A", "B"]

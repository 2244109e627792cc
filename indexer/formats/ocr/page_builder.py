"""Text blocks and pictures, as a file lists them → a `Page` in reading order."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.geometry import Box
from indexer.formats.ocr.bulk import Sides, WordCleaner, build_words, split_into_lines
from indexer.formats.ocr.frame import Outline, PageFrame, WarningLog
from indexer.formats.ocr.hyphenation import RawLines, join_hyphenated_words, remove_soft_hyphens, words_box
from indexer.formats.ocr.ids import IdAllocator
from indexer.formats.ocr.reading_order import effective_ranks, picture_positions, sort_by_rank
from indexer.records import Page, PictureBlock, TextBlock, TextLine, Word


@dataclass(slots=True)
class OpenBlock:
    """A text block whose lines are being read."""

    id: str
    written_id: str
    box: Box | None
    role: str
    composed_block_id: str
    lines: RawLines = field(default_factory=list)


class PageBuilder:
    """Collects the blocks, lines and pictures of one page in pixels."""

    def __init__(self, page_id: str, width: float, height: float) -> None:
        self.id, self.width, self.height = page_id, width, height
        self.warning_log = WarningLog()
        self.frame = PageFrame(width, height, self.warning_log)
        self.languages: Counter[str] = Counter()
        self.ids = IdAllocator(page_id, self.warning_log)
        self._cleaner = WordCleaner()
        self._blocks: list[tuple[TextBlock, str]] = []
        self._pictures: list[tuple[PictureBlock, str, int | None]] = []
        if not (width and height):
            self.warning_log.add("the page has no size")

    def word(self, text: str, box: Box | None, confidence: float | None, line_box: Box | None) -> Word | None:
        """Return a word with its box clipped to the page; None if it has no text."""
        (text,) = self._cleaner.clean([text])
        if not text:
            return None
        frame = self.frame
        if box is None or not (
            box.x >= 0
            and box.y >= 0
            and 0 < box.width <= frame.right - box.x
            and 0 < box.height <= frame.bottom - box.y
        ):
            box = frame.fit_word_box(box, line_box)
        return Word.in_box(text, box, confidence)

    def words(
        self,
        texts: Sequence[str],
        sides: Sides,
        confidences: Sequence[float | None],
        lines: Sequence[tuple[Box | None, int]],
    ) -> list[list[Word]]:
        """Return the words of each line as `word` does; a line is its box and the number of words up to its end."""
        clean_texts, line_ends = self._cleaner.clean(texts), [end for _, end in lines]

        def repair_word(index: int) -> Word | None:
            line_box = lines[bisect_right(line_ends, index)][0]
            return self.word(clean_texts[index], Box(*(side[index] for side in sides)), confidences[index], line_box)

        words = build_words(clean_texts, sides, confidences, self.frame, repair_word)
        return list(split_into_lines(words, line_ends))

    def add_block(self, block: OpenBlock) -> None:
        """Add a block if it has words."""
        raw_lines = [line for line in block.lines if line[1]]
        if not raw_lines:
            return
        join_hyphenated_words(raw_lines)
        if self._cleaner.has_soft_hyphens:
            remove_soft_hyphens(raw_lines)
        lines = tuple(TextLine(box or words_box(words), tuple(words)) for box, words, _ in raw_lines)
        box = block.box and self.frame.fit_box(block.box, f"text block {block.id}")
        box = box or Box.from_boxes(line.box for line in lines)
        text_block = TextBlock(block.id, box, lines, role=block.role, composed_block_id=block.composed_block_id)
        self._blocks.append((text_block, block.written_id))

    def add_picture(
        self,
        picture_id: str,
        block_type: str,
        box: Box | None,
        *,
        written_id: str = "",
        outline: Outline = (),
        composed_block_id: str = "",
        is_ordered: bool = True,
    ) -> None:
        """Add a picture if it is on the page; `is_ordered` says whether its place in the file is that of reading."""
        if box is None:
            self.warning_log.add(f"{block_type} {picture_id}: no usable box")
            return
        if not (fitted_box := self.frame.fit_box(box, f"{block_type} {picture_id}")):
            return
        outline = self.frame.clip_outline(outline)
        picture = PictureBlock(picture_id, block_type, fitted_box, outline, composed_block_id=composed_block_id)
        self._pictures.append((picture, written_id, len(self._blocks) if is_ordered else None))

    def remove_pictures(self, picture_ids: set[str]) -> None:
        self._pictures = [entry for entry in self._pictures if entry[0].id not in picture_ids]

    def build(self, ranks: Mapping[str, int] | None = None) -> Page:
        """Return the page, its blocks sorted by the ranks of their written ids."""
        ranks = ranks or {}

        def block_rank(block_and_id: tuple[TextBlock, str]) -> int | None:
            return ranks.get(block_and_id[1])

        block_ranks = effective_ranks(self._blocks, block_rank) if ranks else []
        ordered_blocks = sort_by_rank(self._blocks, block_rank) if ranks else self._blocks
        blocks = tuple(block for block, _ in ordered_blocks)
        places = [(written_id, picture.box, before) for picture, written_id, before in self._pictures]
        positions = picture_positions(places, blocks, ranks, block_ranks)
        most_common_languages = self.languages.most_common(1)
        return Page(
            id=self.id,
            width=self.width,
            height=self.height,
            language=most_common_languages[0][0] if most_common_languages else "",
            blocks=blocks,
            pictures=tuple(
                replace(picture, position=position)
                for (picture, _, _), position in zip(self._pictures, positions, strict=True)
            ),
            warnings=self.warning_log.messages(),
        )

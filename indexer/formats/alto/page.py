"""One `Page` element: its text blocks and pictures, in reading order and in one coordinate space."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from core.errors import AltoError
from core.geometry import Box
from indexer.formats.alto import geometry
from indexer.formats.alto.document import Document, Names
from indexer.formats.alto.geometry import SPACES, Frame, Notes
from indexer.formats.alto.picture_types import is_picture
from indexer.formats.alto.reading_order import BLOCKS, by_rank, effective_ranks, explicit_ranks, positions
from indexer.formats.alto.text import TextReader, language
from indexer.formats.xml_loader import local_name
from indexer.records import Page, PictureBlock, TextBlock

DEEPEST = 60
"""ComposedBlocks within each other; real files have two or three."""

WORDY = 5
"""Lines of text from which a zone tagged as a picture looks like a mistake of the person who tagged it."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture with its element's own id and the number of text blocks before it in the file."""

    picture: PictureBlock
    written: str
    before: int | None


class PageReader:
    """Walks through one `Page` element."""

    def __init__(self, document: Document, page: etree._Element, page_id: str, file: str) -> None:
        self._document, self._page, self._id, self._file = document, page, page_id, file
        self._notes = Notes()
        self._names = Names(page_id, self._notes)
        self._width, self._height = self._size("WIDTH"), self._size("HEIGHT")
        self._frame = Frame(self._width, self._height, self._notes)
        mm10 = document.unit == "mm10"
        self._dpi = geometry.block_resolution(page, self._width, self._height) if mm10 else None
        self._factor = geometry.BLOCK_DPI / self._dpi if self._dpi else 1.0
        self._ranks = explicit_ranks(document.order, page)
        self._text = TextReader(self._frame, self._ranks)
        self._texts: list[tuple[TextBlock, str]] = []
        self._pictures: list[_Seen] = []
        self._languages: Counter[str] = Counter()

    def read(self) -> Page:
        self._walk(self._page, "")
        for name in SPACES:
            for space in self._page.iterchildren(f"{{*}}{name}"):
                self._walk(space, "")
        blocks, pictures = self._ordered()
        get = self._page.get
        spoken = self._languages.most_common(1)
        return Page(
            id=self._id,
            width=self._width,
            height=self._height,
            unit=self._document.unit,
            number=_whole(get("PHYSICAL_IMG_NR") or get("PHYSICAL_IMAGE_NR")),
            label=(get("PRINTED_IMG_NR") or "").strip(),
            confidence=geometry.confidence(get("PC")),
            language=get("LANG") or (spoken[0][0] if spoken else ""),
            image=self._document.image,
            resolution=self._dpi,
            blocks=blocks,
            pictures=pictures,
            warnings=(*self._document.warnings, *self._notes.sentences()),
        )

    def _size(self, attribute: str) -> float:
        size = geometry.number(self._page, attribute, self._notes)
        if size is None and self._page.get(attribute) is None:
            self._notes.say(f"the page does not say its {attribute}")
        return max(size or 0.0, 0.0)

    def _ordered(self) -> tuple[tuple[TextBlock, ...], tuple[PictureBlock, ...]]:
        def rank(item: tuple[TextBlock, str]) -> int | None:
            return self._ranks.get(item[1])

        block_ranks = effective_ranks(self._texts, rank) if self._ranks else []
        texts = by_rank(self._texts, rank) if self._ranks else self._texts
        blocks = tuple(block for block, _ in texts)
        places = [(seen.written, seen.picture.box, seen.before) for seen in self._pictures]
        found = positions(places, blocks, self._ranks, block_ranks)
        pictures = (replace(seen.picture, position=place) for seen, place in zip(self._pictures, found, strict=True))
        return blocks, tuple(pictures)

    def _walk(self, parent: etree._Element, group: str, depth: int = 0) -> None:
        if depth > DEEPEST:
            raise AltoError(self._file, f"ComposedBlocks more than {DEEPEST} deep", geometry.label(parent))
        for element in parent.iterchildren(*BLOCKS):
            local, name = local_name(element), self._names.of(element)
            if local == "TextBlock":
                self._text_block(element, name, group)
            elif local == "ComposedBlock":
                self._composed_block(element, name, group, depth)
            else:
                self._add_picture(element, name, local, group)

    def _text_block(self, element: etree._Element, name: str, group: str) -> None:
        labels = self._document.labels(element)
        lines = self._text.lines(element)
        if kind := next((label for label in labels if is_picture(label)), ""):
            self._add_picture(element, name, kind, group, zone=True)
            if len(lines) >= WORDY:
                self._notes.say(f"{kind} {name}: holds {len(lines)} lines of text; kept as picture and as text")
        if not lines:
            return
        self._languages.update(language(element))
        around = Box.around(line.box for line in lines)
        box = self._text_box(element, around) or around
        block = TextBlock(name, box, lines, role=labels[0] if labels else "", group=group)
        self._texts.append((block, element.get("ID") or ""))

    def _text_box(self, element: etree._Element, around: Box) -> Box | None:
        box = geometry.raw_box(element, self._notes)
        if box is None:
            return None
        if self._dpi and geometry.own_space(box, around):
            # In legacy NB files a block within a Table is in page space, any other in block space.
            box = box.scaled(self._factor)
        return self._frame.fitted(box, geometry.label(element))

    def _add_picture(self, element: etree._Element, name: str, kind: str, group: str, *, zone: bool = False) -> None:
        if not (box := self._frame.box(element, f"{kind} {name}", self._factor)):
            return
        outline = self._frame.outline(element, self._factor)
        # eScriptorium lists zones in the order in which somebody drew them.
        before = None if zone else len(self._texts)
        picture = PictureBlock(name, kind, box, outline, group=group)
        self._pictures.append(_Seen(picture, element.get("ID") or "", before))

    def _composed_block(self, element: etree._Element, name: str, group: str, depth: int) -> None:
        pictures, texts = len(self._pictures), len(self._texts)
        self._walk(element, name, depth + 1)
        kind = next((word for word in _kinds(element, self._document) if is_picture(word)), "")
        if not kind:
            return
        inner = self._pictures[pictures:]
        has_text = len(self._texts) > texts
        place = self._one_picture(element, f"{kind} {name}", inner, has_text=has_text)
        if place:
            picture = PictureBlock(name, kind, *place, group=name if has_text else group)
            before = inner[0].before if inner else texts
            self._pictures[pictures:] = [_Seen(picture, element.get("ID") or "", before)]

    def _one_picture(
        self, element: etree._Element, name: str, inner: list[_Seen], *, has_text: bool
    ) -> tuple[Box, geometry.Outline] | None:
        """Box and outline of the one picture that an illustration block is; None where it holds several."""
        # Such a block may lack a box of its own.
        own = self._frame.box(element, name, self._factor) if not inner or geometry.raw_box(element) else None
        if not own:
            own = Box.around(seen.picture.box for seen in inner) if len(inner) == 1 else None
            return (own, inner[0].picture.polygon) if own else None
        covered = sum(seen.picture.box.area for seen in inner)
        if len(inner) == 1 and has_text and covered >= own.area / 4:
            # The block holds a caption too, and the picture is what it says it is.
            return inner[0].picture.box, inner[0].picture.polygon
        outline = self._frame.outline(element, self._factor)
        for seen in inner:
            if geometry.near_same(seen.picture.box, own):
                return own, outline or seen.picture.polygon
        if len(inner) > 1 and covered >= own.area / 2:
            return None
        return own, outline


def _kinds(element: etree._Element, document: Document) -> Iterator[str]:
    yield element.get("TYPE") or ""
    yield from document.labels(element)


def _whole(text: str | None) -> int | None:
    digits = (text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None

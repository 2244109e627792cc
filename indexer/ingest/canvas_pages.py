"""The images that a IIIF canvas shows, with what surrounds each of them on the canvas. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.geometry import Box
from indexer.context import extract_graphical_elements
from indexer.context.page_placement import select_part
from indexer.context.page_text import words_and_boxes
from indexer.page_records import Page, PictureBlock
from indexer.page_selection import MIN_PAGE_SHARE
from indexer.records import Context, Leaf, TextPassage

WHOLE_PAGE = Box(0, 0, 1, 1)


def page_images(leaf: Leaf) -> tuple[Leaf, ...]:
    """Return all images of a page; the first is its scan, if it has one."""
    return leaf, *leaf.other_images


def image_parts(leaf: Leaf, page: Page) -> Iterator[tuple[Leaf, Page | None]]:
    """Yield the images of a page with ALTO, each with the part of the page that it shows, None for a picture on it.

    If the first image fills the page it is the scan, and the others are pictures on the page; else all are parts of it.
    """
    if leaf.selection.fills_page:
        yield leaf, _select_image_part(leaf, page)
        yield from ((image, None) for image in leaf.other_images)
    else:
        yield from ((image, _select_image_part(image, page)) for image in page_images(leaf))


def image_contexts(images: Sequence[Leaf], text_page: Page | None) -> list[Context]:
    """Return the text around each image of a page without ALTO; a caption that a person gave has precedence."""
    contexts = [Context()] * len(images)
    if text_page and any(_fills_page(block.box, text_page) for block in text_page.blocks):
        # The place of the text is unknown, so nothing is before or after a picture.
        contexts = [Context(page_text=words_and_boxes(text_page, 1)[0])] * len(images)
    elif text_page and text_page.blocks:
        picture_blocks = tuple(
            PictureBlock(id=str(number), block_type="Image", box=_place_on_page(image, text_page))
            for number, image in enumerate(images)
        )
        elements = extract_graphical_elements(replace(text_page, pictures=picture_blocks))
        contexts = [element.context for element in elements]
    return [
        replace(context, caption=TextPassage(image.caption)) if image.caption else context
        for image, context in zip(images, contexts, strict=True)
    ]


def _select_image_part(image: Leaf, page: Page) -> Page:
    place = image.selection.place
    return select_part(page, place) if place else page


def _place_on_page(image: Leaf, page: Page) -> Box:
    x, y, width, height = image.selection.place or WHOLE_PAGE
    return Box(x * page.width, y * page.height, width * page.width, height * page.height)


def _fills_page(box: Box, page: Page) -> bool:
    return box.area >= MIN_PAGE_SHARE * page.width * page.height

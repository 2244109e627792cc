"""A page against an image that shows only part of it, or that shows it as part of a larger or a turned scan."""

from collections.abc import Callable
from dataclasses import replace

from core import image_api
from core.geometry import Box, PixelBox
from indexer.context.page_scale import PageScale
from indexer.page_records import Page, TextBlock, TextLine
from indexer.page_selection import ImageSelection

MapBox = Callable[[Box], Box]


def select_part(page: Page, place: Box) -> Page:
    """Return what lies in a part of the page, with its corner as the origin; `place` is in fractions of the page."""
    part = Box(place.x * page.width, place.y * page.height, place.width * page.width, place.height * page.height)

    def is_inside(box: Box) -> bool:
        x, y = box.x + box.width / 2, box.y + box.height / 2
        return part.x <= x < part.right and part.y <= y < part.bottom

    kept_blocks = tuple(block for block in page.blocks if is_inside(block.box))
    kept_pictures = tuple(picture for picture in page.pictures if is_inside(picture.box))
    inner_page = replace(page, blocks=kept_blocks, pictures=kept_pictures, width=part.width, height=part.height)
    return map_boxes(inner_page, lambda box: box._replace(x=box.x - part.x, y=box.y - part.y))


def place_on_scan(page: Page, selection: ImageSelection, scan_size: tuple[int, int]) -> tuple[Page, PageScale]:
    """Return the page in pixels of the whole scan of which it shows a region, and the scale that is left to apply."""
    region = image_api.resolve_region(selection.region, *scan_size)
    is_turned = selection.rotation % 180 == 90
    shown_size = (region.height, region.width) if is_turned else (region.width, region.height)
    scale = PageScale.from_sizes(page, shown_size)

    def to_scan(box: Box) -> Box:
        upright_box = _turn_back(box.scale(scale.factor), selection.rotation, region)
        return upright_box._replace(x=upright_box.x + region.x, y=upright_box.y + region.y)

    placed_page = replace(map_boxes(page, to_scan), width=scan_size[0], height=scan_size[1], unit="pixel")
    return placed_page, replace(scale, factor=1.0, scan_size=scan_size)


def map_boxes(page: Page, map_box: MapBox) -> Page:
    """Return the page with every box replaced by another."""
    return replace(
        page,
        blocks=tuple(_map_block(block, map_box) for block in page.blocks),
        pictures=tuple(
            replace(
                picture,
                box=map_box(picture.box),
                polygon=tuple(map_box(Box(x, y, 0, 0))[:2] for x, y in picture.polygon),
            )
            for picture in page.pictures
        ),
    )


def _map_block(block: TextBlock, map_box: MapBox) -> TextBlock:
    return replace(block, box=map_box(block.box), lines=tuple(_map_line(line, map_box) for line in block.lines))


def _map_line(line: TextLine, map_box: MapBox) -> TextLine:
    words = tuple(word.move(map_box(word.box)) for word in line.words)
    return replace(line, box=map_box(line.box), words=words)


def _turn_back(box: Box, rotation: int, region: PixelBox) -> Box:
    """Return the box on the region as stored; `rotation` is how far it was turned clockwise."""
    x, y, width, height = box
    if rotation == 90:
        return Box(y, region.height - x - width, height, width)
    if rotation == 180:
        return Box(region.width - x - width, region.height - y - height, width, height)
    if rotation == 270:
        return Box(region.width - y - height, x, height, width)
    return box

"""The reading order of the blocks of a page as ALTO states it."""

from collections.abc import Mapping

from lxml import etree

BLOCK_TAGS = ("{*}TextBlock", "{*}Illustration", "{*}GraphicalElement", "{*}ComposedBlock")


def reading_order_places(parent: etree._Element) -> dict[str, int]:
    """Return id → place in the ReadingOrder of ALTO 4; alternatives (kraken) and parts are numbered consecutively."""
    places: dict[str, int] = {}
    for order in parent.iterchildren("{*}ReadingOrder"):
        for element in order.iter("{*}ElementRef"):
            places.setdefault(element.get("REF", ""), len(places))
    return places


def explicit_ranks(order: Mapping[str, int], page: etree._Element) -> dict[str, int]:
    """Return the ranks of blocks and lines from ReadingOrder or IDNEXT, by id; empty for most files."""
    order = order or reading_order_places(page)
    return _reading_order_ranks(order, page) if order else _chain_ranks(page)


def _reading_order_ranks(order: Mapping[str, int], page: etree._Element) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for block in page.iter(*BLOCK_TAGS):
        block_parts = block.iter("{*}TextLine", "{*}String") if block.tag.endswith("TextBlock") else ()
        places = {name: order[name] for part in (block, *block_parts) if (name := part.get("ID", "")) in order}
        if places and (name := block.get("ID", "")):
            # A block gets the rank of its first line.
            ranks |= places | {name: min(places.values())}
    return ranks


def _chain_ranks(page: etree._Element) -> dict[str, int]:
    blocks = [block for block in page.iter(*BLOCK_TAGS) if block.get("ID")]
    next_ids = {block.get("ID", ""): next_id for block in blocks if (next_id := block.get("IDNEXT"))}
    if not next_ids:
        return {}
    block_ids = {block.get("ID", "") for block in blocks}
    successor_ids = set(next_ids.values())
    ranks: dict[str, int] = {}
    head_ids = [name for name in next_ids if name not in successor_ids]
    # A cycle has no start; its first element in the file is taken.
    for start in (*head_ids, *next_ids):
        name: str | None = start
        while name in block_ids and name not in ranks:
            ranks[name] = len(ranks)
            name = next_ids.get(name)
    return ranks

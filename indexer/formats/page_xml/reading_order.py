"""The ReadingOrder of a page: ordered and unordered groups of regions, also nested."""

from collections.abc import Iterator

from lxml import etree


def region_ranks(page: etree._Element) -> dict[str, int]:
    """Return the place of each region by its id; empty if the page has no ReadingOrder."""
    ranks: dict[str, int] = {}
    for order in page.iterchildren("{*}ReadingOrder"):
        for region_id in _region_ids(order):
            ranks.setdefault(region_id, len(ranks))
    return ranks


def _region_ids(group: etree._Element) -> Iterator[str]:
    if region_id := group.get("regionRef"):
        yield region_id
    for child in sorted(group.iterchildren(etree.Element), key=_order_index):
        yield from _region_ids(child)


def _order_index(element: etree._Element) -> int:
    index = element.get("index") or ""
    return int(index) if index.isascii() and index.isdigit() and len(index) < 10 else 0

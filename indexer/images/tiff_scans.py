"""Scans in multi-page TIFF files: which frame belongs to which page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.tiff_pages import TIFF_SUFFIXES, TiffPages, read_tiff_pages
from indexer.records import Leaf, Page, is_url

SINGLE_PAGE = TiffPages((0,))


def scan_pages(scan: str | None) -> TiffPages:
    """Return the pages of a scan on disk; one page if it is no TIFF, is on the web or cannot be opened."""
    if not scan or is_url(scan) or Path(scan).suffix.lower() not in TIFF_SUFFIXES:
        return SINGLE_PAGE
    try:
        with Path(scan).open("rb") as file:
            return read_tiff_pages(file)
    except OSError:
        return SINGLE_PAGE  # reported where the scan is decoded


def split_tiff_leaves(leaves: Iterable[Leaf]) -> tuple[tuple[Leaf, ...], tuple[str, ...]]:
    """Return one leaf per page of each TIFF, and sentences about pages that cannot be read.

    Several leaves that share a TIFF have its pages in their order. A leaf without ALTO becomes as many leaves as its
    TIFF has pages, called `id:1`, `id:2`…; then all leaves are numbered anew. An ALTO file describes several pages
    itself (see `alto_page_leaves`).
    """
    leaves = tuple(leaves)
    users = Counter(leaf.scan for leaf in leaves)
    pages_by_scan = {scan: scan_pages(scan) for scan in users}
    warnings = tuple(f"{scan}: {pages.problem}" for scan, pages in pages_by_scan.items() if pages.problem)
    split_leaves = tuple(_split_leaves(leaves, users, pages_by_scan))
    if len(split_leaves) > len(leaves):
        split_leaves = tuple(replace(leaf, number=number) for number, leaf in enumerate(split_leaves, start=1))
    return split_leaves, warnings


def _split_leaves(
    leaves: Iterable[Leaf], users: Counter[str | None], pages_by_scan: dict[str | None, TiffPages]
) -> Iterator[Leaf]:
    positions: Counter[str | None] = Counter()
    for leaf in leaves:
        frames, position = pages_by_scan[leaf.scan].frames, positions[leaf.scan]
        positions[leaf.scan] += 1
        if len(frames) == 1 or leaf.frame is not None:
            yield leaf
        elif users[leaf.scan] > 1:
            yield replace(leaf, frame=frames[position]) if position < len(frames) else replace(leaf, scan=None)
        elif leaf.alto:
            yield leaf
        else:
            for number, frame in enumerate(frames, start=1):
                yield replace(leaf, id=f"{leaf.id}:{number}", frame=frame)


def share_tiff(leaves: Sequence[Leaf], scan: str) -> tuple[Leaf, ...]:
    """Return the leaves of a book with the pages of one TIFF: in order if there are as many, else by their numbers.

    A TIFF with one page is not the scan of a whole book, so the leaves are returned as they are.
    """
    frames = scan_pages(scan).frames
    if len(frames) == 1:
        return tuple(leaves)
    positions = range(len(leaves)) if len(frames) == len(leaves) else [leaf.number - 1 for leaf in leaves]
    return tuple(
        replace(leaf, scan=scan, frame=frames[position]) if 0 <= position < len(frames) else leaf
        for leaf, position in zip(leaves, positions, strict=True)
    )


def alto_page_leaves(leaf: Leaf, pages: Sequence[Page]) -> tuple[list[Leaf | None], str]:
    """Return a leaf for each page of a file of OCR, and a warning if its TIFF has another number of pages.

    None stands for a page that is not of the book.

    A file with several pages has scans only if its scan is a multi-page TIFF, as `tesseract book.tif book alto` reads.
    """
    if leaf.page_leaves:
        return _known_page_leaves(leaf, pages)
    frames = scan_pages(leaf.scan).frames
    if len(pages) == 1:
        is_first_of_several = len(frames) > 1 and leaf.frame is None
        return [leaf], f"{_page_counts(leaf, pages, frames)}; the first is used" if is_first_of_several else ""
    chosen_frames = frames_of_pages(pages, frames) if len(frames) > 1 else [None] * len(pages)
    leaves: list[Leaf | None] = [
        replace(
            leaf,
            id=f"{leaf.id}:{page.id}",
            number=leaf.number + position,
            scan=leaf.scan if frame is not None else None,
            frame=frame,
        )
        for position, (page, frame) in enumerate(zip(pages, chosen_frames, strict=True))
    ]
    if len(frames) in (1, len(pages)):
        return leaves, ""
    return leaves, _page_counts(leaf, pages, frames)


def _page_counts(leaf: Leaf, pages: Sequence[Page], frames: Sequence[int]) -> str:
    count = "1 page" if len(pages) == 1 else f"{len(pages)} pages"
    return f"the file has {count}, and its scan {leaf.scan} has {len(frames)}"


def _known_page_leaves(leaf: Leaf, pages: Sequence[Page]) -> tuple[list[Leaf | None], str]:
    """Return the leaves that the source knows; pages beyond them have no scan."""
    leaves = list(leaf.page_leaves[: len(pages)])
    for number, page in enumerate(pages[len(leaves) :], start=len(leaves) + 1):
        leaves.append(replace(leaf, id=f"{leaf.id}:{page.id}", number=number, scan=None, page_leaves=()))
    if len(pages) == len(leaf.page_leaves):
        return leaves, ""
    return leaves, f"the file has {len(pages)} pages, and its page list has {len(leaf.page_leaves)}"


def frames_of_pages(pages: Sequence[Page], frames: Sequence[int]) -> list[int | None]:
    """Return the frame of each page: in order if there are as many, else by PHYSICAL_IMG_NR.

    ALTO counts images from 1, Tesseract from 0.
    """
    if len(pages) == len(frames):
        return list(frames)
    numbers = [page.number for page in pages if page.number is not None]
    if len(set(numbers)) < len(pages):
        numbers = list(range(1, len(pages) + 1))
    is_from_tesseract = all(page.id == f"page_{page.number}" for page in pages)
    first_number = 0 if 0 in numbers or is_from_tesseract else 1
    positions = [number - first_number for number in numbers]
    return [frames[position] if 0 <= position < len(frames) else None for position in positions]

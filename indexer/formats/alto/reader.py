"""ALTO XML → `Page`: versions 1 to 4, any namespace, all units, and damaged files as far as they can be read."""

from pathlib import Path

from core.errors import AltoError, ProblemCode
from indexer.formats.alto.document import AltoDocument
from indexer.formats.alto.loading import parse
from indexer.formats.alto.page import PageReader
from indexer.formats.ocr.ids import IdAllocator
from indexer.records import Page


def read_pages(source: Path | bytes, name: str = "") -> tuple[Page, ...]:
    """Return every page of an ALTO file, plain or gzipped; AltoError if no page can be read."""
    name = name or (str(source) if isinstance(source, Path) else "")
    root, warnings = parse(source, name)
    elements = [page for layout in root.iterchildren("{*}Layout") for page in layout.iterchildren("{*}Page")]
    elements = elements or list(root.iter("{*}Page"))
    if not elements:
        raise AltoError(name, "the file has no Page", code=ProblemCode.EMPTY)
    document = AltoDocument.from_root(root, tuple(warnings))
    id_allocator = IdAllocator("Page")
    return tuple(
        PageReader(document, page, id_allocator.allocate("Page", page.get("ID")), name).read() for page in elements
    )


def read_page(source: Path | bytes, name: str = "") -> Page:
    """Return the first page of an ALTO file; most files have just one."""
    return read_pages(source, name)[0]

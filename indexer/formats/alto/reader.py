"""ALTO XML into `Page`: versions 1 to 4, any namespace, all its units, and the ways in which it comes broken."""

from pathlib import Path

from core.errors import AltoError, ProblemCode
from indexer.formats.alto.document import AltoDocument, IdAllocator
from indexer.formats.alto.loading import parse
from indexer.formats.alto.page import PageReader
from indexer.records import Page


def read_pages(source: Path | bytes, name: str = "") -> tuple[Page, ...]:
    """Every page of an ALTO file, plain or gzipped; `AltoError` when there is none to be read."""
    name = name or (str(source) if isinstance(source, Path) else "")
    root, warnings = parse(source, name)
    elements = [page for layout in root.iterchildren("{*}Layout") for page in layout.iterchildren("{*}Page")]
    elements = elements or list(root.iter("{*}Page"))
    if not elements:
        raise AltoError(name, "no Page in it", code=ProblemCode.EMPTY)
    document = AltoDocument.from_root(root, tuple(warnings))
    id_allocator = IdAllocator("Page")
    return tuple(PageReader(document, page, id_allocator.allocate(page), name).read() for page in elements)


def read_page(source: Path | bytes, name: str = "") -> Page:
    """The first page of an ALTO file; most have just one."""
    return read_pages(source, name)[0]

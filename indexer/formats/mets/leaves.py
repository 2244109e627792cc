"""Pages of a METS → leaves, with the files that are on disk or on the web."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal

from core import image_api
from indexer.formats.mets.files import MetsFile
from indexer.formats.mets.pages import MetsPage
from indexer.formats.mets.reader import Mets
from indexer.records import Leaf

FindFile = Callable[[MetsFile, Literal["alto", "image"]], Path | None]


def leaves(mets: Mets, find_file: FindFile, *, allow_remote: bool) -> Iterator[tuple[MetsPage, Leaf]]:
    """Yield every page with a file on disk (`find_file`) or, with `allow_remote`, on the web, as a leaf."""
    used_ids: set[str] = set()
    for number, page in enumerate(mets.pages, start=1):
        images = sorted((file for file in page.files if file.is_image), key=_image_rank)
        altos = sorted((file for file in page.files if file.is_ocr), key=_ocr_rank)
        # Names of the other type are tried last: some METS list only scans, with the ALTO files beside them.
        alto = next((str(path) for file in [*altos, *images] if (path := find_file(file, "alto"))), None)
        scan = next((str(path) for file in [*images, *altos] if (path := find_file(file, "image"))), None)
        remote_image = next((image for image in images if image.web_url or image.image_service), None)
        if allow_remote and alto is None:
            alto = next((alto_file.web_url for alto_file in altos if alto_file.web_url), None)
        if scan or not (allow_remote or alto):
            remote_image = None
        if alto or scan or remote_image:
            leaf = _leaf(page, number, alto, scan, remote_image)
            page_id = page.id or _page_id(mets.book.id, alto or scan or "", number)
            leaf_id = page_id if page_id not in used_ids else f"{page_id}_{number:04}"
            used_ids.add(leaf_id)
            yield page, replace(leaf, id=leaf_id)


def _leaf(page: MetsPage, number: int, alto: str | None, scan: str | None, remote_image: MetsFile | None) -> Leaf:
    leaf = Leaf(id="", number=number, label=page.label, alto=alto, scan=scan)
    if remote_image is None:
        return leaf
    service = remote_image.image_service or image_api.service_base_uri(remote_image.web_url)
    scan = remote_image.web_url if not remote_image.web_url.endswith("/info.json") else ""
    return replace(leaf, scan=scan or None, image_service=service, width=remote_image.width, height=remote_image.height)


def _page_id(book_id: str, source: str, number: int) -> str:
    """Return the stem of the file, prefixed with the book's id unless it contains that id."""
    stem = PurePosixPath(source).name.split(".")[0]
    if not stem or image_api.service_base_uri(source):
        stem = f"{number:04}"
    # `digibok_1_0001` needs no prefix in `URN:NBN:no-nb_digibok_1`.
    bare_book_id = book_id.rpartition(":")[2].removeprefix("no-nb_").lower()
    return stem if bare_book_id in stem.lower() else f"{book_id}_{stem}"


def _ocr_rank(file: MetsFile) -> int:
    """Return a rank for sorting: ALTO before PAGE-XML before hOCR, as type and USE of the file say."""
    facts = f"{file.mimetype} {file.use} {file.href}".lower()
    words = ("alto", "page", "hocr")
    return next((rank for rank, word in enumerate(words) if word in facts), 0 if file.suffix == ".xml" else len(words))


def _image_rank(file: MetsFile) -> int:
    """Return a rank by USE for sorting; the smallest is preferred."""
    preferred_uses = (
        "max",
        "original",
        "master",
        "image",
        "img",
        "archive",
        "local",
        "presentation",
        "default",
        "",
        "min",
        "bw",
    )
    use = file.use.lower()
    return next((rank for rank, word in enumerate(preferred_uses) if word in use), len(preferred_uses))

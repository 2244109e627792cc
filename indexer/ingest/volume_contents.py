"""What a volume contains, as far as a run has read it."""

from collections.abc import Set
from dataclasses import dataclass, field

from core.identifiers import document_id
from indexer.documents.hybrid import IndexDocument
from indexer.ingest.reader import PageContents


@dataclass(slots=True)
class VolumeContents:
    """The pages and pictures of a volume so far."""

    picture_ids: set[str] = field(default_factory=set)
    page_ids: set[str] = field(default_factory=set)
    complete_page_ids: set[str] = field(default_factory=set)
    """Pages whose pictures are all known."""
    page_count: int = 0
    pending_pages: list[IndexDocument] = field(default_factory=list)
    """Pages that wait to be written."""
    _files: dict[str, str] = field(default_factory=dict)

    def has_page(self, page_keys: Set[str]) -> bool:
        """Return whether the volume has had a page with one of these document ids so far."""
        return not page_keys.isdisjoint(self._files)

    def add_page(self, page: PageContents, file: str) -> str:
        """Count a page, and return an empty text; if an earlier page has its id, return the file of that page."""
        if earlier_file := self._files.get(document_id(page.id), ""):
            return earlier_file
        self._files[document_id(page.id)] = file
        self.page_count += 1
        if page.is_complete:
            self.complete_page_ids.add(page.id)
        return ""

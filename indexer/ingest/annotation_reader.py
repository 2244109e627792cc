"""The text of a page from IIIF annotations, fetched where the manifest only refers to them."""

from dataclasses import dataclass

from core.errors import FileError
from indexer.formats.manifests.annotations import MAX_LISTS, add_annotation_list
from indexer.images.fetching import ErrorResponse, Fetcher
from indexer.ingest.report import RunReportBuilder
from indexer.page_records import Page
from indexer.records import Leaf, Problem

MISSING_STATUSES = (404, 410)
"""Many manifests name annotations that do not exist; no text is lost then."""


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """The text of a page, and whether all of its annotations could be read."""

    page: Page
    is_complete: bool = True


class AnnotationReader:
    """Reads the annotations of leaves; one that cannot be read is reported."""

    def __init__(self, fetcher: Fetcher, report_builder: RunReportBuilder) -> None:
        self._fetcher, self._report_builder = fetcher, report_builder

    def read(self, leaf: Leaf) -> AnnotatedPage:
        """Return the text of a page without ALTO; a page without blocks if there is none."""
        if leaf.annotations is None:
            return AnnotatedPage(Page(id=leaf.id, width=0, height=0))
        page, is_complete = leaf.annotations.page, True
        pending = list(leaf.annotations.urls)
        seen_urls: set[str] = set()
        while pending and len(seen_urls) < MAX_LISTS:
            url = pending.pop(0)
            if url in seen_urls:
                continue
            seen_urls.add(url)
            try:
                page, further_urls = add_annotation_list(page, self._fetcher.get(url), url)
                pending += further_urls
            except ErrorResponse as error:
                if error.status in MISSING_STATUSES:
                    self._report_builder.add_warning(url, f"annotations of page {leaf.id}: {error.reason}")
                    continue
                is_complete = False
                self._report_builder.add_problem(Problem.from_error(error))
            except FileError as error:
                is_complete = False
                self._report_builder.add_problem(Problem.from_error(error))
        return AnnotatedPage(page, is_complete)

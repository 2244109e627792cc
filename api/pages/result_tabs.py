"""The tabs above the results: pictures, pages, books, or all of them, each with its number of results."""

from dataclasses import dataclass

from api.responses import ResultPage
from api.search.choices import DOCUMENT_TYPES, DocumentType
from api.search.request import SearchRequest
from api.search.side_searches import SideResults

TABS: tuple[tuple[DocumentType, ...], ...] = (("picture",), ("page",), ("book",), DOCUMENT_TYPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTab:
    """One tab."""

    name: str
    """The type of document, or `all`."""
    count: int | None
    """How many results it has; None where pictures like one of the request come after those that have the words."""
    url: str
    is_current: bool


def list_tabs(search_request: SearchRequest, result_page: ResultPage, side_results: SideResults) -> list[ResultTab]:
    """Return the tabs; none if only pictures can match."""
    tabs = []
    for types in TABS:
        is_current = set(types) == set(search_request.document)
        count = sum(result_page.document_counts.values()) if is_current else side_results.count(types)
        if count is None:
            return []
        group = "" if types == ("book",) else search_request.group
        name = types[0] if len(types) == 1 else "all"
        url = search_request.url(document=types, group=group)
        if search_request.mixes_words_and_pictures and "picture" in types:
            count = None
        tabs.append(ResultTab(name=name, count=count, url=url, is_current=is_current))
    others = [tab for tab in tabs if not tab.is_current and tab.name != "all"]
    return tabs if any(tab.count != 0 for tab in others) else []

"""IIIF documents → volumes: one manifest, or every manifest of a collection, fetched one after another."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from core.errors import FileError, ProblemCode
from indexer.formats.manifests import is_collection, load_document, read_manifest_document, read_members
from indexer.formats.manifests.collections import CollectionMember
from indexer.records import Problem, Volume

FetchFunction = Callable[[str], bytes]

MAX_DOCUMENTS = 20_000
"""Documents of one collection that are fetched; a year of a daily newspaper has 365."""


def read_iiif_document(data: bytes, name: str, fetch: FetchFunction) -> Iterator[Volume | Problem]:
    """Yield the book of a manifest, or the books of a collection; SourceError if the document is neither.

    A manifest of a collection that cannot be fetched or read becomes a problem, and the others are read.
    """
    document = load_document(data, name)
    if is_collection(document):
        yield from _CollectionWalk(fetch).read(document, name)
    else:
        yield replace(read_manifest_document(document, name), source=name)


class _CollectionWalk:
    """Reads a collection with everything that it lists; each address is fetched once, so circles end."""

    def __init__(self, fetch: FetchFunction) -> None:
        self._fetch = fetch
        self._seen_urls: set[str] = set()
        self._fetch_count = 0

    def read(self, document: Mapping[str, Any], name: str) -> Iterator[Volume | Problem]:
        self._seen_urls.add(name)
        pending = deque(read_members(document))
        if not pending:
            yield Problem(name, "the collection lists no manifest", ProblemCode.EMPTY)
        while pending:
            member = pending.popleft()
            if member.collection is not None:
                pending.extendleft(reversed(read_members(member.collection)))
            elif not member.url:
                yield Problem(name, f"{member.name}: not an http(s) address", ProblemCode.UNSUPPORTED)
            elif member.url in self._seen_urls:
                continue
            elif self._fetch_count >= MAX_DOCUMENTS:
                reason = (
                    f"{len(pending) + 1:,} members are left after {MAX_DOCUMENTS:,} documents; index them by themselves"
                )
                yield Problem(name, reason, ProblemCode.TOO_LARGE)
                return
            else:
                yield from self._read_member(member, pending)

    def _read_member(self, member: CollectionMember, pending: deque[CollectionMember]) -> Iterator[Volume | Problem]:
        self._seen_urls.add(member.url)
        self._fetch_count += 1
        try:
            document = load_document(self._fetch(member.url), member.url)
            if is_collection(document):
                pending.extendleft(reversed(read_members(document)))
            else:
                yield replace(read_manifest_document(document, member.url), source=member.url)
        except FileError as error:
            yield Problem.from_error(error)

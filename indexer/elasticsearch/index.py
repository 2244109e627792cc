"""One index: look-ups, bulk writes, and the deletion of documents that a book no longer has."""

import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from core.errors import FrontispieceError
from indexer.documents.hybrid import HybridDocument, IndexDocument
from indexer.documents.stored import STALE_FIELDS, StaleDocument, StoredVersion
from indexer.elasticsearch.client import root_cause
from indexer.elasticsearch.patient_transport import RECOVERY_PAUSES
from indexer.elasticsearch.picture_updates import NOT_FOUND, VERSION_CONFLICT, check_alias, check_writable

BULK_CHUNK_SIZE = 200
"""Documents per request. With four models one is about 60 kB of JSON, so a request is 12 MB; the limit is 100 MB."""

WRITTEN_STATUSES = (200, 201)

IndexPlace = tuple[str, str]
"""The name of an index, and the alias through which it is written."""

INDEX_MISSING = "index_not_found_exception"

BACKOFF_SECONDS = 2.0
"""Pause before documents that a busy cluster has refused are sent again; doubled each of the three times."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A document that Elasticsearch refused, and why."""

    id: str
    reason: str


class BulkIndex:
    """One index of pictures, pages or books, `<alias>-vN`, which is written through an alias.

    If the index is deleted, its alias goes too, and a write is refused; by its name Elasticsearch would make an index
    without a mapping.
    """

    def __init__(self, client: Elasticsearch, name: str, alias: str) -> None:
        self._client = client
        self.name, self.alias = name, alias
        self._packs_vectors: bool | None = None
        """Whether the server takes vectors in Base64; None until it has been tried."""

    @property
    def place(self) -> IndexPlace:
        return self.name, self.alias

    def get_fields(self, ids: Sequence[str], *fields: str) -> dict[str, dict[str, Any]]:
        """Return these fields of the documents that exist, by id; `FrontispieceError` if that cannot be known now."""
        if not ids:
            return {}
        errors: list[Any] = []
        for pause in (*RECOVERY_PAUSES, 0.0):
            docs = self._client.mget(index=self.name, ids=ids, source_includes=list(fields))["docs"]
            errors = [doc["error"] for doc in docs if doc.get("error", {}).get("type", INDEX_MISSING) != INDEX_MISSING]
            if not errors:
                return {doc["_id"]: doc["_source"] for doc in docs if doc.get("found")}
            # A node that has just started does not have its shards yet.
            time.sleep(pause)
        raise FrontispieceError(
            f"Elasticsearch cannot read {self.name} at the moment: {root_cause(errors[0])}; what is written is kept, "
            "and the same command continues"
        )

    def versions(self, ids: Sequence[str]) -> dict[str, StoredVersion]:
        """Return the versions of the documents that exist, by id."""
        sources = self.get_fields(ids, "fingerprint", "book_id")
        return {id_: StoredVersion(source["fingerprint"], source["book_id"]) for id_, source in sources.items()}

    def write(self, documents: Iterable[IndexDocument], indexed_at: str) -> Iterator[Rejection | None]:
        """Write documents and yield one item per document, in order: None, or why Elasticsearch refused it.

        Raise `IncompatibleIndex` if the index is no longer there, `FrontispieceError` if it takes no documents at all.
        """
        documents = list(documents)
        if self._packs_vectors is None and (first := _first_with_vectors(documents)):
            self._packs_vectors = self._takes_packed_vectors(first, indexed_at)
        packs_vectors = bool(self._packs_vectors)
        actions = (
            {"_id": document.id, "_source": document.body(indexed_at, packs_vectors=packs_vectors)}
            for document in documents
        )
        with closing(_bulk_results(self._client, actions, index=self.alias, require_alias=True)) as results:
            for ok, result in results:
                item = result["index"]
                check_alias(self.alias, item)
                check_writable(self.alias, item)
                yield None if ok else Rejection(str(item["_id"]), root_cause(item.get("error", item)))

    def _takes_packed_vectors(self, document: HybridDocument, indexed_at: str) -> bool:
        """Write a document with packed vectors and return whether the server took it; it is written again anyway.

        Bytes in another order would not have unit length, and the mapping refuses such vectors.
        """
        operations = [{"index": {"_id": document.id}}, document.body(indexed_at, packs_vectors=True)]
        [item] = self._client.bulk(operations=operations, index=self.alias, require_alias=True)["items"]
        return item["index"]["status"] in WRITTEN_STATUSES

    def delete_stale(
        self, book_id: str, keep_ids: Collection[str], page_ids: Collection[str] | None = None, *, refresh: bool = True
    ) -> list[StaleDocument]:
        """Delete the documents of a book, except `keep_ids`, and return them; `page_ids` limits it to these pages.

        Without `refresh`, documents that were written since the last refresh are not seen and stay. Raise
        `FrontispieceError` if Elasticsearch refuses to delete one.
        """
        if refresh:
            self.refresh()
        query = {"query": {"term": {"book_id": book_id}}, "_source": list(STALE_FIELDS), "seq_no_primary_term": True}
        hits = scan(self._client, query=query, index=self.name)
        stale_hits = {
            hit["_id"]: hit
            for hit in hits
            if hit["_id"] not in keep_ids and (page_ids is None or hit["_source"].get("page_id") in page_ids)
        }
        # The sequence number protects a page that was meanwhile written again for another book.
        actions = (
            {"_op_type": "delete", "_id": id_, "if_seq_no": hit["_seq_no"], "if_primary_term": hit["_primary_term"]}
            for id_, hit in stale_hits.items()
        )
        deleted_documents = []
        with closing(_bulk_results(self._client, actions, index=self.name)) as results:
            for ok, result in results:
                item = result["delete"]
                if ok:
                    deleted_documents.append(StaleDocument.from_source(stale_hits[item["_id"]]["_source"]))
                elif item["status"] not in (NOT_FOUND, VERSION_CONFLICT):
                    check_writable(self.name, item)
                    raise FrontispieceError(f"Elasticsearch refused to delete {item['_id']} from {self.name}: {item}")
        return deleted_documents

    def search_fields(self, query: Mapping[str, Any], *fields: str, size: int = 1) -> list[dict[str, Any]]:
        """Return these fields of the best hits of a query."""
        response = self._client.search(index=self.name, query=query, size=size, source_includes=list(fields))
        return [hit["_source"] for hit in response["hits"]["hits"]]

    def refresh(self) -> None:
        self._client.indices.refresh(index=self.name)

    def count(self, query: Mapping[str, Any] | None = None) -> int:
        return int(self._client.count(index=self.name, query=query)["count"])


def _bulk_results(
    client: Elasticsearch, actions: Iterable[dict[str, Any]], **options: Any
) -> Generator[tuple[bool, dict[str, Any]]]:
    """Return the result of each action, and whether it succeeded; what a busy cluster refuses is sent again.

    Close it at once after an error: the library's spans must end in the thread in which they began.
    """
    results = streaming_bulk(
        client,
        actions,
        chunk_size=BULK_CHUNK_SIZE,
        raise_on_error=False,
        max_retries=3,
        initial_backoff=BACKOFF_SECONDS,
        **options,
    )
    return cast("Generator[tuple[bool, dict[str, Any]]]", results)


def _first_with_vectors(documents: Iterable[IndexDocument]) -> HybridDocument | None:
    return next((document for document in documents if isinstance(document, HybridDocument) and document.vectors), None)

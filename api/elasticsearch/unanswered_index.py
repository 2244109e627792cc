"""The index of searches whose words nothing has: `<alias>-unanswered`."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError
from elasticsearch.exceptions import HTTP_EXCEPTIONS

from api.search.unanswered import UnansweredSearch
from core.mapping_files import MAPPINGS_FOLDER

MAX_DELETED = 10_000
"""Documents that are deleted at a time; an hour later the others follow."""


class UnansweredIndex:
    """Writes into the index of one collection, and deletes from it; the service's key may do both here alone."""

    def __init__(self, client: AsyncElasticsearch, alias: str) -> None:
        self._client, self._name = client, f"{alias}-unanswered"

    async def write(self, searches: Sequence[UnansweredSearch]) -> None:
        """Write one document for each search; create the index if it does not exist."""
        if not await self._client.indices.exists(index=self._name):
            await self._create()
        pairs: list[tuple[dict[str, Any], dict[str, Any]]] = [
            ({"create": {}}, _document(search)) for search in searches
        ]
        await self._bulk(list(chain.from_iterable(pairs)))

    async def delete_before(self, day: date) -> None:
        """Delete the documents of all days before this one; an index that does not exist has none."""
        response = await self._client.search(
            index=self._name,
            query={"range": {"day": {"lt": day.isoformat()}}},
            size=MAX_DELETED,
            source=False,
            ignore_unavailable=True,
        )
        if hits := response["hits"]["hits"]:
            await self._bulk([{"delete": {"_id": hit["_id"]}} for hit in hits])

    async def _create(self) -> None:
        """Create the index with its mapping, as no template does on a node without `frontispiece setup`."""
        body = json.loads((MAPPINGS_FOLDER / "unanswered.json").read_text("utf-8"))["template"]
        try:
            await self._client.indices.create(index=self._name, mappings=body["mappings"])
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # another process was faster
                raise

    async def _bulk(self, operations: Sequence[Mapping[str, Any]]) -> None:
        response = await self._client.bulk(operations=operations, index=self._name)
        if not response["errors"]:
            return
        results = (result for item in response["items"] for result in item.values())
        refusal = next(result for result in results if "error" in result)
        error_class = HTTP_EXCEPTIONS.get(refusal["status"], ApiError)
        raise error_class(refusal["error"]["type"], response.meta, refusal)


def _document(search: UnansweredSearch) -> dict[str, Any]:
    return {
        "day": search.day.isoformat(),
        "words": search.words,
        "filters": list(search.filters),
        "documents": list(search.documents),
    }

"""Hybrid documents → Elasticsearch: versions behind an alias, bulk writing, and the models' contract."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from elastic_transport import TransportError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch
from elasticsearch.helpers import scan, streaming_bulk

from indexer.documents import HybridDocument
from indexer.encoders.base import Encoder
from indexer.encoders.canary import agrees, contract
from indexer.errors import ContractBroken, FrontispieceError
from indexer.resources import MAPPINGS
from indexer.settings import Settings

BULK_DOCUMENTS = 200
"""At four models of 768 numbers a document is about 60 kB of JSON: 12 MB a request, far below the 100 MB limit."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document that Elasticsearch refused, with its reason."""

    id: str
    reason: str


def connect(settings: Settings, url: str) -> Elasticsearch:
    """A client with the key and the CA of the settings; nothing is asked yet."""
    return Elasticsearch(
        url,
        api_key=settings.elasticsearch_api_key.get_secret_value() or None,
        ca_certs=str(settings.elasticsearch_ca) if settings.elasticsearch_ca else DEFAULT,
        request_timeout=60,
        retry_on_timeout=True,
        max_retries=3,
    )


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Elasticsearch's errors as sentences for the person at the command line."""
    try:
        yield
    except TransportError as error:
        raise FrontispieceError(f"Elasticsearch at {url} does not answer: {error.message}") from error
    except ApiError as error:
        raise FrontispieceError(f"Elasticsearch at {url} refused ({error.status_code}): {_reason(error)}") from error


def mapping() -> dict[str, Any]:
    """The body that creates an index of pictures, as in `es-mappings/pictures.json`."""
    body: dict[str, Any] = json.loads((MAPPINGS / "pictures.json").read_text("utf-8"))
    return body


class PictureIndex:
    """One index of pictures, `<alias>-vN`."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self._client = client
        self.name = name

    @classmethod
    def current(cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Self:
        """The index behind the alias, made where there is none; `ContractBroken` where it is not ours to fill."""
        name = _behind(client, alias)
        if name is None:
            index = cls._create(client, alias, encoders)
            client.indices.put_alias(index=index.name, name=alias)
            return index
        index = cls(client, name)
        index._accept(encoders)
        return index

    @classmethod
    @contextmanager
    def rebuilt(
        cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder], *, may_drop: bool = False
    ) -> Iterator[Self]:
        """A new index beside the current one: the alias moves when all went well, else the new one is deleted.

        With fewer models than the current one it is begun only where that is meant (`may_drop`).
        """
        current = _behind(client, alias)
        models = _meta(client, current).get("models", {}) if current else {}
        lost = models.keys() - {encoder.name for encoder in encoders}
        if lost and not may_drop:
            raise ContractBroken(
                f"{alias} also has vectors of {', '.join(sorted(lost))}, which cannot be made here now; "
                "name the models to go on with, `--models`, and the others are dropped"
            )
        index = cls._create(client, alias, encoders)
        try:
            yield index
        except BaseException:
            client.indices.delete(index=index.name)
            raise
        index.refresh()
        old = _behind(client, alias)
        actions: list[dict[str, Any]] = [{"add": {"index": index.name, "alias": alias}}]
        if old:
            actions.insert(0, {"remove": {"index": old, "alias": alias}})
        client.indices.update_aliases(actions=actions)
        if old:
            client.indices.delete(index=old)

    @classmethod
    def _create(cls, client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> Self:
        body = mapping()
        body["mappings"]["_meta"]["models"] = {encoder.name: contract(encoder) for encoder in encoders}
        name = f"{alias}-v{_latest(client, alias) + 1}"
        client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"])
        return cls(client, name)

    def _accept(self, encoders: Sequence[Encoder]) -> None:
        """Refuses another mapping or other weights; writes down the models that are new here."""
        meta = _meta(self._client, self.name)
        ours = mapping()["mappings"]["_meta"]
        if meta.get("written_by") != ours["written_by"]:
            raise ContractBroken(f"the index {self.name} was not made by Frontispiece; choose another --alias")
        if meta.get("version") != ours["version"]:
            raise ContractBroken(
                f"the index {self.name} has version {meta.get('version')} of the mapping, this is version "
                f"{ours['version']}: run `frontispiece index --rebuild` over all your books"
            )
        models = dict(meta.get("models", {}))
        if missing := models.keys() - {encoder.name for encoder in encoders}:
            raise ContractBroken(
                f"the index {self.name} also has vectors of {', '.join(sorted(missing))}, which would be lost: "
                "use these models too (`--models`), or `frontispiece index --rebuild` over all your books"
            )
        for encoder in encoders:
            if encoder.name in models:
                agrees(models[encoder.name], encoder)
        new = {encoder.name: contract(encoder) for encoder in encoders if encoder.name not in models}
        if new:
            self._client.indices.put_mapping(index=self.name, meta={**meta, "models": models | new})

    def fingerprints(self, ids: Sequence[str]) -> dict[str, str]:
        """What is there already: id → fingerprint."""
        if not ids:
            return {}
        found = self._client.mget(index=self.name, ids=ids, source_includes=["fingerprint"])["docs"]
        return {each["_id"]: each["_source"]["fingerprint"] for each in found if each.get("found")}

    def write(self, documents: Iterable[HybridDocument], indexed_at: str) -> Iterator[Rejected | None]:
        """One item per document, in order: None when it is in, else why it is not."""
        actions = ({"_id": each.id, "_source": each.body(indexed_at)} for each in documents)
        results = streaming_bulk(
            self._client, actions, index=self.name, chunk_size=BULK_DOCUMENTS, raise_on_error=False, max_retries=3
        )
        for ok, result in results:
            answer = result["index"]
            yield None if ok else Rejected(str(answer["_id"]), _why(answer.get("error", answer)))

    def remove_others(
        self, book_id: str, keep: set[str], pages: set[str] | None = None, *, refresh: bool = True
    ) -> int:
        """Deletes the pictures of a book, or of those of its pages, that are not to be kept; how many they were.

        Without `refresh` those that were written since the last one are not seen.
        """
        if refresh:
            self.refresh()
        query = {"query": {"term": {"book_id": book_id}}, "_source": ["page_id"], "seq_no_primary_term": True}
        hits = scan(self._client, query=query, index=self.name)
        others = (hit for hit in hits if hit["_id"] not in keep)
        # A page that moved to another book was written anew since, under another number, and stays.
        actions = (
            {
                "_op_type": "delete",
                "_id": hit["_id"],
                "if_seq_no": hit["_seq_no"],
                "if_primary_term": hit["_primary_term"],
            }
            for hit in others
            if pages is None or hit["_source"]["page_id"] in pages
        )
        return sum(ok for ok, _ in streaming_bulk(self._client, actions, index=self.name, raise_on_error=False))

    def refresh(self) -> None:
        self._client.indices.refresh(index=self.name)

    def count(self) -> int:
        return int(self._client.count(index=self.name)["count"])


def _behind(client: Elasticsearch, alias: str) -> str | None:
    """The index that an alias names; None where there is no such alias."""
    if client.indices.exists_alias(name=alias):
        names = list(client.indices.get_alias(name=alias).keys())
        if len(names) > 1:
            raise ContractBroken(f"the alias {alias} names several indices ({', '.join(sorted(names))}); leave it one")
        return str(names[0])
    if client.indices.exists(index=alias):
        raise ContractBroken(f"{alias} is an index and not an alias; choose another --alias")
    return None


def _meta(client: Elasticsearch, index: str) -> Mapping[str, Any]:
    """What an index says of itself: who made it, from which version of the mapping, with which models."""
    meta: Mapping[str, Any] = client.indices.get_mapping(index=index)[index]["mappings"].get("_meta", {})
    return meta


def _latest(client: Elasticsearch, alias: str) -> int:
    """The highest N of the indices `<alias>-vN`, 0 where there is none."""
    names = client.indices.get(index=f"{alias}-v*", features=["aliases"], allow_no_indices=True).keys()
    numbers = (re.fullmatch(rf"{re.escape(alias)}-v(\d+)", name) for name in names)
    return max((int(number[1]) for number in numbers if number), default=0)


def _why(error: Any) -> str:
    """The innermost reason of Elasticsearch's error object."""
    while isinstance(error, Mapping) and isinstance(error.get("caused_by"), Mapping):
        error = error["caused_by"]
    return str(error.get("reason", error)) if isinstance(error, Mapping) else str(error)


def _reason(error: ApiError) -> str:
    body = error.body
    return _why(body.get("error", body)) if isinstance(body, Mapping) else str(body)

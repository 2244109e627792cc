"""Requests of every kind that readers and programs send, made from what a collection has."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import httpx

SAMPLE_SIZE = 100


@dataclass(frozen=True, slots=True)
class MixedRequest:
    """A GET request, and what kind of request it is."""

    kind: str
    path: str
    parameters: Mapping[str, str] | None = None
    """The query, in place of that of the path; None leaves the path as it is."""


def make_requests(client: httpx.Client, count: int) -> list[MixedRequest]:
    """Return requests of all kinds in turn; the same collection always gives the same ones."""
    hits = client.get("/api/search", params={"size": SAMPLE_SIZE, "sort": "title"}).raise_for_status().json()["hits"]
    choice = random.Random(1)  # noqa: S311 no secret
    hits.sort(key=lambda hit: str(hit["id"]))
    words = sorted({word for hit in hits for word in _words(hit)})
    requests = []
    for kind in islice(cycle(KINDS), count):
        hit, text = choice.choice(hits), " ".join(choice.sample(words, min(len(words), choice.randint(1, 3))))
        requests.append(_make_requests(hit, text)[kind])
    return requests


def _words(hit: Mapping[str, Any]) -> list[str]:
    texts = (hit["title"], hit["caption"], hit["before"], hit["after"])
    return [word.lower() for text in texts for word in text.split() if word.isalpha() and len(word) > 3]


def _make_requests(hit: Mapping[str, Any], text: str) -> dict[str, MixedRequest]:
    """Return a request of each kind for a picture and words."""
    picture, book = str(hit["id"]), quote(str(hit["book_key"]), safe="")
    searches = {
        "words": {"q": text},
        "a picture": {"like": picture},
        "words and a picture": {"q": text, "like": picture, "balance": "0.5"},
        "pages": {"q": text, "document": "page"},
        "books": {"q": text, "document": "book"},
        "words, filtered": {"q": text, "year_from": "1500", "year_to": str(hit["year"] or 2000), "sort": "year"},
    }
    others = [
        MixedRequest("facets", "/api/facets", {"facet": "publisher", "prefix": text[:1]}),
        MixedRequest("suggestions", "/api/suggest", {"q": text[:4]}),
        MixedRequest("results as a page", "/", {"q": text, "like": picture}),
        MixedRequest("a picture's page", f"/pictures/{quote(picture, safe='')}"),
        MixedRequest("a book", f"/api/books/{book}"),
        MixedRequest("IIIF manifest", f"/iiif/books/{book}/manifest"),
        MixedRequest("image", str(hit["image"])),
    ]
    kinds = {kind: MixedRequest(kind, "/api/search", parameters) for kind, parameters in searches.items()}
    return kinds | {request.kind: request for request in others}


KINDS = (
    *("words", "a picture", "words and a picture", "facets", "pages", "books", "words, filtered"),
    *("suggestions", "results as a page", "a picture's page", "a book", "IIIF manifest", "image"),
)
"""The kinds of requests in their order."""

"""Lists of pictures that no words ask for: a book's, a page's neighbours, copies, a few by chance."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any

from api.elasticsearch import hits as results
from api.elasticsearch.gateway import Engine
from api.elasticsearch.queries import Body, filters, lookups
from api.elasticsearch.queries.body import WINDOW
from api.errors import BadQuestion
from api.responses import Hit
from api.search.request import Question

MOST_NEIGHBOURS = 100
"""Three pages of a newspaper have fewer pictures; a page that shows more shows nothing."""

NO_FAMILY = "No copy of this picture is known here: it has no family."


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureList:
    """Pictures in an order of their own, a page at a time."""

    total: int
    page: int
    pages: int
    size: int
    hits: list[Hit] = field(default_factory=list)
    note: str = ""
    """Why there is nothing, where that is to be explained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomPick:
    """Pictures by chance."""

    seed: int
    """Gives the same pictures again."""
    total: int
    """Among how many they were chosen."""
    hits: list[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCounts:
    """What a book has here."""

    pages: int
    """Pages with words that were read."""
    pictures: int
    set_aside: int
    """Those of the pictures that are blank pages or anomalies of the segmentation."""


async def of_book(engine: Engine, book_id: str, question: Question) -> PictureList:
    """A book's pictures in page order, narrowed by the question's filters."""
    narrow = filters(replace(question, book=(book_id,)))
    return await _listed(engine, question, lookups.in_page_order(narrow, size=question.size, offset=offset(question)))


async def counts(engine: Engine, book_id: str) -> BookCounts:
    answer = await engine.ask(lookups.kinds(book_id), engine.where(("picture", "page")))
    found: Mapping[str, Any] = answer["aggregations"]
    of_kind = {bucket["key"]: int(bucket["doc_count"]) for bucket in found["document"]["buckets"]}
    return BookCounts(
        pages=of_kind.get("page", 0),
        pictures=of_kind.get("picture", 0),
        set_aside=int(found["set_aside"]["doc_count"]),
    )


async def neighbours(engine: Engine, hit: Hit) -> list[Hit]:
    """The other pictures of its page and of the pages next to it."""
    answer = await engine.ask(lookups.neighbours(hit.id, hit.book_id, hit.page, size=MOST_NEIGHBOURS))
    return [results.hit(raw) for raw in answer["hits"]["hits"]]


async def copies(engine: Engine, hit: Hit, question: Question) -> PictureList:
    """The picture and its copies and reprints, the oldest first."""
    if hit.family is None:
        return PictureList(total=0, page=question.page, pages=0, size=question.size, note=NO_FAMILY)
    body = lookups.copies(hit.family.id, size=question.size, offset=offset(question))
    return await _listed(engine, question, body)


async def by_chance(engine: Engine, seed: int, question: Question) -> RandomPick:
    answer = await engine.ask(lookups.random(seed, filters(question), size=question.size))
    hits = [results.hit(raw) for raw in answer["hits"]["hits"]]
    return RandomPick(seed=seed, total=int(answer["hits"]["total"]["value"]), hits=hits)


def offset(question: Question) -> int:
    """Where the page begins, if Elasticsearch can page to it."""
    if question.page * question.size > WINDOW:
        raise BadQuestion(f"Only the first {WINDOW:,} can be paged to: narrow the question instead.")
    return (question.page - 1) * question.size


async def _listed(engine: Engine, question: Question, body: Body) -> PictureList:
    answer = await engine.ask(body)
    total = int(answer["hits"]["total"]["value"])
    return PictureList(
        total=total,
        page=question.page,
        pages=ceil(min(total, WINDOW) / question.size),
        size=question.size,
        hits=[results.hit(raw) for raw in answer["hits"]["hits"]],
    )

"""Searches of 100,000 pictures: the API beside the very body that it sends, the graph beside a look at every vector.

    python -m benchmarks.search [--pictures 100000]

The first run makes the collection, which takes some twenty minutes on two cores, and keeps it in the cache.
"""

import argparse
import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import httpx
import numpy as np

from api.search.request import Question
from benchmarks.collection import DIMENSIONS, Collection, row_of
from benchmarks.material import SHARED, SPECIMEN, pages
from benchmarks.service import Service, service
from benchmarks.timing import Pair, Row, in_turn, milliseconds, table
from core.encoders.protocols import Vectors, unit

PICTURES = 100_000
QUESTIONS = 30
ROUNDS = 5
CANDIDATES = (100, 200, 400)
VECTORS_ASKED = 100


def rows(size: int = PICTURES) -> list[Row]:
    collection = Collection(size, pages(SHARED / "alto", SPECIMEN))
    with service(collection) as found, httpx.Client(timeout=60) as client:
        bench = Bench(found, client)
        return [*bench.requests(size), *bench.recalls(collection)]


class Bench:
    """Asks the API and its node the same."""

    def __init__(self, found: Service, client: httpx.Client) -> None:
        self._service, self._client = found, client
        self._search = f"{found.node}/{found.settings.alias}/_search"

    def requests(self, size: int) -> list[Row]:
        asked = self._questions()
        kinds: Mapping[str, Callable[[Question], Question]] = {
            "words": lambda question: Question(words=question.words),
            "a picture, two models": lambda question: Question(like=question.like),
            "mixed: words, a picture, two models, three filters": lambda question: question,
        }
        made = [
            self._row(f"{what}; facets, {size:,} pictures", [change(each) for each in asked])
            for what, change in kinds.items()
        ]
        # Nobody has asked with these years before, so that what they leave is counted anew.
        fresh = [replace(each, year_from=1000 + number) for number, each in enumerate(asked)]
        return [*made, self._row("mixed, with filters that were not asked for before", fresh, 0)]

    def _row(self, what: str, asked: Sequence[Question], rounds: int = ROUNDS) -> Row:
        """No rounds: each question only once, as the first that asks it finds the service."""
        pairs = [self._pair(question, rounds) for question in asked]
        whole = Pair(
            [time for pair in pairs for time in pair.ours],
            [time for pair in pairs for time in pair.bare],
        )
        return Row(what, milliseconds(whole.ours), f"same body sent bare {milliseconds(whole.bare)}", whole.ratio)

    def _pair(self, question: Question, rounds: int) -> Pair:
        body = asyncio.run(self._service.prepared(question)).body
        address = f"{self._service.address}/api/search?{question.query_string()}"
        bare = partial(self._client.post, self._search, params={"include_named_queries_score": "true"}, json=body)
        return in_turn(
            lambda: self._client.get(address).raise_for_status(),
            lambda: bare().raise_for_status(),
            rounds,
            unseen=not rounds,
        )

    def _questions(self) -> list[Question]:
        """Words that stand on a page, more like another picture, and filters that leave a part of the collection."""
        random = np.random.default_rng(1)
        body = {"size": 10_000, "_source": ["page_text.text", "language"], "query": {"match_all": {}}}
        hits = self._client.post(self._search, json=body).json()["hits"]["hits"]
        questions = []
        for number, hit in enumerate(random.choice(np.array(hits, dtype=object), QUESTIONS, replace=False)):
            words = [word for word in hit["_source"]["page_text"]["text"].split() if word.isalpha() and len(word) > 4]
            questions.append(
                Question(
                    words=" ".join(random.choice(words, number % 3 + 1)),
                    like=(str(hits[random.integers(len(hits))]["_id"]),),
                    language=tuple(hit["_source"]["language"]),
                    type=("book", "newspaper", "periodical"),
                    year_from=1800,
                    year_to=1900,
                )
            )
        return questions

    def recalls(self, collection: Collection) -> list[Row]:
        vectors = collection.vectors()
        return [self._recall(name, vectors[name]) for name in DIMENSIONS]

    def _recall(self, model: str, vectors: Vectors) -> Row:
        """Of new pictures that look like some of the collection.

        Such clumps are easy for the graph: it finds all that there is at 25 candidates, what is missing is lost in
        eight bits, and how many candidates real vectors need is not to be read from it.
        """
        random = np.random.default_rng(2)
        asked = vectors[random.integers(len(vectors), size=VECTORS_ASKED)]
        asked = unit(asked + random.standard_normal(asked.shape, np.float32) * 0.3 / np.sqrt(asked.shape[1]))
        exact = np.argsort(-(asked @ vectors.T))[:, :10]
        found = {count: [self._nearest(model, vector.tolist(), count) for vector in asked] for count in CANDIDATES}
        shares = [
            f"{np.mean([len({*row} & {*nearest}) / 10 for row, nearest in zip(exact.tolist(), each, strict=True)]):.3f}"
            for each in found.values()
        ]
        counts = " / ".join(map(str, CANDIDATES))
        return Row(
            f"`{model}`, made vectors: recall@10 with num_candidates {counts}",
            " / ".join(shares),
            "every vector looked at: 1",
        )

    def _nearest(self, model: str, vector: list[float], candidates: int) -> list[int]:
        clause = {"field": f"vectors.{model}", "query_vector": vector, "k": 10, "num_candidates": candidates}
        body = {"size": 10, "_source": False, "knn": clause}
        hits = self._client.post(self._search, json=body).json()["hits"]["hits"]
        return [row_of(hit["_id"]) for hit in hits]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=PICTURES)
    print(table(rows(parser.parse_args().pictures)))


if __name__ == "__main__":
    main()

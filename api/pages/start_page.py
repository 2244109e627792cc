"""The start page: the size of the collection, tiles that lead to searches, and words that find some pictures."""

import re
from asyncio import Lock
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from cachetools import TTLCache

from api.elasticsearch.gateway import IndexSearch, SearchGateway
from api.elasticsearch.hits import read_hits
from api.elasticsearch.queries import lookups
from api.elasticsearch.queries import start_page as queries
from api.elasticsearch.search_results import read_collection_counts, read_tile_buckets
from api.errors import UserFacingError
from api.pages.featured import FeaturedSearch
from api.pages.tiles import (
    PictureChooser,
    Tile,
    Tiles,
    build_subject_tiles,
    build_tiles,
    build_year_tiles,
    choose_print,
    spread_copies,
    year_ranges,
)
from api.responses import Hit
from api.search.service import Searcher
from core.encoders.registry import is_text_model
from core.timestamps import utc_now

CACHE_SECONDS = 60.0
"""Seconds that the start page may lag behind the index."""
TILES_SECONDS = 3600.0
"""Seconds that the tiles are kept while the size of the collection stays the same."""
SAMPLE_SIZE = 60
"""Random pictures that the example words are taken from."""
MAX_PICTURES = 7
"""The frontispiece and a row of six pictures."""
PLATES = 6
"""Random plates of one draw."""
MIN_SIDE = 150
"""Pixels of the shorter side of a picture that the start page may show."""
GOOD_SIDE = 300
"""Pixels of the shorter side of a good frontispiece."""
MAX_EXAMPLES = 3
MIN_WORD_LENGTH = 5
"""Shorter words are mostly articles and prepositions, in all languages of the books."""
_WORD_PATTERN = re.compile(rf"[^\W\d_]{{{MIN_WORD_LENGTH},20}}")
_COPIES_READ = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionCounts:
    """The size of the collection."""

    pictures: int
    books: int
    years: tuple[int, int] | None
    """The first and the last year of publication; None if no year is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPageData:
    """What the start page shows."""

    collection: CollectionCounts
    examples: list[str]
    random_hits: list[Hit]
    """Random pictures, the frontispiece first."""
    tiles: Tiles = field(default_factory=Tiles)


class StartPage:
    """Reads the data of the start page, at most once a minute."""

    def __init__(self, gateway: SearchGateway, searcher: Searcher, featured: Sequence[FeaturedSearch] = ()) -> None:
        """`featured` are searches that a librarian has chosen in place of subjects; the searcher runs them."""
        self._gateway, self._searcher, self._featured = gateway, searcher, featured
        self._data: StartPageData | None = None
        self._data_read_at = self._tiles_read_at = 0.0
        self._lock = Lock()
        self._plates: TTLCache[int, list[Hit]] = TTLCache(maxsize=64, ttl=CACHE_SECONDS)

    async def data(self) -> StartPageData:
        """Return the data, at most `CACHE_SECONDS` old; raises `IndexNotFound` if there is no index."""
        # One request reads the data again while the others get the old.
        if self._data is not None and (self._is_fresh() or self._lock.locked()):
            return self._data
        async with self._lock:
            if self._data is None or not self._is_fresh():
                self._data, self._data_read_at = await self._read_data(), monotonic()
            return self._data

    async def plates(self, seed: int) -> list[Hit]:
        """Return the random plates of a seed."""
        if seed not in self._plates:
            self._plates[seed] = read_hits(await self._gateway.search(queries.plates_query(seed, PLATES)))
        return self._plates[seed]

    async def model_names(self) -> list[str]:
        """Return the names of the vision models whose vectors the index has."""
        return [state.name for state in await self._gateway.model_states() if not is_text_model(state.name)]

    def _is_fresh(self) -> bool:
        return monotonic() - self._data_read_at < CACHE_SECONDS

    async def _read_data(self) -> StartPageData:
        response = await self._gateway.search(queries.collection_query(today(), SAMPLE_SIZE))
        pictures, books, years = read_collection_counts(response)
        collection, hits = CollectionCounts(pictures=pictures, books=books, years=years), read_hits(response)
        random_hits = select_pictures(hits)
        old = self._data
        if old and old.collection == collection and monotonic() - self._tiles_read_at < TILES_SECONDS:
            tiles = old.tiles
        else:
            tiles, self._tiles_read_at = await self._read_tiles(collection, random_hits[:1]), monotonic()
        return StartPageData(collection=collection, examples=example_words(hits), random_hits=random_hits, tiles=tiles)

    async def _read_tiles(self, collection: CollectionCounts, shown: Sequence[Hit]) -> Tiles:
        """Return the tiles: two requests to Elasticsearch, and one for each search that a librarian has chosen."""
        if not collection.pictures:
            return Tiles()
        ranges = year_ranges(*collection.years) if collection.years else []
        index = self._gateway.index_names(["picture"])
        searches = [
            IndexSearch(body, index) for body in (queries.tiles_query(today(), ranges), queries.reprints_query())
        ]
        responses = await self._gateway.search_side_by_side(searches, preference_key="start page")
        chooser = PictureChooser(shown)
        reprinted = choose_print(read_hits(responses[1]), today())
        buckets = {name: read_tile_buckets(responses[0], name) for name in (*queries.TILE_FACETS, queries.YEARS)}
        if self._featured:
            buckets["subject"] = []
        subjects = [bucket.value for bucket in buckets["subject"]]
        copies, pictures_by_subject = await self._read_details(reprinted, subjects)
        return Tiles(
            featured=await self._read_featured(chooser),
            subjects=build_subject_tiles(buckets["subject"], pictures_by_subject, chooser),
            kinds=build_tiles("label", buckets["label"], chooser),
            places=build_tiles("place", buckets["place"], chooser),
            years=build_year_tiles(ranges, buckets[queries.YEARS], chooser),
            copies=copies,
        )

    async def _read_details(
        self, reprinted: Hit | None, subjects: Sequence[str]
    ) -> tuple[list[Hit], dict[str, list[Hit]]]:
        """Return the copies of a print, and the pictures that have a word of their subject beside them."""
        bodies = [queries.subject_pictures_query(subject) for subject in subjects]
        family = reprinted.family if reprinted else None
        if family:
            bodies.append(lookups.copies_query(family.id, size=_COPIES_READ))
        if not bodies:
            return [], {}
        index = self._gateway.index_names(["picture"])
        responses = await self._gateway.search_side_by_side(
            [IndexSearch(body, index) for body in bodies], preference_key="start page"
        )
        hit_lists = [read_hits(response) for response in responses]
        copies = spread_copies([copy for copy in hit_lists[-1] if not copy.hidden]) if family else []
        return copies, dict(zip(subjects, hit_lists, strict=False))

    async def _read_featured(self, chooser: PictureChooser) -> list[Tile]:
        """Return the tiles that a librarian has chosen; a search that fails or finds nothing has none."""
        tiles = []
        for featured in self._featured:
            search_request = featured.search_request
            try:
                page = await self._searcher.search(search_request.with_changes(size=queries.PICTURES_OF_TILE))
            except UserFacingError:
                continue
            hits = [hit for hit in page.hits if hit.document == "picture"]
            if hit := chooser.choose(hits):
                tiles.append(Tile(facet="", value=featured.title, count=page.total, hit=hit, url=search_request.url()))
        return tiles


def today() -> int:
    """Return the number of the day, which is the seed of what changes every day."""
    return utc_now().toordinal()


def example_words(hits: Iterable[Hit]) -> list[str]:
    """Return frequent long words of captions, then of titles; each finds at least the picture that it is from."""
    hits = list(hits)
    words = [*_frequent_words(hit.caption for hit in hits), *_frequent_words(hit.title for hit in hits)]
    return list(dict.fromkeys(words))[:MAX_EXAMPLES]


def _frequent_words(texts: Iterable[str]) -> list[str]:
    counts = Counter(word for text in texts for word in {word.lower() for word in _WORD_PATTERN.findall(text)})
    # Of equally frequent words the longer is the better example.
    return sorted(counts, key=lambda word: (-counts[word], -len(word), word))


def select_pictures(hits: list[Hit]) -> list[Hit]:
    """Return a few pictures, the frontispiece first. Rules and vignettes are used only if there are no others.

    The frontispiece has a title page opposite, and a caption if one of the pictures has both.
    """
    large_hits = [hit for hit in hits if min(hit.box[2:]) >= MIN_SIDE] or hits
    frontispiece = max(
        large_hits,
        key=lambda hit: (bool(hit.title and hit.caption), bool(hit.title or hit.caption), min(hit.box[2:]) > GOOD_SIDE),
        default=None,
    )
    others = [hit for hit in large_hits if hit is not frontispiece]
    return [frontispiece, *others][:MAX_PICTURES] if frontispiece else []

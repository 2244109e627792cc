"""The tiles of the start page: a picture, a name and a number that lead to a search. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from api.elasticsearch.search_results import TileBucket
from api.responses import Hit
from api.search.request import SearchRequest

MAX_TILES = 6
MIN_TILES = 2
"""A single tile is no choice."""
MAX_TILES_OF_BOOK = 2
"""Subjects that are shown by pictures of one book."""
MAX_YEAR_TILES = 12
YEAR_STEPS = (10, 20, 50, 100, 200, 500, 1000)
"""Years of one bar."""
MAX_COPIES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A picture that stands for a search."""

    facet: str
    """The filter that `value` is of; empty for a title that a librarian gave."""
    value: str
    count: int
    hit: Hit
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTile:
    """Some years with a picture of them."""

    first: int
    last: int
    count: int
    share: float
    """The count as a share of the largest one."""
    hit: Hit | None
    """None if there are no pictures of these years."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """All tiles of the start page; a list that is too short to choose from is empty."""

    featured: list[Tile] = field(default_factory=list)
    subjects: list[Tile] = field(default_factory=list)
    kinds: list[Tile] = field(default_factory=list)
    places: list[Tile] = field(default_factory=list)
    years: list[YearTile] = field(default_factory=list)
    copies: list[Hit] = field(default_factory=list)
    """Copies of one print, the oldest first."""


class PictureChooser:
    """Chooses a picture for each tile, none twice as long as there are others."""

    def __init__(self, shown: Iterable[Hit] = ()) -> None:
        self._shown_ids = {hit.id for hit in shown}
        self._shown_families = {hit.family.id for hit in shown if hit.family}

    def choose(self, hits: Sequence[Hit]) -> Hit | None:
        """Return the first picture that the page does not show yet, else the first; None if there is none."""
        fresh_hits = (hit for hit in hits if not self._is_shown(hit))
        hit = next(fresh_hits, hits[0] if hits else None)
        if hit:
            self._shown_ids.add(hit.id)
            self._shown_families |= {hit.family.id} if hit.family else set()
        return hit

    def _is_shown(self, hit: Hit) -> bool:
        return hit.id in self._shown_ids or (hit.family is not None and hit.family.id in self._shown_families)


def year_ranges(first: int, last: int) -> list[tuple[int, int]]:
    """Return up to `MAX_YEAR_TILES` ranges of equal length that cover the years; none if one would do."""
    for step in YEAR_STEPS:
        starts = range(first // step * step, last + 1, step)
        if len(starts) <= MAX_YEAR_TILES:
            return [(start, start + step - 1) for start in starts] if len(starts) > 1 else []
    return []


def build_tiles(facet: str, buckets: Iterable[TileBucket], chooser: PictureChooser) -> list[Tile]:
    """Return tiles of a facet's most frequent values; none if there are too few to choose from."""
    tiles = [
        Tile(
            facet=facet,
            value=bucket.value,
            count=bucket.count,
            hit=hit,
            url=SearchRequest().url(**{facet: (bucket.value,)}),
        )
        for bucket in list(buckets)[:MAX_TILES]
        if (hit := chooser.choose(bucket.hits))
    ]
    return tiles if len(tiles) >= MIN_TILES else []


def build_subject_tiles(
    buckets: Iterable[TileBucket], pictures_by_subject: Mapping[str, Sequence[Hit]], chooser: PictureChooser
) -> list[Tile]:
    """Return tiles of the most frequent subjects, each with a picture of it if there is one.

    `pictures_by_subject` are pictures that have a word of their subject beside them, the best first. Of subjects with
    the same pictures, the one that the pictures fit best has a tile; no book gives more than `MAX_TILES_OF_BOOK`.
    """
    tiles_of_book: Counter[str] = Counter()
    tiles: list[Tile] = []
    for bucket in _without_repetitions(buckets, pictures_by_subject):
        choices = [
            [hit for hit in hits if tiles_of_book[hit.book_id] < MAX_TILES_OF_BOOK]
            for hits in (pictures_by_subject.get(bucket.value, ()), bucket.hits)
        ]
        if len(tiles) < MAX_TILES and (hit := chooser.choose(choices[0]) or chooser.choose(choices[1])):
            tiles_of_book[hit.book_id] += 1
            url = SearchRequest().url(subject=(bucket.value,))
            tiles.append(Tile(facet="subject", value=bucket.value, count=bucket.count, hit=hit, url=url))
    return tiles if len(tiles) >= MIN_TILES else []


def _without_repetitions(
    buckets: Iterable[TileBucket], pictures_by_subject: Mapping[str, Sequence[Hit]]
) -> list[TileBucket]:
    """Return one bucket for each set of pictures, in the order of the first: the one that its best picture fits."""

    def fit(bucket: TileBucket) -> float:
        hits = pictures_by_subject.get(bucket.value)
        return hits[0].score if hits else 0.0

    best: dict[object, TileBucket] = {}
    for bucket in buckets:
        key = bucket.contents or bucket.value
        if key not in best or fit(bucket) > fit(best[key]):
            best[key] = bucket
    return list(best.values())


def build_year_tiles(
    ranges: Sequence[tuple[int, int]], buckets: Iterable[TileBucket], chooser: PictureChooser
) -> list[YearTile]:
    """Return a tile for each range of years, the empty ones between others included."""
    buckets_by_year = {int(bucket.value): bucket for bucket in buckets}
    largest_count = max((bucket.count for bucket in buckets_by_year.values()), default=0)
    tiles = [
        YearTile(
            first=first,
            last=last,
            count=bucket.count,
            share=bucket.count / largest_count,
            hit=chooser.choose(bucket.hits),
            url=SearchRequest().url(year_from=first, year_to=last),
        )
        for first, last in ranges
        if largest_count and (bucket := buckets_by_year.get(first))
    ]
    return tiles if sum(tile.count > 0 for tile in tiles) >= MIN_TILES else []


def choose_print(hits: Sequence[Hit], day: int) -> Hit | None:
    """Return a picture of a print that many books have over many years; another one each day, if there are several."""
    families = [(hit, hit.family) for hit in hits if hit.family and hit.family.first_year != hit.family.last_year]
    most_books = max((family.books for _, family in families), default=0)
    candidates = [hit for hit, family in families if 2 * family.books >= most_books]
    return candidates[day % len(candidates)] if candidates else None


def spread_copies(hits: Sequence[Hit]) -> list[Hit]:
    """Return up to `MAX_COPIES` copies of a print, one for each book with a year, evenly from the first to the last."""
    by_book = {hit.book_id: hit for hit in reversed(hits) if hit.year is not None}
    copies = sorted(by_book.values(), key=lambda hit: (hit.year or 0, hit.book_id))
    if len(copies) < MIN_TILES or copies[0].year == copies[-1].year:
        return []
    if len(copies) <= MAX_COPIES:
        return copies
    steps = MAX_COPIES - 1
    return [copies[round(position * (len(copies) - 1) / steps)] for position in range(MAX_COPIES)]

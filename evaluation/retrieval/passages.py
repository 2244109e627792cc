"""Vectors of printed passages, and of a few words of each, to compare indices of vectors of words."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from core.batches import batched
from core.encoders.protocols import MeaningEncoder
from core.errors import AltoError, FrontispieceError
from evaluation.retrieval.fusion import MethodVectors
from indexer.formats.alto import read_pages

MIN_WORDS, MAX_WORDS = 8, 20
"""Words of a passage; a longer block of text is several."""
QUERY_WORDS = 3
"""Words that are searched, from the middle of a passage: as many as readers type."""
SUFFIXES = (".xml", ".xml.gz")


def read_passages(folder: Path, report: Callable[[str], None]) -> list[str]:
    """Return the distinct passages of the ALTO files below a folder; `report` gets a sentence about other XML files.

    Raises `FrontispieceError` if there is none.
    """
    paths = sorted(path for path in folder.rglob("*") if path.name.endswith(SUFFIXES))
    passages, errors = dict[str, None](), list[AltoError]()
    for path in paths:
        try:
            passages |= dict.fromkeys(_passages_of_file(path))
        except AltoError as error:
            errors.append(error)
    if errors:
        report(f"{len(errors):,} of {len(paths):,} XML files are skipped, for example {errors[0]}")
    if not passages:
        raise FrontispieceError(f"{folder} has no ALTO file with {MIN_WORDS} words in a block of text")
    return list(passages)


def _passages_of_file(path: Path) -> Iterator[str]:
    for block in (block for page in read_pages(path) for block in page.blocks):
        pieces = batched(block.text.split(), MAX_WORDS)
        yield from (" ".join(piece) for piece in pieces if len(piece) >= MIN_WORDS)


def query_of_passage(passage: str) -> str:
    words = passage.split()
    start = (len(words) - QUERY_WORDS) // 2
    return " ".join(words[start : start + QUERY_WORDS])


def encode_passages(encoder: MeaningEncoder, passages: Sequence[str]) -> MethodVectors:
    """Return the vectors of the passages and of a query for each."""
    queries = encoder.encode_questions([query_of_passage(passage) for passage in passages])
    return MethodVectors(encoder.encode_passages(passages), {"words": queries})

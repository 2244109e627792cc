"""References for a whole book."""

from dataclasses import replace

from api.exports.book_references import book_bibtex, book_reference
from core.dates import YearRange
from tests.hit_factory import BOOK_DETAILS

URL = "https://pictures.example.org/books/digibok_1"


def test_a_reference_has_what_the_record_has() -> None:
    assert book_reference(BOOK_DETAILS, URL) == f"Moe, Anna: Norges kyst. Kristiania, 885?. {URL}"
    bare = replace(BOOK_DETAILS, title="", authors=(), place="", date="", years=None)
    assert book_reference(bare, URL) == f"digibok_1. {URL}"


def test_bibtex_is_one_book_and_escapes_what_tex_reads() -> None:
    entry = book_bibtex(replace(BOOK_DETAILS, title="100 % {kyst}\n& hav"), URL)
    assert entry.startswith("@book{book-")
    assert r"100 \% \textbraceleft{}kyst\textbraceright{} \& hav" in entry
    assert entry.count("{") == entry.count("}")


def test_bibtex_of_a_book_is_that_of_its_pictures() -> None:
    authors, years = ("Society for Arts and Crafts",), YearRange(1860, 1869)
    entry = book_bibtex(replace(BOOK_DETAILS, authors=authors, years=years), f"{URL}?q={{a}}")
    assert "author = {{Society for Arts and Crafts}}" in entry, "one author, not two"
    assert "year = {1860--1869}" in entry
    assert "%7Ba%7D" in entry

"""References for a book as a whole: a sentence, and BibTeX."""

import hashlib

from api.exports.bibtex import escape, escape_url, format_author, format_years
from api.exports.citation import collapse_to_one_line
from api.records import BookDetails
from core.dates import describe_date


def book_reference(details: BookDetails, url: str) -> str:
    """Return `Moe, Anna: Norges kyst. Kristiania: Aschehoug, 1885. https://…`."""
    head = ": ".join(filter(None, ("; ".join(details.authors), details.title or details.book_id)))
    printed_by = ": ".join(filter(None, (details.place, details.publisher)))
    imprint = ", ".join(filter(None, (printed_by, describe_date(details.date, details.years))))
    sentences = [collapse_to_one_line(part).rstrip(".") for part in (head, imprint) if part]
    return " ".join([*(f"{sentence}." for sentence in sentences), url])


def book_bibtex(details: BookDetails, url: str) -> str:
    """Return the book as `@book`."""
    values = {
        "author": " and ".join(map(format_author, details.authors)),
        "title": f"{{{escape(details.title or details.book_id)}}}",
        "publisher": escape(details.publisher),
        "address": escape(details.place),
        "year": format_years(details.years),
        "language": escape(", ".join(details.languages)),
        "note": escape("; ".join(details.identifiers)),
        "url": escape_url(url),
    }
    lines = [f"  {name} = {{{value}}},\n" for name, value in values.items() if value]
    return f"@book{{book-{hashlib.sha256(details.book_id.encode()).hexdigest()[:12]},\n{''.join(lines)}}}\n"

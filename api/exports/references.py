"""References for people: one picture as an entry of a bibliography and as a footnote.

`page` is the name of its page in the language of the reader, `p. 12`; `quotes` are the two marks around a caption.
"""

from api.exports.citation import Citation, collapse_to_one_line


def bibliography_entry(citation: Citation, page: str, quotes: str = "“”") -> str:
    """Return `Moe, Anna: Norges kyst. Kristiania: Aschehoug, 1885. P. 12: “Et fyr”. URN:NBN:…. https://…`."""
    hit = citation.hit
    head = ": ".join(filter(None, ("; ".join(hit.authors), hit.title)))
    imprint = _imprint(citation)
    picture = ": ".join(filter(None, (page[:1].upper() + page[1:], _in_quotes(hit.caption, quotes))))
    return _sentences(head, imprint, picture, citation.urn, citation.url)


def footnote(citation: Citation, page: str, quotes: str = "“”") -> str:
    """Return `Anna Moe, Norges kyst (Kristiania: Aschehoug, 1885), p. 12, “Et fyr”, URN:NBN:…, https://….`."""
    hit = citation.hit
    imprint = _imprint(citation)
    title = f"{hit.title} ({imprint})" if hit.title and imprint else hit.title or imprint
    parts = (
        ", ".join(map(_given_name_first, hit.authors)),
        title,
        page,
        _in_quotes(hit.caption, quotes),
        citation.urn,
        citation.url,
    )
    return f"{', '.join(collapse_to_one_line(part) for part in parts if part)}."


def _imprint(citation: Citation) -> str:
    """Return `Kristiania: Aschehoug, 1885`, as far as it is known."""
    hit = citation.hit
    return ", ".join(filter(None, (": ".join(filter(None, (hit.place, hit.publisher))), str(hit.years or ""))))


def _sentences(*parts: str) -> str:
    """Join the parts that there are; each ends with one full stop, but the address that is the last."""
    lines = [collapse_to_one_line(part) for part in parts if part]
    return " ".join([*(line if line.endswith((".", "?", "!")) else f"{line}." for line in lines[:-1]), *lines[-1:]])


def _in_quotes(caption: str, quotes: str) -> str:
    return f"{quotes[:1]}{caption.rstrip('.')}{quotes[1:]}" if caption else ""


def _given_name_first(author: str) -> str:
    """Return `Anna Moe` for `Moe, Anna`; a name with more commas stays as it is."""
    family_name, _, given_name = author.partition(", ")
    return f"{given_name} {family_name}" if given_name and "," not in given_name else author

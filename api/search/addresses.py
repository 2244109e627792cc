"""Addresses that readers paste: of viewers, of IIIF resources, of persistent identifiers.

An address names a book, perhaps a page of it. Only its form is looked at; nothing is fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

MAX_IDENTIFIERS = 12
"""Candidates of one address; the smallest node allows few clauses."""

MIN_SEGMENT_LENGTH, MIN_NUMBER_LENGTH = 4, 5
"""Shortest segments of a path that may be identifiers; a shorter number is a page or a version."""

MAX_UNQUOTINGS = 3
"""How often an address may be percent-encoded: `https%253A%252F%252F…`."""

_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.|urn:[a-z0-9-]+:|ark:/?\d{5}|(?:doi|hdl|oai|info):\S*\w)\S+"
    r"|(?://)?(?:[a-z0-9-]+\.)+(?-i:[a-z]{2,}|[A-Z]{2,})/\S+|10\.\d{4,9}/\S+|/(?:api/|iiif/)?(?:books|pictures)/\S+",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?/", re.IGNORECASE)
_ARK = re.compile(r"ark:/?(\d{5,9}/[^\s/?#.;]+)", re.IGNORECASE)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]*:[^\s/?#;,]+", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s?#]+")
_LONG_NUMBER = re.compile(r"^[^_]*\d{6}")
_HANDLE = re.compile(
    r"(?:hdl\.[a-z.]+/|hdl:(?://)?|info:hdl/|/handle/)([^\s?#/]+/[^\s?#/]+)|(info:(?!hdl|doi)[a-z]+/\w+/[^\s?#/]+)",
    re.IGNORECASE,
)
"""Handles, also in the addresses of DSpace, and other names of the scheme `info`."""
_PERSISTENT_IDENTIFIER = re.compile("|".join(pattern.pattern for pattern in (_ARK, _URN, _DOI, _HANDLE)), re.IGNORECASE)

_IMAGE_REQUEST = re.compile(
    r"/(?:full|square|(?:pct:)?[\d.]+(?:,[\d.]+){3})/(?:full|max|\^?!?\d*,\d*|\^?!?pct:[\d.]+)/!?[\d.]+/\w+\.\w+$"
    r"|/info\.json$"
)
"""What the IIIF Image API puts behind an identifier."""

_FILE_TYPE = re.compile(r"(?<=\w)\.[A-Za-z][A-Za-z0-9]{1,15}$")
_PAGE_OF_IDENTIFIER = re.compile(
    r"(?:(?:[_:](?:f|p|page|img)?_?0*|(?<=\w{9})-00+)(\d{1,5})|-p0*(\d{1,5})-[\dx])$", re.IGNORECASE
)
"""End of the identifier of a page: `…_0005`, `sange-1891_f4`, `duerer1528:0005`, `PPN123-00000005`, and `…-p0005-8`
with a check digit."""
_PAGE_SEGMENT = re.compile(
    r"(?:f|p|pg|pa|page|seite|canvas|image|img|scan|phys|leaf|view|seq|.+\$(?=\d+i))?[_-]?0*(\d{1,4})(?:i|n\d+)?(?:\..*)?",
    re.IGNORECASE,
)
_LEAF_SEGMENT = re.compile(r"n(\d{1,5})|.+\$(\d{1,5})")
"""The Internet Archive counts leaves from 0."""
_KEYS_FROM_0 = frozenset(("cv",))
"""So does the Universal Viewer."""
_PAGES_IN_JSON = re.compile(r'"pages":\[(\d+)')
"""Tify keeps its state as JSON."""
_SHELF_MARK = re.compile(r"/([a-z]{2,6})/(\d{4})(?=/|$)")
"""e-codices: `/en/csg/0390/7` is the manuscript `csg-0390`."""
_WRITTEN_ARK = re.compile(r"ark_+(\d{5,9})_")
"""Europeana: `ark__12148_bpt6k1110784`."""
_HTML_QUOTES = re.compile("&(?:quot|gt|lt);?")
_IDENTIFIER_KEYS = frozenset(("id", "identifier", "ark", "pid", "ppn", "urn", "book", "object"))
"""Parameters whose value is an identifier even without a digit."""
_NAME_IN_BRACKETS = re.compile(r".*\[(\w+)\]")
"""The DFG Viewer writes `set[mets]` and `tx_dlf[page]`."""
_NUMBER_OF_ID = re.compile(r"id-?(?=\d{5})", re.IGNORECASE)
"""The SLUB writes `id338826353`."""
_SCHEME_OR_PREFIX = re.compile(r"(?:ark|doi|hdl|info|oai):[\w.]*", re.IGNORECASE)
_PAGE_KEYS = frozenset(
    (
        "page",
        "p",
        "pg",
        "pa",
        "seite",
        "side",
        "sida",
        "view",
        "canvas",
        "cv",
        "seq",
        "sp",
        "img",
        "image",
        "scan",
        "leaf",
        "physid",
        "pagenum",
    )
)

_COMMON_SEGMENTS = """annotation annotations archive ark: book books canvas catalog collection collections content
default details diglit document documents download embed fullscreen html iiif image images index info item items list
manifest manifests mode native object objects page pages pageview presentation range resolve resolver resource resources
search sequence services stream surfaces thumbnail thumbs title titleinfo view viewer werkansicht work works"""
"""Segments of paths that many addresses share."""
_NO_IDENTIFIERS = frozenset(_COMMON_SEGMENTS.split())


@dataclass(frozen=True, slots=True)
class PastedAddress:
    """What an address may name."""

    identifiers: tuple[str, ...]
    """Identifiers of a book or a page, the most likely first."""
    page: int | None = None
    """Position of the page in the book, from 1; None if the address names none."""


def is_address(text: str) -> bool:
    """Return whether the text has the form of a URL, URN, ARK, DOI or handle."""
    return any(_ADDRESS.fullmatch(re.sub(r"\s", "+", form)) for form in (text, _unquote(text)))


@lru_cache(maxsize=1024)
def read_address(text: str) -> PastedAddress:
    """Return the identifiers that an address may contain, and the page that it shows."""
    text = text if "/" in text else _unquote(text)
    address = _split(_HTML_QUOTES.sub("", text).replace("&amp;", "&"))
    path = _IMAGE_REQUEST.sub("", _WRITTEN_ARK.sub(r"ark:/\1/", _unquote(address.path)).rstrip("/"))
    whole = [text, f"{address.scheme}://{address.netloc}{path}"] if address.netloc else [text]
    identifiers = [*_persistent_identifiers(f"{address.netloc}{path}"), *_segments(path)]
    pages = list(_pages(path, address))
    for key, value in _parameters(address):
        if is_address(value):
            nested = read_address(value)
            identifiers += nested.identifiers
            pages += [nested.page] if nested.page else []
        elif key.lower() in _IDENTIFIER_KEYS or (key.lower() not in _PAGE_KEYS and any(map(str.isdigit, value))):
            identifiers += (value, *_persistent_identifiers(value))
    identifiers += [_NUMBER_OF_ID.sub("", name) for name in identifiers if _NUMBER_OF_ID.match(name)]
    books = [_PAGE_OF_IDENTIFIER.sub("", identifier) for identifier in identifiers]
    pages += [
        int(match[1] or match[2]) for identifier in identifiers if (match := _PAGE_OF_IDENTIFIER.search(identifier))
    ]
    candidates = dict.fromkeys([*filter(_may_be_identifier, [*identifiers, *books]), *whole])
    return PastedAddress(tuple(candidates)[:MAX_IDENTIFIERS], next((page for page in pages if page), None))


def _parameters(address: SplitResult) -> Iterator[tuple[str, str]]:
    """Yield the parameters behind `?` and `#`, also those inside of another; `?PPN123` is a value without a name."""
    for key, value in parse_qsl(f"{address.query}&{address.fragment}".replace(";", "&"), keep_blank_values=True):
        name = _NAME_IN_BRACKETS.sub(r"\1", key.lstrip("?"))
        yield (name, value) if value else ("", key)
        if "=" in value and not is_address(value):
            yield from parse_qsl(value.lstrip(";?&"))


def _unquote(text: str) -> str:
    for _ in range(MAX_UNQUOTINGS):
        if (unquoted := unquote(text)) == text or not unquoted.isprintable():
            break
        text = unquoted
    return text


def _split(text: str) -> SplitResult:
    """Return the parts of an address; a URN or a bare identifier is a path."""
    text = text.removeprefix("//")
    url = text if "://" in text[:40] else f"https://{text}" if _HOST.match(text) else f"https:///{text}"
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", text, "", "")


def _persistent_identifiers(text: str) -> Iterator[str]:
    """Yield ARKs, URNs, DOIs and handles, whole and in the forms that catalogues write."""
    for ark in _ARK.findall(text):
        yield from (f"ark:/{ark}", ark.partition("/")[2], f"ark:{ark}")
    for urn in _URN.findall(text):
        name = urn.rpartition(":")[2]
        yield from (urn, name.partition("_")[2] or name, name)
        # German URNs name the identifier of the library between its sigil and a check digit.
        yield from (part for part in name.split("-") if _LONG_NUMBER.search(part))
    for doi in _DOI.findall(text):
        yield from (doi, f"doi:{doi}", f"https://doi.org/{doi}")
    for handle, information in _HANDLE.findall(text):
        yield from (handle, f"https://hdl.handle.net/{handle}") if handle else (information,)


def _segments(path: str) -> Iterator[str]:
    """Yield the segments of a path from the last to the first, without the type of a file and with it."""
    yield from (f"{collection}-{number}" for collection, number in _SHELF_MARK.findall(path))
    for segment in reversed(path.split("/")):
        for part in dict.fromkeys((segment, *segment.split("$"), segment.rpartition(":")[2])):
            name = _FILE_TYPE.sub("", part)
            if not (
                _PAGE_SEGMENT.fullmatch(part) or _URN.fullmatch(part) or f"ark:/{part}/" in path
            ) and _may_be_identifier(name):
                yield from dict.fromkeys((name, part))


def _pages(path: str, address: SplitResult) -> Iterator[int]:
    """Yield the pages that parameters and the segments behind the identifier name, the most likely first."""
    for key, value in _parameters(address):
        if number := _PAGES_IN_JSON.search(value):
            yield int(number[1])
        elif (
            key.lower() in _PAGE_KEYS and not is_address(value) and (number := re.search(r"(\d{1,5})(?![^\W_])", value))
        ):
            yield int(number[1]) + (key.lower() in _KEYS_FROM_0)
    persistent = list(_PERSISTENT_IDENTIFIER.finditer(path))
    segments = path[persistent[-1].end() :].split("/") if persistent else path.split("/")
    if shelf_marks := list(_SHELF_MARK.finditer(path)):
        segments = path[shelf_marks[-1].end() :].split("/")
    elif not persistent:
        first = next((index for index, segment in enumerate(segments) if _may_be_identifier(segment)), len(segments))
        segments = [segment for index, segment in enumerate(segments) if index > first or "$" in segment]
    segments += address.fragment.split("/")
    for segment in reversed(segments):
        if leaf := _LEAF_SEGMENT.fullmatch(segment):
            yield int(leaf[1] or leaf[2]) + 1
        elif page := _PAGE_SEGMENT.fullmatch(segment):
            yield int(page[1])


def _may_be_identifier(text: str) -> bool:
    if text.lower() in _NO_IDENTIFIERS or len(text) < MIN_SEGMENT_LENGTH or _SCHEME_OR_PREFIX.fullmatch(text):
        return False
    return not text.isdecimal() or len(text) >= MIN_NUMBER_LENGTH

"""Access to the elements, text and attributes of an XML tree by local name, whatever the namespace."""

from functools import cache, lru_cache
from typing import Any

from lxml import etree

from core.text import clean_text

XLINK = "{http://www.w3.org/1999/xlink}"

MAX_LISTED_CHILDREN = 8


def local_name(element: etree._Element) -> str:
    """Return the name without its namespace; empty for comments and processing instructions."""
    return _local_part(element.tag)


def namespace(element: etree._Element) -> str:
    """Return the URI of the element's namespace; empty if it has none."""
    return element.tag.rpartition("}")[0][1:] if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the child elements that have one of these local names, in document order."""
    # A list of all children and a look at their names is faster than an iterator that selects, for few children.
    if len(element) <= MAX_LISTED_CHILDREN:
        return [child for child in element if _local_part(child.tag) in names]
    return list(element.iterchildren(*map(_any_namespace, names)))


def descendants(element: etree._Element, *names: str) -> list[etree._Element]:
    """Return the element itself and its descendants that have one of these local names, in document order."""
    return list(element.iter(*map(_any_namespace, names)))


def text(element: etree._Element | None) -> str:
    """Return all text in an element, cleaned, with runs of white space folded to one space."""
    if element is None:
        return ""
    written_text = "".join(map(str, element.itertext())) if len(element) else element.text or ""
    return " ".join(clean_text(written_text).split())


def texts(element: etree._Element, *names: str) -> list[str]:
    """Return the texts of the child elements that have one of these local names, without empty ones."""
    return [child_text for child in children(element, *names) if (child_text := text(child))]


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its local name (`href` for `xlink:href`); empty if there is none."""
    value: str | bytes | None = element.get(name) or element.get(f"{XLINK}{name}")
    if value is None:
        suffix = f"}}{name}"
        value = next((value for key, value in element.items() if str(key).endswith(suffix)), "")
    return str(value).strip()


@lru_cache(maxsize=4096)
def _local_part(tag: Any) -> str:
    """Return the part of a tag after the namespace; the tag of a comment is a function."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


@cache
def _any_namespace(name: str) -> str:
    """Return lxml's pattern for a local name."""
    return f"{{*}}{name}"

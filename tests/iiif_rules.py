"""What IIIF Presentation 3.0 and Content Search 2.0 demand of the resources that we write, as checks.

Written from the specifications' text ("MUST"); the names of the rules are those of its properties.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

PRESENTATION = "http://iiif.io/api/presentation/3/context.json"
SEARCH = "http://iiif.io/api/search/2/context.json"

REQUIRED = {
    "Collection": {"id", "label", "items"},
    "Manifest": {"id", "label", "items"},
    "Canvas": {"id", "height", "width", "items"},
    "AnnotationPage": {"id", "items"},
    "Annotation": {"id", "motivation", "target"},
    "AnnotationCollection": {"id"},
    "Image": {"id"},
    "Dataset": {"id"},
    "Text": {"id"},
    "TextualBody": {"value"},
    "SpecificResource": {"source"},
    "TextQuoteSelector": {"exact"},
    "FragmentSelector": {"value"},
    "SearchService2": {"id"},
    "ImageService3": {"id", "profile"},
}
"""Type → what an embedded resource of it must have; `ImageService2` writes `@id` and `@type`."""

REFERENCED = ("partOf", "annotations", "next", "prev", "first", "last", "source")
"""Below these a resource may be a reference: id and type, of a Collection or Manifest in a list the label as well."""

LISTS = ("metadata", "items", "thumbnail", "service", "seeAlso", "homepage", "annotations", "behavior", "ignored")
LANGUAGE_MAPS = ("label", "summary")
RIGHTS = ("http://creativecommons.org/licenses/", "http://creativecommons.org/publicdomain/", "http://rightsstatements")


def broken(resource: Mapping[str, Any]) -> list[str]:
    """Which rules a whole answer breaks, each with where."""
    context = resource.get("@context")
    wrong = [] if context in (PRESENTATION, SEARCH) else ["@context"]
    return [*wrong, *_broken(resource, "", is_reference=False, search=context == SEARCH)]


def ids(value: Any) -> Iterator[str]:
    """All ids of embedded Manifests, Canvases and Annotations, which must be unique."""
    if isinstance(value, Mapping):
        if "items" in value or value.get("type") == "Annotation":
            yield value["id"]
        for each in value.values():
            yield from ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from ids(each)


def _broken(resource: Mapping[str, Any], where: str, *, is_reference: bool, search: bool) -> Iterator[str]:
    kind = str(resource.get("type", ""))
    where = f"{where}/{kind}"
    if kind not in REQUIRED and "@type" not in resource:
        yield f"{where}: type"
    required = {"id"} if is_reference and "items" not in resource else REQUIRED.get(kind, set())
    yield from (f"{where}: {name} is missing" for name in required - resource.keys())
    yield from _values(resource, where, search=search)
    if kind == "Canvas" and "height" in resource:
        yield from (f"{where}: {side}" for side in ("width", "height") if not _positive(resource[side]))
    for name, value in resource.items():
        below = value if isinstance(value, list) else [value]
        for each in below:
            if isinstance(each, Mapping) and ("type" in each or "@type" in each):
                reference = name in REFERENCED or (kind == "Collection" and name == "items")
                yield from _broken(each, f"{where}.{name}", is_reference=reference, search=search)


def _values(resource: Mapping[str, Any], where: str, *, search: bool) -> Iterator[str]:
    # Content Search 2.0 embeds the collection that a page is of, Presentation 3.0 lists what a resource is part of.
    lists = LISTS if search else (*LISTS, "partOf")
    yield from (
        f"{where}: {name} is no list, or empty" for name in lists if not _filled_list(name, resource.get(name, [0]))
    )
    yield from (f"{where}: {name}" for name in LANGUAGE_MAPS if not _language_map(resource.get(name, {"none": ["x"]})))
    for name in ("id", "@id"):
        if name in resource and not _address(resource[name]):
            yield f"{where}: {name} {resource[name]!r}"
    for pair in [*resource.get("metadata", []), *filter(None, [resource.get("requiredStatement")])]:
        if not (_language_map(pair["label"]) and _language_map(pair["value"])):
            yield f"{where}: metadata"
    if not str(resource.get("rights", RIGHTS[0])).startswith(RIGHTS):
        yield f"{where}: rights"
    if resource.get("type") == "Canvas" and "#" in resource["id"]:
        yield f"{where}: a canvas's id has no fragment"


def _filled_list(name: str, value: Any) -> bool:
    return isinstance(value, list) and (bool(value) or name == "items")


def _language_map(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts) for texts in value.values()
    )


def _positive(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def _address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and value.isascii() and not set(' "<>') & set(value)

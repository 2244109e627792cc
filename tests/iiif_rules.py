"""Check the resources that we write against the rules of IIIF Presentation 3.0 and Content Search 2.0.

Written from the specifications' text ("MUST"); the names of the rules are those of its properties.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

PRESENTATION_CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"

REQUIRED_PROPERTIES = {
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
    "Person": {"name"},
    "Organization": {"name"},
    "Software": {"name"},
}
"""Type → properties that an embedded resource of this type must have; `ImageService2` has `@id` and `@type`."""

REFERENCE_PROPERTIES = ("partOf", "annotations", "next", "prev", "first", "last", "source")
"""Properties whose resources may be references: id and type; a Collection or Manifest in a list also has a label."""

LIST_PROPERTIES = (
    "metadata",
    "items",
    "thumbnail",
    "service",
    "seeAlso",
    "homepage",
    "annotations",
    "behavior",
    "ignored",
)
LANGUAGE_MAP_PROPERTIES = ("label", "summary")
RIGHTS_URI_PREFIXES = (
    "http://creativecommons.org/licenses/",
    "http://creativecommons.org/publicdomain/",
    "http://rightsstatements",
)


def rule_violations(resource: Mapping[str, Any]) -> list[str]:
    """Return the rules that a response breaks, each with the place in the document."""
    context = resource.get("@context")
    context_violations = [] if context in (PRESENTATION_CONTEXT, SEARCH_CONTEXT) else ["@context"]
    return [
        *context_violations,
        *_violations(resource, "", is_reference=False, is_search_response=context == SEARCH_CONTEXT),
    ]


def resource_ids(value: Any) -> Iterator[str]:
    """Return the ids of all embedded Manifests, Canvases and Annotations; they must be unique."""
    if isinstance(value, Mapping):
        if "items" in value or value.get("type") == "Annotation":
            yield value["id"]
        for child in value.values():
            yield from resource_ids(child)
    elif isinstance(value, list):
        for child in value:
            yield from resource_ids(child)


def _violations(
    resource: Mapping[str, Any], location: str, *, is_reference: bool, is_search_response: bool
) -> Iterator[str]:
    resource_type = str(resource.get("type", ""))
    location = f"{location}/{resource_type}"
    if resource_type not in REQUIRED_PROPERTIES and "@type" not in resource:
        yield f"{location}: type"
    required = {"id"} if is_reference and "items" not in resource else REQUIRED_PROPERTIES.get(resource_type, set())
    yield from (f"{location}: {name} is missing" for name in required - resource.keys())
    yield from _value_violations(resource, location, is_search_response=is_search_response)
    if resource_type == "Canvas" and "height" in resource:
        yield from (f"{location}: {side}" for side in ("width", "height") if not _is_positive_integer(resource[side]))
    for name, value in resource.items():
        children = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, Mapping) and ("type" in child or "@type" in child):
                child_is_reference = name in REFERENCE_PROPERTIES or (resource_type == "Collection" and name == "items")
                yield from _violations(
                    child, f"{location}.{name}", is_reference=child_is_reference, is_search_response=is_search_response
                )


def _value_violations(resource: Mapping[str, Any], location: str, *, is_search_response: bool) -> Iterator[str]:
    # Content Search 2.0 embeds the collection that a page is of, Presentation 3.0 lists what a resource is part of.
    lists = LIST_PROPERTIES if is_search_response else (*LIST_PROPERTIES, "partOf")
    yield from (
        f"{location}: {name} is no list, or empty"
        for name in lists
        if not _is_filled_list(name, resource.get(name, [0]))
    )
    yield from (
        f"{location}: {name}"
        for name in LANGUAGE_MAP_PROPERTIES
        if not _is_language_map(resource.get(name, {"none": ["x"]}))
    )
    for name in ("id", "@id"):
        if name in resource and not _is_url(resource[name]):
            yield f"{location}: {name} {resource[name]!r}"
    for pair in [*resource.get("metadata", []), *filter(None, [resource.get("requiredStatement")])]:
        if not (_is_language_map(pair["label"]) and _is_language_map(pair["value"])):
            yield f"{location}: metadata"
    if not str(resource.get("rights", RIGHTS_URI_PREFIXES[0])).startswith(RIGHTS_URI_PREFIXES):
        yield f"{location}: rights"
    if resource.get("type") == "Canvas" and "#" in resource["id"]:
        yield f"{location}: a canvas's id has no fragment"


def _is_filled_list(name: str, value: Any) -> bool:
    return isinstance(value, list) and (bool(value) or name == "items")


def _is_language_map(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts) for texts in value.values()
    )


def _is_positive_integer(value: Any) -> bool:
    return isinstance(value, int) and value > 0


def _is_url(value: str) -> bool:
    url_parts = urlsplit(value)
    return (
        url_parts.scheme in ("http", "https")
        and bool(url_parts.netloc)
        and value.isascii()
        and not set(' "<>') & set(value)
    )

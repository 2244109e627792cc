"""IIIF Collections of versions 2 and 3: the manifests and collections that they list, on one page or on several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.formats.manifests.values import as_list, entries, first_string, identifier, resource_type, web_url

MEMBER_KEYS = ("items", "manifests", "collections", "members")

PAGE_KEYS = ("first", "next")
"""Pages of a collection; `within`, `partOf`, `prev` and `last` lead back or elsewhere."""

COLLECTION_TYPES = ("collection", "collectionpage")


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionMember:
    """A manifest or a collection that a collection lists, or a further page of it."""

    url: str
    """Its http(s) URL; empty if it has none."""
    name: str
    """What messages call it: its id, else its label."""
    collection: Mapping[str, Any] | None = None
    """The collection itself if it is embedded with its members."""


def is_collection(document: Mapping[str, Any]) -> bool:
    """Return whether a document is a Collection or a page of one."""
    return resource_type(document) in COLLECTION_TYPES


def read_members(document: Mapping[str, Any]) -> list[CollectionMember]:
    """Return the members of a collection in its order, then its further pages."""
    members = [
        _read_member(member)
        for key in MEMBER_KEYS
        for member in entries(document, key)
        if resource_type(member) in ("manifest", "", *COLLECTION_TYPES)
    ]
    pages = [_read_member(page, is_page=True) for key in PAGE_KEYS for page in entries(document, key)]
    return [*members, *pages]


def _read_member(member: Mapping[str, Any], *, is_page: bool = False) -> CollectionMember:
    has_members = any(as_list(member.get(key)) for key in (*MEMBER_KEYS, *PAGE_KEYS))
    is_embedded = has_members and (is_page or is_collection(member))
    return CollectionMember(
        url=web_url(identifier(member)),
        name=identifier(member) or first_string(member.get("label")) or "a member without id",
        collection=member if is_embedded else None,
    )

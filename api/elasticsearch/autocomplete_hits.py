"""Reading the responses to `queries.autocomplete`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.elasticsearch.queries.autocomplete import PICTURE

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueWithPicture:
    """A value of a field, the number of its pictures, and one of them."""

    value: str
    count: int
    picture_id: str
    has_crop: bool
    book_id: str
    """Empty if the value is no title."""
    languages: list[str]
    """Of a title: the languages that it may be in."""


def read_values(response: Fields) -> dict[str, list[ValueWithPicture]]:
    """Return group → values, the most frequent first; also those beside the values that match."""
    return {
        name: [_read_value(bucket) for bucket in group["values"]["buckets"]]
        for name, group in response["aggregations"].items()
    }


def _read_value(bucket: Fields) -> ValueWithPicture:
    (picture,) = bucket[PICTURE]["hits"]["hits"]
    columns: Fields = picture.get("fields", {})
    return ValueWithPicture(
        value=str(bucket["key"]),
        count=int(bucket["doc_count"]),
        picture_id=str(picture["_id"]),
        has_crop="image.crop" in columns,
        book_id=str(columns.get("book_id", [""])[0]),
        languages=list(columns.get("language", [])),
    )

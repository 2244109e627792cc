"""What the service knows about one parameter of a search."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from api.sentences import Sentence
from core.text import clean_text

MAX_VALUE_LENGTH = 1024
"""The mapping indexes no longer value of a facet (`ignore_above`)."""

ValueParser = Callable[[Iterable[str]], tuple[str, ...]]

MAX_REPETITIONS = 50
"""How many values a repeated parameter may have."""


def clean_values(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values as cleaned text."""
    # A value of invisible characters alone stays as it is: it names nothing, where an empty one is none.
    return tuple(clean_text(value) or value for value in values)


def single_value(value: str) -> tuple[str, ...]:
    """Return the value alone."""
    return (value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: its type and limits, and the sentences about it in OpenAPI, errors, pages and documentation."""

    name: str
    """Its name in the URL and in the upload form."""
    type: Any = str
    """Type of one value: `str`, `int`, `float`, `bool` or a `Literal`."""
    repeated: bool = False
    """Whether it may stand several times in a URL."""
    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None
    """Characters of one value."""
    description: str
    """Its description in OpenAPI, without a full stop."""
    details: str = ""
    """What `docs/programs.md` adds to the description, as Markdown."""
    example: Any
    expected: str = ""
    """What it takes, as the end of an error sentence; empty: made from its type."""
    field: str = ""
    """The Elasticsearch field whose values it filters by; empty: it is no value filter."""
    parse_values: ValueParser = tuple
    """Makes what the index has of the values of a URL or form; for repeated parameters."""
    alternatives: Callable[[str], tuple[str, ...]] = single_value
    """Makes the values of `field` that one value of the filter finds."""
    facet_field: str = ""
    """The field whose values are counted, if it is not `field`, which also has their other names."""
    has_facet: bool = False
    """Whether the values of `field` are counted beside the results."""
    heading: str = ""
    """Its name on the pages."""
    is_filter: bool = False
    """Whether it limits which documents are searched."""
    in_form: bool = True
    """Whether it is a field of the upload form."""
    only_on_pages: bool = False
    """Whether it says how a page looks, so that addresses for programs refuse it."""
    attribute: str = ""
    """The field of `SearchRequest` that holds it, if not of the same name; value filters are in `filters`."""

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that it can take; empty if there are others than these."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()

    @property
    def full_description(self) -> str:
        """The description, with the note that the parameter may be repeated."""
        return f"{self.description}; may be repeated" if self.repeated else self.description

    @property
    def expected_values(self) -> str:
        """What the parameter takes, as the end of the sentence “The parameter `x` needs …”, which pages translate."""
        if self.expected:
            return self.expected
        if self.choices or self.type is bool:
            listed_values = either([f"`{choice}`" for choice in self.choices or ("true", "false") if choice])
            if "" in self.choices:
                listed_values = Sentence("%(values)s, or nothing", values=listed_values)
            return Sentence("%(values)s; it may be repeated", values=listed_values) if self.repeated else listed_values
        if self.repeated:
            return Sentence(
                "at most %(num)s values of at most %(length)s characters each",
                num=MAX_REPETITIONS,
                length=self.max_length or MAX_VALUE_LENGTH,
            )
        if self.type is int:
            return Sentence("a whole number from %(first)s to %(last)s", first=self.minimum, last=self.maximum)
        return Sentence("a text")


def either(values: Sequence[str]) -> str:
    """Return `a, b or c`, which pages translate."""
    *first_values, last = values
    return Sentence("%(values)s or %(last)s", values=", ".join(first_values), last=last) if first_values else last


def value_filter(
    name: str,
    *,
    field: str,
    facet_field: str = "",
    heading: str,
    description: str,
    example: str,
    has_facet: bool = True,
    parse_values: ValueParser = clean_values,
    alternatives: Callable[[str], tuple[str, ...]] = single_value,
) -> Parameter:
    """Return a parameter that keeps the documents with one of its values in `field`."""
    return Parameter(
        name=name,
        repeated=True,
        max_length=MAX_VALUE_LENGTH,
        description=description,
        example=example,
        field=field,
        facet_field=facet_field or field,
        parse_values=parse_values,
        alternatives=alternatives,
        has_facet=has_facet,
        heading=heading,
        is_filter=True,
    )

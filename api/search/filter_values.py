"""The values of the filters of a search request."""

from collections.abc import Iterable, Iterator, Mapping

from api.search.parameters import VALUE_FILTERS


class FilterValues(Mapping[str, tuple[str, ...]]):
    """Value filters by parameter name, each with its values: immutable and hashable. A filter without values is absent.

    The order is that of the table of parameters, so that equal filters give equal URLs.
    """

    __slots__ = ("_values",)

    def __init__(self, **values: Iterable[str]) -> None:
        if unknown_names := values.keys() - VALUE_FILTERS.keys():
            raise TypeError(f"not a value filter: {', '.join(sorted(unknown_names))}")
        values_by_name = {name: tuple(values.get(name, ())) for name in VALUE_FILTERS}
        self._values = {name: filter_values for name, filter_values in values_by_name.items() if filter_values}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"FilterValues({', '.join(f'{name}={values!r}' for name, values in self._values.items())})"

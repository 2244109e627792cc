"""Choices among the values that a record repeats."""

from collections.abc import Iterable

from core.text import letters_and_digits


def first_value(values: Iterable[str]) -> str:
    """Return the first value that is not empty, else an empty string."""
    return next((value for value in values if value), "")


def unique_values(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values that are not empty, each once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))


def other_titles(title: str, titles: Iterable[str]) -> tuple[str, ...]:
    """Return the titles that differ from `title` and from each other by more than case, accents and punctuation."""
    titles_by_letters: dict[str, str] = {}
    for other_title in titles:
        titles_by_letters.setdefault(letters_and_digits(other_title), other_title)
    known = ("", letters_and_digits(title))
    return tuple(other_title for letters, other_title in titles_by_letters.items() if letters not in known)


def balance_brackets(value: str) -> str:
    """Return `[S.l.]` for `[S.l.`, whose bracket is closed in the next part of the imprint: `[S.l. : s.n.]`."""
    opening, closing = value.find("["), value.find("]")
    if closing >= 0 and (opening < 0 or closing < opening):
        value = f"[{value}"
    return f"{value}]" if value.count("[") > value.count("]") else value


def unwrap_brackets(value: str) -> str:
    """Return `Rostock` for `[Rostock]`; `Rostock [u.a.]` and `[Paris] [u.a.]` stay as they are written."""
    value = balance_brackets(value)
    inner_value = value[1:-1]
    if value.startswith("[") and value.endswith("]") and not set(inner_value) & set("[]"):
        return inner_value.strip()
    return value


def join_places(places: Iterable[str]) -> str:
    """Return the places of a publication as ISBD writes them: `London ; New York`."""
    return " ; ".join(unique_values(map(unwrap_brackets, places)))

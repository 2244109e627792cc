"""The title of a MODS record: its own, or that of the work with the number of the part."""

import re
from collections.abc import Iterator

from lxml import etree

from indexer.formats.catalogue_records.titles import is_designation, join_titles, part_title
from indexer.formats.catalogue_records.values import first_value, other_titles
from indexer.formats.xml_elements import children, texts

SORT_MARK = re.compile(r"(^|\s)@(?=\w)")
"""PICA's mark of the word that a title is sorted by: `Des @Herrn Le Beau`."""


def read_title(mods: etree._Element, work_title: str) -> str:
    """Return the title of a `mods` element, with the title of the work and the number if it is a part.

    `work_title` is used if the record has no host with a title.
    """
    title_infos = children(mods, "titleInfo")
    own_title = _full_title(title_infos, is_main=True)
    host_infos = _related_title_infos(mods, "host")
    host_title = _main_title(host_infos) or work_title
    number = _part_number(mods) or ("" if own_title else _host_part_number(mods))
    if not (own_title or number):
        host_title = _full_title(host_infos, is_main=True) or work_title
    if not (own_title or host_title):
        own_title = _full_title([*title_infos, *_related_title_infos(mods, "original")], is_main=False)
    return part_title(host_title, own_title, number)


def read_alternative_titles(mods: etree._Element, title: str) -> tuple[str, ...]:
    """Return the titles of a `mods` element other than `title`: alternative, uniform, translated, in another script."""
    infos = children(mods, "titleInfo")
    main_title = _full_title(infos, is_main=True)
    titles = (_full_title([info], is_main=False) for info in infos)
    return other_titles(title, (other_title for other_title in titles if other_title != main_title))


def _related_title_infos(mods: etree._Element, relation: str) -> list[etree._Element]:
    items = [item for item in children(mods, "relatedItem") if item.get("type") == relation]
    return [title_info for item in items for title_info in children(item, "titleInfo")]


def _full_title(title_infos: list[etree._Element], *, is_main: bool) -> str:
    """Return the first title with its subtitle and part; with `is_main` only a title without a type.

    Types are alternative, translated, uniform and abbreviated.
    """
    for title_info in sorted(title_infos, key=lambda info: info.get("usage") != "primary"):
        if is_main and title_info.get("type"):
            continue
        if title := ": ".join(filter(None, [_nonsort_title(title_info), *texts(title_info, "subTitle")])):
            return join_titles(title, ", ".join(texts(title_info, "partNumber", "partName")))
    return ""


def _main_title(title_infos: list[etree._Element]) -> str:
    """Return the first title without its subtitle, preferably one without a type."""
    return first_value(
        _nonsort_title(title_info) for title_info in sorted(title_infos, key=lambda info: info.get("type") is not None)
    )


def _nonsort_title(title_info: etree._Element) -> str:
    """Return the title with its article, which is a separate element."""
    article, title = first_value(texts(title_info, "nonSort")), first_value(texts(title_info, "title"))
    separator = "" if not article or article.endswith(("'", "’")) else " "
    return SORT_MARK.sub(r"\1", article + separator + title) if title else ""


def _part_number(mods: etree._Element) -> str:
    """Return the number of the part that the record describes: `Zweiter Jahrgang, Nr. 128`."""
    parts = children(mods, "part")
    numbers = [number for part in parts for number in _detail_numbers(part)]
    numbers = numbers or [value for part in parts for value in texts(part, "text") if is_designation(value)]
    if numbers:
        return ", ".join(dict.fromkeys(numbers))
    part_infos = [info for info in children(mods, "titleInfo") if not texts(info, "title")]
    return ", ".join(value for info in part_infos for value in texts(info, "partNumber", "partName"))


def _host_part_number(mods: etree._Element) -> str:
    hosts = [item for item in children(mods, "relatedItem") if item.get("type") == "host"]
    return ", ".join(dict.fromkeys(filter(None, map(_part_number, hosts))))


def _detail_numbers(part: etree._Element) -> Iterator[str]:
    """Yield the details of a part, such as volume and issue, each with its caption (`vol. 3`) and its title."""
    for detail in children(part, "detail"):
        if (detail.get("type") or "").lower() in ("page", "pages"):
            continue
        number = re.sub(r"(?<=[^\W_]{4})\.$|(?<=\d)\.$", "", " ".join(texts(detail, "number")))
        caption = first_value(texts(detail, "caption"))
        if caption and caption.rstrip(".").casefold() not in number.casefold():
            number = f"{caption} {number}".strip()
        yield from filter(None, [number, *texts(detail, "title")])

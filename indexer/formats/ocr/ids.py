"""Unique ids for the elements of a page."""

from collections import Counter

from indexer.formats.ocr.frame import WarningLog


class IdAllocator:
    """Gives every element a unique id: the written one, else one made from its place on the page."""

    def __init__(self, prefix: str, warning_log: WarningLog | None = None) -> None:
        self._prefix, self._warning_log = prefix, warning_log
        self._counts: Counter[str] = Counter()
        self._used_ids: set[str] = set()

    def allocate(self, element_name: str, written_id: str | None) -> str:
        self._counts[element_name] += 1
        preferred_id = (written_id or "").strip()
        if not preferred_id:
            preferred_id = (
                self._prefix
                + ("" if element_name == self._prefix else f"_{element_name}")
                + str(self._counts[element_name])
            )
        unique_id = preferred_id
        while unique_id in self._used_ids:
            # The key has a space, so it cannot be an element's name.
            self._counts[f"id {preferred_id}"] += 1
            unique_id = f"{preferred_id}-{self._counts[f'id {preferred_id}'] + 1}"
        if unique_id != preferred_id and self._warning_log:
            self._warning_log.add(f"the id {preferred_id[:60]} is used twice; the second becomes {unique_id[:70]}")
        self._used_ids.add(unique_id)
        return unique_id

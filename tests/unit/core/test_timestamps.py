"""The calendar clock is read in one place, so that tests can set it wrong."""

import re

from tests.paths import ROOT

CLOCK_CALLS = re.compile(r"\b(datetime|date)\.(now|utcnow|today)\(|\btime\.time(_ns)?\(")
ROOMS = ("core", "indexer", "api")
CLOCK_MODULES = {"core/timestamps.py", "core/dates/year_range.py"}
"""The second reads the year in which the program was started."""


def test_only_one_module_reads_the_calendar_clock() -> None:
    modules = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    readers = {path.relative_to(ROOT).as_posix() for path in modules if CLOCK_CALLS.search(path.read_text("utf-8"))}
    assert readers <= CLOCK_MODULES, "call core.timestamps.utc_now, or time.monotonic for a duration"

"""The rules of a server's robots.txt (RFC 9309), with the crawl delay that many servers add. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Self

MAX_ROBOTS_BYTES = 500 * 2**10
"""RFC 9309, 2.5: a crawler reads at least 500 KiB."""
MAX_CRAWL_DELAY = 30.0
"""Seconds; a longer delay is meant for crawlers of whole sites."""


@dataclass(frozen=True, slots=True)
class RobotRules:
    """What a server allows to one program; without rules everything."""

    rules: tuple[tuple[str, bool], ...] = ()
    """Patterns of paths, and whether they are allowed."""
    crawl_delay: float = 0.0
    """Seconds between the starts of two requests."""
    is_provisional: bool = False
    """Whether robots.txt could not be had, so that it is to be requested again."""

    @classmethod
    def from_text(cls, text: str, product: str) -> Self:
        """Return the rules for a program, or else those for all programs; lines that are not valid are ignored."""
        rules: dict[str, list[tuple[str, bool]]] = {}
        delays: dict[str, float] = {}
        for agents, key, value in _group_lines(text):
            for agent in agents:
                rules.setdefault(agent, [])
                if key in ("allow", "disallow") and value:
                    rules[agent].append((value, key == "allow"))
                elif key == "crawl-delay":
                    delays[agent] = _read_delay(value)
        agent = product.lower() if product.lower() in rules else "*"
        return cls(tuple(rules.get(agent, ())), delays.get(agent, 0.0))

    def allows(self, path: str) -> bool:
        """Return whether a path with its query may be requested: the longest pattern decides, and a tie allows."""
        matches = [(len(pattern), allowed) for pattern, allowed in self.rules if _matches(pattern, path)]
        return path == "/robots.txt" or max(matches, default=(0, True))[1]


def _group_lines(text: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield each line of a group with the programs of the group, in lower case, and once each group's own line."""
    agents: tuple[str, ...] = ()
    is_head = False
    for line in text.splitlines():
        key, separator, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        if not separator:
            continue
        if key.lower() == "user-agent":
            agents = (*agents, value.lower()) if is_head else (value.lower(),)
            is_head = True
            yield agents, "user-agent", value
        elif key.lower() in ("allow", "disallow", "crawl-delay"):
            is_head = False
            yield agents, key.lower(), value


def _matches(pattern: str, path: str) -> bool:
    """Return whether a path begins as a pattern says; `*` stands for any characters and a last `$` for the end."""
    start, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(start):
        return False
    position = len(start)
    for part in parts:
        place = path.find(part, position)
        if place < 0:
            return False
        position = place + len(part)
    return not pattern.endswith("$") or position == len(path) or (bool(parts) and path.endswith(parts[-1]))


def _read_delay(text: str) -> float:
    try:
        delay = float(text)
    except ValueError:
        return 0.0
    return min(max(delay, 0.0), MAX_CRAWL_DELAY) if isfinite(delay) else 0.0

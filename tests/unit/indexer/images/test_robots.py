"""robots.txt as RFC 9309 describes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.images.robots import MAX_CRAWL_DELAY, RobotRules

TEXT = """\
# a library
User-agent: *
Disallow: /
Allow: /iiif/
Crawl-delay: 5

User-agent: OtherBot
User-agent: frontispiece
Disallow: /iiif/*/full/   # whole pages
Disallow: /*.tif$
Disallow:
Crawl-Delay: 0.5
"""


@pytest.mark.parametrize(
    ("product", "path", "allowed"),
    [
        ("Unknown", "/search", False),
        ("Unknown", "/iiif/1/info.json", True),
        ("Unknown", "/robots.txt", True),
        ("Frontispiece", "/search", True),
        ("Frontispiece", "/iiif/1/full/max/0/default.jpg", False),
        ("Frontispiece", "/iiif/1/0,0,9,9/max/0/default.jpg", True),
        ("Frontispiece", "/scan.tif", False),
        ("Frontispiece", "/scan.tif?page=1", True),
        ("otherbot", "/iiif/1/full/", False),
    ],
)
def test_the_longest_rule_of_the_programs_own_group_decides(product: str, path: str, *, allowed: bool) -> None:
    assert RobotRules.from_text(TEXT, product).allows(path) is allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [(TEXT, 0.5), ("user-agent: *\ncrawl-delay: 9999", MAX_CRAWL_DELAY), ("user-agent: *\ncrawl-delay: nan", 0.0)],
)
def test_crawl_delay_is_read_and_limited(text: str, delay: float) -> None:
    assert RobotRules.from_text(text, "Frontispiece").crawl_delay == delay


def test_of_two_rules_of_one_length_the_permission_counts() -> None:
    assert RobotRules.from_text("User-agent: *\nDisallow: /a\nAllow: /a", "x").allows("/a/b")


@given(st.text(), st.text())
def test_any_text_can_be_read(text: str, path: str) -> None:
    RobotRules.from_text(text, "Frontispiece").allows(path)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_a_path_that_begins_like_a_pattern_without_stars_matches(pattern: str, rest: str) -> None:
    path = "/" + pattern.replace("*", "b") + rest
    assert not RobotRules.from_text(f"User-agent: *\nDisallow: /{pattern}", "x").allows(path)

"""The page that holds everything."""

from dataclasses import replace

import numpy as np
from lxml import html
from tests.unit.evaluation.made_run import RUN, TABLE

from evaluation.reporting.page import page
from evaluation.reporting.report import Section
from evaluation.retrieval import plots
from evaluation.retrieval.scores import Scores

PAGE = html.fromstring(page(RUN))


def test_it_needs_nothing_beside_it() -> None:
    drawn = plots.positions([Scores("<sscd>", "paper", 9, np.array([1.0, 2.0, 7.0]))])
    text = page(replace(RUN, parts={"one": Section("One", [TABLE], [drawn])}))
    found = html.fromstring(text)
    assert len(found.xpath("//figure[@role='img'][@aria-label]/svg")) == 1
    assert not found.xpath("//script | //link | //img | //*[@src]")
    assert "<?xml" not in text


def test_it_says_when_on_what_and_with_which_weights() -> None:
    said = PAGE.xpath("string(//header)")
    for fact in ("2026-11-24", "Frontispiece 0.1.0", "1,234 pictures", "7 books", "1,000 of them", "sha256:1", "boxes"):
        assert fact in said


def test_its_contents_lead_to_every_part() -> None:
    links = {link.text: link.get("href") for link in PAGE.xpath("//nav//a")}
    assert links == {"One": "#one", "Absent": "#absent"}
    assert [each.get("id") for each in PAGE.xpath("//section[h2]")] == ["one", "absent"]
    assert PAGE.xpath("string(//section[@id='one']/p)") == "so < so"


def test_what_was_not_measured_says_why() -> None:
    said = PAGE.xpath("string(//section[@id='absent'])")
    assert said.split("\n")[:2] == ["Absent", "Not measured: there is nothing."]
    assert "Absent (not measured)" in PAGE.xpath("string(//nav)")


def test_every_heading_of_a_table_says_what_it_heads() -> None:
    assert {each.get("scope") for each in PAGE.xpath("//thead//th")} == {"col"}
    assert PAGE.xpath("//section[@id='one']//th[@scope='row']/text()") == ["a|b", "c"]
    assert PAGE.xpath("//section[@id='one']//caption/text()") == ["A | B"]
    assert PAGE.xpath("//section[@id='one']//td/text()") == ["0.988", "3", "x"]

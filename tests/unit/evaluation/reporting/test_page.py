"""The HTML report."""

from dataclasses import replace

import numpy as np
from lxml import html

from evaluation.reporting.page import render_page
from evaluation.reporting.report import Section
from evaluation.retrieval import plots
from evaluation.retrieval.scores import QueryRanks
from tests.unit.evaluation.sample_run import RUN, TABLE

PAGE = html.fromstring(render_page(RUN))


def test_report_has_no_external_resources() -> None:
    positions_plot = plots.plot_positions([QueryRanks("<sscd>", "paper", 9, np.array([1.0, 2.0, 7.0]))])
    text = render_page(replace(RUN, parts={"one": Section("One", [TABLE], [positions_plot])}))
    document = html.fromstring(text)
    assert len(document.xpath("//figure[@role='img'][@aria-label]/svg")) == 1
    assert not document.xpath("//script | //link | //img | //*[@src]")
    assert "<?xml" not in text


def test_header_has_the_date_the_pictures_and_the_weights() -> None:
    header_text = PAGE.xpath("string(//header)")
    for fact in ("2026-11-24", "Frontispiece 0.1.0", "1,234 pictures", "7 books", "1,000 of them", "sha256:1", "boxes"):
        assert fact in header_text


def test_contents_link_to_every_section() -> None:
    links = {link.text: link.get("href") for link in PAGE.xpath("//nav//a")}
    assert links == {"One": "#one", "Absent": "#absent"}
    assert [section.get("id") for section in PAGE.xpath("//section[h2]")] == ["one", "absent"]
    assert PAGE.xpath("string(//section[@id='one']/p)") == "so < so"


def test_unmeasured_section_shows_the_reason() -> None:
    section_text = PAGE.xpath("string(//section[@id='absent'])")
    assert section_text.split("\n")[:2] == ["Absent", "Not measured: there is nothing."]
    assert "Absent (not measured)" in PAGE.xpath("string(//nav)")


def test_table_headings_have_a_scope() -> None:
    assert {heading.get("scope") for heading in PAGE.xpath("//thead//th")} == {"col"}
    assert PAGE.xpath("//section[@id='one']//th[@scope='row']/text()") == ["a|b", "c"]
    assert PAGE.xpath("//section[@id='one']//caption/text()") == ["A | B"]
    assert PAGE.xpath("//section[@id='one']//td/text()") == ["0.988", "3", "x"]

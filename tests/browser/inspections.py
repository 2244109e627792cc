"""What is wrong with a page that a browser shows: one script that looks at all of it."""

from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page

MIN_TARGET = 24
"""CSS pixels of a side of what can be pressed (WCAG 2.2, 2.5.8)."""

FIND_PROBLEMS = """({ language, foreignSentences }) => {
  const problems = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  if (document.documentElement.lang !== language) problems.push(`the language is ${document.documentElement.lang}`);
  if (!document.title.trim()) problems.push("no title");
  const headings = all("h1, h2, h3, h4").filter((heading) => heading.checkVisibility());
  if (headings.filter(({ tagName }) => tagName === "H1").length !== 1) problems.push("not one h1");
  headings.reduce((before, heading) => {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) problems.push(`h${level} after h${before}: ${heading.textContent.trim()}`);
    return level;
  }, 0);
  const ids = all("[id]").map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) problems.push(`twice: #${id}`);
  for (const image of all("img:not([alt])")) problems.push(`no alternative text: ${image.src}`);
  for (const section of all("main section[lang]")) section.remove(); // the documentation of the API is in English
  const text = document.body.innerText;
  for (const sentence of foreignSentences) if (text.includes(sentence)) problems.push(`not translated: ${sentence}`);
  return problems;
}"""
"""What does not change with the width and the colours of a page."""

FIND_LAYOUT_PROBLEMS = """(minTarget) => {
  const problems = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) problems.push(`scrolls sideways by ${scrollWidth - clientWidth} pixels`);
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  if (!isShown(document.querySelector("h1"))) problems.push("the heading is not shown");
  for (const element of document.querySelectorAll("button, summary, input:not([type=hidden]), select, .button")) {
    const { width, height } = element.getBoundingClientRect();
    // What is one pixel wide is for screen readers; its label is the target.
    if (!isShown(element) || width <= 1 || element.matches("[type=checkbox], [type=range]")) continue;
    const name = element.outerHTML.slice(0, 90);
    if (Math.min(width, height) < minTarget) problems.push(`small: ${name} ${width}×${height}`);
  }
  return { problems, ink: getComputedStyle(document.body).color };
}"""


def page_problems(page: Page, language: str, foreign_sentences: Iterable[str]) -> list[str]:
    """Return what is wrong at any width; `foreign_sentences` are those of another language that may not be shown."""
    values = {"language": language, "foreignSentences": list(foreign_sentences)}
    problems: list[str] = page.evaluate(FIND_PROBLEMS, values)
    return problems


def layout_problems(page: Page) -> tuple[list[str], str]:
    """Return what is wrong at the present width, and the colour of the text."""
    found: dict[str, Any] = page.evaluate(FIND_LAYOUT_PROBLEMS, MIN_TARGET)
    return found["problems"], found["ink"]

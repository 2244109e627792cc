"""The texts about the service, such as help and privacy: Markdown files in each language, and the library's own.

A text is Markdown with the placeholders of Jinja, `{{ service.name }}` and `{% if service.contact %}`. HTML in it is
shown as text. It begins with its title, `# Help`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from api.pages.formats import format_number, format_percent
from api.pages.languages import DEFAULT_LANGUAGE, PageLanguage, page_language, use_language
from core.errors import FrontispieceError
from core.text import SOFT_HYPHEN

STANDARD_NAMES = ("about", "help", "rights", "privacy", "accessibility", "contact")
"""The texts in the order of the links to them; others come after these."""
NAME_PATTERN = re.compile(r"[a-z][a-z0-9-]{0,60}")
RESERVED_NAMES = frozenset(
    {
        *(
            "api",
            "books",
            "compare",
            "crops",
            "docs",
            "health",
            "iiif",
            "list",
            "logo",
            "metrics",
            "pictures",
            "schema",
            "sitemaps",
        ),
        *("static", "suggest"),
    }
)
"""First parts of other addresses of the service."""
EXAMPLES = ("lighthouse", "ship", "church")
"""Words for the examples of the help where the collection gives none."""
_TITLE = re.compile(r"\s*#[ \t]+(?P<title>[^\n]+)\n?")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSource:
    """One file, ready to be filled in."""

    file: Path
    language: str
    template: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoText:
    """A text as HTML."""

    name: str
    heading: str
    """The title, with soft hyphens where its long words may be parted."""
    language: str
    """The language that it is written in, which may not be that of the page."""
    html: Markup
    headings: tuple[tuple[str, str], ...]
    """Id and text of each heading of the second level."""

    @property
    def title(self) -> str:
        """The title for what is no text of the page: browsers and search engines show a soft hyphen as a letter."""
        return self.heading.replace(SOFT_HYPHEN, "")


class InfoTexts:
    """All texts of the service, by name and language."""

    def __init__(
        self,
        sources: Mapping[tuple[str, str], TextSource],
        values: Mapping[str, Any],
        languages: Iterable[PageLanguage],
    ) -> None:
        """`sources` by name and language; `values` fill in the placeholders.

        Raise `FrontispieceError` if a text cannot be shown in one of the languages.
        """
        self._sources, self._values = sources, values
        names = {name for name, _ in sources}
        self.names = (*(name for name in STANDARD_NAMES if name in names), *sorted(names.difference(STANDARD_NAMES)))
        self._headings = {}
        for language in languages:
            with use_language(language):
                for name in self.names:
                    self._headings[name, language.code] = self.render(name).heading

    def render(self, name: str, examples: Sequence[str] = ()) -> InfoText:
        """Return a text in the language of the page, or in another if it has none in this.

        `examples` are words that find something in this collection.
        """
        source = self._find_source(name, page_language())
        words = (*examples, *EXAMPLES[len(examples) :])
        try:
            markdown = source.template.render(self._values, examples=words)
        except (TemplateError, TypeError) as error:
            raise FrontispieceError(f"{source.file}: {error}; docs/operators.md lists the placeholders") from error
        title = _TITLE.match(markdown)
        if title is None:
            raise FrontispieceError(f"{source.file}, line 1: the text must begin with its title, as in `# Help`")
        tokens = _MARKDOWN.parse(markdown[title.end() :])
        _replace_styles(tokens)
        headings = tuple(_name_headings(tokens))
        html = Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 Markdown without HTML
        return InfoText(
            name=name, heading=title["title"].strip(), language=source.language, html=html, headings=headings
        )

    def links(self) -> list[tuple[str, str]]:
        """Return path and title of every text in the language of the page."""
        return [(f"/{name}", self._headings[name, page_language()]) for name in self.names]

    def _find_source(self, name: str, language: str) -> TextSource:
        other_languages = sorted(code for source_name, code in self._sources if source_name == name)
        codes = (language, DEFAULT_LANGUAGE, *other_languages)
        return next(self._sources[name, code] for code in codes if (name, code) in self._sources)


def read_texts(
    own_folder: Path | None, standard_folder: Path, languages: Mapping[str, PageLanguage], values: Mapping[str, Any]
) -> InfoTexts:
    """Return the standard texts with the library's own over them; raise `FrontispieceError` for one that is broken."""
    if own_folder is not None and not own_folder.is_dir():
        raise FrontispieceError(f"FRONTISPIECE_TEXTS: {own_folder} is not a folder")
    sources = {}
    for folder in filter(None, (standard_folder, own_folder)):
        for file in sorted(folder.glob("*/*.md")):
            code = file.parent.name.replace("_", "-")
            if code not in languages:
                raise FrontispieceError(f"{file}: there are no pages in `{code}`, only in {', '.join(languages)}")
            if not NAME_PATTERN.fullmatch(file.stem) or file.stem in RESERVED_NAMES:
                raise FrontispieceError(f"{file}: `{file.stem}` cannot be the address of a page; rename the file")
            sources[file.stem, code] = _read_source(file, code)
    return InfoTexts(sources, values, languages.values())


def _read_source(file: Path, language: str) -> TextSource:
    try:
        return TextSource(file=file, language=language, template=_JINJA.from_string(file.read_text("utf-8")))
    except TemplateSyntaxError as error:
        raise FrontispieceError(f"{file}, line {error.lineno}: {error.message}") from error
    except (OSError, UnicodeError) as error:
        raise FrontispieceError(f"{file}: the text cannot be read: {error}") from error


def _replace_styles(tokens: Iterable[Token]) -> None:
    """Make classes of the alignments of tables: the Content-Security-Policy forbids style attributes."""
    for token in tokens:
        if alignment := str(token.attrs.pop("style", "")).removeprefix("text-align:"):
            token.attrJoin("class", f"align-{alignment}")


def _name_headings(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """Give each heading an id that is made of its words; yield id and text of those of the second level."""
    ids: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text = "".join(child.content for child in inline.children or ())
        heading_id = base_id = re.sub(r"[\W_]+", "-", text.lower()).strip("-") or "section"
        number = 2
        while heading_id in ids:
            heading_id, number = f"{base_id}-{number}", number + 1
        ids.add(heading_id)
        token.attrSet("id", heading_id)
        if token.tag == "h2":
            yield heading_id, text


# The texts come from the operator of the service. The sandbox and the missing HTML guard against slips, not attacks.
_JINJA = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_JINJA.filters.update(number=format_number, percent=format_percent)
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")

"""Every sentence of the templates can be translated: none stands bare in the HTML, none is frozen in one language."""

import re

import pytest
from jinja2 import Environment, nodes

from api.resources import TEMPLATES_FOLDER

ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
TEMPLATES = {
    path.relative_to(TEMPLATES_FOLDER).as_posix(): path.read_text("utf-8")
    for path in sorted(TEMPLATES_FOLDER.rglob("*.jinja"))
}
IN_ENGLISH_ONLY = frozenset({"api.html.jinja", "api_console.html.jinja"})
"""They show the OpenAPI document, which is in English and marked so."""

NAMES = frozenset({"API", "BibTeX", "HTTP", "IIIF", "JPEG", "JSON"})
PLACEHOLDER = "\N{REPLACEMENT CHARACTER}"

_NO_TEXT = re.compile(r"\{%-? block page_class -?%\}.*?\{%-? endblock -?%\}", re.DOTALL)
_NO_PROSE = re.compile(r"<(script|style|code|svg|path)\b.*?</\1>|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)
_SPOKEN_ATTRIBUTE = re.compile(r'\s(?:aria-label|placeholder|title|alt)="([^"]*)"')
_WORD = re.compile(r"[^\W\d_]{2,}")


def html_of(source: str) -> str:
    """Return the HTML of a template with one placeholder for each expression and statement."""
    parts = []
    for _line, kind, value in ENVIRONMENT.lex(_NO_TEXT.sub("", source)):
        if kind == "data":
            parts.append(value)
        elif kind in ("variable_begin", "block_begin"):
            parts.append(PLACEHOLDER)
    return _NO_PROSE.sub("", "".join(parts))


def bare_words(source: str) -> list[str]:
    """Return the words of texts and spoken attributes that no function translates."""
    html = html_of(source)
    # Where statements stand inside of tags, the rest of a tag looks like a text; only real texts have no `=`.
    texts = [text for text in _TAG.sub("\n", html).split("\n") if not re.search(r'[=">]', text)]
    texts += [text for text in _SPOKEN_ATTRIBUTE.findall(html) if " " in text.strip() and "=" not in text]
    return [word for text in texts for word in _WORD.findall(text) if word not in NAMES]


def test_bare_words_are_noticed() -> None:
    assert bare_words('<p class="note">Two pictures</p>{{ _("More") }} of {{ n }}') == ["Two", "pictures", "of"]
    assert bare_words('<a aria-label="Next page" class="button">→</a>') == ["Next", "page"]
    assert bare_words('<a class="button {{ x }}" href="/docs">{{ _("API") }}</a> JSON <code>year:1860</code>') == []


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in IN_ENGLISH_ONLY])
def test_no_sentence_stands_bare(name: str) -> None:
    assert bare_words(TEMPLATES[name]) == [], 'write {{ _("…") }}; see CONTRIBUTING.md'


def gettext_calls(node: nodes.Node) -> list[nodes.Call]:
    return [
        call
        for call in node.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
    ]


def test_imported_templates_look_sentences_up_only_inside_macros() -> None:
    """Jinja runs an imported template once: a sentence outside its macros stays in the first reader's language."""
    trees = {name: ENVIRONMENT.parse(source) for name, source in TEMPLATES.items()}
    imported_names = {
        statement.template.value
        for tree in trees.values()
        for statement in tree.find_all((nodes.FromImport, nodes.Import))
        if isinstance(statement.template, nodes.Const)
    }
    assert imported_names
    assert [
        f"{name}:{assignment.lineno}"
        for name in sorted(imported_names)
        for assignment in trees[name].body
        if isinstance(assignment, nodes.Assign | nodes.AssignBlock) and gettext_calls(assignment)
    ] == []

"""The rules of the house that a machine can check, for the modules of core, indexer, api and evaluation.

Each failure names the file and the line and says what to do.
"""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from tests.paths import ROOT

ROOMS = ("core", "indexer", "api", "evaluation")
MAX_MODULE_LINES = 250
MAX_INIT_LINES = 30


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICIPLES = word_set("""
    asked begun bought brought chosen counted cut drawn explained fetched filled filtered fitted found gathered given
    gone grouped guessed heard held joined kept known labelled laid learnt left made marked matched meant met named
    narrowed noted numbered opened ordered paid parsed picked placed printed put quoted ranked reached refused said
    seen sent served shared shown sized sold sorted sought spent split spoken stored stripped taken taught told tried
    understood used wanted weighed written
""")
"""Words that say how something came about and not what it is."""

VERBS_LIKE_PARTICIPLES = word_set("cut embed feed flatten need open put seed shorten split")
NOUNS_LIKE_PARTICIPLES = word_set("batched children hidden screen seed speed token")
"""`batched` is the name in itertools."""

RELATION_WORDS = word_set("""
    above after among around as at behind below beside between by for from in near of on that to under what where which
    whose with within without
""")
"""Words that relate two things: alone, or after a participle, they name neither."""

NEVER_FIRST_WORDS = word_set("among around behind beside between near of that what whatever which whoever whose")


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: where it is broken, and what to do."""

    place: str
    advice: str


@dataclass(frozen=True, slots=True)
class Module:
    path: Path
    text: str
    tree: ast.Module

    @property
    def file(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def line_count(self) -> int:
        return len(self.text.splitlines())

    def nodes(self, *node_types: type[ast.AST]) -> Iterator[Any]:
        return (node for node in ast.walk(self.tree) if isinstance(node, node_types))


@cache
def all_modules() -> tuple[Module, ...]:
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    texts = [path.read_text("utf-8") for path in paths]
    return tuple(Module(path, text, ast.parse(text)) for path, text in zip(paths, texts, strict=True))


def assert_none(violations: Iterable[Violation]) -> None:
    lines = [f"{item.place}: {item.advice}" for item in violations]
    assert not lines, "\n" + "\n".join(lines)


def test_every_room_has_modules() -> None:
    assert {module.file.split("/")[0] for module in all_modules()} == set(ROOMS)


def test_no_module_is_too_long() -> None:
    assert_none(
        Violation(
            f"{module.file}:{module.line_count}",
            f"{module.line_count} lines; move an independent part to a module of its own, so that at most "
            f"{MAX_MODULE_LINES} remain",
        )
        for module in all_modules()
        if module.line_count > MAX_MODULE_LINES
    )


def test_packages_hold_no_implementation_in_init() -> None:
    for module in all_modules():
        if module.path.name != "__init__.py":
            continue
        if module.line_count > MAX_INIT_LINES:
            advice = f"{module.line_count} lines; an __init__.py has at most {MAX_INIT_LINES}: move code to a module"
            assert_none([Violation(f"{module.file}:{module.line_count}", advice)])
        assert_none(
            Violation(
                f"{module.file}:{node.lineno}",
                f"move {node.name} to a module; __init__.py only re-exports",
            )
            for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        )


def imported_modules(module: Module, names: frozenset[str]) -> set[str]:
    """The project's modules that a module imports, inside functions too."""
    imports: set[str] = set()
    for node in module.nodes(ast.Import, ast.ImportFrom):
        if isinstance(node, ast.Import):
            imports.update(alias.name for alias in node.names)
        else:
            assert node.level == 0, f"{module.file}:{node.lineno}: import by the full name, not relative to the package"
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            imports.update(submodules & names or {str(node.module)})
    return imports & names - {module.name}


def test_no_modules_import_each_other_in_a_circle() -> None:
    names = frozenset(module.name for module in all_modules())
    graph = {module.name: imported_modules(module, names) for module in all_modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise AssertionError(f"{circle}: move what both need to a module that imports neither") from None


def test_no_class_name_is_used_twice() -> None:
    places_by_name: defaultdict[str, list[str]] = defaultdict(list)
    for module in all_modules():
        for node in module.nodes(ast.ClassDef):
            places_by_name[node.name].append(f"{module.file}:{node.lineno}")
    assert_none(
        Violation(places[-1], f"the class {name} is also in {', '.join(places[:-1])}; give one another name")
        for name, places in places_by_name.items()
        if len(places) > 1
    )


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(ast.unparse(decorator).endswith("property") for decorator in node.decorator_list)


def name_fault(name: str, *, of_property: bool) -> str:
    """Return what is wrong with the name of a function or property, "" if nothing is."""
    first_word, *other_words = name.strip("_").split("_")
    if first_word in NEVER_FIRST_WORDS or (first_word in RELATION_WORDS and not other_words):
        return "begins with a word that only relates two things"
    if first_word in VERBS_LIKE_PARTICIPLES and not of_property:
        return ""
    if other_words:
        is_riddle = first_word in PARTICIPLES | {"read"} and other_words[0] in RELATION_WORDS
        return "is a participle and a preposition" if is_riddle else ""
    return single_word_fault(first_word, of_property=of_property)


def single_word_fault(word: str, *, of_property: bool) -> str:
    if word in NOUNS_LIKE_PARTICIPLES:
        return ""
    if word in PARTICIPLES or word.endswith(("ed", "en")):
        return "is a bare participle"
    if of_property and word.endswith(("able", "ible")):
        return "is a bare adjective"
    return "is a verb" if of_property and word == "read" else ""


def test_functions_are_named_by_what_they_do_or_return() -> None:
    assert_none(
        Violation(
            f"{module.file}:{node.lineno}",
            f"{node.name} {fault}; begin with a verb (read_page), name what is returned (facet_counts), "
            "or ask with is_, has_ or with_",
        )
        for module in all_modules()
        for node in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if not node.name.startswith("__") and (fault := name_fault(node.name, of_property=is_property(node)))
    )


def test_import_contracts_ignore_no_import() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert contracts
    assert_none(
        Violation(
            "pyproject.toml",
            f"the contract “{contract['name']}” ignores imports; list the modules that are allowed instead",
        )
        for contract in contracts
        if contract.get("ignore_imports")
    )

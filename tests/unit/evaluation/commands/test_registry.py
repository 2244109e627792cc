"""The registry of commands: every name has a module of the right shape."""

import importlib
import inspect

import pytest

from evaluation.commands import registry
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.reporting.report import Section
from tests.paths import ROOT


@pytest.mark.parametrize("name", registry.COMMAND_NAMES)
def test_command_has_the_name_of_its_module(name: str) -> None:
    assert registry.load_command(name).name == name


@pytest.mark.parametrize("name", registry.SECTION_NAMES)
def test_section_module_has_a_section_function(name: str) -> None:
    module = importlib.import_module(f"evaluation.commands.{name.replace('-', '_')}")
    signature = inspect.signature(module.section)
    assert [parameter.annotation for parameter in signature.parameters.values()] == [EvaluationInputs]
    assert signature.return_annotation is Section


def test_every_module_with_a_command_is_registered() -> None:
    folder = ROOT / "evaluation" / "commands"
    modules = {path.stem.replace("_", "-") for path in folder.glob("*.py")} - {"--init--", "options", "registry"}
    assert modules == set(registry.COMMAND_NAMES)

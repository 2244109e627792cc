from pathlib import Path

import pytest

from tests.golden_files import GoldenFiles


@pytest.fixture
def golden_files(request: pytest.FixtureRequest) -> GoldenFiles:
    """The folder of golden files of a test module: `golden/body` for `test_body.py`."""
    folder = Path(__file__).parent / "golden" / request.path.stem.removeprefix("test_")
    return GoldenFiles(folder, write=request.config.getoption("--write-golden"))

"""The paper's figures, computed from its published files."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.errors import FrontispieceError
from evaluation.classification.confusion import confusion_matrix
from evaluation.commands.paper import command
from evaluation.paper import IRRELEVANT_CLASSES, PaperResults, read_paper_results
from tests.paths import SHARED


@pytest.fixture(scope="module")
def paper() -> PaperResults:
    return read_paper_results(SHARED / "images")


@pytest.mark.parametrize(
    ("model", "hits"),
    [("SigLIP", [529, 633, 645, 665]), ("CLIP", [492, 596, 613, 638]), ("ViT", [529, 582, 597, 612])],
)
def test_hits_of_each_model_match_the_paper(paper: PaperResults, model: str, hits: list[int]) -> None:
    assert paper.queries == 684
    assert list(paper.hits[model].values()) == hits


def test_hits_of_any_model_match_the_paper(paper: PaperResults) -> None:
    assert paper.any_model_hits == 681


@pytest.mark.parametrize(("part", "figures"), [("pooled", (0.930, 0.919, 0.959)), ("held_out", (0.940, 0.950, 0.957))])
def test_classifier_figures_match_the_paper(
    paper: PaperResults, part: str, figures: tuple[float, float, float]
) -> None:
    matrix = getattr(paper, part)
    assert (matrix.accuracy, matrix.macro_f1, matrix.binary_f1(IRRELEVANT_CLASSES)) == pytest.approx(
        figures, abs=0.0005
    )


def test_content_lost_by_hiding_classes(paper: PaperResults) -> None:
    lost = paper.pooled.lost_counts(IRRELEVANT_CLASSES)
    pictures = [lost[name] for name in ("Illustration or photograph", "Map", "Mathematical chart")]
    assert (sum(lost_count for lost_count, _ in pictures), sum(total for _, total in pictures)) == (12, 684)
    assert lost["Musical notation"] == (2, 113)
    assert lost["Graphical element"] == (36, 330)


def test_confusion_matrix_counts_true_by_predicted_classes() -> None:
    matrix = confusion_matrix(["a", "a", "b", "c"], ["a", "b", "b", "b"])
    assert matrix.counts.tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert matrix.f1 == pytest.approx({"a": 2 / 3, "b": 0.5, "c": 0.0})
    assert matrix.macro_f1 == pytest.approx((2 / 3 + 0.5) / 3)


def test_command_ends_with_one_line_of_json() -> None:
    result = CliRunner().invoke(command, ["--data", str(SHARED / "images"), "--json"])
    assert json.loads(result.stdout.splitlines()[-1])["retrieval"]["SigLIP"]["top_10"] == 645


def test_folder_without_the_published_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FrontispieceError, match=r"nb_chr24_image_retrieval_results\.csv"):
        read_paper_results(tmp_path)

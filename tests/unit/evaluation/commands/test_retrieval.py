"""`frontispiece evaluate retrieval`, from a folder to its tables and JSON."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from core.encoders import Encoder, load_encoder
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.cli import evaluate
from evaluation.commands.retrieval import section
from evaluation.pictures import vectors
from evaluation.pictures.folder import read_folder
from evaluation.pictures.inputs import EvaluationInputs
from evaluation.pictures.queries import PAPER, build_query_kinds, query_vectors
from evaluation.retrieval.results import measure_retrieval
from evaluation.retrieval.tables import tables
from tests.unit.evaluation.thumbnail_encoder import ThumbnailEncoder

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", models="sscd", batch_size=4)


@pytest.fixture
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the settings of the command through the environment."""
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(settings.cache))
    monkeypatch.setenv("FRONTISPIECE_MODELS", "sscd")


@pytest.mark.usefixtures("at_home")
def test_command_ends_with_one_line_of_json(drawings: Path) -> None:
    result = CliRunner().invoke(evaluate, ["retrieval", "--images", str(drawings), "--json"], catch_exceptions=False)
    *table_lines, json_line = result.stdout.splitlines()
    assert json.loads(json_line)["models"]["sscd"] == {
        "n": 7,
        "gallery": 7,
        "top_1": 1.0,
        "top_5": 1.0,
        "top_10": 1.0,
        "top_50": 1.0,
        "mrr": 1.0,
    }
    assert json.loads(json_line).keys() == {"models"}
    assert not any(line.startswith("{") for line in table_lines)
    assert "| sscd | 100.0 % (64.6–100.0)" in result.stdout
    assert "| music | 1 | 100.0 % (20.7–100.0) |" in result.stdout
    assert "broken.jpg is skipped" in result.stderr


@pytest.mark.usefixtures("at_home")
def test_harder_queries_without_labels(drawings: Path) -> None:
    (drawings / "labels.csv").unlink()
    arguments = ["retrieval", "--images", str(drawings), "--harder", "--json"]
    result = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    harder = json.loads(result.stdout.splitlines()[-1])["harder"]
    assert list(harder) == ["grey", "jpeg", "bleed-through", "half", "photograph"]
    assert {figures["sscd"]["n"] for figures in harder.values()} == {7}
    assert harder["bleed-through"]["sscd"]["top_1"] > 0.5
    assert "By label" not in result.stdout


def test_several_models_are_also_fused(drawings: Path, settings: Settings) -> None:
    """Two equal models give the same ranking when fused; a useless one lowers it."""
    pictures = read_folder(drawings)
    sharp_encoder, twin_encoder, blind_encoder = (
        ThumbnailEncoder("one"),
        ThumbnailEncoder("twin"),
        ThumbnailEncoder("blind", side=1),
    )
    twin_results = measure_retrieval(
        pictures, [sharp_encoder, twin_encoder], settings, build_query_kinds(len(pictures))
    )
    assert twin_results.methods == ["one", "twin", "fused"]
    assert twin_results.scores_of("fused").ranks.tolist() == twin_results.scores_of("one").ranks.tolist()
    blind_results = measure_retrieval(
        pictures, [sharp_encoder, blind_encoder], settings, build_query_kinds(len(pictures))
    )
    assert (
        blind_results.scores_of("blind").mrr < blind_results.scores_of("fused").mrr < blind_results.scores_of("one").mrr
    )
    model_table, label_tables = tables(blind_results)[0], tables(blind_results)[1:]
    assert [row[0] for row in model_table.rows] == blind_results.methods
    assert [table.title.rpartition(": ")[2] for table in label_tables] == blind_results.methods


def test_seed_and_quirk_change_the_queries(drawings: Path, settings: Settings) -> None:
    pictures = read_folder(drawings)
    kind_lists = [build_query_kinds(7), build_query_kinds(7, seed=1), build_query_kinds(7, quirk=True)]
    rows = [query_vectors(ThumbnailEncoder(), pictures, query_kinds[0], settings) for query_kinds in kind_lists]
    assert not np.allclose(rows[0], rows[1])
    assert not np.allclose(rows[0], rows[2])
    assert kind_lists[0][0].name == PAPER


def test_cached_vectors_are_not_computed_again(drawings: Path, settings: Settings) -> None:
    pictures = read_folder(drawings)
    first_encoder, second_encoder = ThumbnailEncoder(), ThumbnailEncoder()
    rows = vectors.encode_pictures(first_encoder, pictures, settings)
    assert first_encoder.batch_sizes == [4, 2], "the copy under another name is the same picture"
    assert np.array_equal(vectors.encode_pictures(second_encoder, pictures, settings), rows)
    assert second_encoder.batch_sizes == []
    other_encoder = ThumbnailEncoder(revision="two")
    vectors.encode_pictures(other_encoder, pictures, settings)
    assert other_encoder.batch_sizes == [4, 2]


def test_damaged_cache_is_replaced(drawings: Path, settings: Settings) -> None:
    pictures = read_folder(drawings)
    rows = vectors.encode_pictures(ThumbnailEncoder(), pictures, settings)
    (file,) = (settings.cache / "evaluation").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    second_encoder = ThumbnailEncoder()
    assert np.array_equal(vectors.encode_pictures(second_encoder, pictures, settings), rows)
    assert second_encoder.batch_sizes == [4, 2]


def test_queries_are_encoded_as_the_service_encodes_uploads(drawings: Path, settings: Settings) -> None:
    """Queries go through `encode_queries`, pictures through `encode_images`."""
    sscd: Encoder = load_encoder("sscd", settings)
    pictures = read_folder(drawings)[:1]
    (kind,) = build_query_kinds(1)
    image = kind.alterations[0](pictures[0].open())
    assert np.array_equal(query_vectors(sscd, pictures, kind, settings), encode_queries(sscd, [image]))
    assert np.array_equal(vectors.encode_pictures(sscd, pictures, settings), sscd.encode_images([pictures[0].open()]))


@pytest.mark.usefixtures("at_home")
def test_json_contains_the_fusions(drawings: Path) -> None:
    arguments = ["retrieval", "--images", str(drawings), "--together", "--json"]
    result = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    figures = json.loads(result.stdout.splitlines()[-1])
    assert figures["together"]["sscd + pHash"]["paper"]["alone"] == "sscd"
    assert "improve on the best method alone for no kind of query" in result.stdout


@pytest.mark.network
def test_section_without_elasticsearch_lacks_only_the_latency(drawings: Path, settings: Settings) -> None:
    """The note of the section says that the cluster does not answer."""
    unreachable_settings = settings.model_copy(update={"elasticsearch_url": "http://127.0.0.1:9"})
    encoders = [ThumbnailEncoder("one"), ThumbnailEncoder("blind", side=1)]
    report_section = section(EvaluationInputs(read_folder(drawings), encoders, unreachable_settings))
    assert "Recall and latency were not measured: Elasticsearch at http://127.0.0.1:9" in report_section.note
    assert len(report_section.plots) == 1
    assert report_section.tables[-1].title == "Fusion compared with the best method alone"
    groups = dict.fromkeys(row[0] for row in report_section.tables[-1].rows)
    assert list(groups) == ["one + pHash", "blind + pHash", "one + blind"]

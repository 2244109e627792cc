"""The command from a folder to its tables and its line of JSON."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from tests.unit.evaluation.thumbnails import Thumbnail

from core.encoders import Encoder, load
from core.encoders.queries import encode_queries
from core.settings import Settings
from evaluation.cli import evaluate
from evaluation.pictures import vectors
from evaluation.pictures.altered import PAPER, kinds, query_vectors
from evaluation.pictures.folder import read_folder
from evaluation.retrieval.command import section
from evaluation.retrieval.retrieved import measure
from evaluation.retrieval.tables import tables


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache=tmp_path / "cache", models="sscd", batch_size=4)


@pytest.fixture
def at_home(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own settings, from the environment."""
    monkeypatch.setenv("FRONTISPIECE_CACHE", str(settings.cache))
    monkeypatch.setenv("FRONTISPIECE_MODELS", "sscd")


@pytest.mark.usefixtures("at_home")
def test_the_command_ends_with_one_line_of_json(drawings: Path) -> None:
    done = CliRunner().invoke(evaluate, ["retrieval", "--images", str(drawings), "--json"], catch_exceptions=False)
    *before, last = done.stdout.splitlines()
    assert json.loads(last)["models"]["sscd"] == {
        "n": 7,
        "gallery": 7,
        "top_1": 1.0,
        "top_5": 1.0,
        "top_10": 1.0,
        "top_50": 1.0,
        "mrr": 1.0,
    }
    assert json.loads(last).keys() == {"models"}
    assert not any(line.startswith("{") for line in before)
    assert "| sscd | 100.0 % (64.6–100.0)" in done.stdout
    assert "| music | 1 | 100.0 % (20.7–100.0) |" in done.stdout
    assert "broken.jpg is left out" in done.stderr


@pytest.mark.usefixtures("at_home")
def test_without_labels_and_with_the_harder_queries(drawings: Path) -> None:
    (drawings / "labels.csv").unlink()
    arguments = ["retrieval", "--images", str(drawings), "--harder", "--json"]
    done = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    harder = json.loads(done.stdout.splitlines()[-1])["harder"]
    assert list(harder) == ["grey", "jpeg", "bleed-through", "half", "photograph"]
    assert {each["sscd"]["n"] for each in harder.values()} == {7}
    assert harder["bleed-through"]["sscd"]["top_1"] > 0.5
    assert "By label" not in done.stdout


def test_several_models_are_also_asked_together(drawings: Path, settings: Settings) -> None:
    """Two that see the same find the same together; one that sees other things changes the order."""
    pictures = read_folder(drawings)
    one, twin, blind = Thumbnail("one"), Thumbnail("twin"), Thumbnail("blind", side=1)
    alike = measure(pictures, [one, twin], settings, kinds(len(pictures)))
    assert alike.methods == ["one", "twin", "fused"]
    assert alike.of("fused").ranks.tolist() == alike.of("one").ranks.tolist()
    unlike = measure(pictures, [one, blind], settings, kinds(len(pictures)))
    assert unlike.of("blind").mrr < unlike.of("fused").mrr < unlike.of("one").mrr
    heads, by_label = tables(unlike)[0], tables(unlike)[1:]
    assert [row[0] for row in heads.rows] == unlike.methods
    assert [table.title.rpartition(": ")[2] for table in by_label] == unlike.methods


def test_another_seed_and_the_quirk_are_other_queries(drawings: Path, settings: Settings) -> None:
    pictures = read_folder(drawings)
    asked = [kinds(7), kinds(7, seed=1), kinds(7, quirk=True)]
    rows = [query_vectors(Thumbnail(), pictures, kind[0], settings) for kind in asked]
    assert not np.allclose(rows[0], rows[1])
    assert not np.allclose(rows[0], rows[2])
    assert asked[0][0].name == PAPER


def test_what_was_encoded_once_is_not_encoded_again(drawings: Path, settings: Settings) -> None:
    pictures = read_folder(drawings)
    first, again = Thumbnail(), Thumbnail()
    rows = vectors.encode_pictures(first, pictures, settings)
    assert first.seen == [4, 2], "the copy under another name is the same picture"
    assert np.array_equal(vectors.encode_pictures(again, pictures, settings), rows)
    assert again.seen == []
    other = Thumbnail(revision="two")
    vectors.encode_pictures(other, pictures, settings)
    assert other.seen == [4, 2]


def test_a_broken_cache_is_made_again(drawings: Path, settings: Settings) -> None:
    pictures = read_folder(drawings)
    rows = vectors.encode_pictures(Thumbnail(), pictures, settings)
    (file,) = (settings.cache / "evaluation").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    again = Thumbnail()
    assert np.array_equal(vectors.encode_pictures(again, pictures, settings), rows)
    assert again.seen == [4, 2]


def test_the_real_model_is_asked_as_it_is_served(drawings: Path, settings: Settings) -> None:
    """Queries go through `encode_queries`, pictures through `encode_images`."""
    sscd: Encoder = load("sscd", settings)
    pictures = read_folder(drawings)[:1]
    (kind,) = kinds(1)
    image = kind.alterations[0](pictures[0].open())
    assert np.array_equal(query_vectors(sscd, pictures, kind, settings), encode_queries(sscd, [image]))
    assert np.array_equal(vectors.encode_pictures(sscd, pictures, settings), sscd.encode_images([pictures[0].open()]))


@pytest.mark.usefixtures("at_home")
def test_asked_together_stands_beside_the_models_in_the_line_of_json(drawings: Path) -> None:
    arguments = ["retrieval", "--images", str(drawings), "--together", "--json"]
    done = CliRunner().invoke(evaluate, arguments, catch_exceptions=False)
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["together"]["sscd + pHash"]["paper"]["alone"] == "sscd"
    assert "nowhere find more than the best alone" in done.stdout


def test_without_a_node_the_section_has_all_but_the_latency_and_says_so(drawings: Path, settings: Settings) -> None:
    """A cluster that does not answer is as good as none."""
    alone = settings.model_copy(update={"elasticsearch_url": "http://127.0.0.1:9"})
    made = section(read_folder(drawings), [Thumbnail("one"), Thumbnail("blind", side=1)], alone)
    assert "Recall against latency is not measured: Elasticsearch at http://127.0.0.1:9" in made.note
    assert len(made.plots) == 1
    assert made.tables[-1].title == "Asked together or alone"
    groups = dict.fromkeys(row[0] for row in made.tables[-1].rows)
    assert list(groups) == ["one + pHash", "blind + pHash", "one + blind"]

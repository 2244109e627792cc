"""What each key may do: every command and page works with its own key, and nothing beyond it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from tests.secured.cluster import ALIAS, Cluster
from tests.unit.core.encoders.conftest import write_clip

BOOK = "specimen/books/sange-1891"

REFUSED_TO_BOTH = (
    ("PUT", "/another-index"),
    ("POST", "/another-index/_search"),
    ("GET", "/_security/user"),
    ("GET", "/_security/api_key"),
    ("PUT", "/_security/role/mine"),
    ("PUT", "/_security/user/mine"),
    ("PUT", "/_cluster/settings"),
    ("PUT", "/_index_template/mine"),
    ("PUT", "/_component_template/frontispiece-analysis"),
    ("GET", "/_cluster/health"),
    ("GET", "/_nodes"),
    ("DELETE", f"/{ALIAS}x-v1"),
)

REFUSED_TO_THE_INDEXER = (("POST", f"/{ALIAS}-unanswered/_search"), ("PUT", f"/{ALIAS}-unanswered"))
"""Words of readers are not its business."""

REFUSED_TO_THE_SERVICE = (
    ("PUT", f"/{ALIAS}-v9"),
    ("PUT", f"/{ALIAS}/_doc/1"),
    ("POST", f"/{ALIAS}/_update/1"),
    ("DELETE", f"/{ALIAS}/_doc/1"),
    ("DELETE", f"/{ALIAS}-v1"),
    ("PUT", f"/{ALIAS}/_mapping"),
    ("PUT", f"/{ALIAS}/_settings"),
    ("POST", f"/{ALIAS}-lease/_search"),
    ("PUT", f"/{ALIAS}-runs/_doc/1"),
    ("POST", f"/{ALIAS}-decisions/_search"),
    ("PUT", f"/{ALIAS}-unanswered/_doc/1"),
    ("DELETE", f"/{ALIAS}-unanswered"),
    ("PUT", f"/{ALIAS}-unanswered-v1"),
)


def test_the_indexers_key_runs_every_command(filled_cluster: Cluster) -> None:
    commands = (
        ("index", "specimen/books"),
        ("families",),
        ("status",),
        ("index", "--rebuild", "--no-switch", "specimen/books"),
        ("switch", "--yes"),
        ("switch", "--back", "--yes"),
        ("index", "--clean", "--yes"),
        ("index", "--repair", "--yes"),
        ("index", "--rebuild", "specimen/books"),
        ("index", "--merge"),
    )
    for command in commands:
        result = filled_cluster.run(*command, key=filled_cluster.key("indexer"))
        assert_succeeds(result)
        assert "403" not in result.stdout + result.stderr


def test_a_book_is_removed_with_the_indexers_key(filled_cluster: Cluster) -> None:
    key = filled_cluster.key("indexer")
    book = filled_cluster.request("POST", f"/{ALIAS}-books/_search?size=1", key=key).json()["hits"]["hits"][0]
    result = filled_cluster.run("remove", str(book["_source"]["book_id"]), "--yes", key=key)
    assert result.returncode == 0, result.stderr
    assert filled_cluster.run("index", "specimen/books", key=key).returncode == 0


def test_a_person_decides_on_families_with_the_indexers_key(filled_cluster: Cluster) -> None:
    """Decisions have an index of their own, beside the pictures."""
    key = filled_cluster.key("indexer")
    first_id, second_id = filled_cluster.figures()[:2]
    commands = (
        ("merge", first_id, second_id, "--by", "Anna"),
        ("show", first_id),
        ("list",),
        ("split", first_id, "--by", "Per"),
    )
    for command in commands:
        assert_succeeds(filled_cluster.run("families", *command, key=key))


def test_pictures_are_classified_with_the_indexers_key(filled_cluster: Cluster, tmp_path: Path) -> None:
    """Two corrections, a classifier that learns from them, and its labels on all other pictures."""
    key, classifier = filled_cluster.key("indexer"), str(tmp_path / "classifier.npz")
    first_id, second_id = filled_cluster.figures()[:2]
    commands = (
        ("correct", first_id, "Map", "--by", "Anna"),
        ("correct", second_id, "Musical notation", "--by", "Per"),
        ("train", "--out", classifier),
        ("show", "--classifier", classifier),
        ("apply", "--classifier", classifier),
    )
    for command in commands:
        assert_succeeds(filled_cluster.run("classify", *command, key=key))
    labels = filled_cluster.picture_fields("label")
    assert {labels[id_]["source"] for id_ in (first_id, second_id)} == {"librarian"}
    assert {labels[id_]["source"] for id_ in filled_cluster.figures()} == {"librarian", "classifier"}


def test_classes_are_guessed_by_prompts_with_the_indexers_key(cluster: Cluster, tmp_path: Path) -> None:
    """A tiny CLIP fills a collection of its own, under a name that the key may use, and guesses classes there."""
    torch.manual_seed(20)
    write_clip(tmp_path / "weights" / "clip")
    settings = {
        "FRONTISPIECE_ALIAS": f"{ALIAS}-evaluation-c11b",
        "FRONTISPIECE_DATA": str(tmp_path / "data"),
        "FRONTISPIECE_MODELS": "clip",
        "FRONTISPIECE_WEIGHTS": str(tmp_path / "weights"),
        "FRONTISPIECE_DEVICE": "cpu",
    }
    (tmp_path / "prompts.json").write_text('{"ship": ["a ship"], "hat": ["a hat", "hats"]}', "utf-8")
    zero_shot = ("classify", "zero-shot", "--model", "clip", "--prompts", str(tmp_path / "prompts.json"))
    for command in (("index", BOOK), zero_shot):
        result = cluster.run(*command, key=cluster.key("indexer"), **settings)
        assert_succeeds(result)
    assert re.search(r"guessed the class of [1-9]\d* pictures", result.stdout)


def test_a_study_of_what_readers_have_is_made_with_the_indexers_key(filled_cluster: Cluster, tmp_path: Path) -> None:
    """It reads the collection with the service's own client."""
    key, size = filled_cluster.key("indexer"), ("--left-out", "4", "--shown", "2", "--query-count", "2")
    assert_succeeds(filled_cluster.run("evaluate", "study", "--out", str(tmp_path), *size, key=key))
    assert (tmp_path / "sheet.html").is_file()


@pytest.mark.parametrize("command", ["relevance", "recall", "retrieval", "meaning"])
def test_an_evaluation_in_temporary_indices_runs_with_the_indexers_key(
    filled_cluster: Cluster, crops_folder: Path, tmp_path: Path, command: str
) -> None:
    """Each makes indices of its own, under names that the key may use, and leaves none behind."""
    for crop in sorted(crops_folder.rglob("*.jpg"))[:3]:
        shutil.copy(crop, tmp_path)
    pictures = ("--images", str(tmp_path), "--models", "sscd")
    arguments = {
        "relevance": (BOOK,),
        "recall": (*pictures, "--type", "bbq_hnsw", "--queries", "2"),
        "retrieval": (*pictures, "--served"),
        "meaning": (),
    }
    names = filled_cluster.index_names()
    assert_succeeds(filled_cluster.run("evaluate", command, *arguments[command], key=filled_cluster.key("indexer")))
    assert filled_cluster.index_names() == names


@pytest.mark.parametrize(
    ("owner", "method", "path"),
    [
        *(("api", *request) for request in (*REFUSED_TO_BOTH, *REFUSED_TO_THE_SERVICE)),
        *(("indexer", *request) for request in (*REFUSED_TO_BOTH, *REFUSED_TO_THE_INDEXER)),
    ],
)
def test_what_is_beyond_a_key_is_refused(filled_cluster: Cluster, owner: str, method: str, path: str) -> None:
    response = filled_cluster.request(method, path, key=filled_cluster.key(owner))
    assert response.status_code == 403, response.text


def test_every_part_of_a_bulk_request_beyond_the_services_key_is_refused(filled_cluster: Cluster) -> None:
    """The request itself is not, because the key may write unanswered searches."""
    for name in (ALIAS, f"{ALIAS}-runs", f"{ALIAS}-lease"):
        response = filled_cluster.request("POST", f"/{name}/_bulk", key=filled_cluster.key("api")).json()
        assert [result["status"] for item in response["items"] for result in item.values()] == [403], name


@pytest.mark.parametrize("command", [("index", BOOK), ("classify", "correct", "PICTURE", "Map", "--by", "Anna")])
def test_a_writing_command_with_the_services_key_says_what_it_may_not_do(
    filled_cluster: Cluster, command: tuple[str, ...]
) -> None:
    picture_id = filled_cluster.figures()[0]
    arguments = [picture_id if argument == "PICTURE" else argument for argument in command]
    result = filled_cluster.run(*arguments, key=filled_cluster.key("api"))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert re.search(r"may not|not allowed|unauthorized|key", result.stderr)


def test_a_wrong_an_expired_and_a_foreign_key_are_refused_with_a_sentence(filled_cluster: Cluster) -> None:
    foreign_role = {"foreign": {"indices": [{"names": ["foreign"], "privileges": ["all"]}]}}
    keys = {
        "wrong": "d3Jvbmc6d3Jvbmc=",
        "expired": filled_cluster.new_key({"name": "expired", "expiration": "1ms"}),
        "foreign": filled_cluster.new_key({"name": "foreign", "role_descriptors": foreign_role}),
    }
    for name, key in keys.items():
        result = filled_cluster.run("status", key=key)
        assert result.returncode == 1, name
        assert "Traceback" not in result.stderr
        assert re.search(r"\bkey\b", result.stderr), (name, result.stderr)


@pytest.mark.parametrize(
    "command", [("classify", "train"), ("evaluate", "relevance"), ("evaluate", "study"), ("evaluate", "meaning")]
)
def test_a_command_with_an_expired_key_ends_with_a_sentence(filled_cluster: Cluster, command: tuple[str, ...]) -> None:
    """Those of an evaluation search with the service's client, whose errors are others than the indexer's."""
    key = filled_cluster.new_key({"name": "expired", "expiration": "1ms"})
    result = filled_cluster.run(*command, key=key)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "FRONTISPIECE_ELASTICSEARCH_API_KEY is missing, wrong, expired or revoked" in result.stderr


def assert_succeeds(result: subprocess.CompletedProcess[str]) -> None:
    """Assert that a command came to its end."""
    assert result.returncode == 0, f"{result.args}: {result.stderr}"

"""Passages of printed pages, and the words of them that are searched."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from core.encoders import Vectors
from core.errors import FrontispieceError
from evaluation.commands.recall import command
from evaluation.retrieval.passages import encode_passages, query_of_passage, read_passages
from tests.alto_factory import alto_document, text_block

WORDS = " ".join(f"word{number}" for number in range(50))
PAGE = alto_document(text_block("T1", WORDS) + text_block("T2", "too short"))


class LengthEncoder:
    """A model whose vectors are the lengths of passages, and those of questions below zero."""

    name = "length"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return np.array([[len(text)] for text in texts], np.float32)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return -self.encode_passages(texts)


def test_passages_are_pieces_of_blocks_and_each_is_there_once(tmp_path: Path) -> None:
    for name in ("one.xml", "two.xml"):
        (tmp_path / name).write_bytes(PAGE)
    passages = read_passages(tmp_path, pytest.fail)
    assert [len(passage.split()) for passage in passages] == [20, 20, 10]
    assert " ".join(passages) == WORDS


def test_a_file_that_is_no_alto_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "damaged.xml").write_text("<alto", encoding="utf-8")
    sentences: list[str] = []
    with pytest.raises(FrontispieceError, match="has no ALTO file"):
        read_passages(tmp_path, sentences.append)
    (tmp_path / "page.xml").write_bytes(PAGE)
    assert read_passages(tmp_path, sentences.append)
    assert ["1 of 1 XML files" in sentences[0], "1 of 2 XML files" in sentences[1]] == [True, True]
    assert all("damaged.xml" in sentence for sentence in sentences)


def test_three_words_of_the_middle_are_searched() -> None:
    assert query_of_passage("a b c d e f g") == "c d e"


def test_each_passage_has_a_query() -> None:
    gallery, queries = encode_passages(LengthEncoder(), ["a b c d e", "ab cd ef gh ij"])
    assert gallery.tolist() == [[9], [14]]
    assert queries["words"].tolist() == [[-5], [-8]]


def test_the_command_wants_pictures_or_texts() -> None:
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 2
    assert "name pictures with --images, ALTO files with --texts, or both" in result.stderr


def test_options_about_pictures_need_pictures(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, ["--texts", str(tmp_path), "--models", "sscd"])
    assert result.exit_code == 2
    assert "--labels and --models are about pictures" in result.stderr

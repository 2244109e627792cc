"""The `_meta` of mappings."""

from typing import Any

import pytest

from core.encoders.fingerprint import ModelFingerprint
from indexer.elasticsearch.index_meta import IndexMeta
from indexer.elasticsearch.mappings import INDEX_KINDS, IndexKind

MODEL_META: dict[str, Any] = {"id": "model", "revision": "1", "dimensions": 2, "canary": [0.6, 0.8]}


@pytest.mark.parametrize("kind", INDEX_KINDS)
def test_meta_of_a_new_index_has_a_kind_and_no_models(kind: IndexKind) -> None:
    meta = IndexMeta.for_kind(kind)
    assert (meta.kind, meta.models, meta.families) == (kind, {}, {})
    assert meta.to_dict().keys() == {"written_by", "version", "kind"}


def test_meta_of_another_program_is_empty() -> None:
    assert IndexMeta.from_mapping({"properties": {}}) == IndexMeta(
        written_by="", version=None, kind="", models={}, families={}
    )


def test_meta_keeps_its_models_when_one_is_added() -> None:
    meta = IndexMeta.for_kind("pictures").with_models({"first": ModelFingerprint.from_meta(MODEL_META)})
    meta = meta.with_families({"at": "2026"}).with_models({"second": ModelFingerprint.from_meta(MODEL_META)})
    assert meta.to_dict()["models"] == {"first": MODEL_META, "second": MODEL_META}
    assert IndexMeta.from_mapping({"_meta": meta.to_dict()}) == meta


def test_a_model_of_texts_is_no_vision_model() -> None:
    meta = IndexMeta.from_mapping({"_meta": {"models": {"sscd": {"id": "a"}, "e5": {"id": "b"}, "of another": {}}}})
    assert list(meta.vision_models) == ["sscd", "of another"]

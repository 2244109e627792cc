"""The `_meta` of an index's mapping: who made the index, from which mapping, and with which models."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from elasticsearch import Elasticsearch

from core.encoders.fingerprint import ModelFingerprint, read_fingerprints
from core.encoders.registry import is_text_model
from indexer.elasticsearch.mappings import TemplateName, index_body


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMeta:
    """What an index says about itself; every field is empty in an index of another program."""

    written_by: str
    version: int | None
    """The version of the mapping."""
    kind: str
    models: Mapping[str, ModelFingerprint]
    """The fingerprint of each model that filled a vector field, by the model's name."""
    families: Mapping[str, Any]
    """Facts about the last run of `frontispiece families`."""
    rebuild: Mapping[str, Any] = field(default_factory=dict)
    """What a rebuild filled the index from: `sources`, and `since` in ISO 8601."""

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read `_meta` from the body of a mapping."""
        meta = mapping.get("_meta", {})
        return cls(
            written_by=meta.get("written_by", ""),
            version=meta.get("version"),
            kind=meta.get("kind", ""),
            models=read_fingerprints(meta),
            families=dict(meta.get("families", {})),
            rebuild=dict(meta.get("rebuild", {})),
        )

    @classmethod
    def read(cls, client: Elasticsearch, index: str) -> Self:
        """Ask Elasticsearch for the `_meta` of an index."""
        return cls.from_mapping(client.indices.get_mapping(index=index)[index]["mappings"])

    @classmethod
    def for_kind(cls, kind: TemplateName) -> Self:
        """Return the `_meta` that this version of the program gives to a new index."""
        return cls.from_mapping(index_body(kind)["mappings"])

    @property
    def vision_models(self) -> dict[str, ModelFingerprint]:
        """The models whose vectors tell what pictures look like: what texts mean says nothing about that."""
        return {name: fingerprint for name, fingerprint in self.models.items() if not is_text_model(name)}

    def with_models(self, models: Mapping[str, ModelFingerprint]) -> Self:
        """Return a copy with these models besides the ones it has."""
        return replace(self, models={**self.models, **models})

    def with_families(self, families: Mapping[str, Any]) -> Self:
        """Return a copy with the facts of another run of `families`."""
        return replace(self, families=families)

    def with_rebuild(self, rebuild: Mapping[str, Any]) -> Self:
        """Return a copy that names the sources of a rebuild."""
        return replace(self, rebuild=rebuild)

    def write(self, client: Elasticsearch, index: str) -> None:
        """Replace the `_meta` of an index."""
        client.indices.put_mapping(index=index, meta=self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return `_meta` as JSON; empty fields are left out."""
        fields = {"written_by": self.written_by, "version": self.version, "kind": self.kind}
        optional_fields = {
            "models": {name: fingerprint.to_meta() for name, fingerprint in self.models.items()},
            "families": dict(self.families),
            "rebuild": dict(self.rebuild),
        }
        return fields | {name: value for name, value in optional_fields.items() if value}

"""What a classifier learns from: an encoder's traits where it has any, its vectors where not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image

from core.encoders import SPECS, Encoder, Vectors
from core.encoders.features import MakeTraits, TraitEncoder, Traits, facts, field, learnable
from core.encoders.fingerprint import agrees, contract
from core.errors import ContractBroken, WrongVector
from indexer.elasticsearch.mappings import mapping


@dataclass(frozen=True)
class Plain:
    """A picture is its size, as a direction."""

    name: str = "plain"
    model: str = "tests/plain"
    revision: str = "one"
    preprocessing: str = "none"
    dimensions: int = 2

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        return np.array([[image.width / 5, image.height / 5] for image in images], np.float32)


@dataclass(frozen=True)
class Seeing(Plain):
    """Sees more than its vector keeps: the sides themselves."""

    traits: str = "width and height"

    def encode_traits(self, images: Sequence[Image.Image]) -> Traits:
        return np.array([[image.width, image.height, 7] for image in images], np.int8)

    @property
    def trait_parts(self) -> Mapping[str, MakeTraits]:
        return {"all": self.encode_traits}


PICTURES = [Image.new("RGB", (3, 4)), Image.new("RGB", (4, 3))]


def test_traits_come_before_vectors() -> None:
    assert learnable(Plain(), PICTURES) == pytest.approx(Plain().encode_images(PICTURES))
    assert learnable(Seeing(), PICTURES).tolist() == [[3, 4, 7], [4, 3, 7]]


def test_vectors_that_are_learnt_from_are_checked_like_those_of_the_index() -> None:
    with pytest.raises(WrongVector, match="of length"):
        learnable(Plain(), [Image.new("RGB", (30, 40))])


def test_only_the_model_with_stages_to_look_into_has_traits(encoders: dict[str, Encoder], sscd: Encoder) -> None:
    assert isinstance(sscd, TraitEncoder)
    assert not [name for name, each in encoders.items() if isinstance(each, TraitEncoder)]
    assert [name for name, spec in SPECS.items() if spec.traits] == ["sscd"]


@pytest.mark.parametrize("name", [*SPECS, "unheard of"])
def test_the_field_is_where_the_mapping_has_it(name: str) -> None:
    kind, _, model = field(name).partition(".")
    assert (kind, model) == ("traits" if name == "sscd" else "vectors", name)
    if name in SPECS:
        assert name in mapping("pictures")["mappings"]["properties"][kind]["properties"]


def test_traits_are_a_fact_only_where_there_are_any() -> None:
    assert facts(Plain()) == {"id": "tests/plain", "revision": "one", "preprocessing": "none"}
    assert facts(Seeing()) == {**facts(Plain()), "traits": "width and height"}


def test_the_contract_keeps_how_traits_are_made() -> None:
    """An index that was filled before there were any, or with others, says to index again."""
    agrees(contract(Seeing()), Seeing())
    for filled in (Plain(), replace(Seeing(), traits="width alone")):
        with pytest.raises(ContractBroken, match=r"has traits .*installed is 'width and height'; index again"):
            agrees(contract(filled), Seeing())
    with pytest.raises(ContractBroken, match="has traits 'width and height', and installed is None"):
        agrees(contract(Seeing()), Plain())

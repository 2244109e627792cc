"""An index and a service that do not mean the same vectors find out before a reader does."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from PIL.Image import Image

from core.encoders import Encoder, Vectors
from core.encoders.fingerprint import agrees, contract, picture
from core.encoders.protocols import unit
from core.errors import ContractBroken


@dataclass(frozen=True)
class Thumbnail:
    """The whole picture in 16 numbers, and a way to tilt them."""

    name: str = "thumbnail"
    model: str = "tests/thumbnail"
    revision: str = "one"
    preprocessing: str = "resize 4×4"
    dimensions: int = 16
    tilt: float = 0.0

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = np.array([np.asarray(image.convert("L").resize((4, 4))).ravel() for image in images], dtype=np.float32)
        return unit(rows + self.tilt * np.arange(16, dtype=np.float32))


HERE = Thumbnail()


def test_the_canary_is_the_same_to_the_last_pixel() -> None:
    """Changing the drawing breaks the contract of every index there is."""
    assert picture().size == (256, 192)
    assert sha256(picture().tobytes()).hexdigest() == "7f0366b1ff8462217570175bb539d762ee4a107e9ac0a58e1c1f97d41e85f473"


def test_a_contract_goes_through_json_and_is_kept() -> None:
    agrees(json.loads(json.dumps(contract(HERE))), HERE)


def test_the_contract_says_all_that_makes_a_vector() -> None:
    kept = contract(HERE)
    assert {field: kept[field] for field in kept if field != "canary"} == {
        "id": "tests/thumbnail",
        "revision": "one",
        "dimensions": 16,
        "preprocessing": "resize 4×4",
    }
    assert kept["canary"] == [round(number, 6) for number in kept["canary"]]
    assert len(kept["canary"]) == 16


@pytest.mark.parametrize(
    ("installed", "difference"),
    [
        (replace(HERE, model="tests/other"), "has id 'tests/thumbnail', and installed is 'tests/other'"),
        (replace(HERE, revision="two"), "has revision 'one', and installed is 'two'"),
        (replace(HERE, dimensions=15), "has dimensions 16, and installed is 15"),
        (replace(HERE, preprocessing="crop"), "has preprocessing 'resize 4×4', and installed is 'crop'"),
        (replace(HERE, tilt=9.0), r"knows the canary by another vector \(cosine 0\.\d+"),
    ],
)
def test_what_differs_is_named_with_both_sides(installed: Thumbnail, difference: str) -> None:
    with pytest.raises(ContractBroken, match=f"filled by the thumbnail that is installed: it {difference}"):
        agrees(contract(HERE), installed)


def test_another_machines_rounding_is_no_difference() -> None:
    agrees(contract(HERE), replace(HERE, tilt=0.5))


@pytest.mark.parametrize("canary", [None, [], [0.0] * 16, [1.0] * 15, "sixteen letters."])
def test_a_contract_without_a_canary_is_broken(canary: Any) -> None:
    with pytest.raises(ContractBroken, match="knows the canary by another vector"):
        agrees({**contract(HERE), "canary": canary}, HERE)


def test_an_index_without_a_contract_is_refused() -> None:
    with pytest.raises(ContractBroken, match="has id None"):
        agrees({}, HERE)


def test_each_real_model_keeps_its_own_contract_and_no_others(encoders: dict[str, Encoder], sscd: Encoder) -> None:
    every = (*encoders.values(), sscd)
    for one in every:
        kept = json.loads(json.dumps(contract(one)))
        agrees(kept, one)
        for other in every:
            if other is not one:
                with pytest.raises(ContractBroken):
                    agrees(kept, other)

"""Encoders of requests: one picture at a time, and a known text beside it."""

from threading import Event
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from anyio import create_task_group
from PIL import Image

from api.monitoring.instruments import REGISTRY
from api.vision.query_encoders import _LockedEncoder
from core.encoders.protocols import VectorModel
from tests.event_loops import run_coroutine

UNIT_VECTOR = np.array([[1.0, 0.0]], dtype=np.float32)


def lookups(result: str) -> float:
    labels = {"cache": "text_vectors", "result": result}
    return REGISTRY.get_sample_value("frontispiece_cache_requests_total", labels) or 0.0


def test_a_known_text_does_not_wait_for_a_picture_that_is_being_encoded() -> None:
    picture_may_end = Event()

    def encode_images(images: Any) -> Any:
        assert picture_may_end.wait(600)
        return UNIT_VECTOR

    encoder = SimpleNamespace(
        name="made",
        dimensions=2,
        encode_images=encode_images,
        encode_texts=lambda texts: UNIT_VECTOR,
    )
    locked = _LockedEncoder(cast(VectorModel, encoder))

    async def ask() -> None:
        hits, misses = lookups("hit"), lookups("miss")
        await locked.encode_text("fyr")
        async with create_task_group() as tasks:
            tasks.start_soon(locked.encode_image, Image.new("RGB", (8, 8)))
            assert (await locked.encode_text("fyr")).tolist() == [1.0, 0.0]
            picture_may_end.set()
        assert (lookups("hit"), lookups("miss")) == (hits + 1, misses + 1)

    run_coroutine(ask)

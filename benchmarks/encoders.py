"""Pictures per second of processor time of each encoder, compared with its engine alone on preprocessed pictures.

    python -m benchmarks.encoders [--folder PICTURES] [--count 64] [--rounds 5] [--full-size]

Prints a Markdown table. An encoder that runs its network several times for a picture is compared with as many runs.
Pictures are decoded before the measurement, and every model runs in its own process, so that peak memory is measured
per model. `--full-size` measures SigLIP, CLIP and ViT with random weights, which are as fast as the real ones and need
no hub.
"""

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.timing import measure_seconds
from core.encoders import SPECS, installed_models, load_encoder
from core.errors import FrontispieceError
from core.settings import Settings

DRAWN_SIZE = (1000, 700)
"""Pixels of generated pictures: the upper half of an octavo page at 300 dpi."""
IMAGE_SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff"}


@dataclass(frozen=True, slots=True)
class EncoderJob:
    name: str
    full_size: bool
    folder: Path | None
    count: int
    rounds: int
    indexing: bool = False
    """Whether to compute the classifier's features too, as `frontispiece index` does."""

    @property
    def title(self) -> str:
        return f"{self.name}{', indexing' * self.indexing}{' (random weights)' * self.full_size}"


@dataclass(frozen=True, slots=True)
class EncoderSpeed:
    """Pictures per second of processor time (medians of the rounds), or of a GPU's; and peak memory."""

    ours: float
    bare: float
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="pictures to encode; by default they are generated")
    parser.add_argument("--count", type=int, default=64, help="number of pictures")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--full-size", action="store_true", help="also measure the three large models, with random weights"
    )
    options = parser.parse_args(arguments)
    make_job = partial(EncoderJob, folder=options.folder, count=options.count, rounds=options.rounds)
    names = [name for name in installed_models() if SPECS[name].encodes_images]
    jobs = [make_job(name, full_size=False) for name in names]
    jobs += [make_job(name, full_size=False, indexing=True) for name in names if SPECS[name].features]
    if options.full_size:
        jobs += [make_job(name, full_size=True) for name in names if SPECS[name].extra == "models"]
    print("| encoder | pictures/s | engine alone | ratio | peak memory |\n| --- | ---: | ---: | ---: | ---: |")
    for encoder_job in jobs:
        print(markdown_row(encoder_job), flush=True)


def markdown_row(job: EncoderJob) -> str:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        try:
            speed = executor.submit(measure_speed, job).result()
        except FrontispieceError as error:
            return f"| {job.title} | not measured: {error} | | | |"
    ratio = speed.ours / speed.bare
    return f"| {job.title} | {speed.ours:.1f} | {speed.bare:.1f} | {ratio:.2f} | {speed.megabytes:.0f} MB |"


def measure_speed(job: EncoderJob) -> EncoderSpeed:
    """Measure encoder and engine alternately, so that other load affects both."""
    settings = Settings.from_environ()
    encoder: Any = random_encoder(job.name, settings) if job.full_size else load_encoder(job.name, settings)
    pictures = read_pictures(job.folder, job.count) if job.folder else draw_pictures(job.count)
    run_engine = bare_engine(encoder, pictures, indexing=job.indexing)
    encoder.encode_images(pictures[: encoder.pictures_at_a_time])
    # A processor's time does not count that of other processes; a GPU's is only seen from outside.
    clock = time.process_time if job.name == "sscd" or encoder.device.type == "cpu" else time.perf_counter
    encode_functions = [encoder.encode_images, encoder.encode_features] if job.indexing else [encoder.encode_images]
    times = [
        (
            measure_seconds(lambda: [encode(pictures) for encode in encode_functions], clock),
            measure_seconds(run_engine, clock),
        )
        for _ in range(job.rounds)
    ]
    ours, bare = (len(pictures) / statistics.median(column) for column in zip(*times, strict=True))
    rss_unit = 1 if sys.platform == "darwin" else 1024
    return EncoderSpeed(ours, bare, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * rss_unit / 1e6)


def bare_engine(encoder: Any, pictures: Sequence[Image.Image], *, indexing: bool) -> Callable[[], object]:
    """Return a function that runs onnxruntime or torch on the same batches, which are preprocessed beforehand."""
    if encoder.name == "sscd":
        return bare_passes(encoder, pictures, indexing=indexing)
    batches = [pictures[start : start + encoder.batch_size] for start in range(0, len(pictures), encoder.batch_size)]
    import torch  # noqa: PLC0415 - needs its extra

    tensors = [encoder.preprocess(batch).to(encoder.device) for batch in batches]

    def run() -> object:
        with torch.inference_mode():
            return [encoder.embed_images(tensor).cpu() for tensor in tensors]

    return run


def bare_passes(encoder: Any, pictures: Sequence[Image.Image], *, indexing: bool) -> Callable[[], object]:
    """Return a function that runs SSCD on the views of each picture and, when indexing, both networks for features."""
    from core.encoders import efficientnet  # noqa: PLC0415 - needs its extra
    from core.encoders.sscd import INDEX_VIEWS, prepare_pixels, reduce_image  # noqa: PLC0415
    from core.encoders.sscd_features import STAGES, prepare_view  # noqa: PLC0415

    reduced_pictures = [reduce_image(picture) for picture in pictures]
    views = [
        np.concatenate([prepare_pixels([picture], degrees) for degrees, _ in INDEX_VIEWS])
        for picture in reduced_pictures
    ]
    passes = [partial(encoder.session.run, ["embedding"], {"image": pixels}) for pixels in views]
    if indexing:
        content_session = efficientnet.load_session()
        for picture in pictures:
            pixels = prepare_view(picture)
            passes.append(partial(encoder.session.run, STAGES, {"image": pixels}))
            passes.append(partial(content_session.run, ["means"], {"image": efficientnet.normalise_pixels(pixels)}))
    return lambda: [run_pass() for run_pass in passes]


def random_encoder(name: str, settings: Settings) -> Any:
    """Return an encoder with the published architecture and random weights."""
    from core.encoders.devices import select_device  # noqa: PLC0415 - needs its extra
    from core.encoders.transformer import EncoderArguments, LoadedModel, PictureEncoder  # noqa: PLC0415

    spec = SPECS[name]
    model, processor = build_architecture(name)
    device = select_device(settings.device)
    identity = EncoderArguments(
        name=name,
        model=spec.model,
        revision="random",
        preprocessing=spec.preprocessing,
        dimensions=spec.dimensions,
        device=device,
        batch_size=settings.batch_size,
        max_batch_size=0,
        faster_precisions=(),
    )
    model.eval().to(device)

    def features(pixels: Any) -> Any:
        if spec.encodes_text:
            return model.get_image_features(pixel_values=pixels).pooler_output
        return model(pixel_values=pixels).last_hidden_state[:, 0]

    return PictureEncoder(
        **identity, preprocess=LoadedModel(identity, Path(), model, processor).preprocess, embed_images=features
    )


def build_architecture(name: str) -> tuple[Any, Any]:
    """Return a model and its processor from the published configuration."""
    import transformers  # noqa: PLC0415 - needs its extra

    library: Any = transformers
    if name == "siglip":
        vision, text = {"image_size": 256, "patch_size": 16}, {"vocab_size": 250_000}
        model = library.SiglipModel(library.SiglipConfig(text_config=text, vision_config=vision))
        return model, library.SiglipImageProcessorPil(size={"height": 256, "width": 256})
    if name == "clip":
        return library.CLIPModel(library.CLIPConfig()), library.CLIPImageProcessorPil()
    return library.ViTModel(library.ViTConfig(), add_pooling_layer=False), library.ViTImageProcessorPil()


def read_pictures(folder: Path, count: int) -> list[Image.Image]:
    """Read the first `count` pictures in the order of their paths."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in IMAGE_SUFFIXES)[:count]
    if not paths:
        raise FrontispieceError(f"{folder} has no picture ({', '.join(sorted(IMAGE_SUFFIXES))})")
    return [Image.open(path).convert("RGB") for path in paths]


def draw_pictures(count: int) -> list[Image.Image]:
    rng = np.random.default_rng(0)
    coarse_pixels = [rng.integers(0, 256, (70, 100, 3), dtype=np.uint8) for _ in range(count)]
    return [Image.fromarray(pixels).resize(DRAWN_SIZE, Image.Resampling.BICUBIC) for pixels in coarse_pixels]


if __name__ == "__main__":
    main()

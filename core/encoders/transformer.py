"""What the three models of the transformers library have in common."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import torch
from PIL.Image import Image, Resampling
from safetensors import SafetensorError
from transformers import AutoImageProcessor, AutoTokenizer
from transformers.utils import logging as transformers_logging

from core.encoders.protocols import Vectors, check, joined, unit
from core.encoders.registry import EncoderSpec
from core.encoders.weights import find
from core.errors import EncoderUnavailable
from core.images import batches, rgb
from core.settings import PREFIX, Settings

Features = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureEncoder:
    """A vision model with the processor that its authors published."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    device: torch.device
    batch_size: int
    process: Callable[[Sequence[Image]], torch.Tensor]
    """Pictures → the model's input."""
    features: Features
    """The model's input → one row per picture, of any length."""

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        rows = [self._rows(self.features, self.process(batch)) for batch in batches(images, self.batch_size)]
        return check(joined(rows, self.dimensions), self, len(images))

    def _rows(self, features: Features, given: torch.Tensor) -> Vectors:
        with torch.inference_mode():
            return unit(features(given.to(self.device)).float().cpu().numpy())


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureAndTextEncoder(PictureEncoder):
    """A vision model and a language model that were trained to meet in one space."""

    tokenize: Callable[[list[str]], torch.Tensor]
    text_features: Features

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        # Half of a surrogate pair comes in with careless JSON, and no tokenizer takes it.
        whole = [text.encode(errors="replace").decode() for text in texts]
        rows = [self._rows(self.text_features, self.tokenize(list(batch))) for batch in batches(whole, self.batch_size)]
        return check(joined(rows, self.dimensions), self, len(texts))


class Identity(TypedDict):
    """What every encoder of this library is told about itself."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    device: torch.device
    batch_size: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A model in memory, on its device, with what feeds it."""

    identity: Identity
    folder: Path
    model: Any
    processor: Any

    def process(self, images: Sequence[Image]) -> torch.Tensor:
        prepared = self.processor(images=[rgb(image) for image in images], return_tensors="pt")
        pixels: torch.Tensor = prepared["pixel_values"]
        return pixels

    def tokenizer(self, *, padding: bool | str) -> Callable[[list[str]], torch.Tensor]:
        """Texts → token ids, cut to what the model was trained on."""
        length = self.model.config.text_config.max_position_embeddings
        with _explained(self.identity["name"], self.folder):
            tokenizer = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)

        def tokenize(texts: list[str]) -> torch.Tensor:
            tokens = tokenizer(texts, padding=padding, truncation=True, max_length=length, return_tensors="pt")
            ids: torch.Tensor = tokens["input_ids"]
            return ids

        return tokenize


def load_parts(spec: EncoderSpec, settings: Settings, kind: Any, **options: Any) -> Parts:
    """`kind` is the transformers class; every weight of it must be in the file."""
    device = chosen_device(settings.device)
    weights = find(spec, settings)
    _be_quiet()
    with _explained(spec.name, weights.folder):
        # Pillow's own resampling, as in the paper: torchvision's, taken where it is installed, gives other pixels.
        processors: Any = AutoImageProcessor  # its functions carry no types
        processor = processors.from_pretrained(weights.folder, backend="pil", local_files_only=True)
        model, report = kind.from_pretrained(
            weights.folder,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            **options,
        )
    if absent := sorted(report["missing_keys"]):
        # transformers would fill them with random numbers and say so in a log.
        raise EncoderUnavailable(f"{weights.folder} does not hold the weights of {spec.name}: {absent[0]} is missing")
    identity = Identity(
        name=spec.name,
        model=spec.model,
        revision=weights.revision,
        preprocessing=described(processor),
        dimensions=spec.dimensions,
        device=device,
        batch_size=settings.batch_size,
    )
    return Parts(identity, weights.folder, model.eval().to(device), processor)


def chosen_device(wanted: str) -> torch.device:
    """The one asked for, else the fastest there is."""
    if not wanted:
        best = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
        return torch.device(best)
    try:
        device = torch.device(wanted)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        cause = str(error).partition("\n")[0]
        raise EncoderUnavailable(
            f"{PREFIX}DEVICE: {wanted!r} cannot be used here ({cause}); leave it empty to take the best there is"
        ) from error
    return device


def described(processor: Any) -> str:
    """An image processor as one line: `resize 224×224 bicubic, …`."""
    steps = [f"resize {_size(processor.size)} {_resampling(processor.resample)}"] if processor.do_resize else []
    if getattr(processor, "do_center_crop", False):
        steps.append(f"crop {_size(processor.crop_size)}")
    if processor.do_rescale:
        steps.append(f"scale {processor.rescale_factor:.8g}")
    if processor.do_normalize:
        steps.append(f"mean {_numbers(processor.image_mean)} deviation {_numbers(processor.image_std)}")
    return ", ".join(steps)


def _size(size: Any) -> str:
    sides = {side: pixels for side, pixels in dict(size).items() if pixels}
    if sides.keys() == {"height", "width"}:
        return f"{sides['width']}×{sides['height']}"
    return " ".join(f"{side.replace('_', ' ')} {pixels}" for side, pixels in sorted(sides.items()))


def _resampling(resample: int) -> str:
    return Resampling(resample).name.lower()


def _numbers(values: float | Sequence[float]) -> str:
    several = values if isinstance(values, Sequence) else [values]
    return "/".join(f"{value:.8g}" for value in several)


@contextmanager
def _explained(name: str, folder: Path) -> Iterator[None]:
    """Whatever transformers says of a folder that it cannot use, with the folder's name."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise EncoderUnavailable(f"{name} cannot be loaded from {folder}: {error}") from error


def _be_quiet() -> None:
    """No bars and no table of unused layers (a classifier's head): what matters is raised."""
    quiet: Any = transformers_logging  # its functions carry no types
    quiet.disable_progress_bar()
    quiet.set_verbosity_error()

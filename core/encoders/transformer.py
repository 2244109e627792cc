"""The common base of the three models from the transformers library."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypedDict

import torch
from PIL.Image import Image, Resampling
from safetensors import SafetensorError
from transformers import AutoImageProcessor, AutoTokenizer
from transformers.utils import logging as transformers_logging

from core.batches import batched
from core.encoders.devices import faster_precisions, max_batch_size, select_device
from core.encoders.protocols import Vectors
from core.encoders.registry import EncoderSpec
from core.encoders.vectors import check_vectors, concatenate_batches, normalise_vectors
from core.encoders.weights import find_weights
from core.errors import EncoderUnavailable
from core.images import to_rgb
from core.settings import Settings

EmbeddingFunction = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureEncoder:
    """A vision model with the image processor of its authors."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    device: torch.device
    batch_size: int
    preprocess: Callable[[Sequence[Image]], torch.Tensor]
    """The processor: pictures → the model's input."""
    embed_images: EmbeddingFunction
    """The model: its input → one row per picture, not yet of unit length."""
    max_batch_size: int = 0
    """Up to which the batch may be enlarged."""
    faster_precisions: Sequence[str] = ()
    precision: str = "float32"
    """In which the matrices are multiplied, as torch's `autocast` does it; sums and norms stay in float32."""

    @property
    def mode(self) -> str:
        return f"{self.precision}, {self.batch_size} pictures at a time on {self.device.type}"

    @property
    def pictures_at_a_time(self) -> int:
        return self.batch_size

    def other_precisions(self) -> list[Self]:
        return [replace(self, precision=name) for name in self.faster_precisions]

    def enlarge(self) -> Self | None:
        batch_size = 2 * self.batch_size
        return replace(self, batch_size=batch_size) if batch_size <= self.max_batch_size else None

    def encode_images(self, images: Sequence[Image]) -> Vectors:
        batch_vectors = [
            self._embed(self.embed_images, self.preprocess(batch)) for batch in batched(images, self.batch_size)
        ]
        return check_vectors(concatenate_batches(batch_vectors, self.dimensions), self, len(images))

    def _embed(self, embed: EmbeddingFunction, model_input: torch.Tensor) -> Vectors:
        autocast = torch.autocast(
            self.device.type, dtype=getattr(torch, self.precision), enabled=self.precision != "float32"
        )
        with torch.inference_mode(), autocast:
            return normalise_vectors(embed(model_input.to(self.device)).float().cpu().numpy())


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureAndTextEncoder(PictureEncoder):
    """A vision model and a text model with one common vector space."""

    tokenize: Callable[[list[str]], torch.Tensor]
    embed_texts: EmbeddingFunction

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        # Tokenizers refuse lone surrogates, which occur in JSON.
        valid_texts = [text.encode(errors="replace").decode() for text in texts]
        batch_vectors = [
            self._embed(self.embed_texts, self.tokenize(list(batch))) for batch in batched(valid_texts, self.batch_size)
        ]
        return check_vectors(concatenate_batches(batch_vectors, self.dimensions), self, len(texts))


class EncoderArguments(TypedDict):
    """The constructor arguments that all encoders of this library share."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    device: torch.device
    batch_size: int
    max_batch_size: int
    faster_precisions: Sequence[str]


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory on its device, with its processor."""

    encoder_arguments: EncoderArguments
    folder: Path
    model: Any
    processor: Any

    def preprocess(self, images: Sequence[Image]) -> torch.Tensor:
        model_inputs = self.processor(images=[to_rgb(image) for image in images], return_tensors="pt")
        pixels: torch.Tensor = model_inputs["pixel_values"]
        return pixels

    def tokenizer(self, *, padding: bool | str) -> Callable[[list[str]], torch.Tensor]:
        """Return the token ids of texts, truncated to the length that the model is trained on."""
        length = self.model.config.text_config.max_position_embeddings
        with translate_loading_errors(self.encoder_arguments["name"], self.folder):
            tokenizer = AutoTokenizer.from_pretrained(self.folder, local_files_only=True)

        def tokenize(texts: list[str]) -> torch.Tensor:
            tokens = tokenizer(texts, padding=padding, truncation=True, max_length=length, return_tensors="pt")
            ids: torch.Tensor = tokens["input_ids"]
            return ids

        return tokenize


def load_model(spec: EncoderSpec, settings: Settings, model_class: Any, **options: Any) -> LoadedModel:
    """Load a vision model of a transformers class; EncoderUnavailable if the file lacks any of its weights."""
    device = select_device(settings.device)
    weights = find_weights(spec, settings)
    with translate_loading_errors(spec.name, weights.folder):
        # Pillow's resampling, as in the paper; torchvision's, the default where it is installed, gives other pixels.
        processor_class: Any = AutoImageProcessor  # its functions have no types
        processor = processor_class.from_pretrained(weights.folder, backend="pil", local_files_only=True)
    encoder_arguments = EncoderArguments(
        name=spec.name,
        model=spec.model,
        revision=weights.revision,
        preprocessing=describe_preprocessing(processor),
        dimensions=spec.dimensions,
        device=device,
        batch_size=settings.batch_size,
        max_batch_size=max_batch_size(device, settings),
        faster_precisions=faster_precisions(device, settings),
    )
    model = load_weights(spec.name, weights.folder, model_class, **options)
    return LoadedModel(encoder_arguments, weights.folder, model.to(device), processor)


def load_weights(name: str, folder: Path, model_class: Any, **options: Any) -> Any:
    """Return a model of a transformers class, ready for use; EncoderUnavailable if any of its weights is missing."""
    _silence_transformers()
    with translate_loading_errors(name, folder):
        model, loading_info = model_class.from_pretrained(
            folder,
            dtype=torch.float32,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
            **options,
        )
    if missing_keys := sorted(loading_info["missing_keys"]):
        # transformers would fill them with random numbers and only log it.
        raise EncoderUnavailable(f"{folder} does not hold the weights of {name}: {missing_keys[0]} is missing")
    return model.eval()


def describe_preprocessing(processor: Any) -> str:
    """Describe an image processor in one line: `resize 224×224 bicubic, …`."""
    steps = (
        [f"resize {_format_size(processor.size)} {_resampling_name(processor.resample)}"] if processor.do_resize else []
    )
    if getattr(processor, "do_center_crop", False):
        steps.append(f"crop {_format_size(processor.crop_size)}")
    if processor.do_rescale:
        steps.append(f"scale {processor.rescale_factor:.8g}")
    if processor.do_normalize:
        steps.append(f"mean {_format_numbers(processor.image_mean)} deviation {_format_numbers(processor.image_std)}")
    return ", ".join(steps)


def _format_size(size: Any) -> str:
    sides = {side: pixels for side, pixels in dict(size).items() if pixels}
    if sides.keys() == {"height", "width"}:
        return f"{sides['width']}×{sides['height']}"
    return " ".join(f"{side.replace('_', ' ')} {pixels}" for side, pixels in sorted(sides.items()))


def _resampling_name(resample: int) -> str:
    return Resampling(resample).name.lower()


def _format_numbers(values: float | Sequence[float]) -> str:
    numbers = values if isinstance(values, Sequence) else [values]
    return "/".join(f"{value:.8g}" for value in numbers)


@contextmanager
def translate_loading_errors(name: str, folder: Path) -> Iterator[None]:
    """Raise EncoderUnavailable with the folder's name for any error that transformers raises about the folder."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise EncoderUnavailable(f"{name} cannot be loaded from {folder}: {error}") from error


def _silence_transformers() -> None:
    """Turn off progress bars and the list of unused layers; errors are raised anyway."""
    untyped_logging: Any = transformers_logging  # its functions have no types
    untyped_logging.disable_progress_bar()
    untyped_logging.set_verbosity_error()

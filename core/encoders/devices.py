"""The device that torch runs a model on, and what may be tried to run it faster there."""

import torch

from core.errors import EncoderUnavailable
from core.settings import ENV_PREFIX, Settings

MAX_BATCH_SIZE = 1024
"""Pictures; a trial does not go beyond, however much memory a GPU has."""


def select_device(device_name: str) -> torch.device:
    """Return the device of the settings, else the fastest available one."""
    if not device_name:
        best_device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
        return torch.device(best_device)
    try:
        device = torch.device(device_name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        cause = str(error).partition("\n")[0]
        raise EncoderUnavailable(
            f"{ENV_PREFIX}DEVICE: {device_name!r} cannot be used here ({cause}); leave it empty for the best there is"
        ) from error
    return device


def max_batch_size(device: torch.device, settings: Settings) -> int:
    """Return up to which size of a batch a trial may go; 0 if it is set, or on a processor, where none is faster."""
    return 0 if device.type == "cpu" or "batch_size" in settings.model_fields_set else MAX_BATCH_SIZE


def faster_precisions(device: torch.device, settings: Settings) -> tuple[str, ...]:
    """Return torch's names of the precisions besides float32 that may be tried."""
    if settings.precision:
        return () if settings.precision == "float32" else (settings.precision,)
    if device.type == "cpu":
        capabilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()  # not in torch 2.6
        return ("bfloat16",) if capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") else ()
    if device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return ("bfloat16", "float16")
    return ("float16",)

"""JPEGs that lack their end, as interrupted copies do. Pure functions."""

from io import BytesIO

import numpy as np
from PIL import Image

JPEG_START, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
"""The markers SOI and EOI (ITU-T T.81, B.1.1.3)."""

MAX_MISSING_SHARE = 0.1
"""The share of the rows that may be missing. With more, a vector would describe the grey, so the file is refused."""
GREY_LEVELS = (127, 128)
"""What libjpeg writes into missing rows; 127 is the inverted 128 of CMYK."""


def complete_jpeg(data: bytes) -> BytesIO | None:
    """Return the file with an end marker, so that libjpeg decodes it with missing rows in grey.

    None if it is no JPEG, cannot be decoded even so, or lacks more than `MAX_MISSING_SHARE` of its rows. The caller has
    checked how many pixels the file declares.
    """
    if not data.startswith(JPEG_START):
        return None
    # The file may end within a marker, which then has to go.
    for end in (len(data), data.rfind(b"\xff")):
        completed = BytesIO(data[:end] + JPEG_END)
        try:
            with Image.open(completed, formats=("JPEG",)) as image:
                image.load()
        except Exception:  # noqa: BLE001, S112  damaged data make the decoder raise many kinds of errors
            continue
        return completed if _missing_rows(image) <= MAX_MISSING_SHARE * image.height else None
    return None


def _missing_rows(image: Image.Image) -> int:
    """Return how many rows at the end have one and the same middle grey."""
    pixels = np.asarray(image).reshape(image.height, -1)
    if pixels[-1, -1] not in GREY_LEVELS:
        return 0
    is_grey = (pixels == pixels[-1, -1]).all(axis=1)
    return image.height if is_grey.all() else int(np.argmin(is_grey[::-1]))

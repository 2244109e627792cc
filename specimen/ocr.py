"""What an engine of the time made of the print: mostly right, sometimes a wrong letter and a low confidence."""

import numpy as np

CONFUSED = {
    "ſ": "f",
    "f": "ſ",
    "n": "u",
    "u": "n",
    "e": "c",
    "c": "e",
    "k": "t",
    "h": "b",
    "b": "h",
    "B": "V",
    "rn": "m",
}
LEAST = 4
"""Letters that a word must have to be misread here; short ones stay, so that the text can be followed."""


class Engine:
    """Reads words one after the other; the same seed reads the same."""

    def __init__(self, errors: float, seed: int) -> None:
        self._errors = errors
        self._rng = np.random.default_rng(seed)

    def read(self, word: str, *, clean: bool = False) -> tuple[str, float]:
        """The word as recognised, and the engine's confidence in it."""
        chance, where, sure = self._rng.random(3)
        spots = [i for i, letter in enumerate(word) if letter in CONFUSED and i > 0]
        if clean or not spots or len(word) < LEAST or chance > self._errors:
            return word, round(0.86 + 0.14 * sure**0.5, 2)
        spot = spots[int(where * len(spots))]
        return word[:spot] + CONFUSED[word[spot]] + word[spot + 1 :], round(0.31 + 0.35 * sure, 2)

"""What an engine of the time made of the print: mostly right, sometimes a wrong letter and a low confidence."""

import numpy as np

CONFUSABLE_LETTERS = {
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
MIN_LETTERS = 4
"""Letters that a word must have to be misread here; short ones stay, so that the text can be followed."""


class OcrSimulator:
    """Reads words one after the other; the same seed reads the same."""

    def __init__(self, error_rate: float, seed: int) -> None:
        self._error_rate = error_rate
        self._rng = np.random.default_rng(seed)

    def read_word(self, word: str, *, clean: bool = False) -> tuple[str, float]:
        """The word as recognised, and the engine's confidence in it."""
        chance, position, certainty = self._rng.random(3)
        candidates = [
            letter_index
            for letter_index, letter in enumerate(word)
            if letter in CONFUSABLE_LETTERS and letter_index > 0
        ]
        if clean or not candidates or len(word) < MIN_LETTERS or chance > self._error_rate:
            return word, round(0.86 + 0.14 * certainty**0.5, 2)
        index = candidates[int(position * len(candidates))]
        return word[:index] + CONFUSABLE_LETTERS[word[index]] + word[index + 1 :], round(0.31 + 0.35 * certainty, 2)

"""Simulated OCR: mostly correct, sometimes with a wrong letter and a low confidence."""

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
"""Shorter words are never misread, so that the text stays readable."""


class OcrSimulator:
    """Reads words one after another; the same seed gives the same errors."""

    def __init__(self, error_rate: float, seed: int) -> None:
        self._error_rate = error_rate
        self._rng = np.random.default_rng(seed)

    def read_word(self, word: str, *, clean: bool = False) -> tuple[str, float]:
        """Return the word as recognised, and its confidence."""
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

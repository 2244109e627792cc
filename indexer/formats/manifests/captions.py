"""The caption of a canvas that is one picture, as in an album: its label if that names more than a page."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.text import fold_letters
from indexer.formats.manifests.labels import field_of_label
from indexer.formats.manifests.titles import is_shelf_mark
from indexer.formats.manifests.values import all_label_strings, entries, first_string

MIN_LABEL_WORDS = 2


def _word_set(words: str) -> frozenset[str]:
    return frozenset(fold_letters(words).split())


PAGE_WORDS = _word_set("""
    page pages side sider seite seiten sida sidor pagina pagine página páginas folio folios fol leaf leaves blad blatt
    blätter feuillet bladzijde carta recto verso front back outer inner inside outside left right upper lower cover
    covers board binding spine edge tail fore head spread foldout folded unfolded open closed flyleaf endpaper
    pastedown title titlepage contents blank unnumbered unpaginated missing
    omslag perm forside bakside bagside forsats rygg ryg tittelblad titelblad tittelside blank
    einband vorderdeckel rückdeckel vorsatz rücken titelblatt titelseite schnitt umschlag deckel vorne hinten innen
    aussen spiegel vorderer hinterer leer
    couverture plat contreplat sup inf supérieur inférieur dos garde gardes tranche reliure titre blanc
    copertina piatto anteriore posteriore dorso guardia cubierta portada
    image images bild bilde billede imagen immagine canvas scan view vue section object whole digital photo detail test
    plate plates planche tafel plansje figure fig
    color colour colorchecker checker bar chart target ruler scale card farbkarte
    ms mss cod codex vol volume band bd part teil tome no nr num
""")
"""Words of labels that tell which page a canvas is."""

JOINING_WORDS = _word_set("""
    an the of on in at with and de du des la le les et der die das und mit von og av på med en il lo di
""")
"""Words that are part of a caption but do not make one: `View of Oslo`, but `Front cover with colour bar`."""

PAGE_NUMBER = re.compile(
    r"\b(?:ff?|fol|folios?|pp?|pg|pages?|s|side|seiten?|bl|blatt|leaf|leaves|cc?)\.?\s*\[?\d|\b\d+\s?(?-i:[rvab])\b",
    re.IGNORECASE,
)
"""The number of a page or of a leaf."""

WORD = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")

ROMAN_NUMERAL = re.compile(r"m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})")


def find_caption(canvas: Mapping[str, Any], label: str, languages: Sequence[str]) -> str:
    """Return the label, or else the summary or the title of the canvas; empty if all of them only name a page.

    A label of one word may name a kind of page that is not in the list.
    """
    # Version 2 calls the summary a description.
    summaries = (first_string(canvas.get(key), languages) for key in ("summary", "description"))
    titles = (
        first_string(entry.get("value"), languages)
        for entry in entries(canvas, "metadata")
        if "title" in map(field_of_label, all_label_strings(entry.get("label")))
    )
    if _describes_picture(label, MIN_LABEL_WORDS):
        return label
    return next((text for text in (*summaries, *titles) if _describes_picture(text, 1)), "")


def _describes_picture(text: str, min_words: int) -> bool:
    """Return whether a text has words other than those that designate a page."""
    if PAGE_NUMBER.search(text) or is_shelf_mark(text, ()):
        return False
    words = [fold_letters(word) for word in WORD.findall(text)]
    words = [word for word in words if word not in PAGE_WORDS and not ROMAN_NUMERAL.fullmatch(word)]
    return len(words) >= min_words and any(word not in JOINING_WORDS for word in words)

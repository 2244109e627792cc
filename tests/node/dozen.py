"""A dozen pictures whose neighbours are known beforehand, and the two smallest encoders that know them."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from elasticsearch import Elasticsearch
from PIL import Image, ImageColor

from indexer.encoders.base import Encoder, Vectors, unit
from indexer.encoders.canary import contract
from tests.paths import ROOT


class Blocks:
    """A picture is its 8 x 8 colours: a scaled copy has a cosine near 1, another picture one near 0."""

    name, model, revision, preprocessing, dimensions = "sscd", "tests/blocks", "1", "8 x 8 colours", 512

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        rows = np.zeros((len(images), self.dimensions), np.float32)
        for row, image in zip(rows, images, strict=True):
            row[:192] = np.asarray(image.convert("RGB").resize((8, 8), Image.Resampling.BOX), np.float32).ravel() - 128
        return unit(rows + 1e-3)


class Colours(Blocks):
    """Knows words too: a text is the picture of the colour that it names."""

    name, model = "clip", "tests/colours"

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return self.encode_images([Image.new("RGB", (8, 8), self._colour(text)) for text in texts])

    def _colour(self, text: str) -> str:
        return text if text in ImageColor.colormap else "grey"


def drawing(number: int) -> Image.Image:
    """The picture of the document of that number; number 11 is all red."""
    if number == 11:
        return Image.new("RGB", (64, 64), "red")
    pixels = np.random.default_rng(number).choice([0, 255], size=(8, 8, 3)).astype(np.uint8)
    return Image.fromarray(pixels).resize((64, 64), Image.Resampling.NEAREST)


def _book(title: str, year: int, *others: str) -> dict[str, Any]:
    publisher, place, language, author, urn = others
    return {
        "title": title,
        "year": year,
        "publisher": publisher,
        "place": place,
        "language": [language],
        "authors": [author],
        "identifiers": [urn],
    }


KYST = _book("Norges kyst & havner", 1885, "Aschehoug", "Kristiania", "nob", "Anna Moe", "URN:NBN:no-nb_digibok_1")
BIRDS = _book("Birds of the Fjords", 1893, "Macmillan", "London", "eng", "John Gould", "URN:NBN:no-nb_digibok_2")
MASKIN = _book("Maskinlære", 1901, "Cammermeyer", "Kristiania", "nob", "Per Lie", "URN:NBN:no-nb_digibok_3")

PICTURES: list[tuple[dict[str, Any], str, str, str, str]] = [
    # book, caption, before, page text beside these, label
    (KYST, "Fyrtårnet ved Lindesnes", "Sjøen slår mot fjellet.", "og havet er stort", "Illustration"),
    (KYST, "Havnen", "Skipene ligger i havnen.", "og havet er stort, fyrtårnet lyser", "Illustration"),
    (KYST, "", "", "og kartet viser havet", "Map"),
    (KYST, "Kart over Bergen", "", "og kartet viser Bergen", "Map"),
    (BIRDS, "The white-tailed eagle", "It nests on the cliffs.", "eagles and the sea", "Illustration"),
    (BIRDS, "A puffin", "", "the sea and the eagle", "Illustration"),
    (BIRDS, "", "", "", "Ornament"),
    (BIRDS, "Nests", "<b>Eggs & shells</b>", "the eggs", "Illustration"),
    (MASKIN, "Dampmaskinen", "Kjelen er av jern.", "og dampen driver maskinen", "Illustration"),
    (MASKIN, "Et tannhjul", "Dampmaskinens hjul.", "og hjulet driver maskinen", "Illustration"),
    (MASKIN, "", "", "og maskinen", "Ornament"),
    (MASKIN, "", "", "", "Illustration"),
]


def picture_id(number: int) -> str:
    return f"page_{number:04}:GE{number}:0,0,64,64"


def document(number: int, encoders: Sequence[Encoder]) -> dict[str, Any]:
    book, caption, before, page_text, label = PICTURES[number]
    passages = {"caption": caption, "page_text": " ".join((caption, before, page_text)).strip()}
    return {
        **book,
        **{name: {"text": text, "confidence": 0.9} for name, text in passages.items() if text},
        **({"context": {"before": {"text": before}}} if before else {}),
        "book_id": book["identifiers"][0],
        "page_id": f"page_{number:04}",
        "page": number + 1,
        "box": {"x": 0, "y": 0, "width": 64, "height": 64},
        "label": {"name": label, "source": "catalogue"},
        "image": {
            "crop": f"aa/{number}.jpg",
            "region": f"https://iiif.example.org/{number}/0,0,64,64/full/0/default.jpg",
        },
        "vectors": {each.name: each.encode_images([drawing(number)])[0].tolist() for each in encoders},
    }


def fill(client: Elasticsearch, alias: str, encoders: Sequence[Encoder]) -> str:
    """An index of the real mapping with the dozen in it, behind the alias; its name."""
    body = json.loads((ROOT / "es-mappings" / "pictures.json").read_text("utf-8"))
    body["mappings"]["_meta"]["models"] = {each.name: contract(each) for each in encoders}
    name = f"{alias}-v1"
    client.indices.create(index=name, settings=body["settings"], mappings=body["mappings"], aliases={alias: {}})
    for number in range(len(PICTURES)):
        client.index(index=name, id=picture_id(number), document=document(number, encoders))
    client.indices.refresh(index=name)
    return name

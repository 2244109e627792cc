"""Every block in the shop by its name, what it shows, and what a librarian would call it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from specimen.drawings import (
    beam_engine,
    charts,
    hand_press,
    herring,
    lettering,
    lighthouse,
    maps,
    music,
    nautical,
    ornaments,
    plants,
    portrait,
    puffin,
    scenery,
    ships,
    stave_church,
    stone_church,
)
from specimen.drawings.plate import OVERSAMPLING, Plate
from specimen.pages import FloatArray, PictureLabel

DrawBlock = Callable[[], Plate]

BLOCK_SOURCES: dict[str, tuple[DrawBlock, PictureLabel, str]] = {
    "lighthouse": (lighthouse.lighthouse, "illustration", "lighthouse"),
    "lighthouse-late": (lighthouse.lighthouse_late, "illustration", "lighthouse"),
    "brig": (ships.brig, "illustration", "ship"),
    "coast": (scenery.coast, "illustration", "landscape"),
    "fjord": (scenery.fjord, "illustration", "landscape"),
    "stone-church": (stone_church.stone_church, "illustration", "church"),
    "stave-church": (stave_church.stave_church, "illustration", "church"),
    "anchor": (nautical.anchor, "illustration", "anchor"),
    "lantern": (nautical.lantern, "illustration", "lantern"),
    "compass": (nautical.compass, "illustration", "compass"),
    "buoy": (nautical.buoy, "illustration", "buoy"),
    "foxglove": (plants.foxglove, "illustration", "plant"),
    "leaf-oak": (plants.oak_leaf, "illustration", "leaf"),
    "leaf-fern": (plants.fern, "illustration", "fern"),
    "leaf-birch": (plants.birch_leaf, "illustration", "leaf"),
    "acorn": (plants.acorn, "illustration", "acorn"),
    "puffin": (puffin.puffin, "illustration", "bird"),
    "herring": (herring.herring, "illustration", "fish"),
    "engine": (beam_engine.engine, "illustration", "steam engine"),
    "press": (hand_press.press, "illustration", "printing press"),
    "silhouette": (portrait.silhouette, "illustration", "portrait"),
    "map": (maps.coast_map, "map", "map of a coast"),
    "lights-chart": (charts.lights_chart, "chart", "lighthouses by decade"),
    "coal-chart": (charts.coal_chart, "chart", "coal by year"),
    "song": (music.song, "music", "song"),
    "headpiece-waves": (ornaments.headpiece_waves, "ornament", "headpiece"),
    "headpiece-leaves": (ornaments.headpiece_leaves, "ornament", "headpiece"),
    "headpiece-knots": (ornaments.headpiece_knots, "ornament", "headpiece"),
    "tailpiece-anchor": (ornaments.tailpiece_anchor, "ornament", "tailpiece"),
    "tailpiece-scroll": (ornaments.tailpiece_scroll, "ornament", "tailpiece"),
    "rule": (ornaments.swelled_rule, "ornament", "rule"),
    "title-flower": (ornaments.title_flower, "ornament", "printer's flower"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it prints: trimmed to its ink; sizes in pixels of the scan."""

    name: str
    label: PictureLabel
    subject: str
    ink: FloatArray

    @property
    def width(self) -> float:
        return float(self.ink.shape[1] / OVERSAMPLING)

    @property
    def height(self) -> float:
        return float(self.ink.shape[0] / OVERSAMPLING)


@cache
def block(name: str) -> Block:
    """The block of that name; `initial-<face>-<letter>-<size>` is a drop capital."""
    if name.startswith("initial-"):
        _, face, letter, size = name.split("-")
        return Block(name, "ornament", "drop capital", _trim(lettering.initial(face, letter, int(size)).ink))
    draw, label, subject = BLOCK_SOURCES[name]
    return Block(name, label, subject, _trim(draw().ink))


def _trim(ink: FloatArray) -> FloatArray:
    rows, columns = np.flatnonzero((ink > 0.3).any(axis=1)), np.flatnonzero((ink > 0.3).any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

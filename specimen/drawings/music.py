"""A song engraved by Verovio from our own tune."""

import re

import verovio

from specimen.drawings.plate import Plate

WIDTH, HEIGHT = 720, 640

TUNE = """@clef:G-2
@keysig:xF
@timesig:3/4
@data:'4D/4G8.A6B4G/4B8.''C6D'4B/''4D8.C'6B4A/2G4D/4G8.A6B4G/4B''8.C6D'4B/''4D'8.B6A4F/2G4-/''4D8.D6E4D/'4B8.G6B4D/''4C8.C6D4C/'4A8.F6A4D/4G8.A6B4G/4B''8.C6D4E/4D'8.B6A4F/2G4-//
"""
"""Plaine & Easie: sixteen bars of our own in G."""


def song() -> Plate:
    """Four systems of the fisherman's song, without words: they stand below as verse."""
    plate = Plate(WIDTH, HEIGHT, seed=16)
    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions(
        {
            "pageWidth": 1560,
            "pageHeight": 4000,
            "scale": 100,
            "adjustPageHeight": True,
            "header": "none",
            "footer": "none",
            "breaks": "auto",
            "font": "Leipzig",
            "pageMarginLeft": 20,
            "pageMarginRight": 20,
            "spacingSystem": 8,
            "minLastJustification": 0,
            "xmlIdSeed": 16,
        }
    )
    toolkit.setInputFrom("pae")
    toolkit.loadData(TUNE)
    plate.draw_svg(_inline_styles(toolkit.renderToSVG(1)), WIDTH)
    return plate


def _inline_styles(svg: str) -> str:
    """The style sheet that only browsers read is said outright: strokes are black, placeholders (ellipses) hidden."""
    unstyled_svg = re.sub(r"<style.*?</style>|<ellipse[^>]*rx=\"90\"[^>]*>", "", svg, flags=re.DOTALL).replace(
        "currentColor", "#000000"
    )
    return unstyled_svg.replace(" stroke-width=", ' stroke="#000000" stroke-width=')

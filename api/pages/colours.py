"""Colours of a library on the pages: they must be readable, so their contrast is measured (WCAG 2.2, 1.4.3)."""

from core.errors import FrontispieceError

LIGHT_PAPER, DARK_PAPER = "#ffffff", "#171614"
"""`--paper` of base.css in light and in dark."""
MIN_CONTRAST = 4.5
LIGHTENING_STEPS = 20


def build_theme(colours: str) -> str:
    """Return the style sheet of the colours in the setting `colours`; empty if there are none.

    Raise `FrontispieceError` if one of them cannot be read on the paper.
    """
    if not colours:
        return ""
    light, _, dark = (part.strip() for part in colours.partition(","))
    dark = dark or lighten_for(light, DARK_PAPER)
    for colour, paper, scheme in ((light, LIGHT_PAPER, "light"), (dark, DARK_PAPER, "dark")):
        if contrast(colour, paper) < MIN_CONTRAST:
            raise FrontispieceError(
                f"FRONTISPIECE_COLOURS: {colour} has a contrast of only {contrast(colour, paper):.1f}:1 with the "
                f"{scheme} paper {paper}; choose a colour with at least {MIN_CONTRAST}:1"
            )
    # Buttons have white text in both schemes, and the light colour fits it.
    return (
        f":root {{ --rubric: {light}; --fill: {light}; --fill-ink: {LIGHT_PAPER}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ --rubric: {dark}; --fill: {light}; }} }}\n"
    )


def contrast(colour: str, other_colour: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(colour), _luminance(other_colour)))
    return (lighter + 0.05) / (darker + 0.05)


def lighten_for(colour: str, paper: str) -> str:
    """Return the colour, mixed with as little white as it needs to be readable on dark paper."""
    channels = _channels(colour)
    for step in range(LIGHTENING_STEPS + 1):
        share = step / LIGHTENING_STEPS
        mixed = "#" + "".join(f"{round(channel + (255 - channel) * share):02x}" for channel in channels)
        if contrast(mixed, paper) >= MIN_CONTRAST:
            return mixed
    return "#ffffff"


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _luminance(colour: str) -> float:
    """Return the relative luminance of sRGB (WCAG 2.2, "relative luminance")."""
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in _channels(colour))
    ]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

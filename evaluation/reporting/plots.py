"""Plots as SVG for the report."""

from io import StringIO

from matplotlib.figure import Figure

SIZE = (8, 4.2)
"""Width and height in inches, at 72 dots per inch."""


def render_svg(figure: Figure) -> str:
    """Return the `<svg>` element, without the XML declaration, which HTML does not allow."""
    buffer = StringIO()
    # Without a date, the same figures give the same file.
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]

"""Plots as SVG that stands in the report's page."""

from io import StringIO

from matplotlib.figure import Figure

SIZE = (8, 4.2)
"""Inches, at 72 dots each."""


def render_svg(figure: Figure) -> str:
    """The drawing alone, without the XML declaration that HTML does not know."""
    buffer = StringIO()
    # Without a date the same figures make the same file.
    figure.savefig(buffer, format="svg", bbox_inches="tight", metadata={"Date": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]

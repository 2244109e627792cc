"""Where pictures that were looked for stand, drawn."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from evaluation.reporting.plots import SIZE, render_svg
from evaluation.retrieval.scores import Scores


def plot_positions(scores: Sequence[Scores]) -> str:
    """Share of the queries whose picture stands at a place or before it."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    places = range(1, 101)
    for method_scores in scores:
        axes.step(
            places, [method_scores.top_k_share(place) for place in places], where="post", label=method_scores.method
        )
    axes.set_xscale("log")
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.set_xlabel("place")
    axes.set_ylabel("share of the queries found by then")
    axes.set_title("Where the picture that was looked for stands")
    axes.grid(alpha=0.3)
    axes.legend()
    return render_svg(figure)

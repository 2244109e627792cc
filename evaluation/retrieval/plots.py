"""Plots of retrieval."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from evaluation.reporting.plots import SIZE, render_svg
from evaluation.retrieval.scores import QueryRanks


def plot_positions(scores: Sequence[QueryRanks]) -> str:
    """Draw the share of queries whose picture is among the first n, as a function of n."""
    figure = Figure(figsize=SIZE)
    axes = figure.add_subplot()
    places = range(1, 101)
    for method_scores in scores:
        axes.step(
            places, [method_scores.top_k_share(place) for place in places], where="post", label=method_scores.method
        )
    axes.set_xscale("log")
    axes.set_xticks([1, 2, 5, 10, 20, 50, 100], ["1", "2", "5", "10", "20", "50", "100"])
    axes.set_xlabel("rank")
    axes.set_ylabel("share of queries")
    axes.set_title("Queries whose picture is at this rank or higher")
    axes.grid(alpha=0.3)
    axes.legend()
    return render_svg(figure)

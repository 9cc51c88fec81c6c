"""Plots the trade-off of the limit for automated users."""

from pathlib import Path

from clip_search.project import MissingExtraError
from lab.score.score_error import ScoreError
from lab.score.tally import Tally

_INK, _MUTED = "#1f2937", "#9ca3af"
_PRECISION, _RECALL = "#0f766e", "#b45309"


def plot_limits(limits: dict[int, Tally], limit: int, path: Path) -> None:
    """Plots precision and recall of automated users over the limit of searches per day.

    Args:
        limits: The tally of users for each limit.
        limit: The limit in use.
        path: The SVG file to write; the same numbers give the same bytes.

    Raises:
        MissingExtraError: matplotlib is not installed.
        ScoreError: There is nothing to plot.
    """
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("matplotlib", "report") from None
    if not limits:
        raise ScoreError("there is no truth about users to plot")
    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    matplotlib.rcParams |= {"svg.hashsalt": "clip-search", "font.size": 10}
    figure, axes = plt.subplots(figsize=(7.2, 3.4), layout="constrained")
    for name, colour in (("precision", _PRECISION), ("recall", _RECALL)):
        points = [
            (each, value)
            for each, tally in limits.items()
            if (value := getattr(tally, name)) is not None
        ]
        axes.plot(*zip(*points, strict=True), color=colour, linewidth=2)
        axes.annotate(
            name, points[-1], (6, 0), textcoords="offset points", color=colour,
            va="center",
        )  # fmt: skip
    axes.axvline(limit, color=_MUTED, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate(
        f"automated_searches_per_day = {limit}", (limit, 0.04), (6, 0),
        textcoords="offset points", color=_INK,
    )  # fmt: skip
    axes.set(
        xlabel="a user with more searches than this in one UTC day is automated",
        ylabel="share of users",
        ylim=(0, 1.04),
    )
    axes.spines[["top", "right"]].set_visible(False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)

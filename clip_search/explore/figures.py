"""The charts of the notebook: a few kinds in one style, each with a description."""

import base64
import io
import logging
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from clip_search.explore.words import Words, say

# "Building the font cache" must not appear in a cell's output.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

INK, MUTED = "#1f2937", "#6b7280"
COLOURS = ("#0f766e", "#b45309", "#9ca3af", "#4338ca")
_WIDTH, _DOTS_PER_INCH = 6.0, 120
_STYLE: Any = {
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "xtick.color": INK,
    "ytick.color": INK,
    "legend.frameon": False,
    # A dollar sign in a label must not start a formula.
    "text.parse_math": False,
}

Series = Sequence[float]


class Picture:
    """A chart as a PNG and in words. The same numbers give the same bytes."""

    def __init__(self, png: bytes, shows: str) -> None:
        """Takes the PNG and its description."""
        self.png = png
        self.shows = shows

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        data = {
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": self.shows,
        }
        return data, {"image/png": {"alt": self.shows}}


def bars(
    title: str, labels: Sequence[str], series: dict[str, Series], unit: str
) -> Picture | Words:
    """Horizontal stacked bars, one colour per series.

    Args:
        title: What the chart shows, as a sentence.
        labels: The name of each bar, from the top.
        series: The lengths of each series by its name, one per bar.
        unit: What the lengths count.
    """
    series = {name: lengths for name, lengths in series.items() if any(lengths)}

    def draw(axes: Axes) -> None:
        ends = [0.0] * len(labels)
        places = range(len(labels))
        for colour, (name, lengths) in zip(COLOURS, series.items(), strict=False):
            axes.barh(places, lengths, left=ends, color=colour, label=name, height=0.7)
            ends = [end + length for end, length in zip(ends, lengths, strict=True)]
        for place, end in zip(places, ends, strict=True):
            axes.annotate(
                f"{end:,.0f}", (end, place), (4, 0), textcoords="offset points",
                va="center", color=MUTED, fontsize=8,
            )  # fmt: skip
        axes.set_yticks(places, labels)
        axes.invert_yaxis()
        axes.set_xlabel(unit)
        axes.margins(x=0.12)

    return _drawn(title, series, draw, 1.4 + 0.26 * len(labels))


def columns(
    title: str, places: Sequence[str] | Series, series: dict[str, Series], unit: str,
    *, along: str = "", spans: Sequence[tuple[float, float]] = (),
) -> Picture | Words:  # fmt: skip
    """Vertical stacked bars, one colour per series.

    Args:
        title: What the chart shows, as a sentence.
        places: The position of each bar on the axis: names or numbers.
        series: The heights of each series by its name, one per bar.
        unit: What the heights count.
        along: What the axis below shows.
        spans: The ends of the interval of each height, if there is one series.
    """

    def draw(axes: Axes) -> None:
        ends = [0.0] * len(places)
        for colour, (name, heights) in zip(COLOURS, series.items(), strict=False):
            axes.bar(places, heights, bottom=ends, color=colour, label=name, width=0.8)
            ends = [end + height for end, height in zip(ends, heights, strict=True)]
        for (low, high), bar in zip(spans, axes.patches, strict=False):
            middle = bar.get_x() + bar.get_width() / 2  # type: ignore[attr-defined]
            axes.vlines(middle, low, high, color=INK, linewidth=1)
        axes.set(xlabel=along, ylabel=unit)
        axes.margins(y=0.08)
        if places and isinstance(places[0], str):
            step = -(-len(places) // 8)
            axes.set_xticks(range(0, len(places), step), places[::step])  # type: ignore[arg-type]
        else:
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))

    return _drawn(title, series, draw, 3.0)


def line(
    title: str, points: Sequence[tuple[float, float]], *, along: str, unit: str,
    spans: Sequence[tuple[float, float]] = (),
) -> Picture | Words:  # fmt: skip
    """A line chart through points, from left to right.

    Args:
        title: What the chart shows, as a sentence.
        points: Position and height of each point.
        along: What the axis below shows.
        unit: What the heights are.
        spans: The ends of the interval of each height.
    """

    def draw(axes: Axes) -> None:
        axes.plot(*zip(*points, strict=True), color=COLOURS[0], linewidth=2)
        if spans:
            places = [place for place, _ in points]
            lows, highs = ([span[end] for span in spans] for end in (0, 1))
            axes.fill_between(
                places, lows, highs, color=COLOURS[0], alpha=0.2, linewidth=0
            )
        axes.set(xlabel=along, ylabel=unit)
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))

    return _drawn(title, {unit: [height for _, height in points]}, draw, 3.0)


def _drawn(
    title: str, series: dict[str, Series], draw: Callable[[Axes], Any], height: float
) -> Picture | Words:
    """The picture, or words if there is nothing to draw; height in inches."""
    if not any(any(values) for values in series.values()):
        return say(f"Nothing to draw here: {title[0].lower()}{title[1:]} needs rows.")
    with rc_context(_STYLE):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.subplots()
        draw(axes)
        axes.set_title(title, color=INK)
        if len(series) > 1:
            axes.legend(fontsize=9)
        png = io.BytesIO()
        # Without the name of the program, a new version of it does not change the
        # bytes.
        figure.savefig(
            png, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None}
        )
    return Picture(png.getvalue(), _described(title, series))


def _described(title: str, series: dict[str, Series]) -> str:
    """The alternative text of a chart: its title and the maximum of each series."""
    most = "; ".join(
        f"{name}: {max(values):,.0f} at most" for name, values in series.items()
    )
    return f"{title} ({most})"

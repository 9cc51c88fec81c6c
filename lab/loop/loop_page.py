"""A page with plots of the rounds: HTML with SVG, complete in one file."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from lab.loop.closed_loop import Round

_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP = 420, 240, 56, 28, 12
_LINES = 4
_STYLE = """
:root { color-scheme: light dark; --line: #0f766e; --other: #b45309; --grid: #9ca3af55 }
@media (prefers-color-scheme: dark) { :root { --line: #5eead4; --other: #fbbf24 } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
.plots { display: flex; flex-wrap: wrap; gap: 1rem }
figure { margin: 0; width: 420px; max-width: 100% }
svg { width: 100%; font-size: 12px; fill: currentColor }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .1rem .6rem; text-align: right }
.wide { overflow-x: auto }
"""

Figure = Callable[[Round], float | None]

PLOTS: tuple[tuple[str, tuple[tuple[str, str, Figure], ...]], ...] = (
    (
        "nDCG@10 on true relevance",
        (
            ("with what was published", "--line", lambda each: each.ndcg_at_10),
            ("the same searches, raw", "--other", lambda each: each.raw_ndcg_at_10),
        ),
    ),
    (
        "share of searches that found nothing",
        (
            ("with what was published", "--line", lambda each: each.dead_end_share),
            ("the same searches, raw", "--other", lambda each: each.raw_dead_end_share),
        ),
    ),
    (
        "precision of applied rewrites",
        (("", "--line", lambda each: each.auto_precision),),
    ),
    (
        "share of correct searches that were changed",
        (("", "--line", lambda each: each.over_correction_share),),
    ),
    (
        "share of clips on a first page",
        (("", "--line", lambda each: each.coverage),),
    ),
    (
        "rewrites",
        (
            ("applied", "--line", lambda each: each.rewrites),
            ("lost since the round before", "--other", lambda each: each.rewrites_lost),
        ),
    ),
)


def write_page(path: Path, rounds: Sequence[Round]) -> None:
    """Writes the page; the same rounds give the same bytes.

    Args:
        path: The HTML file.
        rounds: The rounds of one seed or several, at least one.

    Raises:
        OSError: The file cannot be written.
    """
    plots = "\n".join(_plot(title, lines, rounds) for title, lines in PLOTS)
    seeds = len({each.seed for each in rounds})
    page = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The closed loop</title>
<style>{_STYLE}</style>
<h1>The closed loop</h1>
<p>Simulated sites (seeds: {seeds}). In each round, people search an engine that uses
what the rounds before taught. A line is the mean of the seeds, the bars go from the
lowest to the highest.</p>
<div class="plots">
{plots}
</div>
<h2>Rounds</h2>
<div class="wide">
{_table(rounds)}
</div>
</html>
"""
    path.write_text(page, "utf-8")


def _plot(
    title: str, lines: Sequence[tuple[str, str, Figure]], rounds: Sequence[Round]
) -> str:
    series = [(name, colour, _by_round(rounds, value)) for name, colour, value in lines]
    all_values = [
        value for *_, found in series for values in found.values() for value in values
    ]
    last = max(each.round for each in rounds)
    low, high = min(all_values, default=0.0), max(all_values, default=1.0)
    margin = (high - low) * 0.1 or 0.1 * abs(high) or 0.01
    low, high = max(low - margin, 0.0), high + margin

    def x(turn: int) -> float:
        steps = max(last - 1, 1)
        return _LEFT + 8 + (turn - 1) / steps * (_WIDTH - _LEFT - 24)

    def y(value: float) -> float:
        height = _HEIGHT - _BOTTOM - _TOP
        return _HEIGHT - _BOTTOM - (value - low) / (high - low) * height

    parts = []
    for step in range(_LINES + 1):
        value = low + (high - low) * step / _LINES
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH}" y1="{y(value):.1f}" y2="{y(value):.1f}"'
            ' stroke="var(--grid)"/>'
            f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">'
            f"{_shown(value, high - low)}</text>"
        )
    parts += [
        f'<text x="{x(turn):.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{turn}</text>'
        for turn in range(1, last + 1)
    ]
    for _, colour, found in series:
        means = {turn: sum(each) / len(each) for turn, each in found.items()}
        points = " ".join(
            f"{x(turn):.1f},{y(mean):.1f}" for turn, mean in means.items()
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="var({colour})"'
            ' stroke-width="2"/>'
        )
        parts += [
            f'<line x1="{x(turn):.1f}" x2="{x(turn):.1f}" y1="{y(min(each)):.1f}"'
            f' y2="{y(max(each)):.1f}" stroke="var({colour})" stroke-width="3"/>'
            f'<circle cx="{x(turn):.1f}" cy="{y(means[turn]):.1f}" r="3"'
            f' fill="var({colour})"/>'
            for turn, each in found.items()
        ]
    legend = " · ".join(
        f'<span style="color:var({colour})">{escape(name)}</span>'
        for name, colour, _ in series
        if name
    )
    return (
        f"<figure><figcaption><strong>{escape(title)}</strong><br>{legend}&nbsp;"
        f'</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        f' aria-label="{escape(title)}, by round">{"".join(parts)}</svg></figure>'
    )


def _by_round(rounds: Sequence[Round], value: Figure) -> dict[int, list[float]]:
    """The values of all seeds by round, without those that have no meaning."""
    found: dict[int, list[float]] = defaultdict(list)
    for each in rounds:
        if (number := value(each)) is not None:
            found[each.round].append(number)
    return dict(sorted(found.items()))


def _shown(value: float, span: float) -> str:
    decimals = 0 if span > 10 else 3 if span > 0.01 else 4
    return f"{value:,.{decimals}f}"


def _table(rounds: Sequence[Round]) -> str:
    names = (
        *("seed", "round", "ndcg_at_10", "raw_ndcg_at_10", "best_ndcg_at_10"),
        *("dead_end_share", "auto_precision", "over_correction_share", "coverage"),
        *("rewrites", "rewrites_gained", "rewrites_lost", "boosts", "undone_share"),
    )
    head = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in names)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(getattr(each, name))}</td>" for name in names)
        for each in rounds
    )
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else f"{value}"

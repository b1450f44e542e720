"""Figure 4 of the paper as a chart: singer identification by scheme and scenario."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.evaluation.tasks.singer_identification import SCENARIOS, Identification

SCHEME_COLOURS = {"MIXED": "#999999", "CROSS": "#56b4e9", "CROSS-SP": "#d55e00"}
OTHER_COLOURS = ("#009e73", "#cc79a7", "#e69f00", "#0072b2")  # Okabe and Ito, as those above
DPI = 150
GROUP_WIDTH, BAR_WIDTH = 0.8, 0.35  # at most, of the distance between scenarios
GREY = "#444444"


def draw_figure_4(results: Sequence[tuple[str, Identification]], path: Path) -> None:
    """Write the chart as a PNG file; its folder is made.

    Parameters
    ----------
    results
        Name and results of each pair, in the order of the bars.
    path
        The file.

    Raises
    ------
    VocalExplorerError
        If the file cannot be written.
    """
    figure = figure_4(results)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="png")
    except OSError as error:
        raise VocalExplorerError(f"{path} cannot be written: {error.strerror}.") from error


def figure_4(results: Sequence[tuple[str, Identification]]) -> Figure:
    """Return the chart: filled bars are top-1, outlined ones top-5, whiskers 95 % intervals."""
    figure = Figure(figsize=(9.0, 4.2), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    width = min(BAR_WIDTH, GROUP_WIDTH / len(results))
    for number, (name, result) in enumerate(results):
        shift = (number - (len(results) - 1) / 2) * width
        places = [place + shift for place in range(len(SCENARIOS))]
        _draw_bars(axes, result, places, width, _colour(name, number))
    _draw_frame(axes, results)
    return figure


def _draw_bars(
    axes: Axes, result: Identification, places: Sequence[float], width: float, colour: str
) -> None:
    for top, inner, side in ((5, "none", 0.16), (1, colour, -0.16)):
        estimates = [result.accuracy(scenario, top) for scenario in SCENARIOS]
        means = [estimate.mean for estimate in estimates]
        axes.bar(places, means, 0.86 * width, color=inner, edgecolor=colour, linewidth=1.2)
        axes.errorbar(
            [place + side * width for place in places],
            means,
            [
                [e.mean - e.low for e in estimates],
                [e.high - e.mean for e in estimates],
            ],
            fmt="none",
            ecolor=GREY,
            elinewidth=0.9,
            capsize=2,
            clip_on=False,
        )


def _draw_frame(axes: Axes, results: Sequence[tuple[str, Identification]]) -> None:
    first = results[0][1]
    n_queries, chance = len(first.singers), 1 / first.n_candidates
    line = axes.axhline(chance, color=GREY, linewidth=0.8, linestyle=":", zorder=0)
    line.set_label("chance (top-1)")
    axes.set_xticks(range(len(SCENARIOS)), [name.replace("->", "→") for name in SCENARIOS])
    axes.set_xlim(-0.6, len(SCENARIOS) - 0.4)
    axes.set_ylim(0, 1)
    axes.set_ylabel("accuracy")
    axes.set_title(
        f"Singer identification: {first.n_candidates} singers, {n_queries} queries", fontsize=11
    )
    axes.spines[["top", "right"]].set_visible(False)
    handles = [
        *(Patch(color=_colour(name, n), label=name) for n, (name, _) in enumerate(results)),
        Patch(facecolor=GREY, edgecolor=GREY, label="top-1"),
        Patch(facecolor="none", edgecolor=GREY, label="top-5"),
        line,
    ]
    axes.figure.legend(
        handles=handles, loc="outside lower center", ncols=len(handles), frameon=False, fontsize=9
    )


def _colour(name: str, number: int) -> str:
    """Return a scheme's colour, the same in every chart; pairs of other names take turns."""
    return SCHEME_COLOURS.get(name, OTHER_COLOURS[number % len(OTHER_COLOURS)])

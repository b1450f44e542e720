"""Maps as a picture: one or two side by side, singers told apart by colour and shape."""

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.names import label_key, shortened, visible
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.maps.label_placement import middle_points, place_labels

# Okabe and Ito's palette without black and yellow: apart for every kind of colour vision
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
SHAPES = "osD^vPX"  # as many as share no factor with the colours: 42 pairs
OTHER_COLOUR, OTHER_SHAPE = "#999999", "."
MOST_SINGERS = 24  # in the legend; the others are drawn alike
MOST_TITLES = 45  # more tracks than this: only each singer's name is written
MOST_AVOIDED = 300  # more points than this: labels only keep clear of each other
LABEL_GAPS = (11.0, 20.0, 32.0, 45.0)  # pixels between a point and its label
LONGEST_GAP_WITHOUT_LINE = 16.0  # pixels
MAP_TITLES = {Domain.VOCALS: "Vocals: who sounds alike", Domain.MIX: "Mix: what sounds alike"}
DPI = 120
LEGEND_CHARACTER, LEGEND_COLUMN = 10, 75  # pixels: of one character, of a column without text
FONTS = ("DejaVu Sans", "Noto Sans CJK JP", "Noto Sans", "Arial Unicode MS", "Yu Gothic")


@dataclass(frozen=True)
class MapDrawing:
    """One map to draw: its title, its points, and the track of each point's id."""

    title: str
    points: Sequence[MapPoint]
    tracks: dict[str, Track]


@dataclass(frozen=True)
class _Style:
    colour: str
    shape: str


def draw_maps(maps: Sequence[MapDrawing], path: Path) -> None:
    """Write maps side by side as a .png or .svg file, with one legend of singers.

    Raises
    ------
    VocalExplorerError
        If the file cannot be written.
    """
    figure = maps_figure(maps)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _without_glyph_warnings():
            figure.savefig(path, format=path.suffix[1:].lower() or "png")
    except OSError as error:
        raise VocalExplorerError(
            f"The map cannot be written to {path}: {error.strerror}."
        ) from error


def maps_figure(maps: Sequence[MapDrawing]) -> Figure:
    """Return the figure that `draw_maps` writes."""
    singers = Counter(_singer(drawing, point) for drawing in maps for point in drawing.points)
    styles = _styles(singers)
    figure = Figure(figsize=(8.0 * len(maps), 9.0), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    pairs = [
        (figure.add_subplot(1, len(maps), place), drawing)
        for place, drawing in enumerate(maps, start=1)
    ]
    for axes, drawing in pairs:
        _draw_points(axes, drawing, styles)
    _draw_legend(figure, styles, more=len(singers) > len(styles))
    with _without_glyph_warnings():
        figure.canvas.draw()  # fixes the layout, which the labels need
        figure.set_layout_engine("none")
        for axes, drawing in pairs:
            _draw_labels(axes, drawing, styles)
    return figure


@contextmanager
def _without_glyph_warnings() -> Iterator[None]:
    """A title in a script that no font here has is drawn as boxes, without a word."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


def _singer(drawing: MapDrawing, point: MapPoint) -> str:
    return visible(drawing.tracks[point.track_id].singer)


def _styles(singers: Counter[str]) -> dict[str, _Style]:
    """Give the most frequent singers a colour and a shape each, in alphabetical order."""
    shown = sorted((name for name, _ in singers.most_common(MOST_SINGERS)), key=label_key)
    return {
        singer: _Style(COLOURS[n % len(COLOURS)], SHAPES[n % len(SHAPES)])
        for n, singer in enumerate(shown)
    }


def _style_of(singer: str, styles: dict[str, _Style]) -> _Style:
    return styles.get(singer, _Style(OTHER_COLOUR, OTHER_SHAPE))


def _draw_points(axes: Axes, drawing: MapDrawing, styles: dict[str, _Style]) -> None:
    axes.set_title(drawing.title, fontsize=15, pad=12)
    axes.set(xlim=(-0.08, 1.08), ylim=(-0.08, 1.08), xticks=[], yticks=[], aspect="equal")
    for spine in axes.spines.values():
        spine.set_color("#cccccc")
    if not drawing.points:
        axes.text(0.5, 0.5, "no analysed tracks", ha="center", color="#666666")
    size = 60 if len(drawing.points) <= 300 else 14
    groups: dict[_Style, list[MapPoint]] = {}
    for point in drawing.points:
        groups.setdefault(_style_of(_singer(drawing, point), styles), []).append(point)
    for style, points in groups.items():
        axes.scatter(
            [point.x for point in points],
            [point.y for point in points],
            s=size,
            c=style.colour,
            marker=style.shape,
            edgecolors="white",
            linewidths=0.5,
        )


def _draw_legend(figure: Figure, styles: dict[str, _Style], more: bool) -> None:
    entries = [(shortened(singer), style) for singer, style in styles.items()]
    entries += [("other singers", _Style(OTHER_COLOUR, OTHER_SHAPE))] if more else []
    if not entries:
        return
    handles = [
        Line2D([], [], linestyle="", marker=style.shape, color=style.colour, markersize=8)
        for _, style in entries
    ]
    # a label that begins with an underscore would be left out
    names = [name if not name.startswith("_") else f" {name}" for name, _ in entries]
    column = LEGEND_COLUMN + LEGEND_CHARACTER * max(len(name) for name in names)
    columns = max(1, min(len(entries), int(figure.get_figwidth() * DPI / column)))
    legend = figure.legend(
        handles,
        names,
        loc="outside lower center",
        ncols=columns,
        frameon=False,
        prop={"family": _fonts(), "size": 10},
    )
    for text in legend.get_texts():
        text.set_parse_math(False)


def _draw_labels(axes: Axes, drawing: MapDrawing, styles: dict[str, _Style]) -> None:
    """Write labels near their points; those for which there is no room are left out."""
    labels = _titles(drawing) if len(drawing.points) <= MOST_TITLES else _names(drawing, styles)
    texts = [
        axes.text(
            point.x,
            point.y,
            shortened(label),
            fontsize=9,
            family=_fonts(),
            color="#222222",
            parse_math=False,
            ha="center",
            va="center",
            path_effects=[withStroke(linewidth=2.5, foreground="white")],
        )
        for point, label in labels
    ]
    if not texts:
        return
    anchors = axes.transData.transform([(point.x, point.y) for point, _ in labels])
    boxes = [text.get_window_extent() for text in texts]
    sizes = [(box.width, box.height) for box in boxes]
    avoided = drawing.points if len(drawing.points) <= MOST_AVOIDED else []
    points = axes.transData.transform([(p.x, p.y) for p in avoided]) if avoided else anchors
    frame = axes.get_window_extent()
    top_left, down = np.array((frame.x0, frame.y1)), np.array((1, -1))
    placed = place_labels(
        (anchors - top_left) * down,
        sizes,
        (points - top_left) * down,
        (frame.width, frame.height),
        len(labels),
        LABEL_GAPS,
    )
    for number, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        if number in placed:
            middle = top_left + (np.array(placed[number]) + np.array(sizes[number]) / 2) * down
            x, y = axes.transData.inverted().transform(middle)
            text.set_position((float(x), float(y)))
            _draw_line(axes, anchors[number], middle, box)
        else:
            text.remove()


def _draw_line(
    axes: Axes, anchor: NDArray[np.float64], middle: NDArray[np.float64], box: Bbox
) -> None:
    """Join a label to its point when it lies farther off than just beside it."""
    half = np.array((box.width, box.height)) / 2
    edge = np.clip(anchor, middle - half, middle + half)
    if np.hypot(*(edge - anchor)) > LONGEST_GAP_WITHOUT_LINE:
        x, y = axes.transData.inverted().transform([anchor, edge]).T
        axes.plot(x, y, color="#888888", linewidth=0.6, zorder=0)


def _titles(drawing: MapDrawing) -> list[tuple[MapPoint, str]]:
    tracks = drawing.tracks
    return [(point, visible(tracks[point.track_id].title)) for point in drawing.points]


def _names(drawing: MapDrawing, styles: dict[str, _Style]) -> list[tuple[MapPoint, str]]:
    """Return each singer's most central track with the singer's name."""
    points = [point for point in drawing.points if _singer(drawing, point) in styles]
    singers = list(dict.fromkeys(_singer(drawing, point) for point in points))
    groups = np.array([singers.index(_singer(drawing, point)) for point in points], np.int64)
    places = np.array([(point.x, point.y) for point in points]).reshape(-1, 2)
    middles = middle_points(places, groups, len(singers))
    return [(points[row], singer) for row, singer in zip(middles, singers, strict=True)]


def _fonts() -> list[str]:
    there = set(font_manager.get_font_names())
    return [font for font in FONTS if font in there]

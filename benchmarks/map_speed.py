"""Frame times of panning and zooming a map of many points, beside pyqtgraph's own scatter plot.

    python benchmarks/map_speed.py [--points 50000 200000] [--frames 120] [--size 700x500]

Both draw the same points in the same window size, in turns, so that other work on the
machine meets both. A frame is one change of the seen range and one repaint of the widget.
Without a display, Qt's offscreen platform is used.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pyqtgraph as pg

from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.style import application_object, apply_style
from vocal_explorer.ui.maps.map_layout import MapLayout, lay_out_maps
from vocal_explorer.ui.maps.map_view import MapView
from vocal_explorer.ui.maps.points_picture import SIZES, point_scale

N_SINGERS = 400
GOAL = 16.0  # ms


def synthetic_layout(n_points: int, seed: int = 0) -> MapLayout:
    """Return a map of singers that form clouds."""
    rng = np.random.default_rng(seed)
    singers = rng.integers(0, N_SINGERS, n_points)
    centres = rng.uniform(0.05, 0.95, (N_SINGERS, 2))
    places = np.clip(centres[singers] + rng.normal(0, 0.03, (n_points, 2)), 0, 1)
    tracks = [
        Track(str(i), Path(f"/{i}"), f"Song {i}", f"Singer {s}", state=TrackState.ANALYSED)
        for i, s in enumerate(singers.tolist())
    ]
    points = [MapPoint(str(i), x, y) for i, (x, y) in enumerate(places.tolist())]
    return lay_out_maps({Domain.MIX: points}, tracks)[Domain.MIX]


def scatter_plot(layout: MapLayout) -> pg.PlotWidget:
    """Return the reference: one ScatterPlotItem a mark, brushes shared, points of equal size."""
    widget = pg.PlotWidget(enableMenu=False)
    widget.hideAxis("left")
    widget.hideAxis("bottom")
    theme_colours = [pg.intColor(i) for i in range(14)]
    scale = point_scale(len(layout.points))
    for number, group in enumerate(layout.colouring.groups):
        mark = group.mark
        item = pg.ScatterPlotItem(
            *layout.points[layout.groups == number].T,
            symbol=mark.symbol,
            size=max(4.0, SIZES[mark.symbol] * scale),
            brush=pg.mkBrush(theme_colours[mark.colour]),
            pen=pg.mkPen("w"),
        )
        widget.addItem(item, ignoreBounds=True)
    return widget


def ranges(kind: str, n_frames: int) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Return what is seen in each frame of a pan or a zoom, there and back."""
    turn = np.sin(np.linspace(0, 2 * np.pi, n_frames))
    if kind == "pan":
        return [((0.3 * t, 0.7 + 0.3 * t), (0.2 * t + 0.1, 0.8 + 0.2 * t)) for t in turn]
    widths = 0.5 * 2.0 ** (1.5 * turn) / 2  # a factor of eight between near and far
    return [((0.5 - w, 0.5 + w), (0.5 - w, 0.5 + w)) for w in widths]


def frame_times(widget: pg.PlotWidget, kind: str, n_frames: int) -> np.ndarray:
    """Return the milliseconds of each frame; what is due meanwhile counts too."""
    application = application_object()
    times = []
    for x, y in ranges(kind, n_frames):
        start = time.perf_counter()
        widget.getViewBox().setRange(xRange=x, yRange=y, padding=0)
        widget.viewport().repaint()
        application.processEvents()
        times.append(1000 * (time.perf_counter() - start))
    return np.array(times)


def measure(n_points: int, n_frames: int, size: tuple[int, int]) -> None:
    layout = synthetic_layout(n_points)
    view = MapView("Map")
    view.show_layout(layout)
    widgets: dict[str, pg.PlotWidget] = {"map": view, "ScatterPlotItem": scatter_plot(layout)}
    for widget in widgets.values():
        widget.resize(*size)
        widget.show()
        widget.grab()
    for kind in ("pan", "zoom"):
        times = {name: [] for name in widgets}
        for _ in range(3):
            for name, widget in widgets.items():
                times[name].append(frame_times(widget, kind, n_frames))
        tell(n_points, kind, {name: np.concatenate(parts) for name, parts in times.items()})
    for widget in widgets.values():
        widget.close()


def tell(n_points: int, kind: str, times: dict[str, np.ndarray]) -> None:
    ours, reference = times["map"], times["ScatterPlotItem"]
    median, other = np.median(ours), np.median(reference)
    verdict = "within" if median <= GOAL else "over"
    print(
        f"{n_points:>7,} points, {kind:4}: map median {median:6.1f} ms, mean {ours.mean():6.1f},"
        f" 95 % {np.percentile(ours, 95):6.1f}, most {ours.max():6.1f};"
        f" ScatterPlotItem median {other:7.1f} ms; ratio {median / other:.3f}"
        f" ({verdict} the goal of {GOAL:.0f} ms)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, nargs="+", default=[50_000, 200_000])
    parser.add_argument("--frames", type=int, default=120)
    parser.add_argument("--size", default="700x500", help="pixels of the widget")
    options = parser.parse_args()
    apply_style(application_object())
    width, height = (int(part) for part in options.size.split("x"))
    for n_points in options.points:
        measure(n_points, options.frames, (width, height))


if __name__ == "__main__":
    main()

from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.export.map_picture import MapDrawing, draw_maps, maps_figure


def drawing(title: str, n_singers: int, n_songs: int, seed: int = 0, extra: str = "") -> MapDrawing:
    rng = np.random.default_rng(seed)
    tracks, points = {}, []
    for singer in range(n_singers):
        centre = rng.uniform(0.1, 0.9, 2)
        for song in range(n_songs):
            identity = f"{singer}-{song}"
            name = f"_Singer $number$ {singer}{extra}"
            tracks[identity] = Track(identity, Path("x.mp3"), f"Song {singer}{song} of love", name)
            x, y = np.clip(centre + rng.normal(0, 0.03, 2), 0, 1)
            points.append(MapPoint(identity, float(x), float(y)))
    return MapDrawing(title, points, tracks)


@pytest.mark.parametrize(("n_singers", "n_songs"), [(1, 1), (8, 4), (30, 5)])
def test_labels_never_overlap_and_stay_inside(n_singers: int, n_songs: int) -> None:
    figure = maps_figure([drawing("Vocals", n_singers, n_songs), drawing("Mix", 3, 3)])
    for axes in figure.axes:
        boxes = [text.get_window_extent() for text in axes.texts]
        assert boxes
        assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
        frame = axes.get_window_extent()
        assert all(frame.x0 <= box.x0 and box.x1 <= frame.x1 for box in boxes)


def test_each_singer_has_its_own_colour_and_shape_in_the_legend() -> None:
    figure = maps_figure([drawing("Vocals", 24, 2)])
    looks = {
        (str(handle.get_color()), str(handle.get_marker()))
        for handle in figure.legends[0].get_lines()
    }
    assert len(looks) == 24


@pytest.mark.parametrize("n", [1, 2])
def test_writes_a_png_with_a_title_a_map(tmp_path: Path, n: int) -> None:
    path = tmp_path / "new" / "maps.png"
    draw_maps([drawing(f"Map {i}", 4, 3, seed=i, extra=" 日本") for i in range(n)], path)
    pixels = matplotlib.image.imread(path)
    assert pixels.shape[1] == n * 960
    assert pixels.std() > 0.02


def test_an_empty_map_and_a_folder_in_the_way(tmp_path: Path) -> None:
    draw_maps([MapDrawing("Vocals", [], {})], tmp_path / "empty.png")
    with pytest.raises(VocalExplorerError, match="cannot be written"):
        draw_maps([MapDrawing("Vocals", [], {})], tmp_path)

import map_speed
import numpy as np
import pytest


def test_it_times_both_drawings_of_the_same_points(
    qtbot: object, capsys: pytest.CaptureFixture[str]
) -> None:
    map_speed.measure(300, 4, (200, 150))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0].split() for line in lines] == [
        ["300", "points,", "pan"],
        ["300", "points,", "zoom"],
    ]
    assert all("ScatterPlotItem median" in line and "ratio" in line for line in lines)


@pytest.mark.parametrize("kind", ["pan", "zoom"])
def test_every_frame_sees_another_part(kind: str) -> None:
    seen = map_speed.ranges(kind, 40)
    widths = np.array([x[1] - x[0] for x, _ in seen])
    assert (np.ptp(widths) > 0.5) == (kind == "zoom")
    assert len(set(seen)) > 30

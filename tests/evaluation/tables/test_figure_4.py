from pathlib import Path

import pytest
from invented_singers import embedded

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.evaluation.tables.figure_4 import draw_figure_4, figure_4
from vocal_explorer.evaluation.tasks.singer_identification import (
    SCENARIOS,
    TOP,
    Identification,
    identify,
)


@pytest.fixture
def results() -> list[tuple[str, Identification]]:
    return [
        (name, identify(embedded(8, 4, 1, noise), embedded(8, 2, 2, noise)))
        for name, noise in (("MIXED", 1.6), ("CROSS", 1.3), ("CROSS-SP", 1.0))
    ]


def test_each_scheme_has_a_filled_and_an_outlined_bar_in_each_scenario(
    results: list[tuple[str, Identification]],
) -> None:
    figure = figure_4(results)
    (axes,) = figure.axes
    bars = [patch for patch in axes.patches if patch.get_width() < 1]
    assert len(bars) == 3 * 6 * 2
    for top, filled in zip(TOP, (True, False), strict=True):
        heights = sorted(bar.get_height() for bar in bars if (bar.get_facecolor()[3] > 0) == filled)
        means = sorted(r.accuracy(scenario, top).mean for _, r in results for scenario in SCENARIOS)
        assert heights == pytest.approx(means)
    assert [label.get_text() for label in axes.get_xticklabels()][:2] == ["M→M", "V→V"]
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    assert texts[:3] == ["MIXED", "CROSS", "CROSS-SP"]
    assert len({bar.get_edgecolor() for bar in bars}) == 3


def test_it_becomes_a_picture_or_one_sentence(
    tmp_path: Path, results: list[tuple[str, Identification]]
) -> None:
    draw_figure_4(results, tmp_path / "new" / "figure.png")
    assert (tmp_path / "new" / "figure.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(VocalExplorerError, match="cannot be written"):
        draw_figure_4(results, tmp_path / "new" / "figure.png" / "x.png")

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.mashups import Alignment, Fit, Moved
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.mashups.settings import alignment_of, mashup_settings

ALIGNMENT = Alignment(
    seconds=1 / 3,
    anchors=np.array([[0.0, 1 / 7, -0.1], [0.1, 0.3, 1e-9], [1 / 3, 0.7, 1 / 11]]),
    beats=np.array([0.1, 0.2, 0.30000000000000004]),
    downbeats=np.array([0, 2]),
    vocals_semitones=-2.0,
    accompaniment_semitones=1.0,
    vocals_gain_db=0.1,
    accompaniment_gain_db=-3.3,
)


def settings() -> dict[str, Any]:
    tracks = [Track(name, Path(f"/músic/{name}.flac"), name.title(), "Ann") for name in ("a", "b")]
    made = mashup_settings(*tracks, "fake-1", Fit(Moved.VOCALS, semitones=3), ALIGNMENT)
    read: dict[str, Any] = json.loads(json.dumps(made))
    return read


def test_an_alignment_comes_back_to_the_last_bit() -> None:
    found = alignment_of(settings())
    for name, value in vars(ALIGNMENT).items():
        np.testing.assert_array_equal(getattr(found, name), value)


def test_they_say_what_people_want_to_know() -> None:
    said = settings()
    assert said["vocals_title"] == "A"
    assert said["accompaniment_path"] == "/músic/b.flac"
    assert said["separator"] == "fake-1"
    assert said["fit"]["moved"] == "vocals"
    assert said["time_stretch"].startswith("python-stretch ")


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"anchors": [[0.0, 0.0, 0.0]]},
        {"anchors": [[0.0, 0.0], [1.0, 1.0]]},
        {"anchors": [[0.0, 0.0, 0.0], [1.0, 0.0, 1.0]]},
        {"anchors": [[0.0, 0.0, 0.0], [1.0, float("nan"), 1.0]]},
        {"seconds": "long"},
        {"beats": {}},
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, Any]) -> None:
    said = settings()
    said["alignment"] = said["alignment"] | change if change else None
    with pytest.raises(VocalExplorerError, match="not the settings of a mashup"):
        alignment_of(said)

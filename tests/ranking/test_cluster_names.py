from dataclasses import replace
from pathlib import Path

import pytest

from vocal_explorer.base.records.music import MusicSummary
from vocal_explorer.base.records.tracks import PitchRange, Track
from vocal_explorer.ranking.cluster_names import name_clusters


def track(name: str, singer: str, pitch: float | None = None, tempo: float = 0.0) -> Track:
    return Track(
        name,
        Path(f"/{name}"),
        name,
        singer,
        pitch_range=None if pitch is None else PitchRange(pitch - 5, pitch, pitch + 5),
        music=MusicSummary(tempo, 1.0, None, 0.5) if tempo else None,
    )


def test_a_cluster_is_called_by_its_singers_pitch_and_tempo() -> None:
    tracks = [
        track("a", "Ana", 60, 120),
        track("b", "Ana", 62, 124),
        track("c", "Łucja", 61, 118),
        track("d", "Bo", 40, 80),
        track("e", "Else", 90, 200),
    ]
    names = name_clusters(tracks, {"a": 1, "b": 1, "c": 1, "d": 0})
    assert list(names) == [0, 1]
    assert names[0].singers == ("Bo",)
    assert names[1].singers == ("Ana", "Łucja")
    assert (names[1].pitch, names[1].tempo, names[1].n_tracks) == (61, 120, 3)


def test_what_differs_too_much_is_no_name() -> None:
    tracks = [track(str(i), "Ana", 40 + 12 * i, 70 + 30 * i) for i in range(5)]
    name = name_clusters(tracks, dict.fromkeys("01234", 0))[0]
    assert name.pitch is None
    assert name.tempo is None


def test_one_astray_does_not_hide_what_the_others_share() -> None:
    tracks = [track(str(i), "Ana", pitch) for i, pitch in enumerate((60, 61, 59, 85))]
    assert name_clusters(tracks, dict.fromkeys("0123", 0))[0].pitch == pytest.approx(60.5)


def test_spellings_of_one_singer_count_together_and_every_singer_of_a_track_counts() -> None:
    tracks = [
        track("a", "ANA"),
        track("b", "Ana"),
        track("c", "Ana"),
        replace(track("d", "Bo & Cy"), singers=("Bo", "Cy")),
        replace(track("e", "Cy & Bo"), singers=("Cy", "Bo")),
        track("f", "Cy"),
        track("g", "Cy"),
    ]
    assert name_clusters(tracks, dict.fromkeys("abcdefg", 0))[0].singers == ("Cy", "Ana", "Bo")


def test_rare_singers_are_left_out_but_never_all_of_them() -> None:
    many = [track(f"m{i}", "Ana") for i in range(30)] + [track("x", "Bo"), track("y", "Cy")]
    assert name_clusters(many, {t.track_id: 0 for t in many})[0].singers == ("Ana",)
    each = [track(f"e{i}", f"Singer {i:02}") for i in range(30)]
    assert name_clusters(each, {t.track_id: 0 for t in each})[0].singers == ("Singer 00",)


def test_nothing_known_is_said_as_that() -> None:
    name = name_clusters([track("a", "")], {"a": 0, "gone": 3})
    assert list(name) == [0]
    assert name[0].singers == ()
    assert name[0].pitch is name[0].tempo is None
    assert name_clusters([], {}) == {}

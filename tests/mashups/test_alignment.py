from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.records.mashups import Alignment, Fit, Moved
from vocal_explorer.base.records.music import Key, Music, Phrase
from vocal_explorer.mashups.alignment import (
    LARGEST_SHIFT,
    LARGEST_STRETCH,
    align,
    overlap,
)

MOVED = st.sampled_from(Moved)
KEYS = st.none() | st.builds(Key, st.integers(0, 11), st.booleans(), st.just(0.8))


def music(
    tempo: float = 120.0,
    n_bars: int = 32,
    *,
    start: float = 0.3,
    sung: tuple[tuple[int, int], ...] = ((4, 12), (16, 28)),
    key: Key | None = None,
    seed: int | None = None,
) -> Music:
    """A song of four beats a bar, sung in some of its bars; with a seed, played by people."""
    rng = np.random.default_rng(seed)
    n_beats = 4 * n_bars
    intervals = 60 / tempo * (rng.uniform(0.97, 1.03, n_beats) if seed else np.ones(n_beats))
    beats = start + np.concatenate(([0.0], np.cumsum(intervals)[:-1]))
    bars = np.arange(0, n_beats, 4)
    return Music(
        beats=beats,
        downbeats=bars,
        sections=np.arange(0, n_bars, 4),
        tempo=tempo,
        stability=1.0,
        key=key,
        phrases=tuple(Phrase(beats[4 * a] + 0.01, beats[4 * b]) for a, b in sung),
        vocals_loudness=-20.0,
        accompaniment_loudness=-16.0,
        energy=0.0,
        seconds=float(beats[-1] + 60 / tempo),
    )


SONGS = st.builds(
    music,
    tempo=st.floats(60, 180),
    n_bars=st.integers(8, 60),
    start=st.floats(0, 3),
    sung=st.sampled_from((((1, 6),), ((2, 4), (5, 7)))),
    key=KEYS,
    seed=st.none() | st.integers(1, 9),
)
FITS = st.builds(
    Fit,
    moved=MOVED,
    semitones=st.none() | st.integers(-12, 12),
    bars=st.integers(-3, 3),
    beats=st.integers(-3, 3),
    nudge=st.floats(-0.2, 0.2),
)


def stretches(found: Alignment, column: int) -> np.ndarray:
    """How much faster a side becomes between its anchors."""
    steps = np.diff(found.anchors, axis=0)
    return np.asarray(steps[:, column] / steps[:, 0])


@given(SONGS, SONGS, FITS)
def test_time_goes_forward_on_both_sides(vocals: Music, other: Music, fit: Fit) -> None:
    found = align(vocals, other, fit)
    assert (np.diff(found.anchors, axis=0) > 0).all()
    assert found.anchors[0, 0] == 0
    assert found.seconds == found.anchors[-1, 0]
    assert (np.diff(found.beats) > 0).all()
    assert found.beats.min(initial=0.0) >= 0
    assert found.beats.max(initial=0.0) <= found.seconds + 1e-9


@given(SONGS, SONGS, st.sampled_from([Moved.AUTO, Moved.VOCALS, Moved.ACCOMPANIMENT]))
def test_the_bars_of_both_fall_together(vocals: Music, other: Music, moved: Moved) -> None:
    found = align(vocals, other, Fit(moved))
    bars = found.beats[found.downbeats]
    sung_bars = np.interp(vocals.beats[vocals.downbeats], found.anchors[:, 1], found.anchors[:, 0])
    inside = (vocals.beats[vocals.downbeats] >= found.anchors[0, 1]) & (
        vocals.beats[vocals.downbeats] <= found.anchors[-1, 1]
    )
    inside &= (sung_bars >= bars[0] - 1e-6) & (sung_bars <= bars[-1] + 1e-6)
    distances = np.abs(sung_bars[inside][:, None] - bars).min(axis=1)
    # with three beats against two, two of three bars fall between those of the other side
    assert (distances < 1e-6).mean() >= 1 / 4
    if vocals.tempo * 0.9 < other.tempo < vocals.tempo * 1.1:
        assert distances.max() < 1e-6


@given(SONGS, SONGS)
def test_what_the_program_decides_stays_natural(vocals: Music, other: Music) -> None:
    found = align(vocals, other, Fit())
    faster = stretches(found, 1)
    assert faster.max() <= LARGEST_STRETCH + 1e-6
    assert faster.min() >= 1 / LARGEST_STRETCH - 1e-6
    assert abs(found.vocals_semitones) <= LARGEST_SHIFT


@given(SONGS, SONGS)
def test_the_side_that_is_not_moved_stays_as_it_is(vocals: Music, other: Music) -> None:
    over = align(vocals, other, Fit(Moved.VOCALS))
    np.testing.assert_allclose(stretches(over, 2), 1)
    assert over.accompaniment_semitones == 0
    under = align(vocals, other, Fit(Moved.ACCOMPANIMENT))
    np.testing.assert_allclose(stretches(under, 1), 1)
    assert under.vocals_semitones == 0
    still = align(vocals, other, Fit(Moved.NOTHING))
    np.testing.assert_allclose([stretches(still, 1), stretches(still, 2)], 1)
    assert (still.vocals_semitones, still.accompaniment_semitones) == (0, 0)


@given(SONGS, SONGS, st.sampled_from([Moved.AUTO, Moved.VOCALS, Moved.ACCOMPANIMENT]))
def test_both_share_all_notes_or_all_but_one_afterwards(
    vocals: Music, other: Music, moved: Moved
) -> None:
    found = align(vocals, other, Fit(moved))
    if vocals.key is None or other.key is None:
        assert (found.vocals_semitones, found.accompaniment_semitones) == (0, 0)
        return
    sung = vocals.key.transposed(round(found.vocals_semitones))
    played = other.key.transposed(round(found.accompaniment_semitones))
    assert (scale(sung) - scale(played)) % 12 in (0, 5, 7)


def scale(key: Key) -> int:
    return (key.tonic + 3 * key.minor) % 12


@given(SONGS, SONGS, st.floats(-0.5, 0.5))
def test_a_nudge_makes_the_vocals_so_much_later(
    vocals: Music, other: Music, seconds: float
) -> None:
    plain, nudged = align(vocals, other, Fit()), align(vocals, other, Fit(nudge=seconds))
    np.testing.assert_allclose(nudged.anchors[:, [0, 2]], plain.anchors[:, [0, 2]])
    moments = plain.anchors[1:-1, 0]
    moments = moments[(moments - seconds > 0) & (moments - seconds < plain.seconds)]
    expected = plain.vocals_time(moments - seconds)
    np.testing.assert_allclose(nudged.vocals_time(moments), expected, atol=1e-9)


def test_two_beats_in_one_place_are_one() -> None:
    other = music(110)
    doubled = replace(other, beats=np.sort(np.append(other.beats[:-1], other.beats[40])))
    found = align(music(), doubled, Fit())
    assert (np.diff(found.anchors, axis=0) > 0.04).all()


@pytest.mark.parametrize(("fit", "n_beats"), [(Fit(bars=1), 4), (Fit(beats=-1), -1)])
def test_bars_and_beats_move_the_entry_of_the_vocals(fit: Fit, n_beats: int) -> None:
    vocals, other = music(), music(110, start=0.7)
    entry = vocals.phrases[0].start

    def heard_at(found: Alignment) -> float:
        moment = np.interp(entry, found.anchors[:, 1], found.anchors[:, 0])
        return float(found.accompaniment_time(np.array([moment]))[0])

    moved = heard_at(align(vocals, other, fit)) - heard_at(align(vocals, other, Fit()))
    assert moved == pytest.approx(n_beats * 60 / 110)


def test_vocals_enter_where_the_other_singer_does() -> None:
    vocals = music(sung=((4, 12), (20, 28)))
    other = music(126, n_bars=60, sung=((12, 20), (28, 36)))
    found = align(vocals, other, Fit())
    entry = np.interp(vocals.phrases[0].start, found.anchors[:, 1], found.anchors[:, 0])
    heard = found.accompaniment_time(np.array([entry]))[0]
    assert heard == pytest.approx(other.phrases[0].start, abs=0.05)
    assert overlap(vocals, other) == pytest.approx(1.0, abs=0.01)


def test_half_of_the_singing_behind_the_end_is_half_an_overlap() -> None:
    vocals = music(n_bars=40, sung=((0, 16), (20, 36)))
    instrumental = music(n_bars=16, sung=())
    assert overlap(vocals, instrumental) == pytest.approx(0.5, abs=0.02)
    assert overlap(music(sung=()), instrumental) is None


@pytest.mark.parametrize(("tempo", "stretch"), [(60.0, 1.0), (240.0, 1.0), (123.0, 1.025)])
def test_half_and_double_tempo_are_no_stretch(tempo: float, stretch: float) -> None:
    found = align(music(120), music(tempo), Fit(Moved.VOCALS))
    np.testing.assert_allclose(stretches(found, 1), stretch)


def test_a_song_without_beats_begins_with_the_other() -> None:
    nothing = np.empty(0, np.int64)
    vocals = replace(music(), beats=np.empty(0), downbeats=nothing, sections=nothing, tempo=0.0)
    found = align(vocals, music(), Fit(nudge=0.5))
    moments = np.array([0.0, 3.0])
    np.testing.assert_allclose(found.accompaniment_time(moments), moments)
    np.testing.assert_allclose(found.vocals_time(moments), moments - 0.5)


def test_levels_are_made_equal() -> None:
    found = align(music(), music(), Fit(vocals_gain_db=2, accompaniment_gain_db=-1))
    assert found.vocals_gain_db == 2
    assert found.accompaniment_gain_db == pytest.approx(-4 - 1)
    silent = replace(music(), accompaniment_loudness=float("-inf"))
    assert align(music(), silent, Fit()).accompaniment_gain_db == 0


def test_beats_that_lie_in_one_place_are_no_beats() -> None:
    crowded = replace(music(), beats=np.arange(128) * 0.001)
    found = align(crowded, music(), Fit())
    assert found.anchors.shape == (2, 3)
    assert found.seconds > 1

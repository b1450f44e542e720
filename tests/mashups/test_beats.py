"""Beats fall together in the sound of a mashup, from its beginning to its end."""

import numpy as np
import pytest
from numpy.typing import NDArray

from vocal_explorer.analysis.music_listener import MusicListener
from vocal_explorer.audio.stretch import Warp
from vocal_explorer.base.records.mashups import Alignment, Fit, Moved
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stems, Waveform
from vocal_explorer.mashups.alignment import align
from vocal_explorer.synthesis.songs import SyntheticSong, synthetic_song

RATE = 44_100
SECONDS = 30.0
PAIRS = [(0, 3), (9, 14)]


def listen(song: SyntheticSong) -> Music:
    listener = MusicListener(RATE)
    listener.hear(Stems(song.vocals, song.accompaniment, RATE))
    return listener.music()


@pytest.fixture(scope="module")
def songs() -> dict[int, tuple[SyntheticSong, Music]]:
    made = {n: synthetic_song(n, 0, seconds=SECONDS) for pair in PAIRS for n in pair}
    return {number: (song, listen(song)) for number, song in made.items()}


def clicks(times: NDArray[np.float64]) -> Waveform:
    """A short noise at each moment."""
    noise = np.random.default_rng(0).standard_normal(400) * np.exp(-np.arange(400) / 60)
    track = np.zeros((2, round(SECONDS * RATE)), np.float32)
    for start in (times * RATE).round().astype(int):
        length = min(len(noise), track.shape[1] - start)
        track[:, start : start + length] += noise[:length].astype(np.float32)
    return track


def heard_clicks(track: Waveform, alignment: Alignment, column: int) -> NDArray[np.float64]:
    """When the clicks of a track are heard in a mashup, measured on its sound."""

    def read(first: int, last: int) -> Waveform:
        span = np.zeros((2, last - first), np.float32)
        begin, end = (min(max(sample, 0), track.shape[1]) for sample in (first, last))
        span[:, begin - first : end - first] = track[:, begin:end]
        return span

    anchors = alignment.anchors[:, [0, column]]
    sound = Warp(read, anchors, 0.0, RATE).render(0, round(alignment.seconds * RATE))
    level = np.abs(sound[0])
    step = RATE // 20
    peaks = [n * step + int(level[n * step :][:step].argmax()) for n in range(len(level) // step)]
    strong = [peak for peak in peaks if level[peak] > 0.4 * np.quantile(level, 0.9995)]
    alone = [peak for peak, before in zip(strong, [-RATE, *strong], strict=False)
             if peak - before > step]  # fmt: skip
    return np.array(alone) / RATE


@pytest.mark.parametrize("moved", [Moved.AUTO, Moved.VOCALS, Moved.ACCOMPANIMENT])
def test_beats_of_both_songs_fall_together(
    songs: dict[int, tuple[SyntheticSong, Music]], moved: Moved
) -> None:
    distances = []
    for first, second in PAIRS:
        (sung, own), (played, other) = songs[first], songs[second]
        alignment = align(own, other, Fit(moved, transpose=False))
        ours = heard_clicks(clicks(sung.beats), alignment, 1)
        theirs = heard_clicks(clicks(played.beats), alignment, 2)
        assert len(ours) > 20
        assert len(theirs) > 20
        fewer, more = sorted((ours, theirs), key=len)
        inside = fewer[(fewer >= more[0] - 0.1) & (fewer <= more[-1] + 0.1)]
        distances.append(np.abs(inside[:, None] - more).min(axis=1))
    assert np.mean(np.concatenate(distances) <= 0.02) >= 0.95
    assert np.mean(np.concatenate([d[-8:] for d in distances]) <= 0.02) >= 0.95  # at the end, too

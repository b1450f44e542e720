from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.synthesis.score import compose


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    tempo=st.floats(60, 175),
    minor=st.booleans(),
    lowest=st.integers(40, 65),
    width=st.integers(12, 18),
    seconds=st.floats(1, 240),
)
def test_every_song_keeps_the_rules(seed, tempo, minor, lowest, width, seconds):
    score = compose(
        np.random.default_rng(seed),
        tempo=tempo,
        minor=minor,
        lowest=lowest,
        highest=lowest + width,
        seconds=seconds,
    )
    assert score.key.endswith("minor" if minor else "major")
    assert 0 < score.beats[0] < 0.3
    assert score.beats[-1] < seconds
    for chord in score.chords:
        assert np.abs(score.beats - chord.start).min() < 1e-9
    for phrase in score.phrases:
        assert phrase[-1].stop < seconds
        assert all(lowest <= note.pitch <= lowest + width for note in phrase)
        for note, following in pairwise(phrase):
            assert note.stop <= following.start + 1e-6
    for phrase, following in pairwise(score.phrases):
        assert following[0].start - phrase[-1].stop > 1.4 * score.beat_seconds


def test_phrases_end_on_a_chord_tone():
    score = compose(
        np.random.default_rng(3), tempo=100, minor=False, lowest=55, highest=69, seconds=60
    )
    for phrase in score.phrases:
        last = phrase[-1]
        chord = [chord for chord in score.chords if chord.start <= last.start + 1e-6][-1]
        assert last.pitch % 12 in chord.pitches


def test_long_songs_have_an_instrumental_break():
    score = compose(
        np.random.default_rng(3), tempo=120, minor=False, lowest=55, highest=69, seconds=120
    )
    rests = [b[0].start - a[-1].stop for a, b in pairwise(score.phrases)]
    assert max(rests) > 8 * score.beat_seconds

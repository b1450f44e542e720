import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocal_explorer.audio.resample import resample
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.base.records.tracks import PitchRange
from vocal_explorer.features.pitch_range import periodicity, pitch_range, sung_pitches
from vocal_explorer.synthesis.songs import synthetic_song

RATE = 22_050
SECONDS = 3.0
TIME = np.arange(round(SECONDS * RATE)) / RATE


def voice(pitches: np.ndarray | float, harmonics: tuple[float, ...] = (1, 0.6, 0.4)) -> Waveform:
    """Harmonics over a pitch curve in MIDI note numbers, (1, n_samples)."""
    hertz = 440 * 2 ** ((np.broadcast_to(pitches, TIME.shape) - 69) / 12)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    sound = sum(a * np.sin(n * phase) for n, a in enumerate(harmonics, start=1))
    return (0.1 * np.asarray(sound, dtype=np.float32))[np.newaxis]


def measured(segments: Waveform) -> PitchRange:
    found = pitch_range(segments, RATE)
    assert found is not None
    return found


@settings(max_examples=25)
@given(st.floats(37, 83), st.sampled_from([(1,), (1, 0.6, 0.4), (0.4, 1, 0.3), (0.5, 0.5, 1, 0.5)]))
def test_a_steady_note_is_its_own_range(note: float, harmonics: tuple[float, ...]) -> None:
    """Also when the second or third harmonic is the loudest, which tempts to octave errors."""
    found = measured(voice(note, harmonics))
    for pitch in (found.low, found.median, found.high):
        assert pitch == pytest.approx(note, abs=0.3)


def test_three_notes_are_low_middle_and_high() -> None:
    segments = np.concatenate([voice(note) for note in (45, 57, 57, 69)])
    found = measured(segments)
    assert (found.low, found.median, found.high) == pytest.approx((45, 57, 69), abs=0.3)


def test_vibrato_widens_the_range_by_its_depth() -> None:
    found = measured(voice(60 + 0.7 * np.sin(2 * np.pi * 5.5 * TIME)))
    assert found.median == pytest.approx(60, abs=0.2)
    assert 0.3 < found.high - found.median < 0.9
    assert 0.3 < found.median - found.low < 0.9


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_noise_silence_and_next_to_nothing_have_no_range(
    share: float, rng: np.random.Generator
) -> None:
    noise = rng.normal(0, 0.1, (8, len(TIME))).astype(np.float32)
    assert pitch_range(share * noise, RATE) is None
    assert pitch_range(np.zeros((0, len(TIME)), np.float32), RATE) is None
    assert pitch_range(voice(60)[:, : RATE // 2], RATE) is None
    assert pitch_range(np.full((1, len(TIME)), np.nan, np.float32), RATE) is None


def test_noise_and_quiet_leaks_beside_a_voice_do_not_count(rng: np.random.Generator) -> None:
    noise = rng.normal(0, 0.05, (2, len(TIME))).astype(np.float32)
    leaks = 0.02 * np.concatenate([voice(38), voice(80)])
    found = measured(np.concatenate([voice(60), voice(64), noise, leaks]))
    assert (found.low, found.high) == pytest.approx((60, 64), abs=0.3)


def test_loudness_does_not_matter() -> None:
    segments = np.concatenate([voice(52), voice(66)])
    loud, soft = measured(segments), measured(segments * np.float32(0.01))
    assert (soft.low, soft.high) == pytest.approx((loud.low, loud.high), abs=0.01)


def test_a_stray_octave_does_not_set_the_range() -> None:
    """Frames that jump an octave and back at once are errors, whichever way they jump."""
    jumps = np.zeros_like(TIME)
    for start, octave in ((0.5, 12), (1.2, -12), (2.1, 12)):
        jumps[round(start * RATE) : round((start + 0.06) * RATE)] = octave
    found = measured(voice(62 + jumps))
    assert (found.low, found.high) == pytest.approx((62, 62), abs=0.5)


def test_periodicity_equals_a_loop_over_frames(rng: np.random.Generator) -> None:
    frames = rng.normal(0, 1, (3, 4, 100)).astype(np.float32)
    periods = rng.uniform(5, 30, (3, 4))
    n_compared = 100 - int(np.floor(periods.max())) - 1
    for index in np.ndindex(3, 4):
        frame, lag = frames[index], int(np.floor(periods[index]))
        best = max(
            np.dot(frame[:n_compared], frame[shift : shift + n_compared])
            / np.linalg.norm(frame[:n_compared])
            / np.linalg.norm(frame[shift : shift + n_compared])
            for shift in (lag, lag + 1)
        )
        assert periodicity(frames, periods)[index] == pytest.approx(best, abs=1e-5)


def test_frames_between_the_notes_are_not_sung() -> None:
    silent = np.where((TIME > 1) & (TIME < 2), np.float32(0), np.float32(1))
    pitches = sung_pitches(voice(60) * silent, RATE)[0]
    middle = pitches[len(pitches) * 3 // 8 : len(pitches) * 5 // 8]
    assert np.isnan(middle).all()
    assert np.isfinite(pitches[: len(pitches) // 4]).all()


@pytest.mark.parametrize("singer", [1, 3, 4])
def test_synthetic_singers_are_heard_at_the_notes_they_sing(singer: int) -> None:
    song = synthetic_song(singer, singer, seconds=20.0)
    mono = resample(song.vocals.mean(axis=0), song.sample_rate, RATE)
    found = measured(mono[: len(mono) // RATE * RATE].reshape(-1, 4 * RATE))
    hundredths = [round(note.seconds * 100) for note in song.notes]
    sung = np.repeat([note.pitch for note in song.notes], hundredths)
    expected = np.percentile(sung, (5, 50, 95)).tolist()
    assert (found.low, found.median, found.high) == pytest.approx(expected, abs=1.5)

from dataclasses import replace

import librosa
import numpy as np
import pytest

from vocal_explorer.synthesis.score import Consonant, Note
from vocal_explorer.synthesis.singing import glottal_flow, sing, sounding
from vocal_explorer.synthesis.voice import singer_voice, varied_voice

RATE = 44_100
VOICE = replace(
    singer_voice(0),
    centre_pitch=50,
    breath=0.01,
    accent=((1.0, 1.0),) * 7,
    vibrato_depth=0.0,
    jitter=0.0,
    drift=0.0,
    nasality=0.0,
    formant_width=0.8,
)


def held_note(voice, vowel, consonant=Consonant.NONE, pitch=40):
    note = Note(start=0.5, seconds=2.0, pitch=pitch, vowel=vowel, consonant=consonant)
    return sing(voice, ((note,),), 3 * RATE, RATE, np.random.default_rng(0))


def loudest(waveform, low, high):
    power = np.abs(np.fft.rfft(waveform * np.hanning(waveform.size))) ** 2
    frequency = np.fft.rfftfreq(waveform.size, 1 / RATE)
    smooth = np.convolve(power, np.hanning(int(170 * waveform.size / RATE)), "same")
    band = (frequency > low) & (frequency < high)
    return frequency[band][smooth[band].argmax()]


@pytest.mark.parametrize(
    ("vowel", "formant", "band"),
    [(0, 750, (500, 950)), (1, 1800, (1300, 2200)), (2, 2200, (1500, 2500)), (4, 780, (600, 1200))],
)
@pytest.mark.parametrize("tract", [0.160, 0.175])
def test_formants_lie_where_vowel_and_tract_put_them(vowel, formant, band, tract):
    sound = held_note(replace(VOICE, tract_length=tract), vowel)[RATE : 2 * RATE]
    scale = 0.175 / tract
    assert loudest(sound, band[0] * scale, band[1] * scale) == pytest.approx(
        formant * scale, rel=0.12
    )


def test_breath_fills_the_space_between_harmonics():
    clear, breathy = (
        held_note(replace(VOICE, breath=breath), 0)[RATE : 2 * RATE] for breath in (0.01, 0.5)
    )

    def valleys(sound):
        power = np.abs(np.fft.rfft(sound * np.hanning(sound.size))) ** 2
        fundamental = 440 * 2 ** ((40 - 69) / 12)
        between = np.round((np.arange(3, 30) + 0.5) * fundamental).astype(int)
        return power[between].mean() / power.mean()

    assert valleys(breathy) > 30 * valleys(clear)


def test_a_soft_glottis_gives_a_darker_voice():
    pressed, soft = (
        np.abs(np.fft.rfft(held_note(replace(VOICE, tilt_frequency=tilt), 0))) ** 2
        for tilt in (9000, 1200)
    )
    frequency = np.fft.rfftfreq(3 * RATE, 1 / RATE)
    assert (soft @ frequency) / soft.sum() < (pressed @ frequency) / pressed.sum()


def test_consonants_sound_different_and_silence_stays_silent():
    sounds = {kind: held_note(VOICE, 0, kind) for kind in Consonant}
    before = slice(int(0.40 * RATE), int(0.52 * RATE))
    pieces = [sound[before] for sound in sounds.values()]
    for place, piece in enumerate(pieces):
        assert all(not np.allclose(piece, other) for other in pieces[:place])
    for sound in sounds.values():
        assert not sound[: int(0.1 * RATE)].any()
        assert not sound[int(2.9 * RATE) :].any()


def test_sounding_marks_the_notes():
    note = Note(start=0.5, seconds=1.0, pitch=60, vowel=0, consonant=Consonant.NONE)
    mask = sounding(((note,),), 2 * RATE, RATE)
    assert mask.sum() == RATE
    assert mask[RATE]
    assert not mask[: RATE // 2].any()


def test_a_voice_changes_a_little_from_song_to_song():
    rng = np.random.default_rng(1)
    tracts = [varied_voice(VOICE, rng).tract_length / VOICE.tract_length for _ in range(200)]
    assert 0.005 < np.std(tracts) < 0.02


def test_glottal_flow_opens_once_and_closes():
    phase = np.linspace(0, 1, 1000, endpoint=False, dtype=np.float32)
    flow = glottal_flow(phase, 0.6, 0.7)
    assert flow.min() >= 0
    assert flow.max() == pytest.approx(1, abs=1e-3)
    assert phase[flow.argmax()] == pytest.approx(0.42, abs=2e-3)
    assert not flow[phase > 0.6].any()


def test_vibrato_swings_at_its_rate_and_depth():
    voice = replace(VOICE, vibrato_rate=6.0, vibrato_depth=0.8, vibrato_delay=0.1)
    sound = held_note(voice, 0, pitch=57)[int(1.1 * RATE) : int(2.3 * RATE)]
    hop = 512
    hertz, _, _ = librosa.pyin(sound, fmin=150, fmax=320, sr=RATE, hop_length=hop)
    pitch = librosa.hz_to_midi(hertz[6:-6])
    swing = np.abs(np.fft.rfft((pitch - pitch.mean()) * np.hanning(pitch.size), 4096))
    assert swing.argmax() * RATE / hop / 4096 == pytest.approx(6.0, abs=0.4)
    assert np.ptp(pitch) == pytest.approx(1.6, abs=0.35)

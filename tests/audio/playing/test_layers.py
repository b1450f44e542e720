"""Several waveforms at the same time, and a region that is repeated."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_card import SoundCard

from vocal_explorer.audio.playing.deck import RAMP, SEAM
from vocal_explorer.audio.playing.player import Player

RATE = 8000  # Hz
SECONDS = 4
RAMP_SAMPLES = round(RAMP * RATE)
SEAM_SAMPLES = round(SEAM * RATE)


def sine(frequency: float, level: float = 0.5) -> np.ndarray:
    """A sine in whole 16-bit steps, so that a layer keeps it exactly."""
    wave = level * np.sin(2 * np.pi * frequency * np.arange(SECONDS * RATE) / RATE)
    return (np.rint(wave * 2**15) / 2**15).astype(np.float32)


VOCALS, ACCOMPANIMENT = sine(30), sine(20, 0.4)
MIX = VOCALS + ACCOMPANIMENT


@pytest.fixture
def card() -> SoundCard:
    return SoundCard()


@pytest.fixture
def player(card: SoundCard) -> Player:
    return started(card)


def started(card: SoundCard) -> Player:
    player = Player(card)
    player.load(MIX, RATE, recording="song")
    player.play()
    return player


def add_stems(player: Player, recording: str = "song") -> None:
    player.add_layer(recording, "vocals", VOCALS)
    player.add_layer(recording, "accompaniment", ACCOMPANIMENT)


def largest_step(samples: np.ndarray) -> float:
    return float(np.abs(np.diff(samples)).max())


def test_layers_that_come_while_it_plays_make_no_gap_and_no_sound(
    player: Player, card: SoundCard
) -> None:
    before = card.pull(500)
    add_stems(player)
    np.testing.assert_array_equal(np.concatenate([before, card.pull(500)]), MIX[:1000])
    assert player.layers("song") == {"mix", "vocals", "accompaniment"}
    assert len(card.opened) == 1


def test_layers_of_another_recording_are_not_taken(player: Player, card: SoundCard) -> None:
    add_stems(player, "another song")
    assert player.layers("song") == {"mix"}
    assert player.layers("another song") == frozenset()


def test_the_switch_between_mix_and_stems_is_sample_synchronous(
    player: Player, card: SoundCard
) -> None:
    add_stems(player)
    heard = []
    for gains in ({"mix": 1.0}, {"vocals": 1.0}, {"accompaniment": 1.0}, {"mix": 1.0}):
        player.set_gains(gains)
        heard += [card.pull(n) for n in (7, 250, 743)]
    heard = np.concatenate(heard)
    for i, wave in enumerate((MIX, VOCALS, ACCOMPANIMENT, MIX)):
        after_ramp = slice(i * 1000 + RAMP_SAMPLES, (i + 1) * 1000)
        np.testing.assert_array_equal(heard[after_ramp], wave[after_ramp])


@given(switches=st.lists(st.tuples(st.integers(1, 300), st.sampled_from(
    [{"mix": 1.0}, {"vocals": 2.0}, {"accompaniment": 1.0, "vocals": 0.3}, {}]
)), min_size=1, max_size=8))  # fmt: skip
def test_no_switch_clicks(switches: list[tuple[int, dict[str, float]]]) -> None:
    card = SoundCard()
    player = started(card)
    add_stems(player)
    heard = [card.pull(100)]
    for n_samples, gains in switches:
        player.set_gains(gains)
        heard.append(card.pull(n_samples))
    steps = sum(
        level * largest_step(wave) + np.abs(wave).max() / RAMP_SAMPLES
        for level, wave in ((1, MIX), (2, VOCALS), (1, ACCOMPANIMENT))
    )
    assert steps < 0.1  # a hard switch at the loudest moment is larger
    assert largest_step(np.concatenate(heard)) <= steps


def test_levels_are_added_up(player: Player, card: SoundCard) -> None:
    add_stems(player)
    player.set_gains({"vocals": 0.5, "accompaniment": 2.0})
    card.pull(1000)
    expected = 0.5 * VOCALS[1000:2000] + 2 * ACCOMPANIMENT[1000:2000]
    np.testing.assert_allclose(card.pull(1000), expected, atol=1e-6)


def test_levels_that_were_set_in_a_pause_are_there_from_the_first_sample(
    player: Player, card: SoundCard
) -> None:
    add_stems(player)
    card.pull(1000)
    player.pause()
    player.set_gains({"vocals": 1.0})
    player.play()
    np.testing.assert_array_equal(card.pull(100), VOCALS[1000:1100])


def test_gains_go_along_when_the_position_changes(player: Player, card: SoundCard) -> None:
    add_stems(player)
    player.set_gains({"vocals": 1.0})
    card.pull(RAMP_SAMPLES)
    player.seek(1.0)
    np.testing.assert_array_equal(card.pull(100), VOCALS[RATE : RATE + 100])


def test_the_callback_keeps_nothing(player: Player, card: SoundCard) -> None:
    add_stems(player)
    player.set_loop(0.5, 1.0)
    buffer = np.empty((400, 2), np.float32)
    assert card.fill is not None
    card.fill(buffer)
    tracemalloc.start()
    try:
        start = tracemalloc.get_traced_memory()[0]
        for i in range(200):
            player.set_gains({"vocals": i % 2})
            card.fill(buffer)
        assert tracemalloc.get_traced_memory()[0] - start < 20_000
    finally:
        tracemalloc.stop()


def naive_loop(first: int, last: int, n_samples: int) -> np.ndarray:
    """What is heard from 0 on, sample by sample."""
    heard, head = [], 0
    for _ in range(n_samples):
        come = (head - (last - SEAM_SAMPLES) + 1) / SEAM_SAMPLES if head < last else 0
        sample = MIX[head]
        if come > 0:
            early = head - (last - first)
            sample = (1 - come) * sample + come * (MIX[early] if early >= 0 else 0)
        heard.append(sample)
        head = first if head + 1 == last else head + 1
    return np.array(heard, np.float32)


@pytest.mark.parametrize(("start", "end"), [(0.1, 0.35), (0.0, 0.2), (3.7, 4.0), (0.005, 0.11)])
def test_a_region_is_repeated_with_a_soft_seam(
    player: Player, card: SoundCard, start: float, end: float
) -> None:
    player.set_loop(end, start)
    assert player.loop == pytest.approx((start, end))
    n_samples = round((end + 1) * RATE)
    heard = np.concatenate([card.pull(333) for _ in range(n_samples // 333)])
    expected = naive_loop(round(start * RATE), round(end * RATE), len(heard))
    np.testing.assert_allclose(heard, expected, atol=1e-6)
    assert largest_step(heard) < largest_step(MIX) + 2 / SEAM_SAMPLES
    assert player.playing


def test_a_buffer_may_hold_several_rounds(player: Player, card: SoundCard) -> None:
    player.set_loop(0.2, 0.3)
    np.testing.assert_allclose(card.pull(8000), naive_loop(1600, 2400, 8000), atol=1e-6)


def test_a_region_behind_which_playback_is_begins_at_once(player: Player, card: SoundCard) -> None:
    player.seek(3.0)
    player.set_loop(1.0, 2.0)
    assert player.position == 1.0
    player.seek(3.0)
    card.pull(800)
    assert player.position == 3.1


def test_a_region_that_was_cleared_is_left(player: Player, card: SoundCard) -> None:
    player.set_loop(0.5, 1.0)
    card.pull(2 * RATE)
    assert player.position < 1.0
    player.clear_loop()
    card.pull(RATE)
    assert player.position > 1.0
    assert player.loop is None


@given(start=st.floats(-5, 9), end=st.floats(-5, 9))
def test_a_region_lies_within_the_sound_and_is_not_too_short(start: float, end: float) -> None:
    player = started(SoundCard())
    player.set_loop(start, end)
    assert player.loop is not None
    first, last = player.loop
    assert first >= 0
    assert first + 0.1 <= last + 1e-9
    assert last <= SECONDS


def test_another_recording_has_no_loop_and_the_same_one_keeps_it(player: Player) -> None:
    player.set_loop(0.5, 1.0)
    player.load(VOCALS, RATE, keep_position=True)
    assert player.loop == (0.5, 1.0)
    player.load(VOCALS, RATE)
    assert player.loop is None

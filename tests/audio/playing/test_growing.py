"""A recording that is made while it plays."""

import numpy as np
import pytest
from sound_card import SoundCard

from vocal_explorer.audio.playing.player import Player

RATE = 8000
N_SAMPLES = 4000
LAYERS = {"vocals": 1.0, "accompaniment": 1.0}


def whole_steps(seed: int) -> np.ndarray:
    steps = np.random.default_rng(seed).integers(-8000, 8000, N_SAMPLES)
    return (steps / 2**15).astype(np.float32)


VOCALS, ACCOMPANIMENT = whole_steps(1), whole_steps(2)


def grow(player: Player, first: int, last: int, recording: str = "mashup") -> None:
    pieces = {"vocals": VOCALS[first:last], "accompaniment": ACCOMPANIMENT[first:last]}
    player.grow(recording, first, pieces)


@pytest.fixture
def card() -> SoundCard:
    return SoundCard()


@pytest.fixture
def player(card: SoundCard) -> Player:
    player = Player(card)
    player.load_unfinished("mashup", N_SAMPLES, RATE, LAYERS)
    player.play()
    return player


def test_it_waits_where_nothing_is_there_and_loses_nothing(player: Player, card: SoundCard) -> None:
    assert not card.pull(300).any()
    grow(player, 0, 1000)
    first = card.pull(700)
    grow(player, 1000, N_SAMPLES)
    rest = card.pull(N_SAMPLES - 700)
    heard = np.concatenate([first, rest])
    np.testing.assert_allclose(heard, VOCALS + ACCOMPANIMENT, atol=1e-6)
    assert player.waited == pytest.approx(300 / RATE)


def test_a_buffer_that_is_half_there_is_played_up_to_where_it_is_there(
    player: Player, card: SoundCard
) -> None:
    grow(player, 0, 100)
    heard = card.pull(300)
    np.testing.assert_allclose(heard[:100], (VOCALS + ACCOMPANIMENT)[:100], atol=1e-6)
    assert not heard[100:].any()
    assert player.position == pytest.approx(100 / RATE)


def test_what_is_needed_next_follows_the_position(player: Player, card: SoundCard) -> None:
    assert player.missing("mashup") == 0
    grow(player, 0, 500)
    assert player.missing("mashup") == 500
    player.seek(2000 / RATE)
    assert player.missing("mashup") == 2000
    grow(player, 2000, N_SAMPLES)
    assert player.missing("mashup") == 500
    grow(player, 500, 2000)
    assert player.missing("mashup") is None


def test_it_begins_where_it_is_told(card: SoundCard) -> None:
    player = Player(card)
    player.load_unfinished("mashup", N_SAMPLES, RATE, LAYERS, at=1000 / RATE)
    player.play()
    grow(player, 1000, 2000)
    np.testing.assert_allclose(card.pull(500), (VOCALS + ACCOMPANIMENT)[1000:1500], atol=1e-6)


def test_pieces_of_what_is_not_played_any_more_are_dropped(player: Player, card: SoundCard) -> None:
    player.load(np.zeros(N_SAMPLES, np.float32), RATE, recording="song")
    grow(player, 0, 100)
    assert player.missing("mashup") is None
    assert not card.pull(200).any()


def test_it_ends_and_plays_on_when_a_piece_is_longer_than_the_rest(
    player: Player, card: SoundCard
) -> None:
    long = {name: np.ones(N_SAMPLES + 100, np.float32) / 4 for name in LAYERS}
    player.grow("mashup", 0, long)
    card.pull(N_SAMPLES + RATE)
    assert player.finished
    assert player.waited == 0

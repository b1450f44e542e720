import threading
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sound_card import SoundCard

from vocal_explorer.audio.playing.outputs import LATENCY, FillBuffer
from vocal_explorer.audio.playing.player import Player
from vocal_explorer.base.errors import DeviceError

RATE = 1000  # Hz


@pytest.fixture
def card() -> SoundCard:
    return SoundCard()


@pytest.fixture
def player(card: SoundCard) -> Player:
    return Player(card)


def ramp(n_samples: int = 5 * RATE, start: float = 0.0) -> np.ndarray:
    return (start + np.arange(n_samples) / 1e5).astype(np.float32)


def test_loading_needs_no_sound_card(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    assert (player.duration, player.position, player.playing) == (5.0, 0.0, False)
    assert card.opened == []


def test_samples_come_in_order_and_then_silence(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    player.play()
    heard = np.concatenate([card.pull(n) for n in (7, 993, 3000, 2000)])
    np.testing.assert_array_equal(heard[:5000], ramp())
    np.testing.assert_array_equal(heard[5000:], 0)
    assert player.finished
    assert not player.playing
    assert player.position == player.duration


def test_it_is_finished_only_when_the_sound_card_had_time_to_play_the_end(
    player: Player, card: SoundCard
) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(5000 + round(LATENCY * RATE))
    assert player.playing
    assert not player.finished
    card.pull(500 - round(LATENCY * RATE))
    assert player.finished


def test_pause_is_silent_and_stays(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(500)
    player.pause()
    assert not card.pull(500).any()
    assert (player.position, player.playing) == (0.5, False)
    player.play()
    np.testing.assert_array_equal(card.pull(10), ramp()[500:510])


def test_stop_goes_back_and_gives_the_sound_card_back(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(500)
    player.stop()
    assert (player.position, player.playing, card.active) == (0.0, False, False)
    player.play()
    np.testing.assert_array_equal(card.pull(10), ramp()[:10])


@given(seconds=st.floats(-10, 10))
def test_seeking_stays_within_the_sound(seconds: float) -> None:
    player = Player(SoundCard())
    player.load(ramp(), RATE)
    player.seek(seconds)
    assert player.position == pytest.approx(min(max(seconds, 0), 5.0), abs=1 / RATE)


def test_after_the_end_play_begins_again_and_seek_does_not(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(6000)
    player.seek(2.0)
    assert not player.playing
    player.play()
    card.pull(6000)
    player.play()
    np.testing.assert_array_equal(card.pull(10), ramp()[:10])


@pytest.mark.parametrize(("keep_position", "position"), [(True, 0.5), (False, 0.0)])
def test_another_part_goes_on_playing(
    player: Player, card: SoundCard, keep_position: bool, position: float
) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(500)
    player.load(ramp(start=0.5), RATE, keep_position=keep_position)
    assert player.playing
    assert player.position == position
    first = round(position * RATE)
    np.testing.assert_array_equal(card.pull(10), ramp(start=0.5)[first : first + 10])
    assert len(card.opened) == 1


def test_another_sample_rate_opens_another_stream(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(500)
    player.load(ramp(10_000), 2 * RATE, keep_position=True)
    assert player.playing
    assert player.position == 0.5
    assert card.opened == [(RATE, 2), (2 * RATE, 2)]


def test_a_sound_card_that_was_unplugged_is_opened_again(player: Player, card: SoundCard) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(500)
    card.active = False
    assert not player.playing
    player.play()
    assert player.playing
    np.testing.assert_array_equal(card.pull(10), ramp()[500:510])


def test_without_a_sound_card_play_says_so_and_stays_paused() -> None:
    class NoCard(SoundCard):
        def open(self, sample_rate: int, n_channels: int, fill: FillBuffer, name: str) -> SoundCard:
            raise DeviceError("No sound output can be used.")

    player = Player(NoCard())
    player.load(ramp(), RATE)
    with pytest.raises(DeviceError):
        player.play()
    assert not player.playing


def test_nothing_loaded_is_nothing_to_play(player: Player) -> None:
    assert (player.duration, player.position, player.finished) == (0.0, 0.0, False)
    actions: list[Callable[[], None]] = [player.pause, player.stop, player.close, player.play]
    for act in actions:
        act()
    assert not player.playing


def test_stereo_keeps_its_sides(player: Player, card: SoundCard) -> None:
    player.load(np.stack([ramp(), -ramp()]), RATE)
    player.play()
    buffer = np.empty((100, 2), np.float32)
    assert card.fill is not None
    card.fill(buffer)
    np.testing.assert_array_equal(buffer[:, 0], -buffer[:, 1])


def test_another_output_goes_on_where_it_was(card: SoundCard, player: Player) -> None:
    card.others = ["Headphones"]
    player.load(ramp(), RATE)
    player.play()
    card.pull(500)
    assert player.outputs() == ["Headphones"]
    player.choose_output("Headphones")
    assert (player.playing, card.name, player.output) == (True, "Headphones", "Headphones")
    np.testing.assert_array_equal(card.pull(10), ramp()[500:510])


def test_new_outputs_are_only_looked_for_when_nothing_plays(
    card: SoundCard, player: Player
) -> None:
    player.load(ramp(), RATE)
    player.play()
    player.outputs()
    player.pause()
    player.outputs()
    assert card.asked == [False, True]
    player.play()
    assert player.playing


def test_an_output_that_is_gone_pauses_and_says_so(card: SoundCard, player: Player) -> None:
    player.load(ramp(), RATE)
    player.play()
    with pytest.raises(DeviceError, match="Headphones"):
        player.choose_output("Headphones")
    assert not player.playing
    assert not player.lost
    player.choose_output("")
    player.play()
    assert player.playing


def test_an_unplugged_sound_card_is_noticed(card: SoundCard, player: Player) -> None:
    player.load(ramp(), RATE)
    assert not player.lost
    player.play()
    card.pull(500)
    assert not player.lost
    card.active = False
    assert player.lost
    player.give_up()
    assert not player.lost
    assert player.position == 0.5
    player.play()
    assert card.asked == [True]  # it is not listed any more
    np.testing.assert_array_equal(card.pull(10), ramp()[500:510])


def test_a_sound_card_that_stands_still_is_noticed_and_not_waited_for() -> None:
    closing, closed = threading.Event(), threading.Event()

    class Stuck(SoundCard):
        def close(self) -> None:
            closing.wait(60)
            closed.set()

    now = [0.0]
    card = Stuck()
    player = Player(card, clock=lambda: now[0])
    player.load(ramp(), RATE)
    player.play()
    for now[0] in (4.0, 8.0, 12.0):
        card.pull(10)
        assert not player.lost
    now[0] = 18.0
    assert player.lost
    player.give_up()
    assert not closed.is_set()
    player.outputs()
    assert card.asked == [False]  # looking for new ones would have to wait for it
    closing.set()
    assert closed.wait(60)


def test_the_end_is_no_loss(card: SoundCard, player: Player) -> None:
    player.load(ramp(), RATE)
    player.play()
    card.pull(6000)
    card.active = False
    assert not player.lost


def test_nobody_waits_for_a_sound_card_that_takes_its_time() -> None:
    opening, opened = threading.Event(), threading.Event()

    class Slow(SoundCard):
        def open(self, sample_rate: int, n_channels: int, fill: FillBuffer, name: str) -> SoundCard:
            opening.set()
            assert opened.wait(60)
            return super().open(sample_rate, n_channels, fill, name)

    player = Player(Slow())
    player.load(ramp(), RATE, recording="song")
    starting = threading.Thread(target=player.play)
    starting.start()
    assert opening.wait(60)
    player.seek(1.0)
    player.set_loop(0.5, 2.0)
    player.set_gains({"vocals": 1.0})
    player.add_layer("song", "vocals", ramp())
    player.give_up()
    assert (player.position, player.playing, player.lost) == (1.0, False, False)
    assert player.layers("song") == {"mix", "vocals"}
    opened.set()
    starting.join()
    assert player.playing

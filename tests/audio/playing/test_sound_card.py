import subprocess

import numpy as np
import pytest
from pulse import SAMPLE_RATE, NullSink, best_correlation, wait_until

from vocal_explorer.audio.playing.player import Player
from vocal_explorer.base.errors import DeviceError

START = SAMPLE_RATE // 10  # a monitor hears nothing while a stream is being connected

pytestmark = pytest.mark.pulseaudio


def noise(seconds: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.5, 0.5, (2, round(seconds * SAMPLE_RATE))).astype(np.float32)


def test_what_sounds_is_what_was_loaded(null_sink: NullSink) -> None:
    played = noise(1.5, seed=1)
    player = Player()
    with null_sink.record() as recording:
        player.load(played, SAMPLE_RATE)
        player.play()
        wait_until(lambda: player.finished)
        player.close()
        until = recording.seconds + 0.5
        wait_until(lambda: recording.seconds > until)
        recorded = recording.stop()
    for channel in range(2):
        expected = played[channel, START:]
        similarity, start = best_correlation(recorded[channel], expected)
        assert similarity > 0.99
        heard = recorded[channel, start : start + len(expected)]
        assert np.std(heard) == pytest.approx(np.std(expected), rel=0.02)


def test_a_change_while_playing_is_heard_without_a_gap(null_sink: NullSink) -> None:
    before, after = noise(20.0, seed=2), noise(20.0, seed=3)
    player = Player()
    with null_sink.record() as recording:
        player.load(before, SAMPLE_RATE)
        player.play()
        wait_until(lambda: player.position > 0.5)
        player.load(after, SAMPLE_RATE, keep_position=True)
        changed_at = player.position
        wait_until(lambda: player.position > changed_at + 1.0)
        until = recording.seconds + 1.0
        wait_until(lambda: recording.seconds > until)
        player.close()
        recorded = recording.stop()[0]
    n_second = SAMPLE_RATE // 2
    from_sample = round(changed_at * SAMPLE_RATE) + 4096
    old, old_start = best_correlation(recorded, before[0, START : START + 8192])
    new, new_start = best_correlation(recorded, after[0, from_sample : from_sample + n_second])
    assert min(old, new) > 0.99
    assert new_start - old_start == pytest.approx(from_sample - START, abs=256)


def test_stems_are_turned_to_at_the_same_place(null_sink: NullSink) -> None:
    mix, vocals = noise(20.0, seed=4), noise(20.0, seed=5)
    player = Player()
    player.load(mix, SAMPLE_RATE, recording="song")
    with null_sink.record() as recording:
        player.play()
        wait_until(lambda: player.position > 0.5)
        player.add_layer("song", "vocals", vocals)
        player.set_gains({"vocals": 1.0})
        changed_at = player.position
        wait_until(lambda: player.position > changed_at + 1.0)
        until = recording.seconds + 1.0
        wait_until(lambda: recording.seconds > until)
        player.close()
        recorded = recording.stop()[0]
    from_sample = round(changed_at * SAMPLE_RATE) + 8192
    old, old_start = best_correlation(recorded, mix[0, START : START + 8192])
    new, new_start = best_correlation(recorded, vocals[0, from_sample : from_sample + 22_050])
    assert min(old, new) > 0.99
    assert new_start - old_start == pytest.approx(from_sample - START, abs=256)


def test_an_output_is_found_by_its_name(null_sink: NullSink) -> None:
    player = Player()
    names = player.outputs()
    assert "default" in names
    player.load(noise(20.0, seed=6), SAMPLE_RATE)
    player.choose_output("default")
    player.play()
    wait_until(lambda: player.position > 0.2)
    assert player.outputs() == names
    assert player.playing
    with pytest.raises(DeviceError, match="The output No such thing cannot be used"):
        player.choose_output("No such thing")
    assert not player.playing
    player.choose_output("")
    player.play()
    assert player.playing
    player.close()


def test_a_sound_server_that_ends_is_a_loss(null_sink: NullSink) -> None:
    player = Player()
    player.load(noise(20.0, seed=7), SAMPLE_RATE)
    player.play()
    wait_until(lambda: player.position > 0.2)
    subprocess.run(["pactl", "exit"], check=True)
    wait_until(lambda: player.lost)
    player.give_up()
    assert not player.playing
    with pytest.raises(DeviceError, match="No sound output can be used"):
        player.play()

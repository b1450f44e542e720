import numpy as np
import pytest

from vocal_explorer.audio.excerpts import FADE_SECONDS, excerpt, in_turn

RATE = 1_000
ONES = np.ones((2, 10 * RATE), np.float32)


def test_an_excerpt_is_the_piece_with_soft_ends() -> None:
    ramp = np.arange(10 * RATE, dtype=np.float32)[np.newaxis]
    piece = excerpt(ramp, RATE, 2.0, 3.0)
    assert piece.shape == (1, 3 * RATE)
    inner = slice(round(FADE_SECONDS * RATE), -round(FADE_SECONDS * RATE))
    np.testing.assert_array_equal(piece[:, inner], ramp[:, 2 * RATE : 5 * RATE][:, inner])
    assert (piece[0, 0], piece[0, -1]) == (0, 0)
    assert ramp[0, 2 * RATE] == 2 * RATE  # the recording itself is left alone


@pytest.mark.parametrize(("start", "seconds"), [(9.0, 1.0), (9.99, 0.01), (10.0, 0.0), (12.0, 0.0)])
def test_it_ends_with_the_recording(start: float, seconds: float) -> None:
    piece = excerpt(ONES, RATE, start, 3.0)
    assert piece.shape == (2, round(seconds * RATE))
    assert np.isfinite(piece).all()


def test_pieces_follow_each_other_after_a_pause() -> None:
    first, second = ONES[:, :500], 2 * ONES[:, :300]
    joined = in_turn([first, second], RATE, 0.4)
    np.testing.assert_array_equal(joined[0], [1] * 500 + [0] * 400 + [2] * 300)

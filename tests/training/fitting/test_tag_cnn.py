import numpy as np
import pytest
import torch
from sklearn import metrics

from vocal_explorer.datasets.examples import Examples
from vocal_explorer.training.fitting.tag_cnn import TagCnn, fit_tag_cnn

pytestmark = pytest.mark.usefixtures("one_thread")
N_MELS, N_FRAMES = 14, 18


def planted(rng: np.random.Generator, n_segments: int = 96) -> Examples:
    """Mels in which one tag is a loud band, the other a loud moment."""
    mel = rng.normal(size=(n_segments, N_MELS, N_FRAMES))
    targets = rng.uniform(size=(n_segments, 2)) < 0.5
    mel[:, 3:6] += 2 * targets[:, 0, None, None]
    mel[:, :, 10:14] += 2 * targets[:, 1, None, None]
    return Examples(mel.astype(np.float16), targets, np.arange(n_segments))


def test_tags_that_are_in_the_mel_are_found(rng: np.random.Generator) -> None:
    predict = fit_tag_cnn(planted(rng), planted(rng), 0)
    test = planted(rng)
    probabilities = predict(test.inputs)
    assert probabilities.dtype == np.float32
    assert metrics.roc_auc_score(test.targets, probabilities) > 0.95


def test_a_seed_gives_one_network_and_leaves_other_draws_alone(rng: np.random.Generator) -> None:
    training, validation = planted(rng, 32), planted(rng, 32)
    before = torch.random.get_rng_state()
    first, again, other = (
        fit_tag_cnn(training, validation, seed)(validation.inputs) for seed in (3, 3, 4)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("n_frames", [107, 129])
def test_segments_of_the_study_and_of_the_encoders_fit(n_frames: int) -> None:
    network = TagCnn(128, n_frames, 42).eval()
    assert network(torch.zeros(2, 128, n_frames)).shape == (2, 42)

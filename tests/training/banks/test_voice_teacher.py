"""The speaker encoder's windows one by one, and what is said of a wrong file."""

from pathlib import Path

import librosa
import numpy as np
import pytest
import torch

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.training.banks.voice_teacher import SAMPLE_RATE, VoiceTeacher


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    state = {
        f"{part}.{name}": values
        for part, network in (
            ("lstm", torch.nn.LSTM(40, 256, 3, batch_first=True)),
            ("linear", torch.nn.Linear(256, 256)),
        )
        for name, values in network.state_dict().items()
    }
    file = tmp_path / "pretrained.pt"
    unused = {"similarity_weight": torch.ones(1)}
    torch.save({"step": 1, "model_state": state | unused}, file)
    return file


def test_row_i_is_about_the_window_around_its_time(weights: Path, rng: np.random.Generator) -> None:
    waveform = rng.normal(0, 0.2, 5 * SAMPLE_RATE).astype(np.float32)
    rows = VoiceTeacher(weights).listen(waveform, 0.75)
    assert rows.shape == (7, 256)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    leveled = waveform * 10 ** (-30 / 20) / np.sqrt(np.mean(waveform**2))
    mel = librosa.feature.melspectrogram(
        y=leveled, sr=16_000, n_fft=400, hop_length=160, n_mels=40
    ).T
    state = torch.load(weights, weights_only=True)["model_state"]
    lstm, linear = torch.nn.LSTM(40, 256, 3, batch_first=True), torch.nn.Linear(256, 256)
    lstm.load_state_dict({k[5:]: v for k, v in state.items() if k.startswith("lstm.")})
    linear.load_state_dict({k[7:]: v for k, v in state.items() if k.startswith("linear.")})
    for row in (2, 4):
        window = torch.from_numpy(mel[row * 75 - 80 : row * 75 + 80])[None]
        with torch.no_grad():
            last = torch.relu(linear(lstm(window)[1][0][-1]))[0].numpy()
        np.testing.assert_allclose(rows[row], last / np.linalg.norm(last), atol=1e-4)


def test_times_do_not_drift(weights: Path) -> None:
    waveform = np.zeros(60 * SAMPLE_RATE, np.float32)
    assert len(VoiceTeacher(weights).listen(waveform, 0.647)) == 93  # 60.01 s / 0.647 s


def test_silence_and_a_moment_are_no_error(weights: Path) -> None:
    rows = VoiceTeacher(weights).listen(np.zeros(500, np.float32), 0.75)
    assert rows.shape == (1, 256)
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("content", [b"no weights", None])
def test_another_file_is_one_sentence(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "other.pt"
    if content is None:
        torch.save({"model_state": {"conv": torch.ones(2)}}, file)
    else:
        file.write_bytes(content)
    with pytest.raises(VocalExplorerError, match=r"other\.pt does not hold the weights"):
        VoiceTeacher(file)

"""The separator's mixer and loop on toy signals."""

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from voices import clip, noises, recording, tones

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.embedded.mask_unet import MaskUNet, MaskUNetConfig
from vocal_explorer.separation.embedded.separator import EmbeddedSeparator
from vocal_explorer.separation.separator import separate
from vocal_explorer.training.banks.audio_bank import Clip
from vocal_explorer.training.runs.jobs import train
from vocal_explorer.training.runs.separator import (
    FLOOR,
    SeparatorData,
    SeparatorTraining,
    masked_error,
    train_separator,
)
from vocal_explorer.training.sampling.stem_mixer import StemMixer

N_SAMPLES = 16_384
TINY = MaskUNetConfig(n_fft=512, hop_length=128, n_bins=128, channels=(4, 4))


def stereo(mono: Clip) -> Clip:
    return Clip(mono.recording, np.repeat(mono.samples, 2, axis=0))


def test_pairs_are_stereo_and_never_clip(rng: np.random.Generator) -> None:
    mixer = StemMixer([stereo(c) for c in tones(3, 2)], [stereo(c) for c in noises(rng)], N_SAMPLES)
    for _ in range(40):
        vocals, music = mixer.pair(rng)
        assert vocals.shape == music.shape == (2, N_SAMPLES)
        assert vocals.dtype == music.dtype == np.float32
        assert np.abs(vocals + music).max() <= 1.0 + 1e-5


def test_stems_of_one_song_stay_together(rng: np.random.Generator) -> None:
    sound = rng.normal(0, 0.1, 6 * 22_050)
    voice = stereo(clip(recording("song/vocals.wav", "a"), sound))
    band = stereo(clip(recording("song/accompaniment.wav", "a", "accompaniment"), sound))
    mixer = StemMixer([voice], [band], N_SAMPLES)
    aligned = 0
    for _ in range(60):
        vocals, music = mixer.pair(rng)
        if vocals.any() and music.any():
            aligned += bool(np.corrcoef(vocals[0], music[0])[0, 1] > 0.5)
    assert 10 < aligned < 50


def test_the_error_falls_from_all_of_the_mix_to_the_floor() -> None:
    class Open(MaskUNet):
        def forward(self, views: torch.Tensor) -> torch.Tensor:
            return torch.ones_like(views[:, :2])

    network = Open(TINY)
    vocals = torch.rand(2, 2, 4096) - 0.5
    silence = torch.zeros_like(vocals)
    assert masked_error(network, vocals, silence).item() == pytest.approx(np.log(FLOOR), abs=1e-3)
    assert masked_error(network, silence, vocals).item() == pytest.approx(0, abs=1e-2)
    half_heard = masked_error(network, vocals, vocals).item()
    assert half_heard == pytest.approx(np.log(0.5), abs=0.02)


def dataset(folder: Path, rng: np.random.Generator) -> Path:
    rows = []
    for c in [*tones(2, 1), *noises(rng)]:
        file = folder / c.recording.path
        file.parent.mkdir(parents=True, exist_ok=True)
        write_audio(file, c.slice(0, c.n_samples), 22_050)
        entry = c.recording
        rows.append([entry.path, entry.singer, entry.domain, entry.source, "none", 6])
    with (folder / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "singer", "domain", "source", "licence", "seconds"])
        writer.writerows(rows)
    return folder


def test_training_writes_weights_that_separate(tmp_path: Path, rng: np.random.Generator) -> None:
    data = dataset(tmp_path / "data", rng)
    losses: list[str] = []
    training = SeparatorTraining(steps=3, batch_size=2, n_frames=64, report_every=1, save_every=2)
    train_separator(
        SeparatorData(data),
        tmp_path / "out",
        training,
        seed=1,
        progress=Progress(lambda _, message: losses.append(message)),
    )
    assert sum("loss" in line for line in losses) == 3
    mix = rng.normal(0, 0.1, (2, 50_000)).astype(np.float32)
    stems = separate(EmbeddedSeparator(tmp_path / "out"), mix, 44_100, Progress())
    assert np.isfinite(stems.vocals).all()


def test_training_can_go_on(tmp_path: Path, rng: np.random.Generator) -> None:
    data = dataset(tmp_path / "data", rng)
    steps: list[str] = []
    for count, resume in ((2, False), (4, True)):
        train_separator(
            SeparatorData(data),
            tmp_path / "out",
            SeparatorTraining(steps=count, batch_size=1, n_frames=64, report_every=1, save_every=2),
            resume=resume,
            progress=Progress(lambda _, m: steps.append(m.split(",")[0]) if "loss" in m else None),
        )
    assert steps == ["step 0", "step 1", "step 2", "step 3"]


def test_training_can_begin_with_other_weights(tmp_path: Path, rng: np.random.Generator) -> None:
    data = SeparatorData(dataset(tmp_path / "data", rng))
    first, second = tmp_path / "first", tmp_path / "second"
    nothing = SeparatorTraining(steps=0)
    train_separator(data, first, nothing, seed=1, progress=Progress())
    train_separator(data, second, nothing, seed=2, start=first, progress=Progress())
    files = [(folder / "weights.safetensors").read_bytes() for folder in (first, second)]
    assert files[0] == files[1]


def test_an_unknown_scheme_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match="There is no scheme"):
        train("magic", tmp_path, tmp_path, progress=Progress())


def test_a_folder_without_manifest_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(VocalExplorerError, match=r"no manifest\.csv"):
        train("separator", tmp_path, tmp_path / "out", progress=Progress())

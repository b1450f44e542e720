"""Training an encoder pair from a folder of songs, from the first song to the weights."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from cli_fakes import command_line, document

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import AudioFileError, VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Waveform
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.manifest import is_validation
from vocal_explorer.datasets.signals import Signals
from vocal_explorer.encoders.checkpoint import load_pair, save_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.encoders.model_id import model_scheme
from vocal_explorer.training.banks import voice_bank
from vocal_explorer.training.fitting.parallel_encoders import choose_device
from vocal_explorer.training.presets import CROSS, PAPER, PEOPLE, PRESETS, SMALL
from vocal_explorer.training.runs import back_ends, jobs
from vocal_explorer.training.runs import pairs as pair_jobs
from vocal_explorer.training.runs.back_ends import fit_to_voices
from vocal_explorer.training.runs.pairs import LeftOut, PairRun, train_on_songs
from vocal_explorer.training.sampling.batches import Batch

RATE = 22_050


class Songs:
    """Noise under a voice, without voice, or damaged, as the file's name says."""

    key = "noise"

    def load(self, track: LabelledTrack, progress: Progress) -> Signals:
        assert track.vocals is None
        if "damaged" in track.name:
            raise AudioFileError(track.path, "it is damaged")
        sound = np.random.default_rng(len(track.name)).normal(0, 0.1, (2, 8 * RATE))
        mix = sound.astype(np.float32)
        return Signals(mix, mix * (0.01 if "karaoke" in track.name else 0.9), RATE)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    for singer in ("Ada", "Bo"):
        for song in ("one", "two", "three", "four", "karaoke", "damaged"):
            place = tmp_path / "music" / singer / song
            place.mkdir(parents=True)
            (place / "mix.wav").write_bytes(b"sound")
            (place / "vocals.wav").write_bytes(b"clean vocals, which are not used")
    return tmp_path / "music"


def run_on(music: Path, out: Path, **changes: object) -> LeftOut:
    run = replace(PairRun("cross", out, "tiny", device="cpu"), **changes)  # type: ignore[arg-type]
    return train_on_songs(run, music, Songs(), out.parent / "cache", Progress())


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(back_ends, "VOICE_BATCHES", 2)
    monkeypatch.setattr(back_ends, "TEACHER_BATCHES", 2)
    monkeypatch.setattr(voice_bank, "N_BANDS", 1)
    monkeypatch.setattr(voice_bank, "BAND_SECONDS", 4.0)
    size = {"n_triplets": 2, "n_negatives": 1, "batches_per_epoch": 1, "epochs": 1}
    tiny = replace(SMALL, n_singers=2, **size)
    monkeypatch.setitem(PRESETS, "tiny", tiny)
    monkeypatch.setattr("vocal_explorer.training.fitting.loop.VALIDATION_BATCHES", 1)


def test_from_songs_to_weights(music: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    left_out = run_on(music, out, seed=3)
    for named, songs in ((left_out.instrumentals, "karaoke"), (left_out.failures, "damaged")):
        assert [failure.path.parent.name for failure in named] == [songs, songs]
    assert model_scheme(out) == "cross"
    assert len(json.loads((out / "history.json").read_text())["validation"]) == 1
    run_on(music, out, seed=3, resume=True)
    run_on(music, tmp_path / "more", seed=4, start=out)
    assert front_ends(tmp_path / "more") == front_ends(out)
    for file in (music / "Ada" / "one").iterdir():
        file.unlink()
    with pytest.raises(VocalExplorerError, match="another data"):
        run_on(music, out, seed=3, resume=True)


def front_ends(folder: Path) -> list[float]:
    """Return mean and deviation of both domains."""
    pair = load_pair(folder)
    mels = (pair.vocal_encoder.mel, pair.mix_encoder.mel)
    return [float(value) for mel in mels for value in (mel.mean, mel.std)]


def test_the_papers_preset_draws_triplets_of_their_own(
    music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = []
    inner = pair_jobs.SongSampler.triplets

    def triplets(sampler: pair_jobs.SongSampler, *arguments: object) -> object:
        batch = inner(sampler, *arguments)  # type: ignore[arg-type]
        shapes.append(batch.mix.shape[0])
        return batch

    paper = replace(PAPER, n_triplets=2, batches_per_epoch=1, epochs=1)
    monkeypatch.setitem(PRESETS, "paper", paper)
    monkeypatch.setattr(pair_jobs, "PAPER", paper)
    monkeypatch.setattr(pair_jobs.SongSampler, "triplets", triplets)
    run_on(music, tmp_path / "out", preset="paper", seed=3)
    assert set(shapes) == {2 * (2 + 4)}


def test_a_device_that_is_not_there_is_one_sentence() -> None:
    assert choose_device("cpu").type == "cpu"
    with pytest.raises(VocalExplorerError, match="no device 'nosuch'"):
        choose_device("nosuch")


def test_the_command_hands_everything_on_and_names_what_was_left_out(
    music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: dict[str, object] = {}
    quiet, broken = (Failure(music / name, "why") for name in ("quiet", "broken"))

    def train(*positional: object, **named: object) -> LeftOut:
        asked.update(named, positional=positional)
        return LeftOut((quiet,), (broken,))

    monkeypatch.setattr(jobs, "train", train)
    out = tmp_path / "out"
    chosen = ["--preset", "paper", "--device", "cpu", "--separator", "embedded", "--cache", out]
    assert command_line("train", "CROSS", "--data", music, "--out", out, *chosen, "--json") == 1
    said = document(capsys)
    assert asked["positional"] == ("cross", music, out)
    assert (asked["device"], asked["separator"], asked["cache"]) == ("cpu", "embedded", out)
    assert said["instrumental"] == [{"path": str(music / "quiet"), "reason": "why"}]
    assert said["failed"] == [{"path": str(music / "broken"), "reason": "why"}]


def manifest(data: Path) -> None:
    """Write noise of four singers and two composers, half of them for validation."""
    rows = ["path,singer,domain,source,licence,seconds"]
    parts: dict[bool, list[str]] = {True: [], False: []}
    for name in (f"singer{i}" for i in range(99)):
        parts[is_validation(name)].append(name)
    for names in parts.values():
        for number, name in enumerate(names[:3]):
            domain = "vocals" if number < 2 else "accompaniment"
            path = data / name / "sound.wav"
            path.parent.mkdir(parents=True)
            soundfile.write(path, np.random.default_rng(number).normal(0, 0.1, 4 * RATE), RATE)
            rows.append(f"{name}/sound.wav,{name},{domain},toy,none,4")
    (data / "manifest.csv").write_text("\n".join(rows))


class Teacher:
    """Hears the same in every window."""

    version = "toy"
    sample_rate = 16_000

    def __init__(self, _file: Path) -> None:
        pass

    def listen(self, waveform: Waveform, seconds: float) -> Embedding:
        rows = np.tile(waveform[:256], (4, 1))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_upper_layers_learn_above_frozen_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest(tmp_path / "data")
    monkeypatch.setattr(pair_jobs, "VoiceTeacher", Teacher)
    tiny = {"n_singers": 2, "batches_per_epoch": 2, "epochs": 1, "kept": 2, "frozen": 5}
    tiny |= {"learning_rate": 0.1, "averaging": 0.0}  # half precision must show the change
    monkeypatch.setitem(PRESETS, "tiny", replace(PEOPLE, **tiny))
    start, out, cache = (tmp_path / name for name in ("start", "out", "cache"))
    save_pair(EncoderPair(MelConfig()), start, "cross-sp")

    def train(**options: object) -> None:
        jobs.train(
            "cross-sp", tmp_path / "data", out, preset="tiny", device="cpu",
            teacher=tmp_path / "manifest.csv", cache=cache, progress=Progress(), **options,
        )  # fmt: skip

    with pytest.raises(VocalExplorerError, match="--start"):
        train()
    train(start=start)
    before, after = (dict(load_pair(folder).named_parameters()) for folder in (start, out))
    frozen = {name for name in before if ".layers." in name and int(name.split(".")[3]) < 20}
    assert len(frozen) == 2 * 5 * 3
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert same == frozen
    assert any((cache / "voices").iterdir())


def test_a_manifest_is_trained_on_by_singer(tmp_path: Path) -> None:
    manifest(tmp_path / "data")
    data, out = tmp_path / "data", tmp_path / "out"
    left_out = jobs.train("mixed", data, out, preset="tiny", device="cpu", progress=Progress())
    assert left_out == LeftOut()
    assert model_scheme(out) == "mixed"
    assert any((out / "bank").iterdir())


def test_a_pair_of_known_voices_is_fitted_to_them(tmp_path: Path) -> None:
    save_pair(EncoderPair(MelConfig()), tmp_path, "cross")
    before = load_pair(tmp_path)

    def draw(rng: np.random.Generator) -> Batch:
        vocals, mix = torch.from_numpy(rng.uniform(0, 2, (2, 4, 128, 129)).astype(np.float32))
        identities = torch.tensor([0, 0, 1, 1])
        return Batch(vocals, mix, identities.numpy(), identities=identities)

    fit_to_voices(tmp_path, CROSS, draw, 0, Progress())
    after = load_pair(tmp_path)
    for name, tensor in after.state_dict().items():
        changes = name.endswith(("back_end.centre", "back_end.whitening"))
        assert torch.equal(tensor, before.state_dict()[name]) != changes, name
    first, second = (after.encoder(domain).back_end for domain in Domain)
    assert torch.equal(first.whitening, second.whitening)
    assert not torch.equal(first.centre, second.centre)
    assert model_scheme(tmp_path) == "cross"

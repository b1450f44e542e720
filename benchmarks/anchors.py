"""How well encoder pairs and simpler descriptions tell the validation singers apart.

    python benchmarks/anchors.py DATA models/cross-sp models/mixed --ge2e FILE --msd FILE

DATA is a folder with a manifest. Validation singers are few, so each counts as three: as
recorded, and with all frequencies lower and higher. Excerpts of 9 s are the tracks, mixed at
0 dB with accompaniments of the validation part; each is once the query among the singers of
its source, left out of its own singer's model. The files are Resemblyzer's pretrained.pt and
model_siamese_10000.h5 of jongpillee/ismir2018-artist.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import librosa
import numpy as np
import scipy.signal
from msd_artist import MsdArtist

from vocal_explorer.analysis.embedder import load_embedder
from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Waveform
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.manifest import (
    Recording,
    kept_singers,
    load_manifest,
    split_for_training,
)
from vocal_explorer.evaluation.embeddings import EmbeddedDataset
from vocal_explorer.evaluation.tasks.leave_one_out import MEAN, accuracy_table, leave_one_out
from vocal_explorer.training.banks.voice_teacher import SAMPLE_RATE, VoiceTeacher

RATE = 22_050  # Hz
SECONDS = 9
N_EXCERPTS = 8  # of a singer
SPEEDS = {"low": (10, 9), "as recorded": (1, 1), "high": (10, 11)}  # times as long
QUIET = 0.3  # excerpts under this share of their recording's level are left out
N_COEFFICIENTS = 20


@dataclass(frozen=True)
class Excerpt:
    singer: str
    source: str
    vocals: Waveform  # (n_samples,)
    mix: Waveform


def excerpts(data: Path, seed: int) -> Iterator[Excerpt]:
    _, validation = split_for_training(load_manifest(data), kept_singers(data))
    music = [_read(r) for r in validation if r.domain == "accompaniment"]
    singers: dict[tuple[str, str], list[Recording]] = defaultdict(list)
    for recording in validation:
        if recording.domain == "vocals":
            singers[recording.source, recording.singer].append(recording)
    rng = np.random.default_rng(seed)
    for (source, singer), recordings in sorted(singers.items()):
        pieces = [piece for recording in recordings for piece in _pieces(_read(recording))]
        for index in rng.permutation(len(pieces))[:N_EXCERPTS]:
            for name, (up, down) in SPEEDS.items():
                vocals = scipy.signal.resample_poly(pieces[index], up, down).astype(np.float32)
                other = music[int(rng.integers(len(music)))]
                start = int(rng.integers(max(1, len(other) - len(vocals))))
                playing = np.resize(other[start : start + len(vocals)], len(vocals))
                gain = _rms(vocals) / max(_rms(playing), 1e-6)
                yield Excerpt(f"{singer}, {name}", source, vocals, vocals + gain * playing)


def _read(recording: Recording) -> Waveform:
    waveform: Waveform = read_audio(recording.path, RATE, 1)[0][0]
    return waveform


def _pieces(waveform: Waveform) -> list[Waveform]:
    length = SECONDS * RATE
    cut = [waveform[s : s + length] for s in range(0, max(1, len(waveform) - length // 2), length)]
    return [p for p in cut if len(p) > length // 3 and _rms(p) > QUIET * _rms(waveform)]


def _rms(waveform: Waveform) -> float:
    return float(np.sqrt(np.mean(np.square(waveform))))


def by_pair(folder: Path, found: list[Excerpt]) -> tuple[np.ndarray, np.ndarray]:
    embedder = load_embedder(folder)
    rows = [embedder.embed(e.mix[None], e.vocals[None], RATE, Progress()) for e in found]
    return tuple(np.stack([row[d] for row in rows]) for d in (Domain.VOCALS, Domain.MIX))


def by_ge2e(file: Path, found: list[Excerpt]) -> tuple[np.ndarray, np.ndarray]:
    teacher = VoiceTeacher(file)

    def mean(waveform: Waveform) -> np.ndarray:
        at_16k = librosa.resample(waveform, orig_sr=RATE, target_sr=SAMPLE_RATE)
        return teacher.listen(at_16k, 0.75).mean(axis=0)

    return np.stack([mean(e.vocals) for e in found]), np.stack([mean(e.mix) for e in found])


def by_msd_artist(file: Path, found: list[Excerpt]) -> tuple[np.ndarray, np.ndarray]:
    network = MsdArtist(file)
    return tuple(
        np.stack([network.listen(waveform) for waveform in waveforms])
        for waveforms in ([e.vocals for e in found], [e.mix for e in found])
    )


def by_mfcc(found: list[Excerpt]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and deviation over time, in units of their deviation over all excerpts."""

    def describe(waveform: Waveform) -> np.ndarray:
        mfcc = librosa.feature.mfcc(y=waveform, sr=RATE, n_mfcc=N_COEFFICIENTS + 1)[1:]
        return np.concatenate([mfcc.mean(axis=1), mfcc.std(axis=1)])

    vocals, mix = (np.stack([describe(getattr(e, k)) for e in found]) for k in ("vocals", "mix"))
    both = np.concatenate([vocals, mix])
    return tuple((rows - both.mean(axis=0)) / both.std(axis=0) for rows in (vocals, mix))


def scores(found: list[Excerpt], vocals: np.ndarray, mix: np.ndarray) -> dict[str, dict]:
    tracks = tuple(
        LabelledTrack(str(i), e.singer, Path(str(i)), group=e.source) for i, e in enumerate(found)
    )
    segments = tuple(
        {Domain.VOCALS: v[None], Domain.MIX: m[None]} for v, m in zip(vocals, mix, strict=True)
    )
    return accuracy_table(leave_one_out(EmbeddedDataset(tracks, segments)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--ge2e", type=Path)
    parser.add_argument("--msd", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    found = list(excerpts(asked.data, asked.seed))
    rows = {str(folder): by_pair(folder, found) for folder in asked.pairs}
    if asked.ge2e:
        rows["GE2E"] = by_ge2e(asked.ge2e, found)
    if asked.msd:
        rows["MSD artist"] = by_msd_artist(asked.msd, found)
    rows["MFCC"] = by_mfcc(found)
    for name, (vocals, mix) in rows.items():
        table = scores(found, vocals, mix)
        print(json.dumps({"model": name, "excerpts": len(found), "top-1": table}))
        print(f"{name:24}", *(f"{key} {value:.3f} " for key, value in table[MEAN].items()))


if __name__ == "__main__":
    main()

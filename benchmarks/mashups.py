"""Renders the best matches of real songs and measures whether they fit.

    python benchmarks/mashups.py DATA WORK [--top 2] [--paper]

DATA holds songs/ (mixes) and stems/<song>/{vocals,accompaniment}.opus, of which mixes are
made. They are scanned into a library in WORK and separated as a user's songs would be; each
song's vocals are rendered over its best accompaniments. Of every mashup is measured, on the
rendered sound:

- beats: the vocals' own accompaniment is warped as the vocals are; beats are found in its sound
  and in that of the new accompaniment (features.beats): F-measure of the one's against the
  other's (mir_eval, 70 ms), and how far apart the nearest ones are (median of those within it);
- key clash: the share of the vocals' chroma outside the seven notes that the accompaniment
  uses most, without transposition and with it;
- loudness of the mashup (LUFS), its true peak (dBTP), and the vocals' level over the
  accompaniment's (LU) while somebody sings.
"""

import argparse
import warnings
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import librosa
import mir_eval
import numpy as np

from vocal_explorer.audio.files import read_audio, resample, write_audio
from vocal_explorer.audio.stretch import Warp
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.records.mashups import (
    PAPER_WEIGHTS,
    Alignment,
    Fit,
    Mashup,
    Match,
    MatchWeights,
)
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.features.music.beats import find_beats
from vocal_explorer.features.music.loudness import loudness
from vocal_explorer.features.music.onsets import SAMPLE_RATE, ChromaListener, OnsetListener
from vocal_explorer.mashups.mixdown import true_peak
from vocal_explorer.mashups.settings import alignment_of
from vocal_explorer.session import Session

RATE = 22_050  # Hz
WINDOW = 0.07  # s; mir_eval's
N_NOTES = 7


@dataclass(frozen=True)
class Measured:
    beats: float
    apart: float
    clash: float
    clash_before: float
    level: float
    peak: float
    balance: float


def mixes_of_stems(data: Path, work: Path) -> Path:
    """Return a folder with a mix for each song whose stems are there."""
    folder = work / "music" / "Stems"
    for stems in sorted((data / "stems").iterdir()):
        place = folder / f"{stems.name}.flac"
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            vocals, accompaniment = (
                read_audio(stems / f"{part}.opus", STEM_SAMPLE_RATE, 2)[0]
                for part in ("vocals", "accompaniment")
            )
            n_samples = min(vocals.shape[1], accompaniment.shape[1])
            mix = vocals[:, :n_samples] + accompaniment[:, :n_samples]
            write_audio(place, mix / max(1.0, float(np.abs(mix).max())), STEM_SAMPLE_RATE)
    return folder


def measure(session: Session, vocals: Track, mashup: Mashup) -> Measured:
    alignment = alignment_of(dict(mashup.settings))
    own = warped(session.sounds.part(vocals.track_id, Stem.ACCOMPANIMENT)[0], alignment)
    sung, played = mashup.stems.vocals, mashup.stems.accompaniment
    beats, apart = beat_agreement(own, played)
    levels = loudness(sung, mashup.sample_rate), loudness(played, mashup.sample_rate)
    raw = session.sounds.part(vocals.track_id, Stem.VOCALS)[0]
    unmoved = session.sounds.part(
        str(mashup.settings["accompaniment_track_id"]), Stem.ACCOMPANIMENT
    )[0]
    return Measured(
        beats,
        apart,
        clash(chroma(sung), chroma(played)),
        clash(chroma(raw), chroma(unmoved)),
        loudness(mashup.waveform, mashup.sample_rate),
        20 * float(np.log10(true_peak(mashup.waveform))),
        levels[0] - levels[1],
    )


def warped(own_accompaniment: Waveform, alignment: Alignment) -> Waveform:
    """Return the vocals' own accompaniment, changed as the vocals are."""

    def read(first: int, last: int) -> Waveform:
        padded = np.zeros((2, last - first), np.float32)
        begin, end = (min(max(s, 0), own_accompaniment.shape[1]) for s in (first, last))
        padded[:, begin - first : end - first] = own_accompaniment[:, begin:end]
        return padded

    warp = Warp(read, alignment.anchors[:, :2], 0.0, STEM_SAMPLE_RATE)
    return warp.render(0, round(alignment.seconds * STEM_SAMPLE_RATE))


def beat_agreement(own: Waveform, other: Waveform) -> tuple[float, float]:
    """Return the F-measure of beats against beats, and the median distance of near ones in s."""
    first, second = beats_of(own), beats_of(other)
    if not len(first) or not len(second):
        return float("nan"), float("nan")
    distances = np.abs(first[:, None] - second).min(axis=1)
    near = distances[distances <= WINDOW]
    return (
        float(mir_eval.beat.f_measure(first, second, f_measure_threshold=WINDOW)),
        float(np.median(near)) if len(near) else float("nan"),
    )


def beats_of(waveform: Waveform) -> np.ndarray:
    mono = resample(waveform.mean(axis=0, keepdims=True), STEM_SAMPLE_RATE, SAMPLE_RATE)[0]
    onsets, chords = OnsetListener(), ChromaListener()
    onsets.add(mono)
    chords.add(mono)
    return find_beats(onsets.onsets(), chords.chroma(), np.zeros(0)).times


def chroma(waveform: Waveform) -> np.ndarray:
    mono = resample(waveform.mean(axis=0, keepdims=True), STEM_SAMPLE_RATE, RATE)[0]
    energy = (
        librosa.feature.chroma_cqt(y=mono, sr=RATE, tuning=0.0)
        * librosa.feature.rms(y=mono, hop_length=512)[:, : 1 + len(mono) // 512]
    )
    total = energy.sum(axis=1)
    return np.asarray(total / total.sum())


def clash(sung: np.ndarray, played: np.ndarray) -> float:
    """Return the share of the vocals' chroma outside the accompaniment's seven strongest notes."""
    return float(1 - sung[np.argsort(-played)[:N_NOTES]].sum())


def line(vocals: Track, found: Match, alignment: Alignment, m: Measured) -> str:
    parts = found.parts
    stretch = "" if parts.stretch is None else f"{100 * (parts.stretch - 1):+.1f} %"
    moved = f"{alignment.vocals_semitones:+.0f} / {alignment.accompaniment_semitones:+.0f}"
    return (
        f"| {vocals.title} | {found.track.title} | {found.score:.2f} | {stretch} | {moved} "
        f"| {m.beats:.2f} | {1000 * m.apart:.0f} | {m.clash_before:.2f} | {m.clash:.2f} "
        f"| {m.level:.1f} | {m.peak:.1f} | {m.balance:+.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--top", type=int, default=2)
    parser.add_argument("--paper", action="store_true", help="rank by similarity alone")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")  # librosa warns of silent stretches
    weights = PAPER_WEIGHTS if asked.paper else MatchWeights()
    print(
        "| vocals | over | score | stretch | semitones | beats F | apart ms | clash before "
        "| clash | LUFS | dBTP | vocals over band LU |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    rows = []
    with closing(Session(asked.work / "library")) as session:
        session.scans.run([asked.data / "songs", mixes_of_stems(asked.data, asked.work)])
        for vocals in session.library.tracks():
            if vocals.instrumental:
                continue
            for found in session.mashups.rank(vocals.track_id, asked.top, weights=weights):
                mashup = session.mashups.render(vocals.track_id, found.track.track_id, Fit())
                rows.append(measure(session, vocals, mashup))
                alignment = alignment_of(dict(mashup.settings))
                print(line(vocals, found, alignment, rows[-1]), flush=True)
    means = {name: np.nanmean([getattr(row, name) for row in rows]) for name in vars(rows[0])}
    print(", ".join(f"mean {name} {value:.3f}" for name, value in means.items()))


if __name__ == "__main__":
    main()

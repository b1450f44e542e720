"""How well beats, bars and keys are found: on synthetic songs, and on real ones.

    python benchmarks/music_analysis.py [--songs 40] [--data DATA]

Synthetic songs (30 s) have a known truth; they are heard once by their true stems and once by
those that the embedded separator makes of their mix. librosa's beat_track of the accompaniment
is the reference. Scores are mir_eval's: F-measure of beats and of downbeats (70 ms, from 5 s
on), tempo within 4 % (accuracy 1), also of half or double of it (accuracy 2), weighted key score.

DATA holds songs/ and stems/<song>/{vocals,accompaniment}.opus. They have no annotation: tempo and
key of the whole song are shown beside those of its halves. Speed is seconds of audio per second,
and as a share of what decoding the file takes.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import librosa
import mir_eval
import numpy as np

from vocal_explorer.analysis.music_listener import MusicListener
from vocal_explorer.audio.files import read_audio, resample
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stems
from vocal_explorer.features.music.onsets import SAMPLE_RATE
from vocal_explorer.separation.separator import load_separator, separate
from vocal_explorer.synthesis.songs import SyntheticSong, synthetic_song

SECONDS = 30.0  # of each synthetic song
FROM = 5.0  # s; mir_eval leaves out what is before
TOLERANCE = 0.04  # of the tempo
PIECE = 10 * STEM_SAMPLE_RATE  # samples


def listen(stems: Stems) -> Music:
    listener = MusicListener(stems.sample_rate)
    for start in range(0, stems.vocals.shape[1], PIECE):
        part = slice(start, start + PIECE)
        listener.hear(Stems(stems.vocals[:, part], stems.accompaniment[:, part], stems.sample_rate))
    return listener.music()


def scores(song: SyntheticSong, music: Music) -> tuple[float, ...]:
    bars = music.beats[music.downbeats]
    return (*beat_scores(song, music.beats, music.tempo),
            mir_eval.beat.f_measure(late(song.beats[::4]), late(bars)),
            mir_eval.key.weighted_score(
                ascii_name(song.key), ascii_name(music.key.name) if music.key else "other"
            ))  # fmt: skip


def beat_scores(song: SyntheticSong, beats: np.ndarray, tempo: float) -> tuple[float, ...]:
    distances = np.abs(beats[:, None] - song.beats).min(axis=0) if len(beats) else np.array([9.0])
    ratio = tempo / song.tempo
    return (
        mir_eval.beat.f_measure(late(song.beats), late(beats)),
        float(np.mean(distances <= 0.02)),
        float(abs(ratio - 1) < TOLERANCE),
        float(any(abs(ratio * factor - 1) < TOLERANCE for factor in (0.5, 1, 2))),
    )


def late(times: np.ndarray) -> np.ndarray:
    return times[times >= FROM]


def ascii_name(key: str) -> str:
    return key.replace("♭", "b").replace("♯", "#")


def plain(song: SyntheticSong) -> tuple[float, ...]:
    """Return what librosa finds without any refinement; it knows no bars and keys."""
    mono = song.accompaniment.mean(axis=0, keepdims=True)
    mono = resample(mono, song.sample_rate, SAMPLE_RATE)[0]
    tempo, beats = librosa.beat.beat_track(y=mono, sr=SAMPLE_RATE, units="time")
    return (*beat_scores(song, np.asarray(beats), float(np.ravel(tempo)[0])), np.nan, np.nan)


def synthetic_table(n_songs: int) -> None:
    separator = load_separator("embedded")
    rows: dict[str, list[tuple[float, ...]]] = {"true stems": [], "separated": [], "librosa": []}
    for singer in range(n_songs):
        song = synthetic_song(singer, 0, seconds=SECONDS, seed=78)
        true = Stems(song.vocals, song.accompaniment, song.sample_rate)
        rows["true stems"].append(scores(song, listen(true)))
        made = separate(separator, song.mix, song.sample_rate, Progress())
        rows["separated"].append(scores(song, listen(made)))
        rows["librosa"].append(plain(song))
    print("| heard | beats F | within 20 ms | tempo 1 | tempo 2 | downbeats F | key |")
    print("|---|---|---|---|---|---|---|")
    for name, found in rows.items():
        said = " | ".join("-" if np.isnan(m) else f"{m:.3f}" for m in np.mean(found, axis=0))
        print(f"| {name} | {said} |")


def real_songs(data: Path) -> Iterator[tuple[str, Stems, float]]:
    """Yield names, stems, and how long decoding the files took."""
    for folder in sorted((data / "stems").iterdir()):
        began = time.perf_counter()
        vocals, accompaniment = (
            read_audio(folder / f"{part}.opus", STEM_SAMPLE_RATE, 2)[0]
            for part in ("vocals", "accompaniment")
        )
        decoding = time.perf_counter() - began
        n_samples = min(vocals.shape[1], accompaniment.shape[1])
        both = (vocals[:, :n_samples], accompaniment[:, :n_samples])
        yield folder.name, Stems(*both, STEM_SAMPLE_RATE), decoding
    separator = load_separator("embedded")
    for path in sorted((data / "songs").rglob("*.*")):
        began = time.perf_counter()
        mix = read_audio(path, STEM_SAMPLE_RATE, 2)[0]
        decoding = time.perf_counter() - began
        yield path.stem, separate(separator, mix, STEM_SAMPLE_RATE, Progress()), decoding


def half(stems: Stems, number: int) -> Stems:
    middle = stems.vocals.shape[1] // 2
    part = slice(0, middle) if number == 0 else slice(middle, None)
    return Stems(stems.vocals[:, part], stems.accompaniment[:, part], stems.sample_rate)


def real_table(data: Path) -> None:
    print("| song | BPM | halves | steady | key | halves | phrases | x real time | x decoding |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, stems, decoding in real_songs(data):
        began = time.perf_counter()
        music = listen(stems)
        took = time.perf_counter() - began
        halves = [listen(half(stems, number)) for number in (0, 1)]
        tempi = ", ".join(f"{part.tempo:.1f}" for part in halves)
        keys = ", ".join(part.key.name if part.key else "-" for part in halves)
        key = f"{music.key.name} ({music.key.confidence:.2f})" if music.key else "-"
        print(
            f"| {name} | {music.tempo:.1f} | {tempi} | {music.stability:.2f} | {key} | {keys} "
            f"| {len(music.phrases)} | {music.seconds / took:.0f} | {took / decoding:.1f} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=40)
    parser.add_argument("--data", type=Path)
    asked = parser.parse_args()
    synthetic_table(asked.songs)
    if asked.data:
        print()
        real_table(asked.data)


if __name__ == "__main__":
    main()

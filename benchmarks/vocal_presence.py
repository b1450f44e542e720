"""How often the vocal-presence estimate calls a song instrumental, or an instrumental a song.

    python benchmarks/vocal_presence.py --data DIR [--separator NAME]

Excerpts of 36 s of DIR's recordings and of synthetic songs are separated. A song counts
only if its true vocals, where they are known, are present in that excerpt.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.base.records.tracks import INSTRUMENTAL_BELOW
from vocal_explorer.features.segments import rms
from vocal_explorer.features.vocal_activity import Levels, vocal_presence
from vocal_explorer.separation.separator import load_separator, separate
from vocal_explorer.synthesis.songs import synthetic_song

SECONDS = 36
WINDOW = round(1.5 * STEM_SAMPLE_RATE)  # samples
SONGS_A_SINGER = 2
N_SYNTHETIC = 8
UNDER_ACCOMPANIMENT = 10 ** (6 / 20)  # how much louder the accompaniment is than added vocals
TRULY_SUNG = 0.15  # of an excerpt, at least
OTHER_THRESHOLDS = (0.05, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25)


@dataclass(frozen=True)
class Excerpt:
    """A mix, and its true vocals where they are known."""

    kind: str
    name: str
    mix: Waveform
    vocals: Waveform | None = None

    @property
    def is_instrumental(self) -> bool:
        return self.kind.startswith("instrumental")


def excerpt(path: Path, share: float = 0.3) -> Waveform:
    """Return 36 s that begin after `share` of the file, (2, n_samples)."""
    waveform = read_audio(path, STEM_SAMPLE_RATE, 2)[0]
    length = SECONDS * STEM_SAMPLE_RATE
    start = max(0, min(int(share * waveform.shape[1]), waveform.shape[1] - length))
    return waveform[:, start : start + length]


def levels(waveform: Waveform) -> Levels:
    """Return the level of each window of 1.5 s, in mono as the library measures it."""
    mono = waveform.mean(axis=0)
    return rms(np.pad(mono, (0, -len(mono) % WINDOW)).reshape(-1, WINDOW))


def loops(data: Path) -> Iterator[Excerpt]:
    for path in sorted(data.glob("accompaniment/*/*")):
        for share in (0.0, 0.35, 0.7) if "instrumental" in path.stem else (0.3,):
            yield Excerpt("instrumental: loops, karaoke", path.stem, excerpt(path, share))


def pairs(kind: str, folders: list[Path]) -> Iterator[Excerpt]:
    for folder in folders:
        parts = [excerpt(folder / f"{part}.opus") for part in ("vocals", "accompaniment")]
        n_samples = min(part.shape[1] for part in parts)
        vocals, accompaniment = (part[:, :n_samples] for part in parts)
        name = f"{folder.parent.name}/{folder.name}"
        yield Excerpt(f"instrumental: {kind}", name, accompaniment)
        yield Excerpt(f"song: {kind}", name, vocals + accompaniment, vocals)


def isolated(data: Path) -> Iterator[Excerpt]:
    karaoke = excerpt(next(data.glob("accompaniment/*/*instrumental*")))
    files = (sorted(folder.iterdir())[0] for folder in sorted(data.glob("vocals/dsd_*"))[::2])
    for path in files:
        vocals = excerpt(path)
        below = karaoke[:, : vocals.shape[1]]
        gain = UNDER_ACCOMPANIMENT * float(rms(vocals.ravel()) / rms(below.ravel()))
        yield Excerpt("song: vocals alone", path.stem, vocals, vocals)
        mix = vocals[:, : below.shape[1]] + np.float32(gain) * below
        yield Excerpt("song: vocals 6 dB under karaoke", path.stem, mix, vocals)


def released(data: Path) -> Iterator[Excerpt]:
    for path in sorted(data.glob("songs/*/*")):
        for share in (0.2, 0.6):
            yield Excerpt("song: released", f"{path.stem} at {share:.0%}", excerpt(path, share))


def synthetic() -> Iterator[Excerpt]:
    for number in range(N_SYNTHETIC):
        song = synthetic_song(number, number, seconds=float(SECONDS))
        yield Excerpt("instrumental: synthetic", str(number), song.accompaniment)
        yield Excerpt("song: synthetic", str(number), song.mix, song.vocals)


def excerpts(data: Path) -> Iterator[Excerpt]:
    singers = sorted((data / "mir1k").iterdir())
    karaoke = [song for singer in singers for song in sorted(singer.iterdir())[:SONGS_A_SINGER]]
    yield from loops(data)
    yield from pairs("MIR-1K", karaoke)
    yield from pairs("stems", sorted((data / "stems").iterdir()))
    yield from isolated(data)
    yield from released(data)
    yield from synthetic()


def is_sung(item: Excerpt) -> bool:
    if item.vocals is None:
        return True
    n_samples = min(item.vocals.shape[1], item.mix.shape[1])
    true, mix = levels(item.vocals[:, :n_samples]), levels(item.mix[:, :n_samples])
    return vocal_presence(true, mix) >= TRULY_SUNG


def measure(data: Path, name: str) -> dict[str, list[tuple[float, str]]]:
    """Return presence and name of each excerpt, by kind."""
    separator = load_separator(name)
    found: dict[str, list[tuple[float, str]]] = {}
    for item in excerpts(data):
        if item.is_instrumental or is_sung(item):
            vocals = separate(separator, item.mix, STEM_SAMPLE_RATE, Progress()).vocals
            presence = vocal_presence(levels(vocals), levels(item.mix))
            found.setdefault(item.kind, []).append((presence, item.name))
    return found


def show(found: dict[str, list[tuple[float, str]]]) -> None:
    print(f"{'kind':32}     n  lowest  median  highest  wrong (threshold {INSTRUMENTAL_BELOW})")
    for kind, measured in sorted(found.items()):
        values = [presence for presence, _ in measured]
        instrumental = kind.startswith("instrumental")
        wrong = [name for p, name in measured if (p < INSTRUMENTAL_BELOW) != instrumental]
        summary = f"{min(values):8.2f}{np.median(values):8.2f}{max(values):9.2f}"
        print(f"{kind:32}{len(values):6}{summary}  {len(wrong)} {', '.join(wrong)}")
    sides: dict[bool, list[float]] = {True: [], False: []}
    for kind, measured in found.items():
        sides[kind.startswith("instrumental")] += [presence for presence, _ in measured]
    for threshold in OTHER_THRESHOLDS:
        heard = sum(p >= threshold for p in sides[True])
        missed = sum(p < threshold for p in sides[False])
        print(
            f"below {threshold:.2f}: {heard} of {len(sides[True])} instrumentals taken for songs, "
            f"{missed} of {len(sides[False])} songs for instrumentals"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--separator", default="embedded")
    arguments = parser.parse_args()
    show(measure(arguments.data, arguments.separator))

"""Stand-ins for the networks, and small music folders, for tests of the library."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import mutagen
import numpy as np

from vocal_explorer.analysis.track_listener import Heard
from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Stems, Waveform
from vocal_explorer.features.fingerprint import Fingerprinter
from vocal_explorer.features.pitch_range import pitch_range
from vocal_explorer.session import Session

RATE = 44_100


class FakeSeparator:
    """Takes what both channels share for the vocals; counts how often it is asked."""

    def __init__(self, version: str = "1", before: Callable[[int], None] = lambda _n: None):
        self.name = "fake"
        self.version = version
        self.calls = 0
        self._before = before

    def stream(
        self, mix: Iterable[Waveform], n_samples: int, progress: Progress
    ) -> Iterator[Stems]:
        self.calls += 1
        self._before(self.calls)
        progress.report(0.5)
        for piece in mix:
            vocals = np.repeat(piece.mean(axis=0, keepdims=True), 2, axis=0) / 2
            yield Stems(vocals, piece - vocals, RATE)
        progress.report(1.0)


class FakeEmbedder:
    """Describes sound by the energy in 16 frequency bands; counts how often it is asked."""

    n_dimensions = 16

    def __init__(self, model_id: str = "model-1") -> None:
        self.model_id = model_id
        self.calls = 0

    def listen(self, sample_rate: int) -> "FakeListener":
        return FakeListener(self, sample_rate)

    def embed(
        self, mix: Waveform, vocals: Waveform, sample_rate: int, progress: Progress
    ) -> dict[Domain, Embedding]:
        self.calls += 1
        return {
            Domain.VOCALS: self.embed_vocals(vocals, sample_rate, progress),
            Domain.MIX: self.embed_vocals(mix, sample_rate, progress),
        }

    def embed_vocals(self, vocals: Waveform, sample_rate: int, progress: Progress) -> Embedding:
        progress.report(0.5)
        spectrum = np.abs(np.fft.rfft(vocals.mean(axis=0), 2 * RATE))[: 16 * 100]
        bands = np.sqrt(spectrum.reshape(16, 100).sum(axis=1))
        return np.asarray(bands / np.linalg.norm(bands), dtype=np.float32)


class FakeListener:
    """Keeps all it hears and hands it to the embedder that made it at once."""

    def __init__(self, embedder: FakeEmbedder, sample_rate: int) -> None:
        self._embedder = embedder
        self._sample_rate = sample_rate
        self._heard: dict[Domain, list[Waveform]] = {}

    def __enter__(self) -> "FakeListener":
        return self

    def __exit__(self, *_exception: object) -> None:
        self._heard.clear()

    def hear(self, domain: Domain, waveform: Waveform) -> None:
        self._heard.setdefault(domain, []).append(waveform)

    def embed(self, progress: Progress) -> Heard:
        sounds = {domain: np.concatenate(heard, axis=1) for domain, heard in self._heard.items()}
        levels = {domain: self._levels(sound) for domain, sound in sounds.items()}
        vocals = sounds[Domain.VOCALS]
        if Domain.MIX in sounds:
            mix = sounds[Domain.MIX]
            vectors = self._embedder.embed(mix, vocals, self._sample_rate, progress)
        else:
            vector = self._embedder.embed_vocals(vocals, self._sample_rate, progress)
            vectors = {Domain.VOCALS: vector}
        segments = {domain: row[np.newaxis] for domain, row in vectors.items()}
        sung = pitch_range(vocals.mean(axis=0, keepdims=True), self._sample_rate)
        maker = Fingerprinter(self._sample_rate)
        for piece in self._heard.get(Domain.MIX, []):
            maker.add(piece.mean(axis=0))
        return Heard(vectors, levels, segments, np.zeros(1), sung, maker.fingerprint())

    def _levels(self, sound: Waveform) -> np.ndarray:
        hop = self._sample_rate * 3 // 2
        windows = np.split(sound, range(hop, sound.shape[1], hop), axis=1)
        return np.array([np.sqrt(np.mean(window.mean(axis=0) ** 2)) for window in windows])


def tone(frequency: float, seconds: float = 0.6, seed: int = 0) -> Waveform:
    """A stereo tone with its own noise, so that no two seeds have the same content."""
    time = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(seed).standard_normal((2, len(time)))
    return (0.4 * np.sin(2 * np.pi * frequency * time) + 0.01 * noise).astype(np.float32)


def write_song(
    path: Path, frequency: float, *, artist: str = "", title: str = "", seconds: float = 0.6
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_audio(path, tone(frequency, seconds, seed=int(frequency)), RATE)
    retag(path, artist=artist, title=title)
    return path


def retag(path: Path, **tags: str | list[str]) -> None:
    file = mutagen.File(path, easy=True)
    for name, value in tags.items():
        if value:
            file[name] = value
    file.save()


def music_folder(folder: Path, n_singers: int = 2, n_songs: int = 2) -> Path:
    """Songs 110 Hz apart from singer to singer, 4 Hz from song to song."""
    for singer in range(n_singers):
        for song in range(n_songs):
            write_song(
                folder / f"Singer {singer}" / f"Song {singer}{song}.flac",
                200 + 110 * singer + 4 * song,
                artist=f"Singer {singer}",
                title=f"Song {singer}{song}",
            )
    return folder


def fake_session(
    library: Path,
    separator: FakeSeparator | None = None,
    embedder: FakeEmbedder | None = None,
) -> Session:
    separator, embedder = separator or FakeSeparator(), embedder or FakeEmbedder()
    return Session(
        library,
        make_separator=lambda _name: separator,
        make_embedder=lambda _folder: embedder,
        is_installed=lambda _name: True,
    )

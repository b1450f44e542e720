"""From a file to its stems and embeddings: what the library and the command line share.

Sound streams through: a file of any length is decoded, separated, kept and heard piece by
piece, so the memory that it takes does not grow with its length.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from vocal_explorer.analysis.music_listener import MusicListener
from vocal_explorer.analysis.track_listener import Heard
from vocal_explorer.audio.files import audio_info, read_audio, read_pieces
from vocal_explorer.audio.headroom import gain_for
from vocal_explorer.base.config import FAR_BELOW_SILENCE, STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Domain, Embedding, Stems, Waveform
from vocal_explorer.base.records.tracks import INSTRUMENTAL_BELOW, PitchRange
from vocal_explorer.features.fingerprint import Fingerprint
from vocal_explorer.features.vocal_activity import vocal_presence
from vocal_explorer.separation.separator import Separator
from vocal_explorer.separation.stem_cache import StemCache, StemEntry

SEPARATION_SHARE = 0.6  # of the time that one track takes
READING_SHARE = 0.2  # of the time that a track takes whose stems are there
EMBEDDING_SHARE = 0.8  # of the time that a track takes once it was heard


class Listener(Protocol):
    """Hears one track piece by piece; analysis.track_listener.TrackListener is one."""

    def hear(self, domain: Domain, waveform: Waveform) -> None:
        """Take the next piece of a domain, (n_channels, any length)."""

    def embed(self, progress: Progress) -> Heard:
        """Return what was heard, once all of it was."""


class Embedder(Protocol):
    """What turns sound into track embeddings; analysis.embedder.TrackEmbedder is one."""

    @property
    def model_id(self) -> str:
        """Changes whenever the same sound would give another embedding."""

    def listen(self, sample_rate: int) -> AbstractContextManager[Listener]:
        """Return a listener for one track at `sample_rate` Hz."""


@dataclass(frozen=True)
class Analysis:
    """What the analysis of one file gave.

    `seconds` is the length of its sound, `vocal_presence` the share of its sounding time
    in which a voice is heard, `pitch_range` where it moves, None where none is heard or it
    has no pitch. `fingerprint` is that of the mix, `music` is found in the stems.
    """

    embeddings: dict[Domain, Embedding]
    seconds: float
    vocal_presence: float
    pitch_range: PitchRange | None
    fingerprint: Fingerprint | None
    music: Music


def separator_key(separator: Separator) -> str:
    """Name what made the stems: another name or version means other stems."""
    return f"{separator.name}-{separator.version}"


def read_mix(path: Path) -> Waveform:
    """Return a file's sound as (2, n_samples) at 44.1 kHz, quieter if it needs headroom.

    Raises
    ------
    AudioFileError
        If it cannot be decoded or is silent.
    """
    mix: Waveform = read_audio(path, STEM_SAMPLE_RATE, 2)[0]
    _require_sound(path, _peak(mix))
    gain = gain_for(path)
    return mix if gain == 1.0 else mix * np.float32(gain)


def stream_mix(path: Path) -> Iterator[Waveform]:
    """Yield a file's sound piece by piece, as `read_mix` returns it.

    Raises
    ------
    AudioFileError
        If it cannot be decoded or, at its end, was silent.
    """
    peak, gain = 0.0, np.float32(gain_for(path))
    for piece in read_pieces(path, STEM_SAMPLE_RATE, 2):
        peak = max(peak, _peak(piece))
        yield piece if gain == 1.0 else piece * gain
    _require_sound(path, peak)


def separate_file(
    path: Path, separator: Separator, progress: Progress, listener: Listener | None = None
) -> Generator[Stems]:
    """Yield the stems of a file piece by piece, 44.1 kHz stereo, together as long as the file.

    Parameters
    ----------
    path
        The mix.
    separator
        Isolates the vocals.
    progress
        Reported at each block; cancelling there raises Cancelled.
    listener
        Hears the mix and the vocals.

    Raises
    ------
    AudioFileError
        If it cannot be decoded or is silent, or the stems are not numbers.
    MemoryError
        If the memory does not suffice.
    """
    mix = stream_mix(path)
    mix = _heard(mix, listener) if listener else mix
    for stems in separator.stream(mix, _n_expected(path), progress):
        if not (np.isfinite(stems.vocals).all() and np.isfinite(stems.accompaniment).all()):
            raise AudioFileError(path, "its vocals cannot be isolated")
        if listener:
            listener.hear(Domain.VOCALS, stems.vocals)
        yield stems


def embed_file(
    path: Path,
    separator: Separator | None,
    embedder: Embedder,
    input_is_vocals: bool,
    progress: Progress,
) -> dict[Domain, Embedding]:
    """Return the track embeddings of a file, the same as in the library.

    Parameters
    ----------
    path
        A mix, or isolated vocals.
    separator
        Not needed for isolated vocals.
    embedder
        Gives the embeddings.
    input_is_vocals
        The file is isolated vocals: only Domain.VOCALS is returned.
    progress
        Reported while separating and embedding.

    Raises
    ------
    AudioFileError
        If the file cannot be decoded or is silent.
    MemoryError
        If the memory does not suffice.
    ValueError
        If a mix is given without a separator.
    """
    with embedder.listen(STEM_SAMPLE_RATE) as listener:
        share = READING_SHARE if input_is_vocals else SEPARATION_SHARE
        hearing = progress.part(0.0, share)
        if input_is_vocals:
            _hear_file(path, Domain.VOCALS, listener, hearing)
        elif separator is None:
            raise ValueError("a mix needs a separator")
        else:
            for _ in separate_file(path, separator, hearing, listener):
                pass  # the listener keeps what is needed
        return dict(_embed(path, listener, progress.part(share, 1.0)).embeddings)


def analyse_file(
    path: Path,
    track_id: str,
    separator: Separator,
    embedder: Embedder,
    cache: StemCache,
    progress: Progress,
) -> Analysis:
    """Embed a file of the library; its stems come from the cache or go there.

    Raises
    ------
    AudioFileError
        If the file cannot be decoded or is silent.
    MemoryError
        If the memory does not suffice.
    VocalExplorerError
        If the stems cannot be kept.
    """
    progress.report(0.0)
    kept = cache.entry(track_id, separator_key(separator))
    if kept is not None:
        with embedder.listen(STEM_SAMPLE_RATE) as listener:
            music = MusicListener(STEM_SAMPLE_RATE)
            if _hear_kept(path, kept, listener, music, progress.part(0.0, READING_SHARE)):
                return _analysis(path, listener, music, progress.part(READING_SHARE, 1.0))
    with embedder.listen(STEM_SAMPLE_RATE) as listener:
        music = MusicListener(STEM_SAMPLE_RATE)
        separating = progress.part(0.0, SEPARATION_SHARE)
        pieces = stems_while_kept(path, track_id, separator, cache, separating, listener)
        for stems in pieces:
            music.hear(stems)
        return _analysis(path, listener, music, progress.part(SEPARATION_SHARE, 1.0))


def keep_stems(
    path: Path,
    track_id: str,
    separator: Separator,
    cache: StemCache,
    progress: Progress,
) -> None:
    """Separate a file into the cache; raises as `analyse_file`."""
    for _ in stems_while_kept(path, track_id, separator, cache, progress):
        pass  # the cache keeps what is needed


def stems_while_kept(
    path: Path,
    track_id: str,
    separator: Separator,
    cache: StemCache,
    progress: Progress,
    listener: Listener | None = None,
) -> Generator[Stems]:
    """Yield the stems of a file piece by piece; after the last one they are in the cache.

    If it is closed before, nothing is kept. A `listener` hears the mix and the vocals.
    Raises as `analyse_file`.
    """
    with (
        cache.writing(track_id, separator_key(separator)) as writer,
        closing(separate_file(path, separator, progress, listener)) as pieces,
    ):
        for stems in pieces:
            writer.write(stems)
            yield stems


def _analysis(path: Path, listener: Listener, music: MusicListener, progress: Progress) -> Analysis:
    heard = _embed(path, listener, progress.part(0.0, EMBEDDING_SHARE))
    presence = vocal_presence(heard.levels[Domain.VOCALS], heard.levels[Domain.MIX])
    sung = heard.pitch_range if presence >= INSTRUMENTAL_BELOW else None
    progress.report(EMBEDDING_SHARE, "listening for beats and keys")
    found = music.music()
    embeddings = dict(heard.embeddings)
    return Analysis(embeddings, found.seconds, presence, sung, heard.fingerprint, found)


def _embed(path: Path, listener: Listener, progress: Progress) -> Heard:
    heard = listener.embed(progress)
    if not all(np.isfinite(vector).all() for vector in heard.embeddings.values()):
        raise AudioFileError(path, "its sound cannot be described in numbers")
    return heard


def _hear_kept(
    path: Path, kept: StemEntry, listener: Listener, music: MusicListener, progress: Progress
) -> bool:
    """Hear a file and its stems from the cache; say whether they belong together."""
    if _hear_file(path, Domain.MIX, listener, progress) != kept.n_samples:
        return False
    try:
        for stems in kept.pieces():
            listener.hear(Domain.VOCALS, stems.vocals)
            music.hear(stems)
    except AudioFileError:
        return False
    return True


def _hear_file(path: Path, domain: Domain, listener: Listener, progress: Progress) -> int:
    n_samples, n_expected = 0, max(_n_expected(path), 1)
    for piece in stream_mix(path):
        listener.hear(domain, piece)
        n_samples += piece.shape[1]
        progress.report(min(n_samples / n_expected, 1.0), "reading")
    return n_samples


def _heard(mix: Iterable[Waveform], listener: Listener) -> Iterator[Waveform]:
    for piece in mix:
        listener.hear(Domain.MIX, piece)
        yield piece


def _n_expected(path: Path) -> int:
    return round(audio_info(path).seconds * STEM_SAMPLE_RATE)


def _peak(waveform: Waveform) -> float:
    return max(float(waveform.max(initial=0.0)), -float(waveform.min(initial=0.0)))


def _require_sound(path: Path, peak: float) -> None:
    if peak < FAR_BELOW_SILENCE:
        raise AudioFileError(path, "it is silent")

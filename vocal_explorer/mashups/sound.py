"""How a mashup sounds: both stems warped as its alignment says, piece by piece."""

from collections.abc import Iterator

import numpy as np

from vocal_explorer.audio.stretch import Warp
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import Alignment
from vocal_explorer.base.records.signals import Stems
from vocal_explorer.separation.stem_source import StemSource

PIECE = STEM_SAMPLE_RATE  # samples; what is made in one go
FIRST_PIECE = 3 * PIECE // 4  # what is waited for; far more than a sound card takes at once


class MashupSound:
    """Makes the stems of a mashup from any moment on; used by one thread.

    Its gains are not applied: a player turns them.

    Parameters
    ----------
    alignment
        Where both stems are heard, and how they are changed.
    vocals, accompaniment
        The stems of the tracks.
    """

    sample_rate = STEM_SAMPLE_RATE

    def __init__(self, alignment: Alignment, vocals: StemSource, accompaniment: StemSource) -> None:
        self.alignment = alignment
        self.n_samples = round(alignment.seconds * self.sample_rate)
        self._sources = (vocals, accompaniment)
        anchors = alignment.anchors
        self._vocals = Warp(
            vocals.read,
            anchors[:, :2],
            alignment.vocals_semitones,
            self.sample_rate,
            keep_formants=True,
        )
        self._accompaniment = Warp(
            accompaniment.read,
            anchors[:, ::2],
            alignment.accompaniment_semitones,
            self.sample_rate,
        )

    def pieces(self, first: int) -> Iterator[tuple[int, Stems]]:
        """Yield consecutive stems from sample `first` to the end, and where each begins.

        Raises
        ------
        AudioFileError
            If a stem cannot be read or separated.
        """
        last = first
        while last < self.n_samples:
            start, last = last, min(last + (PIECE if last > first else FIRST_PIECE), self.n_samples)
            vocals = self._vocals.render(start, last)
            accompaniment = self._accompaniment.render(start, last)
            yield start, Stems(vocals, accompaniment, self.sample_rate)

    def whole(self, progress: Progress) -> Stems:
        """Return the stems of all of it; raises as `pieces`."""
        pieces = []
        for start, stems in self.pieces(0):
            progress.report(start / self.n_samples, "fitting both stems")
            pieces.append(stems)
        return Stems(
            np.concatenate([piece.vocals for piece in pieces], axis=1),
            np.concatenate([piece.accompaniment for piece in pieces], axis=1),
            self.sample_rate,
        )

    def finish(self) -> None:
        """Let what was separated for it come into the cache; raises as `pieces`."""
        for source in self._sources:
            source.finish()

    def close(self) -> None:
        """Leave undone what is left to do."""
        for source in self._sources:
            source.close()

"""What the window needs of matches: mashups.library_mashups.Mashups is handed in as this."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import Alignment, Fit, Mashup, Match, MatchWeights
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stem, Stems


class MashupSound(Protocol):
    """Makes the stems of a mashup from any moment on; used by one thread at a time."""

    @property
    def sample_rate(self) -> int:
        """Hz."""
        ...

    @property
    def n_samples(self) -> int:
        """Length of the mashup."""
        ...

    def pieces(self, first: int) -> Iterator[tuple[int, Stems]]:
        """Yield consecutive stems from a sample to the end, and where each begins."""
        ...

    def finish(self) -> None:
        """Keep what was separated for it."""
        ...

    def close(self) -> None:
        """Leave undone what is left to do."""
        ...


class Mashups(Protocol):
    """Matches; every method may be called from any thread."""

    def rank(
        self,
        track_id: str,
        top_n: int,
        *,
        gives: Stem,
        weights: MatchWeights | None,
        all_versions: bool,
    ) -> list[Match]:
        """Rank accompaniments for a track's vocals, or voices for its accompaniment."""
        ...

    def music(self, track_id: str, progress: Progress) -> Music:
        """Return beats, key and phrases of a track."""
        ...

    def align(
        self, vocals_id: str, accompaniment_id: str, fit: Fit, progress: Progress
    ) -> Alignment:
        """Return where both stems are heard."""
        ...

    def sound(
        self, vocals_id: str, accompaniment_id: str, alignment: Alignment, progress: Progress
    ) -> MashupSound:
        """Return what makes the sound of a mashup."""
        ...

    def render(self, vocals_id: str, accompaniment_id: str, fit: Fit, progress: Progress) -> Mashup:
        """Put one track's vocals over another track's accompaniment."""
        ...

    def save(self, mashup: Mashup, folder: Path, name: str, suffix: str, *, stems: bool) -> Path:
        """Write a mashup as .wav or .flac, its stems too if wanted, and return its file."""
        ...

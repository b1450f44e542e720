"""What can be heard of the tracks of a library, by their ids."""

from collections.abc import Callable
from pathlib import Path

from vocal_explorer.analysis.pipeline import separator_key
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.choices import Choices
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.separation.stem_cache import StemCache


class TrackSounds:
    """Gives the mix and the stems of tracks; every method is safe in any thread.

    Parameters
    ----------
    sounds
        Gives them.
    cache
        Where stems are kept.
    track
        Returns the track with an id.
    choices
        What stems are made with.
    """

    def __init__(
        self, sounds: Sounds, cache: StemCache, track: Callable[[str], Track], choices: Choices
    ) -> None:
        self._sounds = sounds
        self._cache = cache
        self._track = track
        self._choices = choices

    def part(
        self, track_id: str, part: Stem, progress: Progress | None = None
    ) -> tuple[Waveform, int]:
        """Return what can be heard of a track: (2, n_samples) and its rate, 44.1 kHz.

        Raises
        ------
        TrackNotFoundError
            If there is no such track.
        AudioFileError
            If its file is gone, changed, or cannot be decoded.
        """
        analyser, progress = self._choices.analyser(), progress or Progress()
        return self._sounds.part(self._track(track_id), part, analyser, progress)

    def kept(self, track_id: str, part: Stem) -> tuple[Waveform, int] | None:
        """Return vocals or accompaniment, as `part` does, or None if they are not kept."""
        key = separator_key(self._choices.separators.current())
        return self._cache.load(track_id, key, part)

    def file(self, track_id: str, part: Stem, progress: Progress | None = None) -> Path:
        """Return a file of a part to give away; see library.sounds.Sounds.file."""
        analyser, progress = self._choices.analyser(), progress or Progress()
        return self._sounds.file(self._track(track_id), part, analyser, progress)

"""What can be heard of the tracks of a library."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from vocal_explorer.analysis.pipeline import separator_key
from vocal_explorer.audio.files import content_id
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.choices import Choices
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.separation.stem_cache import StemCache


class TrackSounds:
    """Gives the mix and the stems of tracks; every method is safe in any thread.

    A track is told by its id, or is given itself: it may wait for its analysis, or have failed.

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
        self, track: Track | str, part: Stem, progress: Progress | None = None
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
        return self._sounds.part(self._identified(track), part, analyser, progress)

    def kept(self, track: Track | str, part: Stem) -> tuple[Waveform, int] | None:
        """Return vocals or accompaniment, as `part` does, or None if they are not kept."""
        key = separator_key(self._choices.separators.current())
        track_id = track if isinstance(track, str) else self._identified(track).track_id
        return self._cache.load(track_id, key, part)

    def file(self, track: Track | str, part: Stem, progress: Progress | None = None) -> Path:
        """Return a file of a part to give away; see library.sounds.Sounds.file."""
        analyser, progress = self._choices.analyser(), progress or Progress()
        return self._sounds.file(self._identified(track), part, analyser, progress)

    def _identified(self, track: Track | str) -> Track:
        """Return a track whose content is known."""
        if isinstance(track, str):
            return self._track(track)
        return track if track.track_id else replace(track, track_id=content_id(track.path))

"""What can be heard of the tracks of a library: the mix from its file, stems from the cache."""

import os
from collections.abc import Generator
from pathlib import Path

from vocal_explorer.analysis.music_listener import MusicListener
from vocal_explorer.analysis.pipeline import keep_stems, read_mix, stems_while_kept
from vocal_explorer.audio.files import content_id
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.presence import NOT_THERE
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stem, Stems, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.place import LibraryPlace
from vocal_explorer.library.stem_export import copy_stem
from vocal_explorer.separation.stem_source import GrowingStem, KeptStem, StemSource

GIVEN = "given"  # in the library: files that other programs were given


class Sounds:
    """Gives the parts of tracks; stems that are not kept are made again."""

    def __init__(self, library: LibraryPlace) -> None:
        self._library = library

    def part(
        self, track: Track, part: Stem, analyser: Analyser, progress: Progress
    ) -> tuple[Waveform, int]:
        """Return a part, (2, n_samples), and its rate, 44.1 kHz.

        Raises
        ------
        AudioFileError
            If the track's file is gone, changed, or cannot be decoded.
        """
        if part is Stem.MIX:
            return read_mix(self._file_of(track)), STEM_SAMPLE_RATE
        track_id, separator, cache = track.track_id, analyser.key.separator, self._library.cache
        kept = cache.load(track_id, separator, part)
        if kept is not None:
            return kept
        self.keep(track, analyser, progress)
        made = cache.load(track_id, separator, part)
        if made is None:
            raise AudioFileError(
                track.path, "its stems were removed while they were read; try again"
            )
        return made

    def stem(self, track: Track, part: Stem, analyser: Analyser, progress: Progress) -> StemSource:
        """Return a stem to be read anywhere; what is not kept is separated as it is read.

        Raises as `part`, here and when it is read.
        """
        kept = self._library.cache.entry(track.track_id, analyser.key.separator)
        if kept is not None:
            return KeptStem(kept, part)
        n_expected = round(track.seconds * STEM_SAMPLE_RATE)
        return GrowingStem(self._separated(track, analyser, progress), part, n_expected)

    def keep(self, track: Track, analyser: Analyser, progress: Progress) -> None:
        """Separate a track unless its stems are kept; raises as `part`."""
        cache = self._library.cache
        if cache.entry(track.track_id, analyser.key.separator) is None:
            path = self._file_of(track)
            keep_stems(path, track.track_id, analyser.separator, cache, progress)

    def music(self, track: Track, analyser: Analyser, progress: Progress) -> Music:
        """Return what is found in the stems of a track; raises as `part`."""
        kept = self._library.cache.entry(track.track_id, analyser.key.separator)
        pieces = kept.pieces() if kept else self._separated(track, analyser, progress)
        listener = MusicListener(STEM_SAMPLE_RATE)
        for stems in pieces:
            progress.report(0.0, "listening for beats and keys")
            listener.hear(stems)
        return listener.music()

    def _separated(self, track: Track, analyser: Analyser, progress: Progress) -> Generator[Stems]:
        path, cache = self._file_of(track), self._library.cache
        return stems_while_kept(path, track.track_id, analyser.separator, cache, progress)

    def file(self, track: Track, part: Stem, analyser: Analyser, progress: Progress) -> Path:
        """Return a file of a part to give away: the mix's own, or a FLAC made in the library.

        Raises as `part`, and VocalExplorerError if the library's folder cannot be written.
        """
        if part is Stem.MIX:
            return self._file_of(track)
        self.part(track, part, analyser, progress)
        separator, folder = analyser.key.separator, self._library.folder / GIVEN
        return copy_stem(self._library.cache, track, separator, part, folder)

    def _file_of(self, track: Track) -> Path:
        """Return a file that still holds the track's content; one that waits has its own only."""
        known = self._library.store.files.of(track.track_id) or [track.path]
        paths = [path for path in known if os.path.isfile(path)]
        if not paths:
            raise AudioFileError(track.path, NOT_THERE)
        for path in paths:
            if content_id(path) == track.track_id:
                return path
        raise AudioFileError(track.path, "it has changed since it was analysed, so scan it again")

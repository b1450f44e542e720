"""Matches of a library: which there are, how they are aligned, how they sound."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from vocal_explorer.base.errors import NotAnalysedError, TrackNotFoundError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import Alignment, Fit, Mashup, Match, MatchWeights
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.music_rows import MusicTable
from vocal_explorer.library.scanning.scanner import Analyser
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.mashups.alignment import align, overlap
from vocal_explorer.mashups.files import save_mashup
from vocal_explorer.mashups.match_ranking import Overlap, rank_matches
from vocal_explorer.mashups.mixdown import mix_down
from vocal_explorer.mashups.settings import alignment_of, mashup_settings
from vocal_explorer.mashups.sound import MashupSound
from vocal_explorer.ranking.gallery import require_vocals
from vocal_explorer.ranking.snapshot import Snapshot, why_not_analysed

LISTENING_SHARE = 0.3  # of the time that rendering takes, where the music is not known yet


class Mashups:
    """What can be asked about matches; every method is safe in any thread.

    Parameters
    ----------
    music
        What is known of the music of tracks.
    sounds
        Gives their stems.
    current
        Returns what the library holds now.
    analyser
        Returns what it is analysed with now.
    """

    def __init__(
        self,
        music: MusicTable,
        sounds: Sounds,
        current: Callable[[], Snapshot],
        analyser: Callable[[], Analyser],
    ) -> None:
        self._music = music
        self._sounds = sounds
        self._current = current
        self._analyser = analyser

    def rank(
        self,
        track_id: str,
        top_n: int = 10,
        *,
        gives: Stem = Stem.VOCALS,
        weights: MatchWeights | None = None,
        all_versions: bool = False,
    ) -> list[Match]:
        """Rank accompaniments for a track's vocals, or voices for its accompaniment.

        Parameters
        ----------
        track_id
            The query.
        top_n
            How many at most.
        gives
            VOCALS or ACCOMPANIMENT: what of the query is used.
        weights
            How much each part of the score counts.
        all_versions
            Whether each version of a song is ranked by itself.

        Raises
        ------
        TrackNotFoundError, NotAnalysedError
            If there is no such track, or it has no current embeddings.
        InstrumentalError
            If vocals are asked of a track that has none.
        """
        current, separator = self._current(), self._analyser().key.separator
        if track_id not in current.gallery:
            raise NotAnalysedError(why_not_analysed(self._track(track_id)))
        return rank_matches(
            current.gallery,
            track_id,
            gives,
            weights or MatchWeights(),
            self._overlap(track_id, gives, separator),
            top_n,
            all_versions,
        )

    def music(self, track_id: str, progress: Progress | None = None) -> Music:
        """Return what is known of a track's music; its stems are listened to at first need.

        Raises as `Session.part`.
        """
        track, analyser = self._track(track_id), self._analyser()
        known = self._music.of(track_id, analyser.key.separator)
        if known is None:
            known = self._sounds.music(track, analyser, progress or Progress())
            self._music.save(track_id, analyser.key.separator, known)
        return known

    def align(
        self,
        vocals_id: str,
        accompaniment_id: str,
        fit: Fit | None = None,
        progress: Progress | None = None,
    ) -> Alignment:
        """Return where both stems are heard; raises as `render`."""
        progress = progress or Progress()
        require_vocals(self._track(vocals_id))
        vocals = self.music(vocals_id, progress.part(0.0, 0.5))
        accompaniment = self.music(accompaniment_id, progress.part(0.5, 1.0))
        return align(vocals, accompaniment, fit or Fit())

    def sound(
        self, vocals_id: str, accompaniment_id: str, alignment: Alignment, progress: Progress
    ) -> MashupSound:
        """Return what makes a mashup piece by piece; stems that are not kept are separated then.

        Raises as `Session.part`.
        """
        analyser = self._analyser()
        vocals, accompaniment = self._track(vocals_id), self._track(accompaniment_id)
        return MashupSound(
            alignment,
            self._sounds.stem(vocals, Stem.VOCALS, analyser, progress),
            self._sounds.stem(accompaniment, Stem.ACCOMPANIMENT, analyser, progress),
        )

    def render(
        self,
        vocals_id: str,
        accompaniment_id: str,
        fit: Fit | None = None,
        progress: Progress | None = None,
    ) -> Mashup:
        """Lay the vocals of one track over the accompaniment of another.

        Raises
        ------
        TrackNotFoundError, AudioFileError
            If there is no such track, or its file is gone, changed, or cannot be decoded.
        InstrumentalError
            If there are no vocals to lay over anything.
        """
        progress, fit = progress or Progress(), fit or Fit()
        pair = (vocals_id, accompaniment_id)
        alignment = self.align(*pair, fit, progress.part(0.0, LISTENING_SHARE))
        settings = mashup_settings(
            self._track(vocals_id),
            self._track(accompaniment_id),
            self._analyser().key.separator,
            fit,
            alignment,
        )
        return self._mashup(pair, settings, alignment, progress.part(LISTENING_SHARE, 1.0))

    def render_again(self, settings: dict[str, Any], progress: Progress | None = None) -> Mashup:
        """Render a mashup from its settings, bit for bit, while its tracks are in the library.

        Raises as `render`, and VocalExplorerError if these are not the settings of a mashup,
        or another separator made the stems.
        """
        alignment = alignment_of(settings)
        pair = (settings["vocals_track_id"], settings["accompaniment_track_id"])
        return self._mashup(pair, settings, alignment, progress or Progress())

    def save(
        self, mashup: Mashup, folder: Path, name: str, suffix: str = ".wav", *, stems: bool = False
    ) -> Path:
        """Write a mashup and its settings; see mashups.files."""
        return save_mashup(mashup, folder, name, suffix, stems=stems)

    def _mashup(
        self,
        pair: tuple[str, str],
        settings: dict[str, Any],
        alignment: Alignment,
        progress: Progress,
    ) -> Mashup:
        for number, track_id in enumerate(pair):
            part = progress.part(0.2 * number, 0.2 * (number + 1))
            self._sounds.keep(self._track(track_id), self._analyser(), part)
        with closing(self.sound(*pair, alignment, progress.part(0.4, 0.4))) as sound:
            stems = sound.whole(progress.part(0.4, 0.9))
        progress.report(0.9, "mixing")
        gains = (alignment.vocals_gain_db, alignment.accompaniment_gain_db)
        mashup = Mashup(mix_down(stems, *gains), settings)
        progress.report(1.0, "done")
        return mashup

    def _overlap(self, track_id: str, gives: Stem, separator: str) -> Overlap:
        """Return what tells how well the singing falls in the match with another track."""
        own = self._music.of(track_id, separator)

        def overlap_with(other_id: str) -> float | None:
            other = self._music.of(other_id, separator)
            if own is None or other is None:
                return None
            return overlap(own, other) if gives is Stem.VOCALS else overlap(other, own)

        return overlap_with

    def _track(self, track_id: str) -> Track:
        track = self._current().by_id.get(track_id)
        if track is None:
            raise TrackNotFoundError(f"No track of the library has the id {track_id}.")
        return track

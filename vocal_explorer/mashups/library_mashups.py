"""Matches of a library: which there are, how they are aligned, how they sound."""

from contextlib import closing
from pathlib import Path
from typing import Any

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import Alignment, Fit, Mashup, Match, MatchWeights
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.sounds import Sounds
from vocal_explorer.library.store.music_table import MusicTable
from vocal_explorer.mashups.alignment import align, overlap
from vocal_explorer.mashups.files import save_mashup
from vocal_explorer.mashups.match_ranking import Overlap, rank_matches
from vocal_explorer.mashups.mixdown import mix_down
from vocal_explorer.mashups.music_fit import MusicColumns
from vocal_explorer.mashups.settings import alignment_of, mashup_settings
from vocal_explorer.mashups.sound import MashupSound
from vocal_explorer.ranking.galleries import Galleries
from vocal_explorer.ranking.gallery import require_vocals
from vocal_explorer.ranking.upkeep.indexed_rows import IndexedRows
from vocal_explorer.ranking.upkeep.kept_up import KeptUp

Pair = tuple[Track, Track]
"""The track that gives the vocals, and the one that gives the accompaniment."""

LISTENING_SHARE = 0.3  # of the time that rendering takes, where the music is not known yet


class Mashups:
    """What can be asked about matches; every method is safe in any thread.

    Parameters
    ----------
    music
        What is known of the music of tracks.
    sounds
        Gives their stems.
    galleries
        What the library holds now.
    """

    def __init__(self, music: MusicTable, sounds: Sounds, galleries: Galleries) -> None:
        self._music = music
        self._sounds = sounds
        self._galleries = galleries
        self._columns = KeptUp(_music_columns, _updated_columns)

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
        current = self._galleries.current()
        current.require(track_id)
        return rank_matches(
            current.gallery,
            self._columns.of(current.gallery.indexed),
            track_id,
            gives,
            weights or MatchWeights(),
            self._overlap(track_id, gives, current.analyser.key.separator),
            top_n,
            all_versions,
        )

    def music(self, track_id: str, progress: Progress | None = None) -> Music:
        """Return what is known of a track's music; its stems are listened to at first need.

        Raises as `TrackSounds.part`.
        """
        current = self._galleries.current()
        return self._music_of(current.snapshot.track(track_id), current.analyser, progress)

    def _music_of(self, track: Track, analyser: Analyser, progress: Progress | None) -> Music:
        known = self._music.of(track.track_id, analyser.key.separator)
        if known is None:
            known = self._sounds.music(track, analyser, progress or Progress())
            self._music.save(track.track_id, analyser.key.separator, known)
        return known

    def align(
        self,
        vocals_id: str,
        accompaniment_id: str,
        fit: Fit | None = None,
        progress: Progress | None = None,
    ) -> Alignment:
        """Return where both stems are heard; raises as `render`."""
        current = self._galleries.current()
        pair = (current.snapshot.track(vocals_id), current.snapshot.track(accompaniment_id))
        return self._aligned(pair, current.analyser, fit or Fit(), progress or Progress())

    def _aligned(self, pair: Pair, analyser: Analyser, fit: Fit, progress: Progress) -> Alignment:
        require_vocals(pair[0])
        vocals = self._music_of(pair[0], analyser, progress.part(0.0, 0.5))
        accompaniment = self._music_of(pair[1], analyser, progress.part(0.5, 1.0))
        return align(vocals, accompaniment, fit)

    def sound(
        self, vocals_id: str, accompaniment_id: str, alignment: Alignment, progress: Progress
    ) -> MashupSound:
        """Return what makes a mashup piece by piece; stems that are not kept are separated then.

        Raises as `TrackSounds.part`.
        """
        current = self._galleries.current()
        pair = (current.snapshot.track(vocals_id), current.snapshot.track(accompaniment_id))
        return self._sound(pair, current.analyser, alignment, progress)

    def _sound(
        self, pair: Pair, analyser: Analyser, alignment: Alignment, progress: Progress
    ) -> MashupSound:
        vocals, accompaniment = pair
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
        current = self._galleries.current()
        pair = (current.snapshot.track(vocals_id), current.snapshot.track(accompaniment_id))
        listening = progress.part(0.0, LISTENING_SHARE)
        alignment = self._aligned(pair, current.analyser, fit, listening)
        settings = mashup_settings(*pair, current.analyser.key.separator, fit, alignment)
        rendering = progress.part(LISTENING_SHARE, 1.0)
        return self._mashup(pair, current.analyser, settings, alignment, rendering)

    def render_again(self, settings: dict[str, Any], progress: Progress | None = None) -> Mashup:
        """Render a mashup from its settings, bit for bit, while its tracks are in the library.

        Raises as `render`, and VocalExplorerError if these are not the settings of a mashup,
        or another separator made the stems.
        """
        alignment = alignment_of(settings)
        current, ids = self._galleries.current(), ("vocals_track_id", "accompaniment_track_id")
        vocals, accompaniment = (current.snapshot.track(settings[name]) for name in ids)
        pair = (vocals, accompaniment)
        return self._mashup(pair, current.analyser, settings, alignment, progress or Progress())

    def save(
        self, mashup: Mashup, folder: Path, name: str, suffix: str = ".wav", *, stems: bool = False
    ) -> Path:
        """Write a mashup and its settings; see mashups.files."""
        return save_mashup(mashup, folder, name, suffix, stems=stems)

    def _mashup(
        self,
        pair: Pair,
        analyser: Analyser,
        settings: dict[str, Any],
        alignment: Alignment,
        progress: Progress,
    ) -> Mashup:
        for number, track in enumerate(pair):
            part = progress.part(0.2 * number, 0.2 * (number + 1))
            self._sounds.keep(track, analyser, part)
        with closing(self._sound(pair, analyser, alignment, progress.part(0.4, 0.4))) as sound:
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


def _music_columns(indexed: IndexedRows) -> MusicColumns:
    return MusicColumns.of([None if t is None else t.music for t in indexed.rows.tracks])


def _updated_columns(kept: MusicColumns, before: IndexedRows, now: IndexedRows) -> MusicColumns:
    changed = now.rows.changed_since(before.rows)
    tracks = (now.rows.tracks[row] for row in changed.tolist())
    summaries = [None if track is None else track.music for track in tracks]
    return kept.updated(len(now.rows.tracks), changed, MusicColumns.of(summaries))

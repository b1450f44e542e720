"""Two tracks side by side: why they are alike, and how their best segments sound in turn."""

from collections.abc import Callable

from vocal_explorer.audio.excerpts import excerpt, in_turn
from vocal_explorer.base.caching import LruCache
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import SegmentPair, WhySimilar
from vocal_explorer.base.records.signals import Domain, Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.ranking.galleries import Current
from vocal_explorer.ranking.why_similar import SEGMENT_SECONDS, Voice, best_pairs, pitch_overlap

LoadPart = Callable[[Track, Stem, Analyser, Progress], tuple[Waveform, int]]
"""Returns a part of a track, (n_channels, n_samples), and its rate: library.sounds.Sounds.part."""

KEPT_VOICES = 256  # of 50 KB each
PAUSE = 0.4  # s between the two segments of a pair


class SideBySide:
    """Listens to the vocals of tracks, and remembers what it heard.

    Parameters
    ----------
    load
        Gives the parts of tracks; what it raises is not caught.
    """

    def __init__(self, load: LoadPart) -> None:
        self._load = load
        self._voices: LruCache[Voice] = LruCache(KEPT_VOICES)

    def why(self, pair: tuple[Track, Track], current: Current, progress: Progress) -> WhySimilar:
        """Return what two tracks of a gallery have in common; see Rankings.why_similar."""
        gallery, analyser = current.gallery, current.analyser
        first_id, second_id = (track.track_id for track in pair)
        mix = gallery.similarity(first_id, second_id, Domain.MIX)
        if any(track.instrumental for track in pair):
            return WhySimilar(None, mix, None, ())
        first = self._voice(pair[0], analyser, progress.part(0.0, 0.5))
        second = self._voice(pair[1], analyser, progress.part(0.5, 1.0))
        return WhySimilar(
            gallery.similarity(first_id, second_id, Domain.VOCALS),
            mix,
            pitch_overlap(first.pitch_range, second.pitch_range),
            best_pairs(first, second),
        )

    def sound(
        self,
        tracks: tuple[Track, Track],
        pair: SegmentPair,
        part: Stem,
        analyser: Analyser,
        progress: Progress,
    ) -> tuple[Waveform, int]:
        """Return a part of both segments in turn, (n_channels, n_samples), and its rate in Hz."""
        pieces = []
        starts = (pair.first_start, pair.second_start)
        for n, (track, start) in enumerate(zip(tracks, starts, strict=True)):
            span = progress.part(n / 2, (n + 1) / 2)
            waveform, rate = self._load(track, part, analyser, span)
            pieces.append(excerpt(waveform, rate, start, SEGMENT_SECONDS))
        return in_turn(pieces, rate, PAUSE), rate

    def _voice(self, track: Track, analyser: Analyser, progress: Progress) -> Voice:
        return self._voices.get(
            (track.track_id, analyser.key), lambda: self._hear(track, analyser, progress)
        )

    def _hear(self, track: Track, analyser: Analyser, progress: Progress) -> Voice:
        vocals, rate = self._load(track, Stem.VOCALS, analyser, progress.part(0.0, 0.5))
        with analyser.embedder.listen(rate) as listener:
            progress.report(0.5, "listening")
            listener.hear(Domain.VOCALS, vocals)
            heard = listener.embed(progress.part(0.5, 1.0))
        return Voice(heard.starts, heard.segments[Domain.VOCALS], heard.pitch_range)

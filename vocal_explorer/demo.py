"""The whole job on a small library of synthetic singers, whose names are known to be true."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import ScanSummary
from vocal_explorer.base.records.ranking import RankedSinger, RankedTrack, Space
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.export.map_picture import MAP_TITLES, MapDrawing, draw_maps
from vocal_explorer.session import Session
from vocal_explorer.synthesis.songs import render_library

TOP_N = 5
RENDER_SHARE, SCAN_SHARE = 0.35, 0.9  # of the demo's time, cumulated


@dataclass(frozen=True)
class DemoSize:
    """How many songs of what length (in seconds) are rendered, and from which seed."""

    n_singers: int = 6
    n_songs: int = 4
    seconds: float = 20.0
    seed: int = 0


@dataclass(frozen=True)
class NearestSinger:
    """How often the singer that a ranking puts first is the true one."""

    space: Space
    correct: int
    of: int


@dataclass(frozen=True)
class DemoResult:
    """Where everything lies, and what the library answered about the `query` track.

    `match` is the rendered mashup, None if no other track fits; `chance` is the share of
    right guesses that a blind ranking would reach.
    """

    songs: Path
    library: Path
    summary: ScanSummary
    query: Track
    singers: tuple[RankedSinger, ...]
    tracks: tuple[RankedTrack, ...]
    matches: tuple[RankedTrack, ...]
    match: Path | None
    nearest: tuple[NearestSinger, ...]
    chance: float


def run_demo(
    out: Path,
    progress: Progress,
    open_session: Callable[[Path], Session] = Session,
    size: DemoSize | None = None,
) -> DemoResult:
    """Render songs into `out`/songs, scan them, draw the maps, and render a match.

    Parameters
    ----------
    out
        Gets songs/, library/, maps.png, match.wav and match.json.
    progress
        Reported through all steps.
    open_session
        Makes the Session from the library's folder.
    size
        How much is rendered.

    Raises
    ------
    VocalExplorerError
        If a step cannot be done.
    """
    size = size or DemoSize()
    songs, library = out / "songs", out / "library"
    render_library(songs, **asdict(size), progress=progress.part(0.0, RENDER_SHARE))
    with closing(open_session(library)) as session:
        summary = session.scans.run([songs], progress.part(RENDER_SHARE, SCAN_SHARE), _ignore_track)
        tracks = _sung(session.library.tracks(), summary)
        last = progress.part(SCAN_SHARE, 1.0)
        last.report(0.0, "drawing the maps")
        draw_maps([map_drawing(session, domain) for domain in Domain], out / "maps.png")
        last.report(0.5, "comparing the singers")
        query = tracks[0]
        matches = session.mashups.rank(query.track_id, TOP_N)
        return DemoResult(
            songs=songs,
            library=library,
            summary=summary,
            query=query,
            singers=tuple(session.ranking.singers(query.track_id, Space.JOINT, size.n_singers)),
            tracks=tuple(session.ranking.similar_tracks(query.track_id, Space.JOINT, TOP_N)),
            matches=tuple(matches),
            match=_render(session, query, matches, out, last.part(0.6, 1.0)),
            nearest=tuple(nearest_singers(session, tracks, space) for space in Space),
            chance=1 / size.n_singers,
        )


def nearest_singers(session: Session, tracks: Sequence[Track], space: Space) -> NearestSinger:
    """Rank the singers for each track, its own song left out, and count who comes first."""
    rankings = [session.ranking.singers(track.track_id, space, 1) for track in tracks]
    correct = sum(
        ranking[0].singer == track.singer
        for ranking, track in zip(rankings, tracks, strict=True)
        if ranking
    )
    return NearestSinger(space, correct, len(tracks))


def map_drawing(session: Session, domain: Domain) -> MapDrawing:
    """Return the library's map of one domain, ready to be drawn."""
    by_id = {track.track_id: track for track in session.library.tracks()}
    return MapDrawing(MAP_TITLES[domain], session.maps.points(domain), by_id)


def _ignore_track(_track: Track) -> None:
    """The demo tells about tracks at the end."""


def _sung(tracks: Sequence[Track], summary: ScanSummary) -> list[Track]:
    """Return the analysed tracks that can be compared by voice: the separator may miss some."""
    sung = [t for t in tracks if t.state is TrackState.ANALYSED and not t.instrumental]
    if not sung:
        reason = summary.failed[0].sentence if summary.failed else "no voice was found in any."
        raise VocalExplorerError(f"The demo's songs could not be analysed: {reason}")
    return sung


def _render(
    session: Session, query: Track, matches: Sequence[RankedTrack], out: Path, progress: Progress
) -> Path | None:
    if not matches:
        return None
    mashup = session.mashups.render(query.track_id, matches[0].track.track_id, progress=progress)
    return session.mashups.save(mashup, out, "match")

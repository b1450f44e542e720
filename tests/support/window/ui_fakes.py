"""Hand-written stand-ins for Session and Player."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from fake_mashups import FakeMashups
from fake_player import FakePlayer as FakePlayer
from session_parts import FakeFolders, FakeLabels, FakeStems

from vocal_explorer.base.errors import AudioFileError, NotAnalysedError, WeightsError
from vocal_explorer.base.progress import Progress, Steering
from vocal_explorer.base.records.library import Learnt, PairChoice, ScanSummary, SeparatorChoice
from vocal_explorer.base.records.ranking import (
    Blend,
    Comparison,
    Hubness,
    MapPoint,
    Query,
    RankedSinger,
    RankedTrack,
    SegmentPair,
    Space,
    WhySimilar,
)
from vocal_explorer.base.records.signals import Domain, Stem, Waveform
from vocal_explorer.base.records.tracks import Failure, StaleReason, Track, TrackState
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Explorer, ShowPoints

RATE = 8_000
TITLES = {"auto": "Automatic", "embedded": "Embedded", "spleeter": "Spleeter"}
SINGERS = ("Anna Lind", "Björk Ólafs", "Carl Moss", "Dea Nowak", "Emil Sato", "Fay O'Neill",
           "Gus", "The Very Long Name Ensemble of Rome")  # fmt: skip
WORDS = ("Silver", "Morning", "River", "Paper", "Hollow", "Northern", "Velvet", "Last", "Golden")


def make_tracks(n: int, state: TrackState = TrackState.ANALYSED) -> list[Track]:
    """Return tracks of several singers, n // len(SINGERS) or one more each."""
    return [
        Track(
            track_id=f"id{i}",
            path=Path(f"/music/{SINGERS[i % len(SINGERS)]}/{i:05}.flac"),
            title=f"{WORDS[i % len(WORDS)]} {WORDS[(i * 5 + 3) % len(WORDS)]} {i}",
            singer=SINGERS[i % len(SINGERS)],
            album=f"Album {i % 3 + 1}",
            seconds=150.0 + i % 97,
            state=state,
        )
        for i in range(n)
    ]


def failed_track(name: str, reason: str) -> Track:
    path = Path("/music") / name
    return Track("", path, name, "", state=TrackState.FAILED, error=reason)


class FakeSession:
    """A library in memory; `gate`, when closed, holds a scan at its next track."""

    def __init__(self, tracks: Sequence[Track] = (), to_scan: Sequence[Track] = ()) -> None:
        self.library = {track.path: track for track in tracks}
        self.folders = FakeFolders(self.library)
        self.stems = FakeStems()
        self.labels = FakeLabels(self.library)
        self.to_scan = list(to_scan)
        self.unchanged: list[Track] = []  # what a scan finds as it was
        self.refreshing: list[bool] = []
        self.wanted: list[Path] = []
        self.tried_again: list[Path] = []
        self.interrupted: list[Path] = []
        self.seconds_left: float | None = None
        self.covers: dict[Path, bytes] = {}
        self.scanned: list[list[Path]] = []
        self.calls: list[tuple[object, ...]] = []
        self.scan_thread: threading.Thread | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.saved: list[Path] = []
        self.mashups = FakeMashups(self.calls, self.saved, self._others)
        self.exports: list[tuple[Path, Sequence[str] | None]] = []
        self.broken = False
        self.kept: set[str] = set()  # tracks whose stems are in the cache
        self.installed = {"auto", "embedded"}
        self.pair_names = ["cross-sp"]
        self.pair = "cross-sp"
        self.heard = {"cross-sp": True}  # whether a pair has analysed the library
        self.right = (13, 15)  # before and after learning, of 18
        self.learning = threading.Event()
        self.learn_failure = ""
        self.why_failure = ""
        self.cover_failure = ""
        self.n_versions = 0  # of the song that is most alike
        self.separator = "auto"
        self.current = "embedded"

    def separators(self) -> list[SeparatorChoice]:
        return [
            SeparatorChoice(
                name,
                title,
                f"{title} separates like this.",
                installed=name in self.installed,
                chosen=name == self.separator,
                current=name == self.current,
            )
            for name, title in TITLES.items()
        ]

    def choose_separator(self, name: str) -> None:
        if name not in self.installed:
            raise WeightsError(f"{TITLES[name]} is not installed.")
        best = "spleeter" if "spleeter" in self.installed else "embedded"
        before, self.current = self.current, best if name == "auto" else name
        self.separator = name
        for path, track in self.library.items():
            if track.state is TrackState.ANALYSED and self.current != before:
                self.library[path] = replace(
                    track, state=TrackState.STALE, stale=StaleReason.SEPARATOR
                )

    def pairs(self) -> list[PairChoice]:
        titles = {"cross-sp": "Standard", "learnt": "Learnt from my library"}
        return [
            PairChoice(name, titles[name], "Hears.", Path(name), chosen=name == self.pair)
            for name in self.pair_names
        ]

    def choose_pair(self, name: str) -> None:
        if name not in self.pair_names:
            raise WeightsError(f"There are no encoders {name!r}.")
        self.pair = name
        state = TrackState.ANALYSED if self.heard.get(name) else TrackState.STALE
        stale = StaleReason.WEIGHTS if state is TrackState.STALE else None
        for path, track in self.library.items():
            self.library[path] = replace(track, state=state, stale=stale)

    def learn(self, progress: Progress) -> Learnt:
        progress.report(0.2, "listening to the songs")
        self.learning.set()
        while not self.gate.wait(0.005):
            progress.report(0.4, "listening to the songs")
        if self.learn_failure:
            raise WeightsError(self.learn_failure)
        before, after = self.right
        better = after > before
        if better:
            self.pair_names.append("learnt")
            self.heard["learnt"] = True
            self.choose_pair("learnt")
        counts = ({Space.JOINT: before}, {Space.JOINT: after})
        return Learnt(*counts, 18, 9, better, self.pair, None)

    def _others(self, track_id: str) -> list[Track]:
        if self.broken:
            raise RuntimeError("a bug")
        return [t for t in self._analysed() if t.track_id != track_id]

    def _analysed(self) -> list[Track]:
        return [t for t in list(self.library.values()) if t.state is TrackState.ANALYSED]

    def tracks(self) -> tuple[Track, ...]:
        return tuple(self.library.values())

    def try_again(self, paths: Sequence[Path]) -> None:
        self.tried_again += paths

    def unfinished(self) -> list[Path]:
        return self.interrupted

    def forget_unfinished(self) -> None:
        self.interrupted = []

    def scan(
        self,
        paths: Sequence[Path],
        progress: Progress,
        on_track: Callable[[Track], None],
        steering: Steering,
        *,
        refresh: bool,
    ) -> ScanSummary:
        self.scanned.append(list(paths))
        self.refreshing.append(refresh)
        self.folders.add(paths)
        self.scan_thread = threading.current_thread()
        steering.seconds_left = self.seconds_left
        for track in self.unchanged:
            on_track(track)
        waiting = [replace(t, state=TrackState.WAITING, error="") for t in self.to_scan]
        for track in waiting:
            on_track(track)
        for i, (track, done) in enumerate(zip(waiting, self.to_scan, strict=True)):
            progress.report(i / len(waiting), f"analysing {i + 1} of {len(waiting)}")
            on_track(replace(track, state=TrackState.ANALYSING))
            while not self.gate.wait(0.005):
                self.wanted += steering.take()
                progress.report((i + 0.5) / len(waiting), f"analysing {i + 1}")
            self.library[done.path] = done
            on_track(done)
        progress.report(1.0, "done")
        failed = [t for t in self.to_scan if t.state is TrackState.FAILED]
        return ScanSummary(
            analysed=len(self.to_scan) - len(failed),
            failed=tuple(Failure(t.path, t.error) for t in failed),
        )

    def similar_tracks(
        self, query: Query, by: Comparison, top_n: int, all_versions: bool
    ) -> list[RankedTrack]:
        self.calls.append(("similar", query, by))
        others = self._others(query if isinstance(query, str) else query[0])
        versions = () if all_versions else tuple(others[: self.n_versions])
        ranked = others[len(versions) :][:top_n]
        return [
            RankedTrack(i + 1, t, 0.93 - 0.03 * i, versions if i == 0 else ())
            for i, t in enumerate(ranked)
        ]

    def rank_singers(self, query: Query, by: Comparison, top_n: int) -> list[RankedSinger]:
        self.calls.append(("singers", query, by))
        track_id = query if isinstance(query, str) else query[0]
        if track_id not in {t.track_id for t in self._analysed()}:
            raise NotAnalysedError("It is not analysed yet.")
        names = list(dict.fromkeys(t.singer for t in self._others(track_id)))[:top_n]
        return [RankedSinger(i + 1, name, 0.9 - 0.09 * i, 5) for i, name in enumerate(names)]

    def hub_effect(self, blend: Blend) -> tuple[Hubness, Hubness]:
        self.calls.append(("hubs", blend))
        return Hubness(14, 2.14, 24, 10), Hubness(11, 0.4, 24, 10)

    def clusters(self) -> dict[str, int]:
        self.calls.append(("clusters",))
        return {t.track_id: i % 3 for i, t in enumerate(self._analysed()) if i % 7}

    def why_similar(self, first_id: str, second_id: str, progress: Progress) -> WhySimilar:
        self.calls.append(("why", first_id, second_id))
        if self.why_failure:
            raise NotAnalysedError(self.why_failure)
        progress.report(0.5, "listening")
        pairs = [SegmentPair(41.0 + 9 * n, 72.0 + 9 * n, 0.87 - 0.05 * n) for n in range(5)]
        return WhySimilar(0.81, 0.42, 0.66, tuple(pairs))

    def pair_sound(
        self, first_id: str, second_id: str, pair: SegmentPair, part: Stem, progress: Progress
    ) -> tuple[Waveform, int]:
        self.calls.append(("pair", first_id, second_id, pair.first_start, part))
        return np.zeros((2, round(6.4 * RATE)), np.float32), RATE

    def track_map(self, domain: Domain, progress: Progress, show: ShowPoints) -> list[MapPoint]:
        self.calls.append(("map", domain))
        rng = np.random.default_rng(list(Domain).index(domain))
        centres = {s: rng.uniform(0.1, 0.9, 2) for s in SINGERS}
        middle = np.full(2, 0.5)
        spread = rng.normal(0, 0.05, (len(self.library), 2))
        return [
            MapPoint(t.track_id, *np.clip(centres.get(t.singer, middle) + d, 0, 1).tolist())
            for t, d in zip(self._analysed(), spread, strict=False)
        ]

    def cover(self, path: Path) -> bytes | None:
        self.calls.append(("cover", path))
        if self.cover_failure:
            raise AudioFileError(path, self.cover_failure)
        return self.covers.get(path)

    def part(self, track: Track, part: Stem, progress: Progress) -> tuple[Waveform, int]:
        self.calls.append(("part", track.track_id or track.path, part))
        progress.report(0.5, "separating")
        if part is not Stem.MIX:
            self.kept.add(track.track_id or str(track.path))
        return np.zeros((2, 10 * RATE), np.float32), RATE

    def make_demo_songs(self, progress: Progress) -> Path:
        progress.report(0.5, "Ann: Song")
        return Path("/library/demo songs")

    def kept_stem(self, track: Track, part: Stem) -> tuple[Waveform, int] | None:
        kept = (track.track_id or str(track.path)) in self.kept
        return (np.zeros((2, 10 * RATE), np.float32), RATE) if kept else None

    def part_file(self, track: Track, part: Stem, progress: Progress) -> Path:
        self.calls.append(("file", track.track_id or track.path, part))
        return Path(f"/given/{track.track_id or track.path.stem} ({part}).flac")

    def export(self, out: Path, track_ids: Sequence[str] | None) -> int:
        self.exports.append((out, track_ids))
        return len(self.library) if track_ids is None else len(track_ids)


if TYPE_CHECKING:  # mypy says so when they are no longer like what they stand for
    _session: Explorer = FakeSession()
    _player: PlayerPort = FakePlayer()

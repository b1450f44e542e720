"""The page of a library that has tracks: table, maps, rankings, matches, around one selection."""

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Query, RankedSinger, RankedTrack
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.jobs import Begin
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.texts import (
    INSTRUMENTAL_MATCH,
    INSTRUMENTAL_RANKING,
    counted,
    state_sentence,
)
from vocal_explorer.ui.base.timers import delay, ticker
from vocal_explorer.ui.base.widgets import card, named
from vocal_explorer.ui.maps.maps_job import MapLayouts, maps_job
from vocal_explorer.ui.maps.maps_panel import MapsPanel
from vocal_explorer.ui.rankings.match_panel import HINT as MATCH_HINT
from vocal_explorer.ui.rankings.match_panel import MatchPanel
from vocal_explorer.ui.rankings.singer_panel import HINT as SINGER_HINT
from vocal_explorer.ui.rankings.singer_panel import TITLE, SingerPanel
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.selection import Selection
from vocal_explorer.ui.tracks.track_table import TrackTable

TOP_N = 20
N_LINKED = 8  # nearest tracks that the selected one is linked with on the maps
SELECTION_DELAY = 60  # ms; arrow keys that are held down ask for nothing until they stop
MAP_PAUSE = 5.0  # s between two maps while a scan goes on
MAP_SHARE = 4.0  # ... and at least this many times as long as the last map took

Rankings = tuple[list[RankedSinger], list[RankedTrack]]


class ExplorerPage(QWidget):
    """Keeps its parts in step with the selected track.

    Parameters
    ----------
    tasks
        Where rankings and maps are computed.
    known, selection
        The tracks, and which of them everything is about.
    """

    match_wanted = Signal(Track, Track)
    _maps_better = Signal(float, object)  # from the thread that makes them
    save_wanted = Signal(Track, Track, str, bool)

    def __init__(
        self,
        tasks: Tasks,
        known: KnownTracks,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._known = known
        self.selection = selection
        self._explorer: Explorer | None = None
        self._all_versions = False
        self._map_stale = False
        self._map_began = 0.0
        self._map_took = 0.0
        self._of_set = False
        self.table = TrackTable(known, selection)
        self.maps = MapsPanel(tasks.turns)
        self.singers = SingerPanel()
        self.matches = MatchPanel()
        self._selection_delay = delay(self, SELECTION_DELAY)
        self._map_timer = ticker(self, 1000)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        lists = named(QSplitter(Qt.Orientation.Horizontal), "lists")
        lists.addWidget(card(self.singers))
        lists.addWidget(card(self.matches))
        lists.setSizes([100, 100])
        right = named(QSplitter(Qt.Orientation.Vertical), "right")
        right.addWidget(self.maps)
        right.addWidget(lists)
        right.setSizes([340, 260])
        right.setStretchFactor(0, 2)
        right.setStretchFactor(1, 1)
        whole = named(QSplitter(Qt.Orientation.Horizontal), "whole")
        whole.addWidget(card(self.table))
        whole.addWidget(right)
        whole.setSizes([550, 710])
        whole.setStretchFactor(1, 1)
        splitters = (whole, right, lists, self.maps.splitter)
        panels = (self.singers.selector, self.maps.bar, self.matches.weights)
        self.remembered = (*splitters, *panels, self.table.view.covers)
        for splitter in splitters:
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.addWidget(whole)

    def _connect(self) -> None:
        self.selection.changed.connect(self._on_selected)
        self.selection.updated.connect(self._on_updated)
        self.selection.set_changed.connect(self._on_set)
        self.maps.clicked.connect(partial(self.select, keep_set=True))
        self.maps.region_chosen.connect(self._choose_region)
        self.maps.bar.attribute_changed.connect(self.refresh_maps)
        self._maps_better.connect(self._show_better_maps)
        self.maps.set_bar.alike_wanted.connect(self._rank_like_set)
        self.maps.set_bar.clear_wanted.connect(self.clear_set)
        self.singers.blend_changed.connect(lambda _blend: self._on_blend())
        self.singers.track_chosen.connect(self.select)
        self.singers.singer_chosen.connect(self.table.search.setText)
        self.matches.play_wanted.connect(lambda key: self._tell_match(self.match_wanted, key))
        self.matches.save_wanted.connect(
            lambda key, *kind: self._tell_match(self.save_wanted, key, *kind)
        )
        self.matches.changed.connect(self._match)
        self._selection_delay.timeout.connect(self.refresh_rankings)
        self._map_timer.timeout.connect(self._refresh_stale_map)

    @property
    def selection_pending(self) -> bool:
        """Whether a new selection has not been asked about yet."""
        delays = (self.singers.selector.pending, self.matches.pending)
        return self._selection_delay.isActive() or any(delays)

    @property
    def selected_track(self) -> Track | None:
        """The track that everything is about."""
        return self.selection.track

    def set_explorer(self, explorer: Explorer) -> None:
        """Use this session from now on."""
        self._explorer = explorer
        self.table.view.covers.set_source(self._tasks, explorer)

    def select(self, track_id: str, *, keep_set: bool = False) -> None:
        """Select a track everywhere."""
        track = self._known.with_id(track_id)
        if track is not None:
            self.selection.select(track, keep_set=keep_set)

    def clear_set(self) -> None:
        """Choose no set; the selected track stays."""
        self.selection.choose(())
        if self._of_set:
            self.refresh_rankings()

    def escape(self) -> None:
        """Choose no set; without one, select nothing."""
        if self.selection.chosen:
            self.clear_set()
        else:
            self.selection.select(None)

    def note_analysed(self, tracks: Sequence[Track]) -> None:
        """Take note of tracks that a scan reported: maps and rankings follow now and then."""
        if any(track.state is TrackState.ANALYSED for track in tracks):
            self._map_stale = True
            if not self._map_timer.isActive():
                self._map_timer.start()

    def show_all_versions(self, wanted: bool) -> None:
        """Rank copies and versions of a song one by one, or each song once."""
        self._all_versions = wanted
        self.refresh_rankings()

    def refresh_rankings(self) -> None:
        """Ask again who is most alike, and what matches."""
        self._selection_delay.stop()
        self._of_set = False
        self.singers.show_title(TITLE)
        self._rank()
        self._match()

    def refresh_maps(self) -> None:
        """Ask for the maps again."""
        if self._explorer is None:
            return
        self._map_stale = False
        self._map_began = began = time.monotonic()
        self._map_timer.stop()
        show = partial(self._maps_better.emit, began)
        job = maps_job(self._explorer, self.maps.bar.attribute, show)
        self._tasks.ask("maps", job, self._show_maps, begin=Begin.AT_REST)
        self._show_hubs()

    def _refresh_stale_map(self) -> None:
        since = time.monotonic() - self._map_began
        is_due = since >= max(MAP_PAUSE, MAP_SHARE * self._map_took)
        if self._map_stale and is_due and not self._tasks.running("maps"):
            self.refresh_maps()
            self._rank_again()

    def _show_better_maps(self, began: float, maps: MapLayouts) -> None:
        if began == self._map_began and self._tasks.running("maps"):
            self.maps.show_maps(maps)

    def _show_maps(self, maps: MapLayouts) -> None:
        self._map_took = time.monotonic() - self._map_began
        self.maps.show_maps(maps)
        if self._map_stale:
            self._map_timer.start()

    def _choose_region(self, track_ids: tuple[str, ...], adds: bool) -> None:
        tracks = self._known.with_ids(track_ids)
        if adds:
            self.selection.add(tracks)
        else:
            self.selection.choose(tracks)

    def _on_set(self) -> None:
        self.maps.show_set(self.selection.chosen_ids, len(self.selection.chosen))

    def _on_selected(self) -> None:
        track = self.selected_track
        if track is None:
            self._show_nothing()
        else:
            self.maps.mark(track.track_id)
            self.maps.fly_to(track.track_id)
            self._selection_delay.start()

    def _on_updated(self) -> None:
        track = self.selected_track
        if track is not None:
            self.maps.mark(track.track_id)
            self._selection_delay.start()

    def _show_nothing(self) -> None:
        self._selection_delay.stop()
        self.maps.mark(None)
        self._tasks.cancel("ranking")
        self._tasks.cancel("matches")
        self.singers.show_message(SINGER_HINT)
        self.matches.show_message(MATCH_HINT)

    def _comparable(self) -> Track | None:
        """Return the selected track; say why instead, if it cannot be compared."""
        track = self.selected_track
        if track is None or self._explorer is None:
            return None
        if track.state in (TrackState.ANALYSED, TrackState.MISSING):
            return track
        sentence = state_sentence(track)
        self.singers.show_message(sentence)
        self.matches.show_message(sentence)
        return None

    def _on_blend(self) -> None:
        if self._of_set:
            self._rank_like_set()
        else:
            self._rank()
        self._show_hubs()

    def _rank_again(self) -> None:
        """Rank what is ranked already: there is more to be compared with."""
        if self._of_set:
            self._rank_like_set()
        else:
            self.refresh_rankings()

    def _show_hubs(self) -> None:
        explorer, blend = self._explorer, self.singers.selector.blend
        self._tasks.cancel("hubs")
        self.singers.show_hub_effect(None)
        if blend.hub_corrected and explorer is not None:
            self._tasks.ask(
                "hubs",
                lambda _progress: explorer.hub_effect(blend),
                self.singers.show_hub_effect,
                begin=Begin.IN_TURN,
            )

    def _rank(self) -> None:
        track, explorer, blend = self._comparable(), self._explorer, self.singers.selector.blend
        if track is None or explorer is None:
            return
        if track.instrumental and blend.vocals > 0:
            self._tasks.cancel("ranking")
            self.singers.show_message(INSTRUMENTAL_RANKING)
            return

        self._ask(track.track_id)

    def _rank_like_set(self) -> None:
        chosen = self.selection.chosen_ids
        if chosen:
            self._of_set = True
            self.singers.show_title(f"Most alike these {counted(len(chosen), 'track')}")
            self._ask(chosen)

    def _ask(self, query: Query) -> None:
        explorer, blend = self._explorer, self.singers.selector.blend
        all_versions = self._all_versions
        if explorer is None:
            return

        def job(_progress: Progress) -> Rankings:
            singers = explorer.rank_singers(query, blend, TOP_N)
            return singers, explorer.similar_tracks(query, blend, TOP_N, all_versions)

        self._tasks.ask(
            "ranking",
            job,
            self._show_rankings,
            on_failure=self.singers.show_message,
            begin=Begin.IN_TURN,
        )

    def _show_rankings(self, rankings: Rankings) -> None:
        self.singers.show_rankings(*rankings)
        nearest = [ranked.track.track_id for ranked in rankings[1][:N_LINKED]]
        self.maps.link([] if self._of_set else nearest)

    def _match(self) -> None:
        track, explorer = self._comparable(), self._explorer
        if track is None or explorer is None:
            return
        gives, weights = self.matches.gives, self.matches.wanted_weights
        if track.instrumental and gives is Stem.VOCALS:
            self._tasks.cancel("matches")
            self.matches.show_message(INSTRUMENTAL_MATCH)
            return
        all_versions = self._all_versions
        self._tasks.ask(
            "matches",
            lambda _progress: explorer.mashups.rank(
                track.track_id, TOP_N, gives=gives, weights=weights, all_versions=all_versions
            ),
            self.matches.show_matches,
            on_failure=self.matches.show_message,
            begin=Begin.IN_TURN,
        )

    def _tell_match(self, signal: SignalInstance, other_id: str, *more: object) -> None:
        """Tell vocals and accompaniment of a match."""
        track, other = self.selected_track, self._known.with_id(other_id)
        if track is not None and other is not None:
            pair = (track, other) if self.matches.gives is Stem.VOCALS else (other, track)
            signal.emit(*pair, *more)

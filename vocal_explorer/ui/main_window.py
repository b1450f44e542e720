"""The main window: pages, bars, menus, and what is dropped on it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain, Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.actions import Entry, PlayKey, add_versions_option, fill_menus
from vocal_explorer.ui.base.jobs import JobFunction
from vocal_explorer.ui.base.messages import BugDialog, MessageBar
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.style import application_object, follow_palette
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.window_settings import Restorable, WindowSettings
from vocal_explorer.ui.explorer_page import ExplorerPage
from vocal_explorer.ui.library.drop_area import DropArea, DropWindow
from vocal_explorer.ui.library.export_control import ExportControl
from vocal_explorer.ui.library.library_control import LibraryControl
from vocal_explorer.ui.library.scan_bar import ScanBar
from vocal_explorer.ui.mashup.mashup_control import MashupControl, mashup_entries
from vocal_explorer.ui.player.media_keys import Remote, add_media_keys
from vocal_explorer.ui.player.output_control import OutputControl
from vocal_explorer.ui.player.play_queue import PlayQueue
from vocal_explorer.ui.player.playback import Playback
from vocal_explorer.ui.player.player_bar import PlayerBar
from vocal_explorer.ui.rankings.why_control import WhyControl
from vocal_explorer.ui.settings.encoder_control import EncoderControl
from vocal_explorer.ui.settings.separator_control import SeparatorControl
from vocal_explorer.ui.settings.settings_control import SettingsControl
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.listening import Listening, NowPlaying
from vocal_explorer.ui.state.selection import Selection
from vocal_explorer.ui.tracks.album_cover import AlbumCover
from vocal_explorer.ui.tracks.singer_control import SingerControl
from vocal_explorer.ui.tracks_control import TracksControl

START_SIZE = (1280, 800)  # px


class MainWindow(DropWindow):
    """Usable at once; what needs the session waits until `set_session`.

    Parameters
    ----------
    memory
        What it remembers from one start to the next.
    fetch_weights
        Downloads Spleeter's weights; without it, the window does not offer them.
    """

    painted = Signal()
    opened = Signal()
    closed = Signal()

    def __init__(self, memory: WindowSettings, fetch_weights: JobFunction | None = None) -> None:
        super().__init__()
        self._memory = memory
        self._painted_once = False
        self._closed = False
        self._explorer: Explorer | None = None
        self._player: PlayerPort | None = None
        self.playback: Playback | None = None
        self.queue: PlayQueue | None = None
        self.tasks = Tasks(self)
        self.message_bar = MessageBar()
        self.drop_area = DropArea()
        self.known = KnownTracks()
        self.selection = Selection(self)
        self.listening = Listening(self)
        self.page = ExplorerPage(self.tasks, self.known, self.selection)
        self.pages = QStackedWidget()
        self.scan_bar = ScanBar()
        self.cover = AlbumCover(self.tasks)
        self.player_bar = PlayerBar(self.cover)
        self.bug_dialog = BugDialog(self)
        shown = self.known.at
        self.library = LibraryControl(self.tasks, self.message_bar, self.scan_bar, shown, self)
        self.scans = self.library.scans
        self.tracks = TracksControl(self.tasks, self.known, self.page, self.scans, self.scan_bar)
        self.singers = SingerControl(self.tasks, self.message_bar, self.known, self.selection, self)
        self.separation = SeparatorControl(self.tasks, self.message_bar, fetch_weights, self)
        self.encoders = EncoderControl(self.tasks, self.message_bar, self)
        self.exports = ExportControl(self.tasks, self.message_bar, self)
        self.settings = SettingsControl(self.tasks, self.separation, self.encoders, self)
        self.why = WhyControl(
            self.tasks, self.known, self.selection, self.page.singers, self.page.matches, self
        )
        self.mashups = MashupControl(self.tasks, self.listening, self)
        output_menu = self.player_bar.output_menu
        self.output = OutputControl(output_menu, self.tasks, self.message_bar, memory, self)
        self._lay_out()
        self._connect_scans()
        self._connect_playing()
        self.tasks.failed.connect(self._on_failed)
        self.tasks.broken.connect(self.bug_dialog.tell)
        self.tasks.closed.connect(self._on_ended)
        self._fill_menus()
        self.resize(*START_SIZE)
        self._memory.restore(self, self._remembered)
        self.page.table.view.restore_sorting()

    @property
    def _remembered(self) -> tuple[Restorable, ...]:
        return (*self.page.remembered, self.page.table.view.horizontalHeader())

    def _lay_out(self) -> None:
        self.setWindowTitle("Vocal Explorer")
        self.pages.addWidget(self.drop_area)
        self.pages.addWidget(self.page)
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.message_bar)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.scan_bar)
        layout.addWidget(self.mashups.bar)
        layout.addWidget(self.player_bar)
        self.setCentralWidget(centre)
        self.player_bar.hide()
        self.scan_bar.show_status("Opening the library…")

    def _connect_scans(self) -> None:
        self.tracks.opened.connect(self._on_opened)
        self.tracks.changed.connect(self._show_page)
        self.tracks.shown.connect(self.separation.show_tracks)
        self.tracks.shown.connect(self.library.show_tracks)
        self.dropped.connect(self.library.scan)
        self.drop_area.folder_wanted.connect(self.library.add_folder)
        self.drop_area.files_wanted.connect(self.library.add_files)
        self.drop_area.demo_wanted.connect(self.library.try_demo)
        self.library.changed.connect(self.tracks.refresh)
        self.singers.changed.connect(self.tracks.refresh)
        self.scans.tracks_changed.connect(self.tracks.update)
        self.scans.row_progressed.connect(self.page.table.model.set_progress)
        self.scans.ended.connect(self.tracks.refresh)
        for chooser in (self.settings.dialog, self.separation.menu, self.encoders.menu):
            self.scans.began.connect(partial(chooser.set_busy, True))
            self.scans.ended.connect(partial(chooser.set_busy, False))
        for control in (self.separation, self.encoders):
            control.changed.connect(self.tracks.refresh)
            control.scan_wanted.connect(self.scans.scan)

    def _connect_playing(self) -> None:
        self.selection.changed.connect(self._on_selected)
        self.listening.changed.connect(self._on_heard)
        self.listening.queue_changed.connect(self._on_turn)
        self.page.match_wanted.connect(self.mashups.play)
        self.page.save_wanted.connect(self.mashups.save)
        self.mashups.preparing.connect(self.scan_bar.show_status)
        self.mashups.saved.connect(self._on_saved)
        chosen = self.page.maps.set_bar
        chosen.play_wanted.connect(self._play_chosen)
        chosen.save_wanted.connect(lambda: self.exports.ask(self.selection.chosen))
        self.player_bar.toggled.connect(self._toggle_playing)
        self.player_bar.stem_wanted.connect(self._play_stem)
        self.player_bar.file_wanted.connect(self._make_file)
        self.player_bar.match_wanted.connect(self.page.matches.play_current)

    def _fill_menus(self) -> None:
        table, views, loop = self.page.table, self.page.maps.views, self.player_bar.loop
        fill_menus(
            self,
            {
                "&File": [
                    Entry("Add &files…", "Ctrl+O", self.library.add_files),
                    Entry("Add f&older…", "Ctrl+Shift+O", self.library.add_folder),
                    Entry("Fol&ders of the library…", "Ctrl+L", self.library.show_folders),
                    Entry("&Rescan", "F5", self.library.rescan),
                    Entry("Files that fa&iled…", "Ctrl+Shift+F", self.library.show_failures),
                    Entry("&Export what is shown…", "Ctrl+E", self._export),
                    Entry("Se&ttings…", "Ctrl+,", self.settings.show),
                    Entry("&Quit", "Ctrl+Q", self.close),
                ],
                "&Go": [
                    Entry("&Search", "Ctrl+F", table.focus_search),
                    Entry("&Vocals map", "Ctrl+1", views[Domain.VOCALS].setFocus),
                    Entry("&Mix map", "Ctrl+2", views[Domain.MIX].setFocus),
                    Entry("M&atches", "Ctrl+3", self.page.matches.list.setFocus),
                    Entry("&Clear selection", "Esc", self._escape),
                ],
                "S&ingers": [
                    Entry("&Change singer…", "F2", self.singers.ask_singer),
                    Entry("&Merge spellings…", "Ctrl+Shift+M", self.singers.show_spellings),
                    Entry("&Undo", "Ctrl+Z", self.singers.undo),
                ],
                "&Mashup": mashup_entries(self.mashups, self.page.matches.play_current),
                "&Play": [
                    Entry("Ne&xt of the set", "Ctrl+Down", self._play_next),
                    Entry("&Previous of the set", "Ctrl+Up", self._play_previous),
                    Entry("Loop &starts here", "[", loop.start_here),
                    Entry("Loop &ends here", "]", loop.end_here),
                    Entry("&No loop", "\\", loop.clear),
                ],
            },
        )
        help_menu = self.menuBar().actions()[-1]
        for control in (self.separation, self.encoders):
            self.menuBar().insertMenu(help_menu, control.menu)
        add_versions_option(self.menuBar(), self.page.show_all_versions)
        self.play_key = PlayKey(self, self._toggle_playing)
        add_media_keys(self, self.remote)

    def start_session(self, make: Callable[[Progress], tuple[Explorer, PlayerPort | None]]) -> None:
        """Make session and player in a worker thread, then start to work with them."""
        self.tasks.ask(
            "start",
            make,
            lambda made: self.set_session(*made),
            on_failure=self._on_start_failed,
        )

    def _on_start_failed(self, sentence: str) -> None:
        self.scan_bar.show_status("The library is not open.")
        self.message_bar.show_failure(sentence)

    def set_session(self, explorer: Explorer, player: PlayerPort | None = None) -> None:
        """Start to work: show the library, and scan what was dropped meanwhile.

        Parameters
        ----------
        explorer
            The session.
        player
            Without one, nothing can be heard.
        """
        self._explorer = explorer
        self.page.set_explorer(explorer)
        self.cover.set_explorer(explorer)
        self.singers.set_explorer(explorer)
        self.separation.set_explorer(explorer)
        self.encoders.set_explorer(explorer)
        self.exports.set_explorer(explorer)
        self.settings.set_explorer(explorer)
        self.why.set_explorer(explorer)
        if player is not None:
            self._set_player(explorer, player)
        self.tracks.set_explorer(explorer)

    def _on_opened(self) -> None:
        if self._explorer is not None:
            self.library.set_explorer(self._explorer, self._memory.take_folders())
            self.opened.emit()

    def _set_player(self, explorer: Explorer, player: PlayerPort) -> None:
        self._player = player
        self.playback = Playback(self.tasks, self.listening, explorer, player, self)
        self.queue = PlayQueue(self.playback, player, self.listening, self)
        self.playback.preparing.connect(self.scan_bar.show_status)
        self.playback.file_ready.connect(self.player_bar.give_file)
        self.playback.behind.outlined.connect(self.player_bar.slider.show_outline)
        self.playback.set_levels(self.player_bar.levels.levels)
        self.player_bar.levels.changed.connect(self.playback.set_levels)
        self.why.play_wanted.connect(self.playback.play_pair)
        self.separation.changed.connect(self.playback.forget_stems)
        self.separation.changed.connect(self.mashups.forget_stems)
        self.output.set_player(player, self.playback)
        self.mashups.set_player(explorer, player, self.playback)
        self.player_bar.lost.connect(self.output.tell_loss)
        self.player_bar.set_player(player)

    def scan(self, paths: Sequence[Path]) -> None:
        """Add files and folders to the library, now or as soon as the session is there."""
        self.library.scan(paths)

    def _show_page(self) -> None:
        filled = len(self.known) > 0
        self.pages.setCurrentWidget(self.page if filled else self.drop_area)
        self.player_bar.setVisible(filled)

    def _on_selected(self) -> None:
        track = self.selection.track
        if track is not None:
            self.library.prefer(track)
        playing = self._player is not None and self._player.playing
        if track is not None and not playing:
            self.player_bar.show_names(track.title, track.singer)
            self.cover.show_track(track)

    def _toggle_playing(self) -> None:
        if self.playback is not None:
            self.playback.toggle(self.selection.track)

    def _play_stem(self, stem: Stem) -> None:
        track = self._track_to_hear()
        if track is not None and self.playback is not None:
            self.playback.play_stem(track, stem)

    def _make_file(self, stem: Stem) -> None:
        track = self._track_to_hear()
        if track is not None and self.playback is not None:
            self.playback.make_file(track, stem)

    def _track_to_hear(self) -> Track | None:
        track = self.selection.track
        heard = self.listening.heard
        return heard.track if track is None and heard is not None else track

    def _export(self) -> None:
        model = self.page.table.model
        self.exports.ask([model.track_at(row) for row in range(model.rowCount())])

    def _on_turn(self) -> None:
        track = self.listening.queued
        if track is not None:
            self.selection.select(self.known.now(track) or track, keep_set=True)

    @property
    def remote(self) -> Remote:
        """What media keys and the desktop may do."""
        stop = self.player_bar.stop
        return Remote(self._toggle_playing, stop, self._play_next, self._play_previous)

    def _play_next(self) -> None:
        if self.queue is not None:
            self.queue.next()

    def _play_previous(self) -> None:
        if self.queue is not None:
            self.queue.previous()

    def _play_chosen(self) -> None:
        if self.queue is not None:
            self.queue.start(self.selection.chosen)

    def _on_heard(self, heard: NowPlaying) -> None:
        self.tracks.show_status()
        self.player_bar.show_stem(heard.stem)
        self.cover.show_track(heard.track)
        self.player_bar.show_names(*heard.names)

    def _on_failed(self, sentence: str) -> None:
        self.message_bar.show_failure(sentence)
        self.tracks.show_status()

    def _on_saved(self, path: Path) -> None:
        self.tracks.show_status()
        self.message_bar.show_done(f"Saved as {path}")

    def _escape(self) -> None:
        if self.page.table.search.hasFocus() and self.page.table.search.text():
            self.page.table.search.clear()
        else:
            self.message_bar.hide()
            self.page.escape()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell when the window can be seen for the first time."""
        super().paintEvent(event)
        if not self._painted_once:
            self._painted_once = True
            QTimer.singleShot(0, self, self.painted.emit)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            QTimer.singleShot(0, self, lambda: follow_palette(application_object()))
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the geometry and disappear; what was to be done is done out of sight.

        `closed` tells when no thread is left.
        """
        super().closeEvent(event)
        if self._closed:
            return
        self._closed = True
        self._memory.save(self, self._remembered)
        self.hide()
        if self._player is not None:
            self._player.pause()
        self.library.close()
        self.tasks.close()

    def _on_ended(self) -> None:
        if self._player is not None:
            self._player.close()
        self.closed.emit()

    def close_and_wait(self) -> None:
        """Close, and return when no thread is left."""
        self.close()
        if not self.tasks.over:
            loop = QEventLoop()
            self.closed.connect(loop.quit)
            loop.exec()

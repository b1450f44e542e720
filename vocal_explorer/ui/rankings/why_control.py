"""Asks why two tracks are alike: the selected one, and one of a ranking."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import SegmentPair
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.widgets import push_button
from vocal_explorer.ui.rankings.match_panel import MatchPanel
from vocal_explorer.ui.rankings.ranking_list import RankingList
from vocal_explorer.ui.rankings.singer_panel import SingerPanel
from vocal_explorer.ui.rankings.why_dialog import LISTENING, WhyDialog
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.selection import Selection

KIND = "why"
KEYS = ("W", "Shift+Return", "Shift+Enter")


class WhyControl(QObject):
    """Adds the question to the rankings of tracks, and answers it in a dialog.

    Parameters
    ----------
    tasks
        Where voices are listened to.
    known, selection
        The tracks; the selected one is the first of the two.
    singers, matches
        Whose rankings ask.
    """

    play_wanted = Signal(Track, Track, SegmentPair, Stem)

    def __init__(
        self,
        tasks: Tasks,
        known: KnownTracks,
        selection: Selection,
        singers: SingerPanel,
        matches: MatchPanel,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._known = known
        self._selection = selection
        self._singers = singers
        self._explorer: Explorer | None = None
        self._shown: tuple[Track, Track] | None = None
        self.dialog = WhyDialog(parent)
        self.dialog.pair_wanted.connect(self._play)
        self.dialog.finished.connect(lambda _result: tasks.cancel(KIND))
        self.button = push_button("Why alike?")
        self.button.setToolTip("Why the marked track is like the selected one (W)")
        self.button.setAccessibleName("Why are these two alike?")
        self.button.clicked.connect(lambda: self.ask(singers.tracks))
        singers.tabs.setCornerWidget(self.button)
        singers.tabs.currentChanged.connect(self._show_button)
        self._show_button()
        for ranking in (singers.tracks, matches.list):
            self._add_action(ranking)

    def set_explorer(self, explorer: Explorer) -> None:
        """Use this session from now on."""
        self._explorer = explorer

    def ask(self, ranking: RankingList) -> None:
        """Say why the selected track and the marked one of a ranking are alike."""
        first, key, explorer = self._selection.track, ranking.current_key, self._explorer
        second = None if key is None else self._known.with_id(key)
        if first is None or second is None or explorer is None:
            return
        self._shown = (first, second)
        self.dialog.show_waiting(first, second)
        self.dialog.show()
        self.dialog.activateWindow()

        def job(progress: Progress) -> object:
            return explorer.why_similar(first.track_id, second.track_id, progress)

        self._tasks.ask(
            KIND,
            job,
            self.dialog.show_why,
            on_progress=lambda fraction, _: self.dialog.show_status(f"{LISTENING} {fraction:.0%}"),
            on_failure=self.dialog.show_status,
        )

    def _add_action(self, ranking: RankingList) -> None:
        action = QAction("Why are these two alike?", ranking)
        action.setShortcuts([QKeySequence(key) for key in KEYS])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(partial(self.ask, ranking))
        ranking.addAction(action)
        ranking.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _show_button(self, _index: int = 0) -> None:
        tabs = self._singers.tabs
        self.button.setVisible(tabs.currentWidget() is self._singers.tracks)

    def _play(self, pair: SegmentPair, stem: Stem) -> None:
        if self._shown is not None:
            self.play_wanted.emit(*self._shown, pair, stem)

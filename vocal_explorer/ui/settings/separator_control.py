"""Choosing a separator, getting Spleeter's weights, and offering to analyse tracks again."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import SeparatorChoice
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.ui.base.job_dialog import JobDialog, JobWords
from vocal_explorer.ui.base.jobs import JobFunction
from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import CHANGE, Tasks
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.settings.separator_menu import SeparatorMenu

AUTO, SPLEETER = "auto", "spleeter"
CHOICES, WEIGHTS = "separators", "weights"  # kinds of questions
AGAIN = "Analyse again"
DOWNLOAD = JobWords(
    title="Get Spleeter's weights",
    text="Spleeter is Deezer's separator. With it vocals are isolated as in the paper that this"
    " program follows.\n\n"
    "Its weights are a download of 73 MB from Deezer's release page on github.com, free under"
    " the MIT licence. They are checked before they are used, and none of your music leaves"
    " this computer.",
    button="Download",
    noun="download",
    first_step="connecting",
)


class SeparatorControl(QObject):
    """The window's side of separation; nothing is analysed again without being asked.

    Parameters
    ----------
    tasks
        Where the separator is changed and the weights are downloaded.
    messages
        Where offers and failures are told.
    fetch_weights
        Downloads Spleeter's weights; without it, they are not offered.
    window
        Parent of the menu and the dialog.
    """

    changed = Signal()
    scan_wanted = Signal(list)

    def __init__(
        self,
        tasks: Tasks,
        messages: MessageBar,
        fetch_weights: JobFunction | None,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._fetch_weights = fetch_weights
        self._explorer: Explorer | None = None
        self._tracks: tuple[Track, ...] | None = None
        self._next: Callable[[], None] | None = None
        self.menu = SeparatorMenu(window, can_fetch=fetch_weights is not None)
        self.dialog = JobDialog(window, DOWNLOAD)
        self.menu.chosen.connect(self.choose)
        self.menu.weights_wanted.connect(self.dialog.open)
        self.dialog.start_wanted.connect(self._download)
        self.dialog.cancel_wanted.connect(lambda: self._tasks.cancel(WEIGHTS))

    def set_explorer(self, explorer: Explorer) -> None:
        """Show what this session can separate with."""
        self._explorer = explorer
        self._next = self._offer_at_start
        self._tasks.ask(CHOICES, lambda _progress: explorer.separators(), self._show)

    def show_tracks(self, tracks: Sequence[Track]) -> None:
        """Take note of what the library holds, at a time when no scan runs."""
        self._tracks = tuple(tracks)
        self._go_on()

    def choose(self, name: str) -> None:
        """Use another separator, and offer to analyse again what it has not analysed yet."""
        self._choose(name, self._tell_chosen)

    def _choose(self, name: str, then: Callable[[], None]) -> None:
        if self._explorer is None:
            return
        explorer = self._explorer

        def job(_progress: Progress) -> list[SeparatorChoice]:
            explorer.choose_separator(name)
            return explorer.separators()

        def done(choices: list[SeparatorChoice]) -> None:
            self._tracks, self._next = None, then
            self._show(choices)
            self.changed.emit()

        self._tasks.do(CHANGE, job, done, on_failure=self._on_refused)

    def _on_refused(self, sentence: str) -> None:
        self.menu.show_choices(self.menu.choices)
        self._messages.show_failure(sentence)

    def _show(self, choices: list[SeparatorChoice]) -> None:
        self.menu.show_choices(choices)
        self._go_on()

    def _go_on(self) -> None:
        """Do what waits until separators and tracks are known."""
        if self._next is not None and self._tracks is not None and self.menu.choices:
            waiting, self._next = self._next, None
            waiting()

    def _stale(self) -> list[Path]:
        return [t.path for t in self._tracks or () if t.state is TrackState.STALE]

    def _offer_at_start(self) -> None:
        stale = self._stale()
        if stale:
            tracks = counted(len(stale), "track")
            self._messages.show_offer(
                f"{tracks} can be compared only after a new analysis; the table says why.",
                AGAIN,
                lambda: self.scan_wanted.emit(stale),
            )
        elif self._chosen() == AUTO and any(
            c.name == SPLEETER and c.installed and not c.current for c in self.menu.choices
        ):
            self._offer_spleeter()

    def _tell_chosen(self) -> None:
        stale = self._stale()
        title = next(choice.title for choice in self.menu.choices if choice.current)
        news = f"The vocals are isolated with {title} from now on."
        if stale:
            again = f"{counted(len(stale), 'track')} can be analysed again with it."
            self._messages.show_offer(
                f"{news} {again}", AGAIN, lambda: self.scan_wanted.emit(stale)
            )
        else:
            self._messages.show_done(news)

    def _download(self) -> None:
        if self._fetch_weights is not None:
            self._tasks.ask(
                WEIGHTS,
                self._fetch_weights,
                self._on_fetched,
                on_progress=self.dialog.show_progress,
                on_end=self.dialog.end,
            )

    def _on_fetched(self, _result: object) -> None:
        if self._explorer is None:
            self._messages.show_done("Spleeter is installed.")
            return
        self._next = self._offer_spleeter
        explorer = self._explorer
        self._tasks.ask(CHOICES, lambda _progress: explorer.separators(), self._show)

    def _offer_spleeter(self) -> None:
        wanted = AUTO if self._chosen() == AUTO else SPLEETER
        done = (TrackState.ANALYSED, TrackState.STALE)
        n_tracks = sum(track.state in done for track in self._tracks or ())
        if n_tracks:
            again = f"{counted(n_tracks, 'track')} can be analysed again with it."
            self._messages.show_offer(
                f"Spleeter is installed. {again}",
                AGAIN,
                lambda: self._choose(wanted, lambda: self.scan_wanted.emit(self._stale())),
            )
        else:
            self._messages.show_done("Spleeter is installed, and isolates the vocals from now on.")
            self._choose(wanted, lambda: None)

    def _chosen(self) -> str:
        return next(choice.name for choice in self.menu.choices if choice.chosen)

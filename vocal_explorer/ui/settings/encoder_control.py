"""Choosing the encoders of the library, and fitting them to it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import Learnt, PairChoice
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.ui.base.job_dialog import JobDialog, JobWords
from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import CHANGE, Tasks
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.settings.encoder_menu import EncoderMenu
from vocal_explorer.ui.settings.separator_control import AGAIN

PAIRS, LEARN = "pairs", "learn"  # kinds of questions
BACK = "Go back"
LEARNING = JobWords(
    title="Learn my library",
    text="The program can learn to tell the artists of your library apart, from their tags. Some"
    " songs of each artist are held out; only if more of them are recognised afterwards are"
    " the new encoders used, and you can go back at any time.\n\n"
    "This takes about a quarter of an hour for a hundred songs, longer on a slow computer."
    " You can go on working meanwhile, and nothing leaves this computer.",
    button="Learn",
    noun="learning",
    first_step="looking at the songs",
)


class EncoderControl(QObject):
    """The window's side of the encoders; nothing is analysed again without being asked.

    Parameters
    ----------
    tasks
        Where the encoders are changed and fitted.
    messages
        Where results, offers and failures are told.
    window
        Parent of the menu and the dialog.
    """

    changed = Signal()
    scan_wanted = Signal(list)

    def __init__(self, tasks: Tasks, messages: MessageBar, window: QWidget) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._explorer: Explorer | None = None
        self.menu = EncoderMenu(window)
        self.dialog = JobDialog(window, LEARNING)
        self.menu.chosen.connect(self.choose)
        self.menu.learn_wanted.connect(self._show_dialog)
        self.dialog.start_wanted.connect(self._learn)
        self.dialog.cancel_wanted.connect(lambda: self._tasks.cancel(LEARN))

    def set_explorer(self, explorer: Explorer) -> None:
        """Show what this session can hear with."""
        self._explorer = explorer
        self._tasks.ask(PAIRS, lambda _progress: explorer.pairs(), self.menu.show_choices)

    def choose(self, name: str) -> None:
        """Use another pair, and offer to analyse again what it has not analysed yet."""
        if self._explorer is None:
            return
        explorer = self._explorer

        def job(_progress: Progress) -> tuple[list[PairChoice], list[Path]]:
            explorer.choose_pair(name)
            tracks = explorer.tracks()
            return explorer.pairs(), [t.path for t in tracks if t.state is TrackState.STALE]

        self._tasks.do(
            CHANGE, job, lambda made: self._tell_chosen(*made), on_failure=self._on_refused
        )

    def _tell_chosen(self, choices: list[PairChoice], stale: list[Path]) -> None:
        self.menu.show_choices(choices)
        self.changed.emit()
        title = next(choice.title for choice in choices if choice.chosen)
        news = f"These encoders are used from now on: {title}."
        if stale:
            again = f"{counted(len(stale), 'track')} can be analysed again with them."
            self._messages.show_offer(
                f"{news} {again}", AGAIN, lambda: self.scan_wanted.emit(stale)
            )
        else:
            self._messages.show_done(news)

    def _on_refused(self, sentence: str) -> None:
        self.menu.show_choices(self.menu.choices)
        self._messages.show_failure(sentence)

    def _show_dialog(self) -> None:
        self.dialog.show()
        self.dialog.activateWindow()

    def _learn(self) -> None:
        if self._explorer is None:
            return
        explorer = self._explorer
        before = next(choice.name for choice in self.menu.choices if choice.chosen)

        def job(progress: Progress) -> tuple[Learnt, list[PairChoice]]:
            return explorer.learn(progress), explorer.pairs()

        self._tasks.ask(
            LEARN,
            job,
            lambda made: self._tell_learnt(before, *made),
            on_progress=self.dialog.show_progress,
            on_end=self.dialog.end,
        )

    def _tell_learnt(self, before: str, learnt: Learnt, choices: list[PairChoice]) -> None:
        self.menu.show_choices(choices)
        if learnt.adopted:
            self.changed.emit()
            self._messages.show_offer(
                f"Your library is learnt. {_comparison(learnt)} The new encoders are used from"
                " now on.",
                BACK,
                lambda: self.choose(before),
            )
        else:
            self._messages.show_done(
                f"Learning your library did not help. {_comparison(learnt)} Everything stays as"
                " it was."
            )


def _comparison(learnt: Learnt) -> str:
    songs = counted(learnt.n_queries, "held-out song")
    right, before = learnt.after[Space.JOINT], learnt.before[Space.JOINT]
    return f"Of {songs}, {right} now have the right artist first; before it was {before}."

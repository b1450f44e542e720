"""The window's side of singer labels: changing, merging, and taking it back."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.base.spellings import Likely, likely_spellings
from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.ports import Explorer, LabelsPort
from vocal_explorer.ui.base.tasks import CHANGE, Tasks
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.tracks.singer_dialog import SingerDialog
from vocal_explorer.ui.tracks.spellings_dialog import SpellingsDialog
from vocal_explorer.ui.tracks.track_table import TrackTable

NAMES = "names"  # kind of question
Undo = Callable[[], object]


class SingerControl(QObject):
    """Changes what the library calls the singers; nothing is written into files.

    Parameters
    ----------
    tasks
        Where labels are changed.
    messages
        Where it is told, with a button that takes it back.
    table
        Whose selected tracks are meant.
    window
        Parent of the dialogs.
    """

    changed = Signal()

    def __init__(
        self, tasks: Tasks, messages: MessageBar, table: TrackTable, window: QWidget
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._table = table
        self._explorer: Explorer | None = None
        self._undos: list[Undo] = []
        self.dialog = SingerDialog(window)
        self.spellings = SpellingsDialog(window)
        self.dialog.singers_given.connect(self._change)
        self.spellings.merge_wanted.connect(self._merge)
        self.spellings.separate_wanted.connect(self._separate)

    def set_explorer(self, explorer: Explorer) -> None:
        """Change the labels of this session."""
        self._explorer = explorer
        self._undos.clear()

    def ask_singer(self) -> None:
        """Ask who sings on the selected tracks."""
        tracks = [t for t in self._table.selected_tracks if t.state is not TrackState.FAILED]
        if tracks:
            self.dialog.ask(tracks, sorted(_counts(self._table.model.all_tracks())))
        else:
            self._messages.show_failure("Select one or more tracks first.")

    def show_spellings(self) -> None:
        """Show likely spellings, and those that are merged."""
        self._read_names()
        self.spellings.open()

    def undo(self) -> None:
        """Take back the last change, also one that is to be made still."""
        self._tasks.do(CHANGE, lambda _progress: self._take_back(), self._on_taken_back)

    def _take_back(self) -> bool:
        """Undo what was done last; in the thread in which all changes are made in order."""
        if not self._undos:
            return False
        self._undos[-1]()
        self._undos.pop()
        return True

    def _on_taken_back(self, was_done: bool) -> None:
        if was_done:
            self._messages.show_done("Taken back.")
            self._show_change()

    def _change(self, track_ids: list[str], singers: list[str]) -> None:
        def change(labels: LabelsPort) -> Undo:
            before = labels.change(track_ids, singers)
            return lambda: labels.restore(before)

        who = " & ".join(singers) or "whom their files name"
        self._do(change, f"{counted(len(track_ids), 'track')} changed: sung by {who}.")

    def _merge(self, pairs: list[tuple[str, str]]) -> None:
        def merge(labels: LabelsPort) -> Undo:
            before = labels.merged()
            for spelling, name in pairs:
                labels.merge([spelling], name)
            return lambda: labels.replace_merged(before)

        spelling, name = pairs[0]
        more = f", and {len(pairs) - 1} more" if len(pairs) > 1 else ""
        self._do(merge, f"{spelling} counts as {name} from now on{more}.")

    def _separate(self, spellings: list[str]) -> None:
        def separate(labels: LabelsPort) -> Undo:
            before = labels.separate(spellings)
            return lambda: labels.replace_merged(before)

        self._do(separate, f"{counted(len(spellings), 'spelling')} separated again.")

    def _do(self, change: Callable[[LabelsPort], Undo], sentence: str) -> None:
        """Change something that can be taken back."""
        if self._explorer is None:
            return
        labels = self._explorer.labels

        def done(_result: None) -> None:
            self._messages.show_offer(sentence, "Undo", self.undo)
            self._show_change()

        self._tasks.do(CHANGE, lambda _progress: self._undos.append(change(labels)), done)

    def _show_change(self) -> None:
        self.changed.emit()
        if self.spellings.isVisible():
            self._read_names()

    def _read_names(self) -> None:
        if self._explorer is None:
            return
        explorer = self._explorer

        def job(_progress: Progress) -> tuple[list[str], list[Likely], dict[str, str]]:
            counts = _counts(explorer.tracks())
            return sorted(counts), likely_spellings(counts), explorer.labels.merged()

        self._tasks.ask(NAMES, job, lambda names: self.spellings.show_names(*names))


def _counts(tracks: Sequence[Track]) -> Counter[str]:
    """Return how many tracks each singer has."""
    there = (track for track in tracks if track.state is not TrackState.FAILED)
    names = (name for track in there for name in track.singers or (track.singer,))
    return Counter(name for name in names if name)

"""The window's side of singer labels: changing, merging, and taking it back."""

from collections import Counter
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.base.spellings import Likely, likely_spellings
from vocal_explorer.ui.base.messages import MessageBar
from vocal_explorer.ui.base.ports import Explorer, Labels
from vocal_explorer.ui.base.tasks import CHANGE, Tasks
from vocal_explorer.ui.base.texts import counted
from vocal_explorer.ui.state.known_tracks import KnownTracks
from vocal_explorer.ui.state.selection import Selection
from vocal_explorer.ui.tracks.singer_dialog import SingerDialog
from vocal_explorer.ui.tracks.spellings_dialog import SpellingsDialog

NAMES = "names"  # kind of question
NOT_KNOWN = "A song gets a singer when it is analysed; until then its file is all that is known."
Undo = Callable[[], object]
Change = tuple[Undo, str]
"""What takes a change back, and a sentence on what was changed."""


class SingerControl(QObject):
    """Changes what the library calls the singers; nothing is written into files.

    Parameters
    ----------
    tasks
        Where labels are changed.
    messages
        Where it is told, with a button that takes it back.
    known
        Whose singers are proposed.
    selection
        Which tracks are meant.
    window
        Parent of the dialogs.
    """

    changed = Signal()

    def __init__(
        self,
        tasks: Tasks,
        messages: MessageBar,
        known: KnownTracks,
        selection: Selection,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._tasks = tasks
        self._messages = messages
        self._known = known
        self._selection = selection
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
        tracks = [track for track in self._selection.tracks if track.track_id]
        if tracks:
            self.dialog.ask(tracks, sorted(_counts(self._known.all())))
        elif self._selection.tracks:
            self._messages.show_failure(NOT_KNOWN)
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
        who = " & ".join(singers) or "whom their files name"

        def change(labels: Labels) -> Change:
            before = labels.change(track_ids, singers)
            sentence = f"{counted(len(before), 'track')} changed: sung by {who}."
            return (lambda: labels.restore(before)), sentence

        self._do(change)

    def _merge(self, pairs: list[tuple[str, str]]) -> None:
        first = "{} counts as {} from now on".format(*pairs[0])
        more = f", and {len(pairs) - 1} more" if len(pairs) > 1 else ""

        def merge(labels: Labels) -> Change:
            before = labels.merged()
            for spelling, name in pairs:
                labels.merge([spelling], name)
            return (lambda: labels.replace_merged(before)), f"{first}{more}."

        self._do(merge)

    def _separate(self, spellings: list[str]) -> None:
        def separate(labels: Labels) -> Change:
            before = labels.separate(spellings)
            sentence = f"{counted(len(spellings), 'spelling')} separated again."
            return (lambda: labels.replace_merged(before)), sentence

        self._do(separate)

    def _do(self, change: Callable[[Labels], Change]) -> None:
        """Change something that can be taken back."""
        if self._explorer is None:
            return
        labels = self._explorer.labels

        def job(_progress: Progress) -> str:
            undo, sentence = change(labels)
            self._undos.append(undo)
            return sentence

        def done(sentence: str) -> None:
            self._messages.show_offer(sentence, "Undo", self.undo)
            self._show_change()

        self._tasks.do(CHANGE, job, done)

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

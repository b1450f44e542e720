"""What is loaded behind the stem that is heard: the other ones, and the outline."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import STEMS, Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Sounds
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.player.outline import Outline, outline, with_voice
from vocal_explorer.ui.state.listening import NowPlaying

BEHIND = "behind"

ReadStem = Callable[[Track, Stem, Progress], tuple[Waveform, int] | None]


class StemLoader(QObject):
    """Completes the recording in the player while it plays, in a worker thread.

    Parameters
    ----------
    tasks
        Where it is loaded.
    sounds, player
        Where it comes from and where it goes to.
    """

    outlined = Signal(object)
    arrived = Signal()

    def __init__(self, tasks: Tasks, sounds: Sounds, player: PlayerPort, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._sounds = sounds
        self._player = player
        self._outline: Outline | None = None

    def follow(self, heard: NowPlaying, waveform: Waveform, sample_rate: int) -> None:
        """Load the mix if another stem is heard, then the stems if they are kept."""

        def job(progress: Progress) -> Outline:
            if heard.stem is Stem.MIX:
                return outline(waveform, sample_rate)
            mix, rate = self._sounds.part(heard.track, Stem.MIX, progress)
            progress.report(1.0)  # raises when something else is heard meanwhile
            self._player.add_layer(heard.recording, Stem.MIX, mix)
            return outline(mix, rate)

        def go_on(found: Outline) -> None:
            self._show(found)
            self._load_stems(heard, found, self._kept_stem)

        self._show(None)
        self._tasks.ask(BEHIND, job, go_on)

    def leave(self) -> None:
        """Load nothing more, and show no outline."""
        self.cancel()
        self._show(None)

    def follow_passage(self, waveform: Waveform, sample_rate: int) -> None:
        """Outline what is not a track of the library."""
        self._show(None)
        self._tasks.ask(BEHIND, lambda _progress: outline(waveform, sample_rate), self._show)

    def load_stems(self, heard: NowPlaying, *, separate: bool = False) -> None:
        """Load the stems, if they are kept or may be made now, unless that is being done."""
        if self._outline is not None and not self._tasks.running(BEHIND):
            read = self._sounds.part if separate else self._kept_stem
            self._load_stems(heard, self._outline, read)

    def cancel(self) -> None:
        """Load nothing more."""
        self._tasks.cancel(BEHIND)

    def _load_stems(self, heard: NowPlaying, mix: Outline, read: ReadStem) -> None:
        def job(progress: Progress) -> Outline | None:
            found = None
            for stem in STEMS:
                sound = read(heard.track, stem, progress)
                progress.report(1.0)
                if sound is None:
                    return None
                self._player.add_layer(heard.recording, stem, sound[0])
                found = found or with_voice(mix, *sound)
            return found

        self._tasks.ask(BEHIND, job, self._on_stems)

    def _on_stems(self, found: Outline | None) -> None:
        if found is not None:
            self._show(found)
            self.arrived.emit()

    def _kept_stem(
        self, track: Track, stem: Stem, _progress: Progress
    ) -> tuple[Waveform, int] | None:
        return self._sounds.kept_stem(track, stem)

    def _show(self, found: Outline | None) -> None:
        self._outline = found
        self.outlined.emit(found)

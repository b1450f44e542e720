"""Gets parts and matches ready in a worker thread and gives them to the player."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from vocal_explorer.progress import Progress
from vocal_explorer.records import Mashup, Part, Track
from vocal_explorer.ui.ports import Explorer, PlayerPort
from vocal_explorer.ui.tasks import Tasks

SOUND, SAVE, FILE = "sound", "save", "file"


@dataclass(frozen=True)
class Heard:
    """What is in the player: a part of a track, or its vocals over another track (a match)."""

    track: Track
    part: Part | None
    accompaniment: Track | None = None


class Playback(QObject):
    """What the play buttons do.

    Parameters
    ----------
    tasks
        Where sound is made ready.
    explorer, player
        Where it comes from and where it goes to.
    """

    preparing = Signal(str)
    ready = Signal(object)
    saved = Signal(object)
    file_ready = Signal(Part, Path)

    def __init__(
        self, tasks: Tasks, explorer: Explorer, player: PlayerPort, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._explorer = explorer
        self._player = player
        self._heard: Heard | None = None
        self._mashup: tuple[tuple[str, str], Mashup] | None = None

    @property
    def heard(self) -> Heard | None:
        """What was played last."""
        return self._heard

    def toggle(self, selected: Track | None) -> None:
        """Pause, or go on; when another track is selected meanwhile, play that one."""
        if self._player.playing:
            self._player.pause()
        elif selected is not None and not self._is_heard(selected):
            self.play_part(selected, Part.MIX)
        elif self._heard is not None:
            self._tasks.start(SOUND, lambda _progress: self._player.play())

    def play_part(self, track: Track, part: Part) -> None:
        """Play the mix, the vocals or the accompaniment of a track."""
        heard = Heard(track, part)
        keep_position = self._is_heard(track)

        def job(progress: Progress) -> Heard:
            waveform, sample_rate = self._explorer.part(track.track_id, part, progress)
            progress.report(1.0)  # raises when something else was asked for meanwhile
            self._player.load(waveform, sample_rate, keep_position=keep_position)
            self._player.play()
            return heard

        self._start(job, f"Getting {track.title} ready")

    def play_match(self, vocals: Track, accompaniment: Track) -> None:
        """Play one track's vocals over another track's accompaniment."""
        heard = Heard(vocals, None, accompaniment)
        keep_position = self._is_heard(vocals)

        def job(progress: Progress) -> Heard:
            mashup = self._render(vocals, accompaniment, progress)
            progress.report(1.0)  # raises when something else was asked for meanwhile
            self._player.load(mashup.waveform, mashup.sample_rate, keep_position=keep_position)
            self._player.play()
            return heard

        self._start(job, f"Putting {vocals.title} over {accompaniment.title}")

    def save_match(self, vocals: Track, accompaniment: Track, folder: Path) -> None:
        """Write a match into a folder; `saved` tells the file."""
        name = f"{vocals.title} ({vocals.singer}) over {accompaniment.title}"

        def job(progress: Progress) -> Path:
            mashup = self._render(vocals, accompaniment, progress)
            return self._explorer.save_mashup(mashup, folder, name)

        self.preparing.emit(f"Saving {name}")
        self._tasks.start(SAVE, job, self.saved.emit)

    def make_file(self, track: Track, part: Part) -> None:
        """Get a part ready as a file; `file_ready` tells it."""
        self._tasks.start(
            FILE,
            lambda progress: self._explorer.part_file(track.track_id, part, progress),
            lambda file: self.file_ready.emit(part, file),
        )

    def forget_match(self) -> None:
        """Render the next match anew, because the stems have changed."""
        self._mashup = None

    def _is_heard(self, track: Track) -> bool:
        return self._heard is not None and self._heard.track.track_id == track.track_id

    def _start(self, job: Callable[[Progress], Heard], sentence: str) -> None:
        self.preparing.emit(sentence)
        self._tasks.start(SOUND, job, self._on_ready, on_progress=self._on_progress(sentence))

    def _on_progress(self, sentence: str) -> Callable[[float, str], None]:
        return lambda fraction, _message: self.preparing.emit(f"{sentence} ({fraction:.0%})")

    def _on_ready(self, heard: Heard) -> None:
        self._heard = heard
        self.ready.emit(heard)

    def _render(self, vocals: Track, accompaniment: Track, progress: Progress) -> Mashup:
        pair = (vocals.track_id, accompaniment.track_id)
        kept = self._mashup
        if kept is not None and kept[0] == pair:
            return kept[1]
        mashup = self._explorer.render_match(*pair, progress)
        self._mashup = (pair, mashup)
        return mashup

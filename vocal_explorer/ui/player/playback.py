"""Gets the mix and the stems of tracks ready in a worker thread and gives them to the player."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import SegmentPair
from vocal_explorer.base.records.signals import Stem, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Sounds
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.player.levels import Levels
from vocal_explorer.ui.player.stem_loader import StemLoader
from vocal_explorer.ui.state.listening import Listening, NowPlaying

# kinds of questions: what is to be in the player, the rest of it, to go on, a file of it
SOUND, FILL, GO_ON, FILE = "sound", "fill", "go on", "file"


class Playback(QObject):
    """What the play buttons do.

    Parameters
    ----------
    tasks
        Where sound is made ready.
    listening
        Takes note of what is heard.
    sounds, player
        Where it comes from and where it goes to.

    Attributes
    ----------
    behind
        Loads the other stems of what is heard, so that it is turned to them at once.
    """

    preparing = Signal(str)
    file_ready = Signal(Stem, Path)

    def __init__(
        self,
        tasks: Tasks,
        listening: Listening,
        sounds: Sounds,
        player: PlayerPort,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._listening = listening
        self._sounds = sounds
        self._player = player
        self.behind = StemLoader(tasks, sounds, player, self)
        self.behind.arrived.connect(self._apply_levels)
        self._loaded: NowPlaying | None = None
        self._levels = Levels()

    def toggle(self, selected: Track | None) -> None:
        """Pause, or go on; when another track is selected meanwhile, play that one."""
        if self._player.playing:
            self._player.pause()
        elif selected is not None and not self._is_heard(selected):
            self.play_stem(selected, Stem.MIX)
        elif self._listening.heard is not None:
            self.go_on()

    def go_on(self) -> None:
        """Play what is in the player."""
        self._tasks.ask(GO_ON, lambda _progress: self._player.play())

    def play_stem(self, track: Track, stem: Stem) -> None:
        """Play the mix, the vocals or the accompaniment of a track.

        What is loaded already is turned to at once, without a gap.
        """
        heard = NowPlaying(track, stem)
        layers = self._layers(track)
        if stem in layers:
            self._on_ready(heard)
            self.go_on()
        elif layers:
            self._add(heard, stem)
        else:
            self._load(heard, lambda progress: self._sounds.part(track, stem, progress))

    def take_over(self, heard: NowPlaying) -> None:
        """Take for heard what somebody else has put into the player."""
        self.behind.leave()
        self._loaded = None
        self._on_ready(heard)

    def set_levels(self, levels: Levels) -> None:
        """Change how loud the stems are heard; they are separated if they are not there yet."""
        self._levels = levels
        heard = self._listening.heard
        if heard is None or heard.stem is None or not heard.recording:
            return
        self._apply_levels()
        if self._loaded and not levels.gains(heard.stem).keys() <= self._layers(heard.track):
            self.behind.load_stems(self._loaded, separate=True)

    def play_pair(self, first: Track, second: Track, pair: SegmentPair, stem: Stem) -> None:
        """Play a passage of one track and then the passage of another that is like it."""

        def read(progress: Progress) -> tuple[Waveform, int]:
            ids = (first.track_id, second.track_id)
            return self._sounds.pair_sound(*ids, pair, stem, progress)

        self._load(NowPlaying(first, stem, compared=second), read)

    def make_file(self, track: Track, stem: Stem) -> None:
        """Get a stem ready as a file; `file_ready` tells it."""
        self._tasks.ask(
            FILE,
            lambda progress: self._sounds.part_file(track, stem, progress),
            lambda file: self.file_ready.emit(stem, file),
        )

    def forget_stems(self) -> None:
        """Load and render anew what is played next, because the stems have changed."""
        self._loaded = None

    def _is_heard(self, track: Track) -> bool:
        heard = self._listening.heard
        if heard is None or heard.compared is not None:
            return False
        return heard.track.is_same(track)

    def _layers(self, track: Track) -> frozenset[str]:
        loaded = self._loaded
        if loaded is None or not loaded.track.is_same(track):
            return frozenset()
        return self._player.layers(loaded.recording)

    def _load(self, heard: NowPlaying, read: Callable[[Progress], tuple[Waveform, int]]) -> None:
        """Put another recording into the player; what belongs to it follows behind."""
        self.behind.cancel()
        self._tasks.cancel(FILL)
        keep_position = heard.compared is None and self._is_heard(heard.track)
        stem = heard.stem or Stem.MIX
        recording = heard.recording

        def job(progress: Progress) -> tuple[Waveform, int]:
            waveform, sample_rate = read(progress)
            progress.report(1.0)  # raises when something else was asked for meanwhile
            self._player.load(
                waveform,
                sample_rate,
                keep_position=keep_position,
                recording=recording,
                layer=stem,
                gain=self._levels.gains(stem).get(stem, 1.0) if recording else 1.0,
            )
            self._player.play()
            return waveform, sample_rate

        def follow(loaded: tuple[Waveform, int]) -> None:
            self._loaded = heard if recording else None
            self._on_ready(heard)
            if recording:
                self.behind.follow(heard, *loaded)
            else:
                self.behind.follow_passage(*loaded)

        self._prepare(job, _sentence(heard), follow)

    def _add(self, heard: NowPlaying, stem: Stem) -> None:
        """Add a stem to the recording in the player, and turn to it."""
        loaded = self._loaded
        if loaded is None:
            return

        def job(progress: Progress) -> None:
            waveform, _ = self._sounds.part(loaded.track, stem, progress)
            progress.report(1.0)
            self._player.add_layer(loaded.recording, stem, waveform)
            self._player.set_gains({stem: self._levels.gains(stem).get(stem, 1.0)})
            self._player.play()

        def follow(_: None) -> None:
            self._on_ready(heard)
            self.behind.load_stems(loaded)

        self._prepare(job, _sentence(heard), follow)

    def _prepare(
        self, job: Callable[[Progress], object], sentence: str, follow: Callable[..., None]
    ) -> None:
        self.preparing.emit(sentence)
        self._tasks.ask(
            SOUND,
            job,
            follow,
            on_progress=lambda fraction, _: self.preparing.emit(f"{sentence} ({fraction:.0%})"),
        )

    def _on_ready(self, heard: NowPlaying) -> None:
        self._listening.hear(heard)
        self._apply_levels()

    def _apply_levels(self) -> None:
        """Turn the layers to what is heard, as far as they are loaded."""
        heard = self._listening.heard
        if heard is None or heard.stem is None:
            return
        gains, layers = self._levels.gains(heard.stem), self._layers(heard.track)
        if gains.keys() <= layers:
            self._player.set_gains(gains)
        elif heard.stem in layers:
            self._player.set_gains({heard.stem: 1.0})


def _sentence(heard: NowPlaying) -> str:
    if heard.compared is not None:
        return "Getting both passages ready"
    return f"Getting {heard.track.title} ready"

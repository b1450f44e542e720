"""Everything that the window does with mashups: hear, fit, compare and save them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import STEMS, Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.actions import Entry
from vocal_explorer.ui.base.choosers import choose_folder
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.base.timers import ticker
from vocal_explorer.ui.mashup.audition import Audible, Audition, MashupPair
from vocal_explorer.ui.mashup.mashup_bar import NUDGE, MashupBar
from vocal_explorer.ui.mashup.mashup_lanes import Shift
from vocal_explorer.ui.player.outline import Outline, outline
from vocal_explorer.ui.player.playback import Playback
from vocal_explorer.ui.state.listening import Listening, NowPlaying

LANES = "lanes"  # kind of question
SAVE = "save mashup"  # kind of deed
FOLLOW_INTERVAL = 40  # ms


class MashupControl(QObject):
    """Connects the list of matches, the mashup that is heard, and its bar.

    Parameters
    ----------
    tasks
        Where everything is made.
    listening
        Tells when something else is heard.
    parent
        The window.

    Attributes
    ----------
    bar
        Shown while a mashup, or one of its originals, is in the player.
    """

    preparing = Signal(str)
    saved = Signal(Path)

    def __init__(self, tasks: Tasks, listening: Listening, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._tasks = tasks
        self._listening = listening
        self._explorer: Explorer | None = None
        self._player: PlayerPort | None = None
        self._playback: Playback | None = None
        self._audition: Audition | None = None
        self.bar = MashupBar()
        self.bar.hide()
        self._timer = ticker(self, FOLLOW_INTERVAL)
        self._timer.timeout.connect(self._follow)

    def set_player(self, explorer: Explorer, player: PlayerPort, playback: Playback) -> None:
        """Play in this player from now on."""
        self._explorer, self._player, self._playback = explorer, player, playback
        audition = Audition(self._tasks, explorer, player, self)
        self._audition = audition
        audition.started.connect(self._on_started)
        audition.completed.connect(self._draw_lanes)
        self._listening.changed.connect(self._on_heard)
        bar = self.bar
        bar.fit_wanted.connect(audition.refit)
        bar.levels_changed.connect(audition.set_levels)
        bar.phrase_wanted.connect(audition.go_to_phrase)
        bar.swap_wanted.connect(audition.swap)
        bar.original_wanted.connect(self._hear)
        bar.lanes.sought.connect(self._seek)

    def play(self, vocals: Track, accompaniment: Track) -> None:
        """Play one track's vocals over another track's accompaniment."""
        if self._audition is not None:
            self.preparing.emit(f"Putting {vocals.title} over {accompaniment.title}")
            self._audition.play(self._pair(vocals, accompaniment))

    def forget_stems(self) -> None:
        """Make what is played next anew, because the stems have changed."""
        if self._audition is not None:
            self._audition.forget()

    def save(self, vocals: Track, accompaniment: Track, suffix: str, stems: bool) -> None:
        """Ask for a folder, and write the mashup there as it is fitted now."""
        choose_folder(
            self._window,
            "Save the match in this folder",
            lambda folder: self._save(self._pair(vocals, accompaniment), folder, suffix, stems),
        )

    def go_to_phrase(self, step: int) -> None:
        """Go to the next phrase of the vocals, or with -1 to the one before."""
        if self._audition is not None:
            self._audition.go_to_phrase(step)

    def swap(self) -> None:
        """Lay the other track's vocals over this one's instrumental."""
        if self._audition is not None:
            self._audition.swap()

    def command(self, wanted: Callable[[], object]) -> Callable[[], None]:
        """Return a command for a menu that does something while a mashup is shown."""

        def run() -> None:
            if self.bar.isVisible():
                wanted()

        return run

    def _pair(self, vocals: Track, accompaniment: Track) -> MashupPair:
        """Return a pair, fitted as it was when it was heard last."""
        heard = self._audition.audible if self._audition is not None else None
        plain = MashupPair(vocals, accompaniment)
        return heard.pair if heard is not None and heard.pair.ids == plain.ids else plain

    def _save(self, pair: MashupPair, folder: Path, suffix: str, stems: bool) -> None:
        explorer = self._explorer
        if explorer is None:
            return
        name = f"{pair.vocals.title} ({pair.vocals.singer}) over {pair.accompaniment.title}"

        def job(progress: Progress) -> Path:
            mashup = explorer.mashups.render(*pair.ids, pair.fit, progress)
            return explorer.mashups.save(mashup, folder, name, suffix, stems=stems)

        self.preparing.emit(f"Saving {name}")
        self._tasks.do(
            SAVE,
            job,
            self.saved.emit,
            on_progress=lambda share, _: self.preparing.emit(f"Saving {name} ({share:.0%})"),
        )

    def _hear(self, original: Stem | None) -> None:
        if self._audition is not None:
            if original is None:
                self._audition.hear_mashup()
            else:
                self._audition.hear_original(original)

    def _seek(self, seconds: float) -> None:
        if self._player is not None and self._audition is not None:
            self._audition.seek(seconds)

    def _on_started(self, audible: Audible) -> None:
        if self._audition is None or self._playback is None:
            return
        self.bar.show_mashup(audible, self._audition.original)
        self._playback.take_over(NowPlaying(audible.pair.vocals, None, audible.pair.accompaniment))
        self._draw_lanes()

    def _on_heard(self, heard: NowPlaying) -> None:
        is_mashup = heard.accompaniment is not None
        self.bar.setVisible(is_mashup)
        if is_mashup:
            self._timer.start()
        else:
            self._timer.stop()
            if self._audition is not None:
                self._audition.release()

    def _follow(self) -> None:
        if self._audition is not None:
            self.bar.lanes.follow(self._audition.moment)

    def _draw_lanes(self) -> None:
        """Draw the sound of both stems, as soon as they are kept."""
        explorer, audition = self._explorer, self._audition
        if explorer is None or audition is None or audition.audible is None:
            return
        pair = audition.audible.pair
        tracks = (pair.vocals, pair.accompaniment)

        def job(progress: Progress) -> list[Outline | None]:
            outlines = []
            for track, stem in zip(tracks, STEMS, strict=True):
                kept = explorer.kept_stem(track, stem)
                progress.report(0.5)
                outlines.append(None if kept is None else outline(*kept))
            return outlines

        self._tasks.ask(LANES, job, lambda found: self.bar.lanes.show_outlines(*found))


def mashup_entries(control: MashupControl, play: Callable[[], object]) -> list[Entry]:
    """Return the menu of mashups."""
    bar = control.bar
    lines: tuple[tuple[str, str, Callable[[], object]], ...] = (
        ("&Next phrase", "N", partial(control.go_to_phrase, 1)),
        ("&Phrase before", "Shift+N", partial(control.go_to_phrase, -1)),
        ("Vocals a beat &later", "Ctrl+Right", partial(bar.shift, Shift(beats=1))),
        ("Vocals a beat &earlier", "Ctrl+Left", partial(bar.shift, Shift(beats=-1))),
        ("Vocals a bar later", "Ctrl+Shift+Right", partial(bar.shift, Shift(bars=1))),
        ("Vocals a bar earlier", "Ctrl+Shift+Left", partial(bar.shift, Shift(bars=-1))),
        ("Vocals 10 ms later", "Alt+Shift+Right", partial(bar.shift, Shift(nudge=NUDGE))),
        ("Vocals 10 ms earlier", "Alt+Shift+Left", partial(bar.shift, Shift(nudge=-NUDGE))),
        ("Solo &vocals", "Alt+1", partial(bar.solo, Stem.VOCALS)),
        ("Solo &instrumental", "Alt+2", partial(bar.solo, Stem.ACCOMPANIMENT)),
        ("Mashup or its &originals", "B", bar.next_original),
        ("&Swap both tracks", "X", control.swap),
    )
    entries = [Entry(text, keys, control.command(wanted)) for text, keys, wanted in lines]
    return [Entry("Play &match", "M", play), *entries]

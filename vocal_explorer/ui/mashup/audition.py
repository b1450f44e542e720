"""Plays a mashup while it is made: the first moments first, the rest while they are heard."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from vocal_explorer.base.caching import LruCache
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.mashups import MASHUP_LOUDNESS, Alignment, Fit
from vocal_explorer.base.records.music import Music
from vocal_explorer.base.records.signals import Stem, Stems, Waveform
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.ui.base.mashup_ports import MashupSound
from vocal_explorer.ui.base.player_port import PlayerPort
from vocal_explorer.ui.base.ports import Explorer
from vocal_explorer.ui.base.tasks import Tasks
from vocal_explorer.ui.player.levels import Levels
from vocal_explorer.ui.player.playback import FILL, GO_ON, SOUND

COMPARE = "compare"  # kind of question
SHORTEST = 0.05  # s before a phrase that counts as being in it
LONGEST_KEPT = 600.0  # s of an original that is kept in memory, to turn to it at once

Pieces = Iterator[tuple[int, Stems]]


@dataclass(frozen=True)
class MashupPair:
    """Whose vocals are heard over whose accompaniment, and how they are fitted."""

    vocals: Track
    accompaniment: Track
    fit: Fit = field(default_factory=Fit)

    @property
    def ids(self) -> tuple[str, str]:
        """Both track ids."""
        return self.vocals.track_id, self.accompaniment.track_id


@dataclass(frozen=True, eq=False)
class Audible:
    """A mashup in the player: `music` is that of the vocals' and the accompaniment's track."""

    pair: MashupPair
    alignment: Alignment
    music: tuple[Music, Music]
    recording: str


@dataclass(frozen=True, eq=False)
class _Started:
    audible: Audible
    sound: MashupSound
    pieces: Pieces
    n_made: int  # samples from the beginning of the pieces


class Audition(QObject):
    """Puts mashups into the player.

    `started` comes when one is heard, `completed` when all of it is there.

    Parameters
    ----------
    tasks
        Where they are made.
    explorer, player
        Where stems come from, and where the sound goes to.
    """

    started = Signal(object)
    completed = Signal()

    def __init__(
        self, tasks: Tasks, explorer: Explorer, player: PlayerPort, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._explorer = explorer
        self._player = player
        self._numbers = count(1)
        self._levels = Levels()
        self._audible: Audible | None = None
        self._original: Stem | None = None
        self._originals: LruCache[tuple[Waveform, int]] = LruCache(2)

    @property
    def audible(self) -> Audible | None:
        """The mashup that was heard last, also while one of its originals is heard."""
        return self._audible

    @property
    def original(self) -> Stem | None:
        """Which original is heard instead: the song of the vocals, or of the accompaniment."""
        return self._original

    def play(self, pair: MashupPair) -> None:
        """Play a mashup from its beginning; if it is in the player, go on with it."""
        audible = self._audible
        if audible is not None and audible.pair == pair and self._is_loaded(audible):
            self._tasks.ask(GO_ON, lambda _progress: self._player.play())
        else:
            self._start(pair, None)

    def forget(self) -> None:
        """Make the next mashup anew, even if it is in the player."""
        self._audible = None

    def release(self) -> None:
        """Keep no sound of a mashup that is no longer heard."""
        self._tasks.cancel(COMPARE)
        self._originals = LruCache(2)

    def refit(self, fit: Fit) -> None:
        """Fit the same pair otherwise, and go on at the same moment of the accompaniment."""
        if self._audible is not None:
            self._start(replace(self._audible.pair, fit=fit), self._audible)

    def swap(self) -> None:
        """Lay the other track's vocals over this one's accompaniment."""
        if self._audible is not None:
            pair = self._audible.pair
            self._start(MashupPair(pair.accompaniment, pair.vocals), None)

    def set_levels(self, levels: Levels) -> None:
        """Change how loud both stems are heard."""
        self._levels = levels
        audible = self._audible
        if audible is not None and self._is_loaded(audible):
            self._player.set_gains(_gains(audible, levels))

    def hear_original(self, stem: Stem) -> None:
        """Turn to the song that the vocals, or the accompaniment, are taken from."""
        audible = self._audible
        if audible is None or self._original is stem:
            return
        moment = self._moment(audible)
        track = audible.pair.vocals if stem is Stem.VOCALS else audible.pair.accompaniment
        alignment = audible.alignment
        time_of = alignment.vocals_time if stem is Stem.VOCALS else alignment.accompaniment_time
        there = max(0.0, float(time_of(np.array([moment]))[0]))

        def job(progress: Progress) -> None:
            waveform, rate = self._read(track, progress)
            progress.report(1.0)
            self._player.load(waveform, rate, recording=f"original {track.track_id}")
            self._player.seek(there)
            self._player.play()

        def heard(_: None) -> None:
            self._original = stem
            self.started.emit(audible)

        self._tasks.cancel(FILL)
        self._tasks.ask(SOUND, job, heard)

    def hear_mashup(self) -> None:
        """Turn back from an original to the mashup, at the moment that corresponds."""
        if self._audible is not None and self._original is not None:
            self._start(self._audible.pair, self._audible)

    def go_to_phrase(self, step: int) -> None:
        """Go to the next phrase of the vocals, or with -1 to the one before."""
        audible = self._audible
        if audible is None or not self._is_loaded(audible):
            return
        starts = phrase_starts(audible)
        here = self._player.position
        later, earlier = starts[starts > here + SHORTEST], starts[starts < here - 1.0]
        found = later[:1] if step > 0 else earlier[-1:]
        if len(found):
            self._player.seek(float(found[0]))

    def _start(self, pair: MashupPair, before: Audible | None) -> None:
        self._tasks.cancel(COMPARE)
        recording = f"mashup {next(self._numbers)}"
        moment = None if before is None else self._moment(before)

        def job(progress: Progress) -> _Started:
            mashups = self._explorer.mashups
            vocals, accompaniment = (mashups.music(key, progress) for key in pair.ids)
            alignment = mashups.align(*pair.ids, pair.fit, progress)
            at = 0.0 if before is None or moment is None else _same(before, alignment, moment)
            audible = Audible(pair, alignment, (vocals, accompaniment), recording)
            return self._make_audible(audible, at, progress)

        self._tasks.cancel(FILL)
        self._tasks.ask(SOUND, job, self._go_on)

    def _make_audible(self, audible: Audible, at: float, progress: Progress) -> _Started:
        """Make the first piece, and play; then one more, so that there is time."""
        own = Progress()  # stems are still separated when this job has ended
        sound = self._explorer.mashups.sound(*audible.pair.ids, audible.alignment, own)
        with ExitStack() as undone:
            undone.callback(sound.close)
            first = min(round(at * sound.sample_rate), max(sound.n_samples - 1, 0))
            pieces = sound.pieces(first)
            begin, stems = next(pieces)
            progress.report(1.0)  # raises when something else was asked for meanwhile
            gains = _gains(audible, self._levels)
            rate, at = sound.sample_rate, first / sound.sample_rate
            self._player.load_unfinished(audible.recording, sound.n_samples, rate, gains, at)
            self._player.grow(audible.recording, begin, _layers(stems))
            self._player.play()
            begin, stems = next(pieces, (begin, stems))
            self._player.grow(audible.recording, begin, _layers(stems))
            undone.pop_all()
        return _Started(audible, sound, pieces, begin + stems.vocals.shape[1])

    def _go_on(self, begun: _Started) -> None:
        """Tell that a mashup is heard, and make the rest of it."""
        self._audible, self._original = begun.audible, None

        def job(progress: Progress) -> None:
            pieces, sound, n_made = begun.pieces, begun.sound, begun.n_made
            recording = begun.audible.recording
            try:
                while (missing := self._player.missing(recording)) is not None:
                    progress.report(0.5)
                    if missing != n_made:  # the user has gone elsewhere
                        pieces = sound.pieces(missing)
                    start, stems = next(pieces)
                    self._player.grow(recording, start, _layers(stems))
                    n_made = start + stems.vocals.shape[1]
                sound.finish()
            finally:
                sound.close()

        def complete(_: None) -> None:
            self.completed.emit()
            self._read_originals(begun.audible.pair)

        self._tasks.ask(FILL, job, complete)
        self.started.emit(begun.audible)

    def _read_originals(self, pair: MashupPair) -> None:
        """Have both originals ready, should the user want to compare."""

        def job(progress: Progress) -> None:
            for track in (pair.vocals, pair.accompaniment):
                if track.seconds <= LONGEST_KEPT:
                    self._read(track, progress)
                    progress.report(0.5)

        # nobody has asked for them yet: what fails is told when somebody does
        self._tasks.ask(COMPARE, job, on_failure=lambda _reason: None)

    def _read(self, track: Track, progress: Progress) -> tuple[Waveform, int]:
        def read() -> tuple[Waveform, int]:
            return self._explorer.part(track, Stem.MIX, progress)

        short = track.seconds <= LONGEST_KEPT
        return self._originals.get(track.track_id, read) if short else read()

    def _is_loaded(self, audible: Audible) -> bool:
        return bool(self._player.layers(audible.recording))

    @property
    def moment(self) -> float:
        """Where in the mashup playback is, also while an original is heard, in s."""
        return 0.0 if self._audible is None else self._moment(self._audible)

    def seek(self, seconds: float) -> None:
        """Go to a second of the mashup; an original goes to what corresponds."""
        audible = self._audible
        if audible is None:
            return
        alignment, moment = audible.alignment, np.array([seconds])
        if self._original is Stem.VOCALS:
            moment = alignment.vocals_time(moment)
        elif self._original is Stem.ACCOMPANIMENT:
            moment = alignment.accompaniment_time(moment)
        self._player.seek(max(0.0, float(moment[0])))

    def _moment(self, audible: Audible) -> float:
        here = self._player.position
        if self._original is None:
            return here if self._is_loaded(audible) else 0.0
        column = 1 if self._original is Stem.VOCALS else 2
        anchors = audible.alignment.anchors
        return float(np.interp(here, anchors[:, column], anchors[:, 0]))


def phrase_starts(audible: Audible) -> NDArray[np.float64]:
    """Return when phrases of the vocals begin in the mashup, in s."""
    anchors = audible.alignment.anchors
    starts = np.array([phrase.start for phrase in audible.music[0].phrases])
    inside = (starts >= anchors[0, 1]) & (starts <= anchors[-1, 1])
    return np.asarray(np.interp(starts[inside], anchors[:, 1], anchors[:, 0]))


def _same(before: Audible, alignment: Alignment, moment: float) -> float:
    """Return when the same moment of the accompaniment is heard in another alignment."""
    played = before.alignment.accompaniment_time(np.array([moment]))
    return float(np.interp(played, alignment.anchors[:, 2], alignment.anchors[:, 0])[0])


def _layers(stems: Stems) -> dict[str, Waveform]:
    return {Stem.VOCALS: stems.vocals, Stem.ACCOMPANIMENT: stems.accompaniment}


def _gains(audible: Audible, levels: Levels) -> dict[str, float]:
    """Return the gains of both layers, about as loud together as a rendered mashup."""
    loud = audible.music[0].vocals_loudness + audible.alignment.vocals_gain_db + 3.0
    whole = min(0.0, MASHUP_LOUDNESS - loud) if np.isfinite(loud) else 0.0
    own = {
        Stem.VOCALS: audible.alignment.vocals_gain_db,
        Stem.ACCOMPANIMENT: audible.alignment.accompaniment_gain_db,
    }
    return {
        stem: gain * 10 ** ((own[Stem(stem)] + whole) / 20) for stem, gain in levels.stems.items()
    }

"""Play the layers of one recording, with seeking and looping, over any sound card."""

import threading
import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.playing.deck import N_CHANNELS, Deck, as_samples, as_short_samples
from vocal_explorer.audio.playing.outputs import Outputs, OutputStream, SoundCards
from vocal_explorer.audio.playing.spans import Spans
from vocal_explorer.base.records.signals import Stem, Waveform

STALLED = 5.0  # s after which a sound card that asks for nothing counts as gone
CLOSING = 1.0  # s to wait for a sound card that was given up


class Player:
    """Plays, pauses and seeks one recording; to be polled for where it is.

    Its layers (the mix and its stems) sound at the same time, each at its own gain, so that
    turning from one to the other is sample-synchronous. The first layer of four minutes
    takes 85 MB, each that is added 42 MB.

    Every method may be called from any thread. The stream's thread waits for none of them.

    Parameters
    ----------
    outputs
        The sound cards; one is opened at the first `play`, and when the sample rate changes.
    clock
        Seconds that pass, to notice a sound card that stands still.
    """

    def __init__(
        self, outputs: Outputs | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._outputs = outputs or SoundCards()
        self._clock = clock
        self._lock = threading.RLock()  # what is loaded: nobody waits long for it
        self._stream_lock = threading.RLock()  # the sound card, which may take its time
        self._stream: OutputStream | None = None
        self._stream_rate = 0
        self._output = ""
        self._deck = Deck({}, {}, 1)
        self._recording = ""
        self._wanted = False
        self._closing: threading.Thread | None = None
        self._n_buffers = 0
        self._heard_of = (0, 0.0)  # buffers, and when there were first that many

    @property
    def playing(self) -> bool:
        """Whether something is to be heard now."""
        return self._wanted and not self._deck.ended and self._stream_is_active()

    @property
    def lost(self) -> bool:
        """Whether something should be heard, but the sound card is gone or stands still."""
        if not self._wanted or self._deck.ended:
            return False
        if not self._stream_is_active():
            return True
        if self._n_buffers != self._heard_of[0]:
            self._heard_of = (self._n_buffers, self._clock())
        return self._clock() - self._heard_of[1] > STALLED

    @property
    def finished(self) -> bool:
        """Whether what is loaded was played to its end."""
        return self._deck.ended and self._deck.n_samples > 0

    @property
    def waited(self) -> float:
        """How many seconds of silence were heard because nothing was there yet."""
        return self._deck.n_waited / self._deck.sample_rate

    @property
    def position(self) -> float:
        """Where the reading head is, in seconds."""
        return min(self._deck.head / self._deck.sample_rate, self.duration)

    @property
    def duration(self) -> float:
        """Length of what is loaded, in seconds."""
        return self._deck.seconds

    @property
    def loop(self) -> tuple[float, float] | None:
        """Start and end of the region that is repeated, in seconds."""
        loop, rate = self._deck.loop, self._deck.sample_rate
        return None if loop is None else (loop.first / rate, loop.last / rate)

    @property
    def output(self) -> str:
        """The output that was chosen; empty is the system's default."""
        return self._output

    def load(
        self,
        waveform: Waveform,
        sample_rate: int,
        *,
        keep_position: bool = False,
        recording: str = "",
        layer: str = Stem.MIX,
        gain: float = 1.0,
    ) -> None:
        """Put in another recording; if one is playing, the new one goes on playing.

        Parameters
        ----------
        waveform
            Shape (n_channels, n_samples) or (n_samples,); heard in stereo.
        sample_rate
            Hz.
        keep_position
            Go on at the same second, and with the same loop, instead of at the beginning.
        recording
            What `add_layer` knows it by.
        layer, gain
            Name of this layer, and its level.

        Raises
        ------
        DeviceError
            If something is playing and the sound card does not take the new sample rate.
        """
        deck = Deck({layer: as_samples(waveform)}, {layer: gain}, sample_rate)
        self._put_in(deck, recording, keep_position=keep_position)

    def load_unfinished(
        self,
        recording: str,
        n_samples: int,
        sample_rate: int,
        gains: Mapping[str, float],
        at: float = 0.0,
    ) -> None:
        """Put in a recording that is made while it plays; `grow` brings its layers piece by piece.

        Where nothing is there yet, the player waits in silence. It keeps 16 bits a sample.

        Parameters
        ----------
        recording
            What `grow` knows it by.
        n_samples
            Its length.
        sample_rate
            Hz.
        gains
            Its layers, and the level of each.
        at
            Where to go on, in seconds.

        Raises
        ------
        DeviceError
            If something is playing and the sound card does not take the new sample rate.
        """
        layers = {name: np.zeros((n_samples, N_CHANNELS), np.int16) for name in gains}
        deck = Deck(layers, gains, sample_rate, ready=Spans())
        self._put_in(deck.wound_to(at), recording, keep_position=False)

    def grow(self, recording: str, first: int, pieces: Mapping[str, Waveform]) -> None:
        """Add a piece of every layer that begins at sample `first`; all are equally long.

        If another recording was loaded meanwhile, nothing happens.
        """
        shorts = {name: as_short_samples(piece) for name, piece in pieces.items()}
        with self._lock:
            deck = self._deck
            if recording != self._recording or deck.ready is None:
                return
            for name, samples in shorts.items():
                last = min(first + len(samples), deck.n_samples)
                deck.layers[name][first:last] = samples[: last - first]
            deck.ready = deck.ready.joined(first, last)

    def missing(self, recording: str) -> int | None:
        """Return the sample that `grow` should bring next, None if nothing is missing.

        That is the first one that is not there behind the position, else the first of all.
        """
        with self._lock:
            deck = self._deck
            if recording != self._recording or deck.ready is None:
                return None
            return deck.ready.missing(deck.head, deck.n_samples)

    def layers(self, recording: str) -> frozenset[str]:
        """Return the names of its layers; none if another recording is loaded."""
        with self._lock:
            return frozenset(self._deck.layers if recording == self._recording else ())

    def add_layer(self, recording: str, layer: str, waveform: Waveform) -> None:
        """Add a waveform that begins with the others and has their sample rate.

        It is heard as soon as `set_gains` names it, and kept in 16 bits. If another
        recording was loaded meanwhile, nothing happens.
        """
        samples = as_short_samples(waveform)
        with self._lock:
            if recording == self._recording:
                self._deck.layers = {**self._deck.layers, layer: samples}

    def set_gains(self, gains: Mapping[str, float]) -> None:
        """Turn the layers to these levels within 10 ms; those that are not named fall silent.

        When nothing is heard, at once.
        """
        with self._lock:
            self._deck.targets = dict(gains)
            if not self.playing:
                self._deck.gains = dict(gains)

    def set_loop(self, start: float, end: float) -> None:
        """Repeat what is between two seconds, whichever comes first, at least 0.1 s.

        If the position is behind the region, it goes to its beginning.
        """
        with self._lock:
            self._deck.loop = self._deck.region(start, end)
            if self._deck.head >= self._deck.loop.last:
                self.seek(self._deck.loop.first / self._deck.sample_rate)

    def clear_loop(self) -> None:
        """Repeat nothing."""
        with self._lock:
            self._deck.loop = None

    def play(self) -> None:
        """Go on from where it is, or from the beginning if it is at its end.

        With nothing loaded, nothing happens.

        Raises
        ------
        DeviceError
            If there is no sound card that can be used.
        """
        with self._stream_lock:
            if not self._deck.n_samples:
                return
            if self.finished:
                self.seek(0.0)
            self._ensure_stream()
            self._heard_of = (self._n_buffers, self._clock())
            self._wanted = True

    def pause(self) -> None:
        """Be silent, and stay where it is."""
        self._wanted = False

    def stop(self) -> None:
        """Be silent, go back to the beginning, and give the sound card back."""
        self.close()
        self.seek(0.0)

    def seek(self, seconds: float) -> None:
        """Go to a second, at most to the end."""
        with self._lock:
            self._wanted = self.playing
            self._deck = self._deck.wound_to(seconds)

    def close(self) -> None:
        """Be silent and give the sound card back; `play` takes it again."""
        self._wanted = False
        with self._stream_lock:
            self._release_stream()

    def give_up(self) -> None:
        """Pause, and leave a lost sound card alone: closing it may take for ever."""
        self._wanted = False
        stream, self._stream = self._stream, None
        if stream is not None:
            self._closing = threading.Thread(target=stream.close, daemon=True)
            self._closing.start()

    def outputs(self) -> list[str]:
        """Return the names of the outputs, new ones too unless something plays.

        Raises
        ------
        DeviceError
            If sound cards cannot be used at all.
        """
        with self._stream_lock:
            refresh = not self.playing and self._all_closed()
            if refresh:
                self._release_stream()
            return self._outputs.names(refresh=refresh)

    def choose_output(self, name: str) -> None:
        """Play on another output from now on, an empty name means the system's default.

        Raises
        ------
        DeviceError
            If something is playing and the output cannot be used; then it is paused.
        """
        with self._stream_lock:
            was_playing = self.playing
            self._wanted = False
            self._release_stream()
            self._output = name
            if was_playing:
                self.play()

    def _put_in(self, deck: Deck, recording: str, *, keep_position: bool) -> None:
        with self._stream_lock:
            was_playing = self.playing
            if deck.sample_rate != self._stream_rate:
                self._release_stream()
            with self._lock:
                if keep_position:
                    deck = deck.wound_to(self.position)
                    deck.loop = deck.region(*self.loop) if self.loop else None
                self._deck, self._recording = deck, recording
            self._wanted = was_playing
            if was_playing:
                self._ensure_stream()
                self._wanted = True

    def _release_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def _all_closed(self) -> bool:
        """Return whether a sound card that was given up is closed, after a moment."""
        if self._closing is not None:
            self._closing.join(CLOSING)
        return self._closing is None or not self._closing.is_alive()

    def _stream_is_active(self) -> bool:
        stream = self._stream
        return stream is not None and stream.active

    def _ensure_stream(self) -> None:
        if not self._stream_is_active():
            self._wanted = False
            self._release_stream()
            self._stream_rate = self._deck.sample_rate
            if self._closing is not None and self._all_closed():
                self._outputs.names(refresh=True)  # what was lost may be listed still
                self._closing = None
            self._stream = self._outputs.open(
                self._stream_rate, N_CHANNELS, self._fill, self._output
            )

    def _fill(self, buffer: NDArray[np.float32]) -> None:
        self._n_buffers += 1
        if self._wanted:
            self._deck.fill(buffer)
        else:
            buffer[:] = 0

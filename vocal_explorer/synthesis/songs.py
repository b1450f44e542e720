"""Synthetic singers: songs by invented voices whose stems, tempo, key and beats are known."""

from dataclasses import dataclass
from pathlib import Path

import mutagen
import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.synthesis.band import play_band
from vocal_explorer.synthesis.names import album_title, singer_name, song_title
from vocal_explorer.synthesis.score import Note, Score, compose
from vocal_explorer.synthesis.singing import sing, sounding
from vocal_explorer.synthesis.sound import reverberate, rms
from vocal_explorer.synthesis.style import ArtistStyle, artist_style, varied_style
from vocal_explorer.synthesis.voice import SingerVoice, singer_voice, varied_voice

__all__ = [
    "ArtistStyle",
    "SingerVoice",
    "SyntheticSong",
    "artist_style",
    "render_library",
    "singer_voice",
    "synthetic_song",
    "write_song",
]

_SHORTEST_SONG = 1.0  # s
_LOWEST_RATE = 16_000  # Hz
_PEAK = 0.9
_VOCALS_OVER_BAND = (-3.0, 3.0)  # dB, while somebody sings
_FADE = 0.4  # s at the end


@dataclass(frozen=True)
class SyntheticSong:
    """One song and the truth about it.

    Parameters
    ----------
    singer, title
        Invented names.
    vocals, accompaniment
        The stems, float32 (2, n_samples).
    sample_rate
        Hz.
    tempo
        Beats per minute.
    key
        Such as "A minor".
    beats
        Times of the beats in s, float64 (n_beats,).
    notes
        The sung syllables, in order.
    voice
        Of the singer, as it is on this song.
    """

    singer: str
    title: str
    vocals: Waveform
    accompaniment: Waveform
    sample_rate: int
    tempo: float
    key: str
    beats: NDArray[np.float64]
    notes: tuple[Note, ...]
    voice: SingerVoice

    @property
    def mix(self) -> Waveform:
        """The song as a listener gets it: the sum of the stems."""
        return self.vocals + self.accompaniment


def synthetic_song(
    singer: int,
    song: int,
    *,
    seconds: float = 30.0,
    sample_rate: int = STEM_SAMPLE_RATE,
    seed: int = 0,
) -> SyntheticSong:
    """Write, sing and play a song.

    Parameters
    ----------
    singer, song
        Which singer and which of the singer's songs, from 0 without end.
    seconds
        Length, at least 1 s.
    sample_rate
        Hz, at least 16,000.
    seed
        Another seed is another world of singers.

    Returns
    -------
    SyntheticSong
        The same arguments always give the same song; neither mix nor stems exceed 0.9.

    Raises
    ------
    ValueError
        If the song is too short or the sample rate too low.
    """
    _require_possible(seconds, sample_rate)
    plan = np.random.default_rng([seed, singer, song, 3])
    voice = varied_voice(singer_voice(singer, seed), plan)
    style = varied_style(artist_style(singer, seed), plan)
    score = _write(voice, style, seconds, plan)
    sound = np.random.default_rng([seed, singer, song, 4])
    vocals, accompaniment = _perform(voice, style, score, seconds, sample_rate, sound)
    return SyntheticSong(
        singer=singer_name(singer, seed),
        title=song_title(singer, song, seed),
        vocals=vocals,
        accompaniment=accompaniment,
        sample_rate=sample_rate,
        tempo=score.tempo,
        key=score.key,
        beats=score.beats,
        notes=tuple(note for phrase in score.phrases for note in phrase),
        voice=voice,
    )


def render_library(
    folder: Path,
    *,
    n_singers: int,
    n_songs: int,
    seconds: float,
    seed: int = 0,
    stems: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    """Write a library of tagged FLAC files.

    Parameters
    ----------
    folder
        Gets `<Singer>/<Title>.flac`, or with `stems` a folder
        `<Singer>/<Title>/` of `mix.flac`, `vocals.flac` and `accompaniment.flac`.
    n_singers, n_songs
        How many singers, and songs of each.
    seconds
        Length of every song.
    seed
        Which world of singers.
    stems
        Whether to write the stems as well.
    progress
        Hears about every song.

    Returns
    -------
    list[Path]
        The files of the mixes, singer by singer.

    Raises
    ------
    AudioFileError
        If a file cannot be written.
    Cancelled
        If the job was cancelled; finished songs stay.
    """
    progress = progress or Progress()
    paths = []
    for singer in range(n_singers):
        for number in range(n_songs):
            made = synthetic_song(singer, number, seconds=seconds, seed=seed)
            paths.append(write_song(folder / made.singer, made, album_title(singer, seed), stems))
            progress.report(len(paths) / (n_singers * n_songs), f"{made.singer}: {made.title}")
    return paths


def render_demo_songs(folder: Path, progress: Progress) -> Path:
    """Render songs for a first look, unless `folder` has them; it appears whole.

    Raises
    ------
    AudioFileError
        If a file cannot be written.
    """
    if not folder.exists():
        unfinished = folder.with_name(f".{folder.name}.part")
        render_library(unfinished, n_singers=6, n_songs=4, seconds=20.0, progress=progress)
        unfinished.rename(folder)
    return folder


def _require_possible(seconds: float, sample_rate: int) -> None:
    if seconds < _SHORTEST_SONG or sample_rate < _LOWEST_RATE:
        raise ValueError(f"needs at least {_SHORTEST_SONG} s and {_LOWEST_RATE} Hz")


def _write(
    voice: SingerVoice, style: ArtistStyle, seconds: float, rng: np.random.Generator
) -> Score:
    lowest, highest = voice.pitch_range
    return compose(
        rng,
        tempo=style.tempo,
        minor=bool(rng.uniform() < style.minor_odds),
        lowest=lowest,
        highest=highest,
        seconds=seconds,
    )


def _perform(
    voice: SingerVoice,
    style: ArtistStyle,
    score: Score,
    seconds: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> tuple[Waveform, Waveform]:
    n_samples = round(seconds * sample_rate)
    singing = sing(voice, score.phrases, n_samples, sample_rate, rng)
    band = play_band(score, style, n_samples, sample_rate, rng)
    sung = sounding(score.phrases, n_samples, sample_rate)
    return _mixed(singing, band, sung, sample_rate, rng)


def _mixed(
    vocals: Waveform,
    accompaniment: Waveform,
    sung: NDArray[np.bool_],
    sample_rate: int,
    rng: np.random.Generator,
) -> tuple[Waveform, Waveform]:
    """Put the voice in a room, balance it with the band where it sings, and fade both out."""
    vocals = reverberate(
        vocals,
        sample_rate,
        rng,
        decay=float(rng.uniform(0.3, 1.2)),
        level=float(rng.uniform(0.05, 0.25)),
    )
    decibels = float(rng.uniform(*_VOCALS_OVER_BAND))
    if sung.any():
        balance = rms(vocals[:, sung]) / rms(accompaniment[:, sung])
        accompaniment = accompaniment * np.float32(balance * 10 ** (-decibels / 20))
    n_fade = round(_FADE * sample_rate)
    fade = np.ones(vocals.shape[-1], dtype=np.float32)
    fade[-n_fade:] = np.linspace(1, 0, n_fade)
    peak = max(
        np.abs(part * fade).max() for part in (vocals, accompaniment, vocals + accompaniment)
    )
    gain = fade * np.float32(_PEAK / peak)
    return vocals * gain, accompaniment * gain


def write_song(folder: Path, song: SyntheticSong, album: str, stems: bool) -> Path:
    """Write a song as tagged FLAC files and return the file of its mix.

    Parameters
    ----------
    folder
        Gets `<Title>.flac`, or with `stems` a folder `<Title>/` of `mix.flac`,
        `vocals.flac` and `accompaniment.flac`.
    song, album
        The song, and the title of the album that it is tagged with.
    stems
        Whether to write the stems as well.

    Raises
    ------
    AudioFileError
        If a file cannot be written.
    """
    if not stems:
        path = folder / f"{song.title}.flac"
        _write_tagged(path, song.mix, song, album)
        return path
    folder = folder / song.title
    _write_tagged(folder / "vocals.flac", song.vocals, song, album)
    _write_tagged(folder / "accompaniment.flac", song.accompaniment, song, album)
    _write_tagged(folder / "mix.flac", song.mix, song, album)
    return folder / "mix.flac"


def _write_tagged(path: Path, waveform: Waveform, song: SyntheticSong, album: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(path, f"its folder cannot be made ({error.strerror})") from error
    write_audio(path, waveform, song.sample_rate)
    file = mutagen.File(path)
    file.update({"artist": song.singer, "title": song.title, "album": album})
    file.save()

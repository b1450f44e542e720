"""Synthetic stand-ins for the data sets of transfer learning, in these data sets' own formats."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.io import write_audio
from vocal_explorer.datasets.kpop_tags import SEGMENT_SECONDS
from vocal_explorer.datasets.synthetic import SyntheticSong, synthetic_song
from vocal_explorer.datasets.synthetic_tags import TRAITS, rate
from vocal_explorer.datasets.synthetic_voice import SingerVoice
from vocal_explorer.errors import AudioFileError
from vocal_explorer.progress import Progress

FIRST_OFFSET = 2.0  # s; songs begin with a bar or so without voice


def render_kpop_tags(
    annotation: Path,
    audio: Path,
    *,
    n_singers: int,
    n_songs: int,
    seconds: float = 24.0,
    seed: int = 0,
    progress: Progress,
) -> None:
    """Write songs, and what listeners say of their voices, as the K-pop Vocal Tag dataset does.

    A song has as many segments of 10 s, one after the other, as fit after its first 2 s.
    Each is rated by the voice that the song is sung with; see synthetic_tags.

    Parameters
    ----------
    annotation
        Gets ratings.npy, segments.json, songs.json, artists.json and tags.json.
    audio
        Gets <artist>/<title>.flac.
    n_singers, n_songs
        How many singers, and songs of each.
    seconds
        Length of every song, at least 12.
    seed
        Which world of singers.
    progress
        Hears about every song.

    Raises
    ------
    AudioFileError
        If a song cannot be written.
    """
    if seconds < FIRST_OFFSET + SEGMENT_SECONDS:
        raise ValueError(f"a song needs {FIRST_OFFSET + SEGMENT_SECONDS:g} s")
    made: list[tuple[str, str, SingerVoice]] = []
    for song in _songs(n_singers, n_songs, seconds, seed, progress):
        _write_mix(audio / song.singer / f"{song.title}.flac", song)
        made.append((song.title, song.singer, song.voice))
    offsets = np.arange(FIRST_OFFSET, seconds - SEGMENT_SECONDS + 1e-6, SEGMENT_SECONDS)
    segments = [
        {"title": title, "artist": singer, "segID": number, "offset": round(1000 * offset)}
        for title, singer, _ in made
        for number, offset in enumerate(offsets.tolist())
    ]
    ratings = rate([voice for *_, voice in made])
    _write_annotation(annotation, segments, np.repeat(ratings, len(offsets), axis=0))


def render_artist20(
    folder: Path,
    *,
    n_artists: int,
    n_albums: int = 6,
    n_songs: int,
    seconds: float,
    seed: int = 0,
    progress: Progress,
) -> None:
    """Write a data set in artist20's layout, <artist>/<album>/<title>.flac.

    Parameters
    ----------
    folder
        Gets a folder an artist.
    n_artists, n_albums, n_songs
        How many artists, albums of each, and songs on each. Albums are not alike inside:
        voice and band change from song to song.
    seconds
        Length of every song.
    seed
        Which world of singers.
    progress
        Hears about every song.

    Raises
    ------
    AudioFileError
        If a song cannot be written.
    """
    for number, song in enumerate(_songs(n_artists, n_albums * n_songs, seconds, seed, progress)):
        album = f"album_{number // n_songs % n_albums + 1}"
        _write_mix(folder / song.singer / album / f"{song.title}.flac", song)


def _songs(
    n_singers: int, n_songs: int, seconds: float, seed: int, progress: Progress
) -> Iterator[SyntheticSong]:
    for singer in range(n_singers):
        for number in range(n_songs):
            song = synthetic_song(singer, number, seconds=seconds, seed=seed)
            done = singer * n_songs + number
            progress.report(done / (n_singers * n_songs), f"{song.singer}: {song.title}")
            yield song


def _write_mix(path: Path, song: SyntheticSong) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(path, f"its folder cannot be made ({error.strerror})") from error
    write_audio(path, song.mix, song.sample_rate)


def _write_annotation(
    folder: Path, segments: Sequence[dict[str, Any]], ratings: NDArray[np.int_]
) -> None:
    songs = dict.fromkeys((segment["title"], segment["artist"]) for segment in segments)
    contents = {
        "tags": [trait.tag for trait in TRAITS],
        "artists": list(dict.fromkeys(artist for _, artist in songs)),
        "songs": list(songs),
        "segments": segments,
    }
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "ratings.npy", ratings)
    for name, content in contents.items():
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

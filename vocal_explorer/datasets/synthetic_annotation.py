"""What listeners would say of a synthetic dataset, in the K-pop Vocal Tag dataset's format."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.files import write_text, writing
from vocal_explorer.datasets.folder import load_folder
from vocal_explorer.datasets.kpop_tags import SEGMENT_SECONDS
from vocal_explorer.datasets.synthetic_dataset import song_facts
from vocal_explorer.synthesis.tags import TRAITS, rate
from vocal_explorer.synthesis.voice import SingerVoice

FIRST_OFFSET = 2.0  # s; songs begin with a bar or so without voice


def annotate_synthetic(audio: Path, annotation: Path) -> int:
    """Describe the songs of a rendered dataset; kpop_tags.load_kpop_tags reads it back.

    A song has as many segments of 10 s, one after the other, as fit after its first 2 s.
    Each is rated by the voice that the song is sung with; see synthetic_tags.

    Parameters
    ----------
    audio
        A dataset by synthetic_dataset.render_dataset, without stems.
    annotation
        Gets ratings.npy, segments.json, songs.json, artists.json and tags.json.

    Returns
    -------
    int
        How many segments were described.

    Raises
    ------
    VocalExplorerError
        If the songs are too short or not synthetic, or a file cannot be written.
    """
    tracks = load_folder(audio)
    facts = [song_facts(track) for track in tracks]
    offsets = [_offsets(float(song["seconds"])) for song in facts]
    segments = [
        {"title": track.path.stem, "artist": track.singer, "segID": number, "offset": offset}
        for track, of_song in zip(tracks, offsets, strict=True)
        for number, offset in enumerate(of_song)
    ]
    if not segments:
        shortest = FIRST_OFFSET + SEGMENT_SECONDS
        raise VocalExplorerError(f"No song in {audio} has the {shortest:g} s of a segment.")
    ratings = rate([SingerVoice(**song["voice"]) for song in facts])
    repeated = np.repeat(ratings, [len(of_song) for of_song in offsets], axis=0)
    _write(annotation, segments, repeated)
    return len(segments)


def _offsets(seconds: float) -> list[int]:
    """Return where segments begin in a song, in ms."""
    n_segments = int((seconds - FIRST_OFFSET) // SEGMENT_SECONDS)
    return [round(1000 * (FIRST_OFFSET + n * SEGMENT_SECONDS)) for n in range(n_segments)]


def _write(folder: Path, segments: Sequence[dict[str, Any]], ratings: NDArray[np.int_]) -> None:
    songs = dict.fromkeys((segment["title"], segment["artist"]) for segment in segments)
    contents = {
        "tags": [trait.tag for trait in TRAITS],
        "artists": list(dict.fromkeys(artist for _, artist in songs)),
        "songs": list(songs),
        "segments": segments,
    }
    with writing(folder / "ratings.npy") as temporary, temporary.open("wb") as file:
        np.save(file, ratings)
    for name, content in contents.items():
        write_text(folder / f"{name}.json", json.dumps(content, ensure_ascii=False, indent=1))

"""The K-pop Vocal Tag annotation (Kim et al. 2020); the audio is the user's.

6,787 segments of 10 s, each rated on 42 tags by three listeners: `ratings.npy` counts
how many of them found the tag fitting, 0 to 3.
"""

import json
import unicodedata
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocal_explorer.audio.tags import guess_label
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.records.tracks import Failure, Tags
from vocal_explorer.datasets.labelled import LabelledTrack, OnMissing, TaggedSegment, ignore
from vocal_explorer.library.scanning.finder import find_files

FILES = ("ratings.npy", "segments.json", "tags.json")
SEGMENT_SECONDS = 10.0
MAJORITY = 2
"""Ratings from which on a tag holds.

Two published users of the dataset take it so (`> 1` in seungheondoh/msu-benchmark,
`>= 2` in Park323/MIRProject-VocalTagging). The paper's table 2 agrees: with 1, calling
every tag true would reach an F1 of .81 (precision .69), more than any model in it; with
2 it reaches .70 (precision .54), a little less than the paper's baseline.
"""

Key = tuple[str, str]


def is_annotation(folder: Path) -> bool:
    """Whether `folder` holds the annotation."""
    return all((folder / name).is_file() for name in FILES)


def tag_names(annotation: Path) -> list[str]:
    """Return the vocabulary, 42 tags, in the order of the ratings' columns.

    Raises
    ------
    VocalExplorerError
        If the file is missing or damaged.
    """
    return [str(name) for name in _read_json(annotation / "tags.json")]


def load_kpop_tags(
    annotation: Path,
    audio: Path,
    threshold: int = MAJORITY,
    on_missing: OnMissing = ignore,
) -> list[TaggedSegment]:
    """Return the segments of which there is audio, in the order of the annotation.

    Parameters
    ----------
    annotation
        Folder with ratings.npy, segments.json and tags.json.
    audio
        Folder of the songs, called "Artist - Title" or lying as Artist/Title, at any
        depth. Case, punctuation and Unicode forms do not matter; what stands in
        parentheses may be missing, and an artist may go by the name in parentheses alone.
    threshold
        The rating from which on a tag holds; see MAJORITY.
    on_missing
        Hears once of each song without audio.

    Raises
    ------
    VocalExplorerError
        If the annotation is missing or damaged, or there is audio of no song.
    """
    names, segments = tag_names(annotation), _read_json(annotation / "segments.json")
    ratings = _read_ratings(annotation / "ratings.npy", (len(segments), len(names)))
    songs = SongFiles(audio)
    found: dict[Key, LabelledTrack | None] = {}
    result = []
    for segment, row in zip(segments, ratings >= threshold, strict=True):
        artist, title = segment["artist"], segment["title"]
        if (artist, title) not in found:
            found[artist, title] = songs.track(artist, title, on_missing)
        track = found[artist, title]
        if track is not None:
            tags = tuple(name for name, holds in zip(names, row, strict=True) if holds)
            start = float(segment["offset"]) / 1000
            result.append(TaggedSegment(track, start, SEGMENT_SECONDS, tags))
    if not result:
        raise VocalExplorerError(f"{audio} has none of the {len(found)} annotated songs.")
    return result


class SongFiles:
    """Finds songs in a folder by artist and title.

    Parameters
    ----------
    folder
        Searched at any depth.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._whole: dict[Key, Path] = {}
        self._shortened: dict[Key, Path] = {}
        for path in sorted(find_files([folder]).files):
            label = guess_label(path, Tags())
            artist, title = label.artist or "", label.title or ""
            for name in _artist_names(artist):
                self._whole.setdefault((name, _plain(title)), path)
                self._shortened.setdefault((name, _plain(_outside(title))), path)

    def track(self, artist: str, title: str, on_missing: OnMissing) -> LabelledTrack | None:
        """Return a song, labelled with the artist; None where there is no file of it."""
        name = f"{artist} - {title}"
        # not shortened on both sides: "Song (Live)" is not "Song (Remix)"
        whole, shortened = _plain(title), _plain(_outside(title))
        places = ((self._whole, whole), (self._whole, shortened), (self._shortened, whole))
        for (files, known_as), who in product(places, _artist_names(artist)):
            if (who, known_as) in files:
                return LabelledTrack(name, artist, files[who, known_as])
        on_missing(Failure(Path(name), f"there is no such song in {self._folder}"))
        return None


def _artist_names(artist: str) -> list[str]:
    """Return an artist's name in plain form, without its parentheses, and of these alone."""
    _, _, rest = artist.partition("(")
    names = (artist, _outside(artist), rest.partition(")")[0])
    return [plain for plain in map(_plain, names) if plain]


def _outside(name: str) -> str:
    """Return what stands before the first parenthesis, if anything does."""
    return name.partition("(")[0].strip() or name


def _plain(name: str) -> str:
    """Return the letters and digits of a name in lower case and one Unicode form."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(character for character in folded if character.isalnum())


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VocalExplorerError(f"{path} cannot be read: {error}.") from error


def _read_ratings(path: Path, shape: tuple[int, int]) -> NDArray[np.int_]:
    try:
        ratings: NDArray[np.int_] = np.load(path)
    except (OSError, ValueError) as error:
        raise VocalExplorerError(f"{path} cannot be read: {error}.") from error
    if ratings.shape != shape:
        raise VocalExplorerError(
            f"{path} has {ratings.shape} ratings, but {shape[0]} segments and {shape[1]} tags"
            " are described."
        )
    return ratings

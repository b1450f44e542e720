"""Find tracks by words, and the one track that a path, a track id or a few words mean."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vocal_explorer.base.errors import TrackNotFoundError
from vocal_explorer.base.names import folded, label_key
from vocal_explorer.base.records.tracks import Track

MOST_LISTED = 10


Field = Callable[[Track], str]
"""What a track says in one column."""

FIELDS: Mapping[str, Field] = {
    "title": lambda track: track.title,
    "singer": lambda track: track.singer,
    "album": lambda track: track.album,
    "year": lambda track: str(track.year or ""),
    "folder": lambda track: str(track.path.parent),
}


def search_text(track: Track) -> str:
    """Return what words are searched in: title, singer, album, year and file name, folded."""
    parts = (track.title, track.singer, track.album, str(track.year or ""), track.path.name)
    return folded("\n".join(parts))


@dataclass(frozen=True)
class WordSearch:
    """Words that must all occur somewhere, and words that must occur in one field.

    Case and accents do not matter, nor does the order.
    """

    words: tuple[str, ...] = ()
    in_field: tuple[tuple[Field, str], ...] = ()

    @classmethod
    def parse(cls, text: str, fields: Mapping[str, Field] = FIELDS) -> "WordSearch":
        """Read "word" or "field:word"; `fields` says which there are."""
        words, in_field = [], []
        for word in folded(text).split():
            name, colon, wanted = word.partition(":")
            if colon and name in fields:
                in_field.append((fields[name], wanted))
            else:
                words.append(word)
        return cls(tuple(words), tuple(in_field))

    def narrows(self, other: "WordSearch") -> bool:
        """Return whether all that fits this fits the other one, as when a word is typed on."""
        return all(any(old in new for new in self.words) for old in other.words) and all(
            any(field is f and old in new for f, new in self.in_field)
            for field, old in other.in_field
        )

    def fitting(
        self, paths: Iterable[Path], tracks: Mapping[Path, Track], texts: Mapping[Path, str]
    ) -> list[Path]:
        """Return those paths, in their order, whose tracks and search texts have all words."""
        fitting = list(paths)
        for word in self.words:
            fitting = [path for path in fitting if word in texts[path]]
        for field, word in self.in_field:
            fitting = [path for path in fitting if word in folded(field(tracks[path]))]
        return fitting


def find_track(text: str, tracks: Sequence[Track], track_at: dict[Path, Track]) -> Track:
    """Return the track that `text` means.

    A track id wins over a path, a path over an exact title ("Title" or
    "Singer - Title"), and that over words that all occur in it; see `WordSearch`. Case and
    Unicode form do not matter, nor do accents in words.

    Parameters
    ----------
    text
        What the user typed.
    tracks
        All tracks of the library.
    track_at
        The track of each known file; one track may have several.

    Raises
    ------
    TrackNotFoundError
        If none fits, or several do; then it lists them.
    """
    by_id = [track for track in tracks if track.track_id == text]
    fitting = by_id or _at_path(text, track_at) or _by_words(text, tracks)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise TrackNotFoundError(f'"{text}" fits {len(fitting)} tracks: {_listed(fitting)}.')
    if os.path.exists(text):
        raise TrackNotFoundError(f"{text} is not in the library: scan it first.")
    if not tracks:
        raise TrackNotFoundError("The library is empty: scan a folder with music first.")
    raise TrackNotFoundError(f'No track of the library fits "{text}".')


def _at_path(text: str, track_at: dict[Path, Track]) -> list[Track]:
    path = Path(os.path.abspath(text))
    if path in track_at:
        return [track_at[path]]
    wanted = label_key(str(path))
    same = [track for known, track in track_at.items() if label_key(str(known)) == wanted]
    return same if len(same) == 1 else []


def _by_words(text: str, tracks: Sequence[Track]) -> list[Track]:
    wanted = label_key(text)
    if not wanted:
        return []
    exact = [
        track
        for track in tracks
        if wanted in (label_key(track.title), label_key(f"{track.singer} - {track.title}"))
    ]
    if exact:
        return exact
    by_path = {track.path: track for track in tracks}
    texts = {track.path: search_text(track) for track in tracks}
    return [by_path[path] for path in WordSearch.parse(text).fitting(by_path, by_path, texts)]


def _listed(tracks: Sequence[Track]) -> str:
    names = [f"{track.singer} - {track.title} ({track.path})" for track in tracks[:MOST_LISTED]]
    return "; ".join(names) + ("; ..." if len(tracks) > MOST_LISTED else "")

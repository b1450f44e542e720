"""What a file's tags say of the track that it holds."""

from pathlib import Path

from vocal_explorer.base.records.tracks import Tags, Track
from vocal_explorer.library.store.singer_labels import printable


def tags_to_track(path: Path, track_id: str, tags: Tags, seconds: float = 0.0) -> Track:
    """Make a Track of a file's tags, with nothing in it that the database cannot hold."""
    return Track(
        track_id=track_id,
        path=path,
        title=printable(tags.title or path.stem),
        singer=printable(" & ".join(tags.artists) or tags.artist or ""),
        album=printable(tags.album or ""),
        year=tags.year,
        seconds=seconds,
        singers=tuple(map(printable, tags.artists)),
    )

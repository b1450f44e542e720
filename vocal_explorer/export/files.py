"""What leaves the library as a file: playlist, table, embeddings, picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.files import write_text, writing
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.base.records.tracks import Track, TrackState
from vocal_explorer.export.map_picture import MAP_TITLES, MapDrawing, draw_maps
from vocal_explorer.export.playlist import playlist
from vocal_explorer.export.table import write_table
from vocal_explorer.library.store.singer_labels import printable

N_NEIGHBOURS = 15  # of each track in a Parquet file


@dataclass(frozen=True)
class Exported:
    """Tracks and what is known of them.

    `embeddings` and `maps` have a row for each track, (n, d) and (n, 2); it is NaN where
    there is none.
    """

    tracks: Sequence[Track]
    embeddings: Mapping[Domain, NDArray[np.float64]]
    maps: Mapping[Domain, NDArray[np.float64]]


def gather(
    tracks: Sequence[Track],
    embeddings: Mapping[Domain, Mapping[str, Embedding]],
    maps: Mapping[Domain, Sequence[MapPoint]],
) -> Exported:
    """Put together what is known of tracks: embeddings (d,) by track id, and both maps."""
    ids = [track.track_id for track in tracks]
    return Exported(
        tracks,
        {
            domain: _rows(ids, vectors, len(next(iter(vectors.values()), ())))
            for domain, vectors in embeddings.items()
        },
        {
            domain: _rows(ids, {point.track_id: (point.x, point.y) for point in points}, 2)
            for domain, points in maps.items()
        },
    )


def shows_maps(out: Path) -> bool:
    """Return whether the places on the maps belong into such a file; a map takes long to make."""
    return out.suffix.lower() not in (".m3u8", ".npz")


def write_export(exported: Exported, out: Path) -> None:
    """Write tracks as what the suffix of `out` says; the file appears whole or not at all.

    - `.m3u8`: a playlist, without the tracks that failed;
    - `.csv`: a table, with the places on both maps;
    - `.npz`: `paths`, `track_ids`, `titles`, `singers`, and the embeddings `vocals` and
      `mix`, (n, d) float32, of the tracks that have them;
    - `.parquet`: the table, the embeddings, and each track's nearest neighbours in both
      spaces, as Embedding Atlas reads them: {"ids": rows of the table, "distances": one
      minus the cosine};
    - `.png`, `.svg`: a picture of both maps.

    Raises
    ------
    VocalExplorerError
        If the suffix is another one, or the file cannot be written.
    """
    write = _WRITERS.get(out.suffix.lower())
    if write is None:
        raise VocalExplorerError(f"{out.name}: its name must end in {', '.join(_WRITERS)}.")
    with writing(out, out.suffix) as temporary:
        write(exported, temporary)


def _write_playlist(exported: Exported, out: Path) -> None:
    # surrogateescape: file names that are not valid text come back as they were
    playable = [track for track in exported.tracks if track.state is not TrackState.FAILED]
    write_text(out, playlist(playable, out.parent))


def _write_csv(exported: Exported, out: Path) -> None:
    columns = _columns(exported)
    write_table(out, columns, zip(*columns.values(), strict=True))


def _write_npz(exported: Exported, out: Path) -> None:
    known = np.flatnonzero(~np.isnan(exported.embeddings[Domain.MIX]).any(axis=1))
    tracks = [exported.tracks[int(row)] for row in known]
    vectors = {d: rows[known].astype(np.float32) for d, rows in exported.embeddings.items()}
    np.savez_compressed(
        out,
        paths=_texts([str(track.path) for track in tracks]),
        track_ids=_texts([track.track_id for track in tracks]),
        titles=_texts([track.title for track in tracks]),
        singers=_texts([track.singer for track in tracks]),
        vocals=vectors[Domain.VOCALS],
        mix=vectors[Domain.MIX],
    )


def _texts(values: list[str]) -> NDArray[np.str_]:
    return np.array(values, dtype=np.str_)


_NULLABLE = {
    "year": "int64",
    "vocal_presence": "float64",
    "tempo": "float64",
    "key": "string",
    "camelot": "string",
    **{f"{domain}_{axis}": "float64" for domain in Domain for axis in "xy"},
}


def _write_parquet(exported: Exported, out: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, Any] = _columns(exported)
    for name in ("path", "track_id"):  # of files whose names are not valid text
        columns[name] = list(map(printable, columns[name]))
    for name in columns.keys() & _NULLABLE:  # the same type in every file, all null or not
        columns[name] = pa.array(columns[name], _NULLABLE[name])
    for domain, vectors in exported.embeddings.items():
        if not vectors.size:
            continue
        flat = pa.array(vectors.astype(np.float32).ravel())
        columns[str(domain)] = pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
        columns[f"{domain}_neighbors"] = pa.array(
            _neighbours(vectors),
            pa.struct([("ids", pa.list_(pa.int64())), ("distances", pa.list_(pa.float32()))]),
        )
    pq.write_table(pa.table(columns), out)


def _write_picture(exported: Exported, out: Path) -> None:
    by_id = {track.track_id: track for track in exported.tracks}
    drawings = []
    for domain, places in exported.maps.items():
        on_map = zip(exported.tracks, places.tolist(), strict=True)
        points = [MapPoint(t.track_id, x, y) for t, (x, y) in on_map if not np.isnan(x)]
        drawings.append(MapDrawing(MAP_TITLES[domain], points, by_id))
    draw_maps(drawings, out)


_WRITERS: dict[str, Callable[[Exported, Path], None]] = {
    ".m3u8": _write_playlist,
    ".csv": _write_csv,
    ".npz": _write_npz,
    ".parquet": _write_parquet,
    ".png": _write_picture,
    ".svg": _write_picture,
}


def _columns(exported: Exported) -> dict[str, list[Any]]:
    tracks = exported.tracks
    columns: dict[str, list[Any]] = {
        "title": [track.title for track in tracks],
        "singer": [track.singer for track in tracks],
        "album": [track.album for track in tracks],
        "year": [track.year for track in tracks],
        "seconds": [round(track.seconds, 3) for track in tracks],
        "vocal_presence": [track.vocal_presence for track in tracks],
        "tempo": [round(track.tempo, 2) if track.tempo else None for track in tracks],
        "key": [track.key.name if track.key else None for track in tracks],
        "camelot": [track.key.camelot if track.key else None for track in tracks],
        "instrumental": [track.instrumental for track in tracks],
        "state": [str(track.state) for track in tracks],
        "error": [track.error for track in tracks],
        "path": [str(track.path) for track in tracks],
        "track_id": [track.track_id for track in tracks],
    }
    for domain, places in exported.maps.items():
        for axis, values in zip("xy", places.T.tolist(), strict=True):
            columns[f"{domain}_{axis}"] = list(map(_or_none, values))
    return columns


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _neighbours(vectors: NDArray[np.float64]) -> list[dict[str, list[Any]] | None]:
    """Return the nearest other rows of each row, and how far they are; None for NaN."""
    known = np.flatnonzero(~np.isnan(vectors).any(axis=1))
    found: list[dict[str, list[Any]] | None] = [None] * len(vectors)
    n_others = min(N_NEIGHBOURS, len(known) - 1)
    if n_others < 1:
        return found
    search = NearestNeighbors(n_neighbors=n_others, metric="cosine").fit(vectors[known])
    distances, rows = search.kneighbors()
    for row, others, far in zip(known, known[rows], distances, strict=True):
        found[row] = {"ids": others.tolist(), "distances": far.tolist()}
    return found


def _rows(ids: Sequence[str], values: Mapping[str, Any], width: int) -> NDArray[np.float64]:
    """Return the values of `ids`, (n, width); a row is NaN where there is none."""
    rows = np.full((len(ids), width), np.nan)
    for row, track_id in zip(rows, ids, strict=True):
        if track_id in values:
            row[:] = values[track_id]
    return rows

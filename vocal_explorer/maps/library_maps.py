"""The maps of a library, kept until the embeddings change, and then the start of the next."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.library.store.map_table import MapTable
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.maps.frames import Projection, Show, no_show
from vocal_explorer.maps.principal import Points
from vocal_explorer.maps.projection import project, project_further
from vocal_explorer.ranking.galleries import Galleries
from vocal_explorer.ranking.gallery import Gallery

Places = Sequence[Sequence[float]]

ShowMap = Callable[[Sequence[str], Points], None]
"""Is given track ids and where they lie so far, (n, 2) in [0, 1]."""


class Maps:
    """Tells where the tracks of a library lie; every method is safe in any thread.

    Parameters
    ----------
    table
        Where maps are kept.
    galleries
        The comparable tracks.
    """

    def __init__(self, table: MapTable, galleries: Galleries) -> None:
        self._table = table
        self._galleries = galleries
        self._last: dict[Domain, tuple[Gallery, list[MapPoint]]] = {}

    def points(
        self, domain: Domain, progress: Progress | None = None, show: ShowMap | None = None
    ) -> list[MapPoint]:
        """Return where each comparable track lies; made only if the embeddings changed.

        Instrumental tracks have no place on the map of vocals. `show` is given each better
        map while one is made.
        """
        current = self._galleries.current()
        gallery, points = self._last.get(domain, (None, []))
        if gallery is not current.gallery:
            ids, vectors = current.gallery.on_map(domain)
            key = current.analyser.key
            places = track_map(self._table, key, domain, ids, vectors, progress, show)
            points = [MapPoint(i, x, y) for i, (x, y) in zip(ids, places, strict=True)]
            self._last[domain] = (current.gallery, points)
        return list(points)


def track_map(
    table: MapTable,
    key: EmbeddingKey,
    domain: Domain,
    ids: Sequence[str],
    vectors: Embedding,
    progress: Progress | None = None,
    show: ShowMap | None = None,
) -> Places:
    """Return where tracks lie on the map of one domain, (n, 2); made only if it is not kept.

    Parameters
    ----------
    table
        Where maps are kept.
    key
        What the embeddings were made with.
    domain
        Which map.
    ids, vectors
        The tracks, n of them, and their unit vectors (n, d).
    progress, show
        As for maps.projection.project; neither is called for a map that is kept.
    """
    content = hashlib.sha256(json.dumps(list(ids)).encode())
    content.update(np.ascontiguousarray(vectors).data)
    saved = table.load(domain, key, content.hexdigest())
    if saved is None:
        made = _next_map(
            _read(table.last(domain, key)),
            ids,
            vectors,
            progress or Progress(),
            partial(show, ids) if show else no_show,
        )
        points: Places = made.points.round(5).tolist()
        document = {
            "ids": list(ids),
            "points": points,
            "extent": made.extent.tolist(),
            "loose": made.n_loose,
        }
        table.save(domain, key, content.hexdigest(), json.dumps(document))
        return points
    kept = json.loads(saved)
    found: Places = kept["points"] if isinstance(kept, dict) else kept  # before: a list
    return found


def _read(saved: str | None) -> dict[str, Any] | None:
    """Return an earlier map that can be a start; those of earlier versions cannot."""
    document = json.loads(saved) if saved else None
    return document if isinstance(document, dict) else None


def _next_map(
    last: dict[str, Any] | None,
    ids: Sequence[str],
    vectors: Embedding,
    progress: Progress,
    show: Show,
) -> Projection:
    if last is None:
        return project(vectors, progress=progress, show=show)
    places = dict(zip(last["ids"], last["points"], strict=True))
    points = np.array([places.get(track_id, (np.nan, np.nan)) for track_id in ids], np.float64)
    before = Projection(points.reshape(-1, 2), np.array(last["extent"]), last.get("loose", 0))
    return project_further(vectors, before, progress=progress, show=show)

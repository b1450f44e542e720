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
from vocal_explorer.library.store import EmbeddingKey, Store
from vocal_explorer.maps.frames import Projection, Show, no_show
from vocal_explorer.maps.principal import Points
from vocal_explorer.maps.projection import project, project_further

ShowMap = Callable[[Sequence[str], Points], None]
"""Is given track ids and where they lie so far, (n, 2) in [0, 1]."""


def track_map(
    store: Store,
    key: EmbeddingKey,
    domain: Domain,
    ids: Sequence[str],
    vectors: Embedding,
    progress: Progress | None = None,
    show: ShowMap | None = None,
) -> list[MapPoint]:
    """Return where tracks lie on the map of one domain; made only if it is not kept.

    Parameters
    ----------
    store
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
    content = hashlib.sha256(json.dumps(list(ids)).encode() + vectors.tobytes()).hexdigest()
    saved = store.load_map(domain, key, content)
    if saved is None:
        made = _next_map(
            _read(store.last_map(domain, key)),
            ids,
            vectors,
            progress or Progress(),
            partial(show, ids) if show else no_show,
        )
        saved = json.dumps(
            {
                "ids": list(ids),
                "points": made.points.round(5).tolist(),
                "extent": made.extent.tolist(),
                "loose": made.n_loose,
            }
        )
        store.save_map(domain, key, content, saved)
    document = json.loads(saved)
    points = document if isinstance(document, list) else document["points"]  # before: a list
    return [MapPoint(track_id, x, y) for track_id, (x, y) in zip(ids, points, strict=True)]


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

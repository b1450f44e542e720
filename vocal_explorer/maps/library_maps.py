"""The maps of a library, kept until the embeddings change, and then the start of the next."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from vocal_explorer.base.records.ranking import MapPoint
from vocal_explorer.base.records.signals import Domain, Embedding
from vocal_explorer.library.store import EmbeddingKey, Store
from vocal_explorer.maps.projection import Projection, project, project_further


def track_map(
    store: Store, key: EmbeddingKey, domain: Domain, ids: Sequence[str], vectors: Embedding
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
    """
    content = hashlib.sha256(json.dumps(list(ids)).encode() + vectors.tobytes()).hexdigest()
    saved = store.load_map(domain, key, content)
    if saved is None:
        made = _next_map(_read(store.last_map(domain, key)), ids, vectors)
        saved = json.dumps(
            {
                "ids": list(ids),
                "points": made.points.round(5).tolist(),
                "extent": made.extent.tolist(),
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


def _next_map(last: dict[str, Any] | None, ids: Sequence[str], vectors: Embedding) -> Projection:
    if last is None:
        return project(vectors)
    places = dict(zip(last["ids"], last["points"], strict=True))
    before = np.array([places.get(track_id, (np.nan, np.nan)) for track_id in ids], np.float64)
    return project_further(vectors, before.reshape(-1, 2), np.array(last["extent"]))

"""The maps of a library, kept until the embeddings change."""

import hashlib
import json
from collections.abc import Sequence

from vocal_explorer.index.projection import project
from vocal_explorer.index.store import EmbeddingKey, Store
from vocal_explorer.records import Domain, Embedding, MapPoint


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
        points = [[round(x, 5), round(y, 5)] for x, y in project(vectors).tolist()]
        store.save_map(domain, key, content, json.dumps(points))
    else:
        points = json.loads(saved)
    return [MapPoint(track_id, x, y) for track_id, (x, y) in zip(ids, points, strict=True)]

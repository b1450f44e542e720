import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.map_table import MapTable
from vocal_explorer.library.store.records import EmbeddingKey
from vocal_explorer.maps.library_maps import track_map

KEY = EmbeddingKey("weights", "separator")


@pytest.fixture
def table(tmp_path: Path) -> Iterator[MapTable]:
    database = Database(tmp_path)
    yield MapTable(database)
    database.close()


def vectors_of(n: int) -> tuple[list[str], np.ndarray]:
    vectors = np.random.default_rng(5).standard_normal((n, 16)).astype(np.float32)
    return [f"track {i}" for i in range(n)], vectors


def test_maps_on_the_way_are_of_the_same_tracks(table: MapTable) -> None:
    ids, vectors = vectors_of(60)
    frames: list[tuple[list[str], np.ndarray]] = []
    told: list[float] = []
    made = track_map(
        table,
        KEY,
        Domain.MIX,
        ids,
        vectors,
        Progress(lambda fraction, _: told.append(fraction)),
        lambda shown, points: frames.append((list(shown), points)),
    )
    assert len(made) == 60
    assert frames
    assert all(shown == ids and points.shape == (60, 2) for shown, points in frames)
    assert told[-1] == 1


def test_a_kept_map_is_given_at_once(table: MapTable) -> None:
    ids, vectors = vectors_of(30)
    made = track_map(table, KEY, Domain.MIX, ids, vectors)

    def never(*_: object) -> None:
        raise AssertionError("the map was made again")

    again = track_map(table, KEY, Domain.MIX, ids, vectors, Progress(never), never)
    assert again == made


def test_a_cancelled_map_is_not_kept(table: MapTable) -> None:
    ids, vectors = vectors_of(60)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        track_map(table, KEY, Domain.MIX, ids, vectors, Progress(control=control))
    assert table.last(Domain.MIX, KEY) is None


def test_how_many_joined_since_is_kept_with_the_map(table: MapTable) -> None:
    ids, vectors = vectors_of(2_040)
    settled = np.random.default_rng(1).uniform(size=(2_000, 2)).round(5).tolist()
    document = {"ids": ids[:2_000], "points": settled, "extent": [90.0, 80.0]}  # without a count
    table.save(Domain.MIX, KEY, "earlier", json.dumps(document))
    for n in (2_020, 2_040):
        places = track_map(table, KEY, Domain.MIX, ids[:n], vectors[:n])
        assert places[:2_000] == settled
        assert json.loads(table.last(Domain.MIX, KEY) or "")["loose"] == n - 2_000

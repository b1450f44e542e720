import numpy as np
import pytest

from vocal_explorer.base.vectors import unit_rows
from vocal_explorer.ranking.singers import singer_models


def test_a_singer_model_is_the_mean_of_the_singers_tracks() -> None:
    vectors = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
    models = singer_models(vectors, ["Ann", "Ann", "Bob"])
    assert models.singers == ("Ann", "Bob")
    assert models.counts == (2, 1)
    assert models.vectors == pytest.approx(unit_rows(np.array([[1, 1], [-1, 0]], np.float32)))


def test_the_query_is_not_part_of_its_own_singers_model() -> None:
    vectors = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
    models = singer_models(vectors, ["Ann", "Ann", "Bob"], leave_out=0)
    assert models.counts == (1, 1)
    assert models.vectors == pytest.approx(vectors[1:])
    assert singer_models(vectors, ["Ann", "Ann", "Bob"], leave_out=2).singers == ("Ann",)


def test_spellings_of_one_name_are_one_singer_and_no_name_is_none() -> None:
    labels = ["Beyoncé", "BEYONCE\u0301 ", " ", ""]
    models = singer_models(np.eye(4, dtype=np.float32), labels)
    assert models.singers == ("Beyoncé",)
    assert models.counts == (2,)


def test_no_tracks_give_no_models() -> None:
    assert singer_models(np.empty((0, 3), np.float32), []).singers == ()

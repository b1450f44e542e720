import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from learning_fakes import write_pair
from library_fakes import FakeEmbedder

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.library.encoder_choice import PairChooser
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(Database(tmp_path / "library"))
    yield store
    store.close()


@pytest.fixture
def chooser(tmp_path: Path, store: Store) -> PairChooser:
    for scheme in ("cross", "cross-sp", "mixed"):
        write_pair(tmp_path / "shipped" / scheme, scheme, scheme)
    (tmp_path / "shipped" / "separator").mkdir()
    (tmp_path / "shipped" / "separator" / "config.json").write_text("{}")
    return PairChooser(
        tmp_path / "library",
        store,
        lambda folder: FakeEmbedder(model_id(folder)),
        tmp_path / "shipped",
    )


def learnt(tmp_path: Path, weights: str) -> list[Path]:
    return sorted(write_pair(tmp_path / "work", weights).iterdir())


def marked(chooser: PairChooser) -> list[str]:
    return [f"{pair.name}{'*' if pair.chosen else ''}" for pair in chooser.choices()]


def test_the_standard_pair_is_first_and_chosen(chooser: PairChooser) -> None:
    assert marked(chooser) == ["cross-sp*", "cross", "mixed"]
    assert [pair.title for pair in chooser.choices()] == [
        "Standard", "Standard, CROSS", "Standard, MIXED"
    ]  # fmt: skip


def test_learnt_pairs_are_numbered_and_none_replaces_another(
    chooser: PairChooser, tmp_path: Path
) -> None:
    names = [chooser.keep(learnt(tmp_path, weights)) for weights in ("a", "b")]
    assert names == ["learnt", "learnt-2"]
    assert marked(chooser) == ["cross-sp*", "cross", "mixed", *names]
    ids = []
    for name in ("cross", *names):
        chooser.choose(name)
        assert f"{name}*" in marked(chooser)
        assert chooser.current() is chooser.current()
        ids.append(chooser.current().model_id)
    assert ids == [model_id(chooser.folder(name)) for name in ("cross", *names)]
    assert len(set(ids)) == 3


def test_a_pair_that_went_is_replaced_by_the_standard_one(
    chooser: PairChooser, tmp_path: Path
) -> None:
    chooser.choose(chooser.keep(learnt(tmp_path, "a")))
    shutil.rmtree(chooser.folder("learnt"))
    assert marked(chooser) == ["cross-sp*", "cross", "mixed"]
    assert chooser.current().model_id == model_id(tmp_path / "shipped" / "cross-sp")


def test_a_pair_that_cannot_be_kept_leaves_nothing(chooser: PairChooser, tmp_path: Path) -> None:
    files = [*learnt(tmp_path, "a"), tmp_path / "nosuch"]
    with pytest.raises(VocalExplorerError, match="cannot be kept"):
        chooser.keep(files)
    assert marked(chooser) == ["cross-sp*", "cross", "mixed"]
    assert list((tmp_path / "library" / "pairs").iterdir()) == []

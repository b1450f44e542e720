from collections.abc import Iterator
from pathlib import Path

import pytest
from library_fakes import FakeSeparator

from vocal_explorer.base.errors import WeightsError
from vocal_explorer.library.separator_choice import DESCRIPTIONS, SeparatorChooser, is_installed
from vocal_explorer.library.store.database import Database
from vocal_explorer.library.store.store import Store
from vocal_explorer.separation.separator import SEPARATORS


class Machine:
    """What is installed, and which separators were made."""

    def __init__(self) -> None:
        self.installed = {"auto", "embedded"}
        self.made: list[str] = []

    def make(self, name: str) -> FakeSeparator:
        self.made.append(name)
        separator = FakeSeparator()
        separator.name = name
        return separator

    def chooser(self, store: Store) -> SeparatorChooser:
        return SeparatorChooser(store, self.make, self.installed.__contains__)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(Database(tmp_path))
    yield store
    store.close()


@pytest.fixture
def chooser(machine: Machine, store: Store) -> SeparatorChooser:
    return machine.chooser(store)


def marks(chooser: SeparatorChooser) -> tuple[str, str]:
    """Return what is chosen and what is current."""
    choices = chooser.choices()
    (chosen,) = [choice.name for choice in choices if choice.chosen]
    (current,) = [choice.name for choice in choices if choice.current]
    assert chooser.current().name == current
    return chosen, current


def test_every_separator_is_described_in_words() -> None:
    assert set(DESCRIPTIONS) == set(SEPARATORS)


def test_without_spleeter_auto_is_the_embedded_one(chooser: SeparatorChooser) -> None:
    assert marks(chooser) == ("auto", "embedded")
    assert [c.name for c in chooser.choices() if c.installed] == ["auto", "embedded"]


def test_auto_follows_an_installation_until_something_was_analysed(
    chooser: SeparatorChooser, machine: Machine
) -> None:
    assert marks(chooser) == ("auto", "embedded")
    machine.installed.add("spleeter")
    assert marks(chooser) == ("auto", "spleeter")
    chooser.settle()
    assert marks(chooser) == ("auto", "spleeter")


def test_auto_stays_with_what_a_library_was_analysed_with_until_it_is_chosen_again(
    chooser: SeparatorChooser, machine: Machine, store: Store
) -> None:
    chooser.settle()
    machine.installed.add("spleeter")
    assert marks(chooser) == ("auto", "embedded")
    assert marks(machine.chooser(store)) == ("auto", "embedded")  # the next start
    chooser.choose("auto")
    assert marks(chooser) == ("auto", "spleeter")
    assert marks(machine.chooser(store)) == ("auto", "spleeter")


def test_a_choice_is_kept_in_the_library(
    chooser: SeparatorChooser, machine: Machine, store: Store
) -> None:
    machine.installed.add("spleeter")
    chooser.choose("embedded")
    assert marks(machine.chooser(store)) == ("embedded", "embedded")
    chooser.choose("spleeter")
    assert marks(machine.chooser(store)) == ("spleeter", "spleeter")


def test_a_separator_that_went_is_replaced_and_comes_back(
    chooser: SeparatorChooser, machine: Machine
) -> None:
    machine.installed.add("spleeter")
    chooser.choose("spleeter")
    machine.installed.remove("spleeter")
    assert marks(chooser) == ("spleeter", "embedded")
    machine.installed.add("spleeter")
    assert marks(chooser) == ("spleeter", "spleeter")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("spleeter", r"Spleeter is not installed: .*models fetch spleeter` does that\."),
        ("spleeter-average", r"full band is not installed: .*models fetch spleeter` does that\."),
        ("spleeter-reference", r"models fetch spleeter-reference` does that\."),
        ("magic", r"There is no separator 'magic'; choose from auto, .*\."),
    ],
)
def test_what_cannot_be_chosen_says_why_and_changes_nothing(
    chooser: SeparatorChooser, name: str, sentence: str
) -> None:
    with pytest.raises(WeightsError, match=sentence):
        chooser.choose(name)
    assert marks(chooser) == ("auto", "embedded")


def test_each_separator_is_made_once(chooser: SeparatorChooser, machine: Machine) -> None:
    machine.installed.add("spleeter")
    for name in ("embedded", "spleeter", "embedded", "spleeter"):
        chooser.choose(name)
        assert chooser.current() is chooser.current()
    assert machine.made == ["embedded", "spleeter"]


def test_a_fresh_machine_has_only_the_embedded_one() -> None:
    assert [name for name in SEPARATORS if is_installed(name)] == ["auto", "embedded"]

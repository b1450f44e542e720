import gc
from collections.abc import Iterator

import pytest
import torch

from vocal_explorer.base.process_tuning import lasting_imports, memory_errors


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_memory_that_a_tensor_cannot_have_is_a_memory_error() -> None:
    with pytest.raises(MemoryError), memory_errors():
        torch.empty(2**55)


def test_a_graphics_cards_memory_is_memory_too() -> None:
    with pytest.raises(MemoryError), memory_errors():
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="shape"), memory_errors():
        torch.zeros(2) @ torch.zeros(3, 1).reshape(5)


@pytest.mark.usefixtures("_thawed")
@pytest.mark.parametrize("collecting", [True, False])
def test_what_imports_make_is_not_looked_at_again(collecting: bool) -> None:
    (gc.enable if collecting else gc.disable)()
    n_frozen = gc.get_freeze_count()
    with lasting_imports():
        assert not gc.isenabled()
        made = [[]]
    assert gc.isenabled() == collecting
    assert gc.get_freeze_count() > n_frozen
    assert not any(tracked is made for tracked in gc.get_objects())

import pytest
import torch

from vocal_explorer.torch_memory import memory_errors


def test_memory_that_a_tensor_cannot_have_is_a_memory_error() -> None:
    with pytest.raises(MemoryError), memory_errors():
        torch.empty(2**55)


def test_a_graphics_cards_memory_is_memory_too() -> None:
    with pytest.raises(MemoryError), memory_errors():
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="shape"), memory_errors():
        torch.zeros(2) @ torch.zeros(3, 1).reshape(5)

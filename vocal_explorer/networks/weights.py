"""Weights on disk: one safetensors file in half precision, replaced at once."""

from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

from vocal_explorer.base.config import WEIGHTS_FILE
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.base.files import replacing


def save_weights(network: nn.Module, folder: Path) -> None:
    """Write `folder`/weights.safetensors; an interruption leaves the previous file in place."""
    tensors = {
        name: (tensor.half() if tensor.is_floating_point() else tensor.clone()).contiguous()
        for name, tensor in network.state_dict().items()
    }
    with replacing(folder / WEIGHTS_FILE) as temporary:
        save_file(tensors, temporary)


def load_weights(network: nn.Module, folder: Path) -> None:
    """Fill `network`, in single precision, with what `save_weights` wrote.

    Raises
    ------
    OSError, SafetensorError
        If the file is missing or damaged.
    WeightsError
        If it was made for another network.
    """
    tensors = load_file(folder / WEIGHTS_FILE)
    try:
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except RuntimeError as error:
        raise WeightsError(f"{folder / WEIGHTS_FILE} belongs to another network.") from error

"""Weights on disk: one safetensors file in half precision, replaced at once."""

from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

from vocal_explorer.config import WEIGHTS_FILE


def save_weights(network: nn.Module, folder: Path) -> None:
    """Write `folder`/weights.safetensors; an interruption leaves the previous file in place."""
    tensors = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in network.state_dict().items()
    }
    part = folder / (WEIGHTS_FILE + ".part")
    save_file(tensors, part)
    part.replace(folder / WEIGHTS_FILE)


def load_weights(network: nn.Module, folder: Path) -> None:
    """Fill `network`, in single precision, with what `save_weights` wrote.

    Raises
    ------
    OSError, SafetensorError, RuntimeError
        If the file is missing, damaged, or made for another network.
    """
    tensors = load_file(folder / WEIGHTS_FILE)
    network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})

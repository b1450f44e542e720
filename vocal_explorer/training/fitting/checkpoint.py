"""Interrupted training: everything that it needs to go on, saved atomically."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.files import replacing

FILE_NAME = "checkpoint.pt"


def save_checkpoint(
    folder: Path,
    network: nn.Module,
    optimiser: torch.optim.Optimizer,
    step: int,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write `folder`/checkpoint.pt; an interruption leaves the previous one in place.

    Raises
    ------
    VocalExplorerError
        If it cannot be written.
    """
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    try:
        with replacing(folder / FILE_NAME) as temporary:
            torch.save(state | dict(more or {}), temporary)
    except (OSError, RuntimeError) as error:  # torch says a full disk with the latter
        raise VocalExplorerError(f"{folder / FILE_NAME} cannot be written: {error}") from error


def read_checkpoint(folder: Path) -> dict[str, Any] | None:
    """Return what `save_checkpoint` wrote, on the processor; None if there is none.

    Raises
    ------
    VocalExplorerError
        If it is damaged.
    """
    file = folder / FILE_NAME
    if not file.exists():
        return None
    try:
        state: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise VocalExplorerError(f"{file} is damaged; start anew without --resume.") from error
    return state


def load_checkpoint(folder: Path, network: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """Restore what `save_checkpoint` wrote and return its step; 0 if there is none."""
    state = read_checkpoint(folder)
    return 0 if state is None else restore(state, network, optimiser)


def restore(state: Mapping[str, Any], network: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """Fill network and optimiser, on whatever device they are, and return the step."""
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])

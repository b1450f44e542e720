"""Interrupted training: network, optimiser and step, saved atomically."""

from pathlib import Path

import torch
from torch import nn

FILE_NAME = "checkpoint.pt"


def save_checkpoint(
    folder: Path, network: nn.Module, optimiser: torch.optim.Optimizer, step: int
) -> None:
    """Write `folder`/checkpoint.pt; an interruption leaves the previous one in place."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / (FILE_NAME + ".part")
    state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
    torch.save(state, part)
    part.replace(folder / FILE_NAME)


def load_checkpoint(folder: Path, network: nn.Module, optimiser: torch.optim.Optimizer) -> int:
    """Restore what `save_checkpoint` wrote and return its step; 0 if there is none."""
    file = folder / FILE_NAME
    if not file.exists():
        return 0
    state = torch.load(file, weights_only=True)
    network.load_state_dict(state["network"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])

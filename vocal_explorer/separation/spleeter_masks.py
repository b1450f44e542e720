"""Spleeter's masks: each stem's share of the power that its networks estimate."""

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from vocal_explorer.separation.spectral_stream import N_BINS, StemMasks
from vocal_explorer.separation.spleeter_files import DATA_NAME, INDEX_NAME
from vocal_explorer.separation.spleeter_unet import BLOCK_FRAMES, STEMS, SpleeterUNet
from vocal_explorer.separation.spleeter_unet import N_BINS as NETWORK_BINS
from vocal_explorer.separation.tf_checkpoint import read_index, read_tensors

Extension = Literal["zeros", "average"]
"""Above the networks' bins: silence, or each frame's mean share below."""

_EPSILON = 1e-10


class SpleeterNetworks:
    """The networks of both stems.

    Parameters
    ----------
    folder
        Holds the checkpoint.

    Raises
    ------
    WeightsError
        If it is missing, damaged, or of another network.
    """

    def __init__(self, folder: Path) -> None:
        entries = read_index(folder / INDEX_NAME)
        tensors = read_tensors(folder / DATA_NAME, entries)
        self.vocals, self.accompaniment = (SpleeterUNet(tensors, stem) for stem in STEMS)


class SpleeterEstimator:
    """Estimates both masks of a block. See MaskEstimator."""

    block_frames = BLOCK_FRAMES
    context_frames = 0

    def __init__(self, networks: SpleeterNetworks, extension: Extension) -> None:
        self._networks = networks
        self._extension = extension

    def masks(self, magnitude: Tensor) -> StemMasks:
        """See MaskEstimator.masks."""
        seen = magnitude[:, :NETWORK_BINS]
        vocals = self._networks.vocals(seen).square_()
        accompaniment = self._networks.accompaniment(seen).square_()
        total = vocals + accompaniment + _EPSILON
        return StemMasks(self._share(vocals, total), self._share(accompaniment, total))

    def _share(self, power: Tensor, total: Tensor) -> Tensor:
        mask = torch.zeros(power.shape[0], N_BINS, power.shape[2])
        below, above = mask[:, :NETWORK_BINS], mask[:, NETWORK_BINS:]
        torch.div(power + _EPSILON / 2, total, out=below)
        if self._extension == "average":
            above[:] = below.mean(dim=1, keepdim=True)
        return mask

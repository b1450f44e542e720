"""Spleeter's masks: each stem's share of the power that its networks estimate."""

from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from vocal_explorer.separation.spleeter.official_weights import DATA_NAME, INDEX_NAME
from vocal_explorer.separation.spleeter.tf_checkpoint import read_index, read_tensors
from vocal_explorer.separation.spleeter.unet import BLOCK_FRAMES, STEMS, SpleeterUNet
from vocal_explorer.separation.spleeter.unet import N_BINS as NETWORK_BINS
from vocal_explorer.separation.stream import N_BINS, StemMasks, magnitude

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

    def view(self, spectrum: Tensor) -> Tensor:
        """Return the magnitudes that the networks see: (2, NETWORK_BINS, n_frames)."""
        return magnitude(spectrum[:, :NETWORK_BINS])

    def masks(self, magnitude: Tensor) -> StemMasks:
        """See MaskEstimator.masks; it sees `view`."""
        seen = magnitude.transpose(1, 2)
        vocals = self._networks.vocals(seen).square_()
        accompaniment = self._networks.accompaniment(seen).square_()
        total = (vocals + accompaniment).add_(_EPSILON)
        return StemMasks(self._share(vocals, total), self._share(accompaniment, total))

    def _share(self, power: Tensor, total: Tensor) -> Tensor:
        share = power.add_(_EPSILON / 2).div_(total)
        if self._extension == "average":
            above = share.mean(dim=2, keepdim=True).expand(-1, -1, N_BINS - NETWORK_BINS)
            share = torch.cat((share, above), dim=2)
        return share.transpose(1, 2)

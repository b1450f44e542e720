"""From a mix to its stems by masks on its STFT, piece by piece in bounded memory.

The framing is Spleeter's: 4096 zeros in front of the mix, frames of 4096 samples every
1024 samples under a periodic Hann window, 2/3 of the overlap-added inverse. Each frame is
computed once and the overlap is carried on, so where blocks begin leaves no trace.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.process_tuning import memory_errors
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Stems, Waveform

N_FFT = 4096  # samples
HOP_LENGTH = 1024  # samples
N_BINS = N_FFT // 2 + 1
FRAMES_PER_SAMPLE = N_FFT // HOP_LENGTH
OVERLAP = N_FFT - HOP_LENGTH  # samples that a frame shares with later ones
LEAD = N_FFT  # zeros in front of the mix
SYNTHESIS_GAIN = 2 / 3  # the four squared Hann windows over a sample sum to 3/2


@dataclass(frozen=True)
class StemMasks:
    """Which share of each bin belongs to a stem: (2, n_bins, n_frames) in [0, 1].

    Above its n_bins, which may be fewer than N_BINS, a stem is silent. Without a mask for
    the accompaniment, that is the mix minus the vocals.
    """

    vocals: Tensor
    accompaniment: Tensor | None = None


class MaskEstimator(Protocol):
    """A network that looks at the mix's magnitudes block by block."""

    @property
    def block_frames(self) -> int:
        """Frames that are estimated at once; the first block starts at the first frame."""

    @property
    def context_frames(self) -> int:
        """Frames before and after a block that the network needs to see."""

    def masks(self, magnitude: Tensor) -> StemMasks:
        """Return the masks of one block, without its context.

        Parameters
        ----------
        magnitude
            Shape (2, N_BINS, context + block + context), or what `view` made of the
            spectrum; zeros outside the mix. In memory, bins lie side by side.
        """


def magnitude(spectrum: Tensor) -> Tensor:
    """Return what torch.abs returns of a complex tensor, several times as fast."""
    return torch.addcmul(spectrum.real.square(), spectrum.imag, spectrum.imag).sqrt_()


@dataclass(frozen=True)
class _Block:
    """The samples under a block's frames, (2, hops + OVERLAP), and which of them to give out."""

    samples: Waveform
    given: slice

    @torch.inference_mode()
    def spectrum(self) -> Tensor:
        """Return the complex STFT (2, n_frames, N_BINS)."""
        frames = torch.from_numpy(self.samples).unfold(1, N_FFT, HOP_LENGTH)
        spectrum: Tensor = torch.fft.rfft(frames * torch.hann_window(N_FFT))
        return spectrum


def stream_stems(
    estimator: MaskEstimator,
    mix: Iterable[Waveform],
    n_samples: int,
    progress: Progress,
    view: Callable[[Tensor], Tensor] = magnitude,
) -> Iterator[Stems]:
    """Yield the stems of a mix that comes piece by piece.

    Parameters
    ----------
    estimator
        Tells which share of each bin is whose.
    mix, n_samples, progress
        See Separator.stream.
    view
        What the estimator sees of a complex spectrum (2, N_BINS, n_frames): real numbers
        (n, n_bins, n_frames), zero where the spectrum is.
    """
    vocals_so_far, accompaniment_so_far = _OverlapAdd(), _OverlapAdd()
    n_given = 0
    blocks = _blocks(mix, estimator.block_frames * HOP_LENGTH)
    with memory_errors():
        for block, spectrum, seen in _with_context(blocks, estimator.context_frames, view):
            progress.report(min(n_given / max(n_samples, 1), 1.0), "isolating the vocals")
            with torch.inference_mode():
                masks = estimator.masks(seen)
            vocals = vocals_so_far.add(spectrum, masks.vocals)
            if masks.accompaniment is None:
                accompaniment = block.samples[:, : vocals.shape[1]] - vocals
            else:
                accompaniment = accompaniment_so_far.add(spectrum, masks.accompaniment)
            stems = Stems(vocals[:, block.given], accompaniment[:, block.given], STEM_SAMPLE_RATE)
            n_given += stems.vocals.shape[1]
            if stems.vocals.size:
                yield stems
    progress.report(1.0, "isolating the vocals")


def _blocks(mix: Iterable[Waveform], n_step: int) -> Iterator[_Block]:
    """Cut LEAD zeros and the mix into blocks that start `n_step` samples apart."""
    waiting = np.zeros((2, LEAD), np.float32)
    n_lead = LEAD
    for piece in mix:
        waiting = np.concatenate((waiting, piece), axis=1)
        while waiting.shape[1] >= n_step + OVERLAP:
            yield _Block(waiting[:, : n_step + OVERLAP], slice(n_lead, n_step))
            waiting, n_lead = waiting[:, n_step:], max(0, n_lead - n_step)
    while waiting.shape[1] > n_lead:
        n_lacking = max(0, n_step + OVERLAP - waiting.shape[1])
        padded = np.pad(waiting, ((0, 0), (0, n_lacking)))
        given = slice(n_lead, min(n_step, waiting.shape[1]))
        yield _Block(padded[:, : n_step + OVERLAP], given)
        waiting, n_lead = waiting[:, n_step:], max(0, n_lead - n_step)


def _with_context(
    blocks: Iterable[_Block], n_context: int, view: Callable[[Tensor], Tensor]
) -> Iterator[tuple[_Block, Tensor, Tensor]]:
    """Yield each block, its spectrum, and the view of it with `n_context` frames on both sides."""
    waiting: deque[tuple[_Block, Tensor]] = deque()
    seen = torch.zeros(())
    n_whole = n_block = 0
    for block in blocks:
        spectrum = block.spectrum()
        with torch.inference_mode():
            new = view(spectrum.transpose(1, 2)).transpose(1, 2)
            before = seen if n_whole else new.new_zeros(len(new), n_context, new.shape[2])
            seen = torch.cat((before, new), dim=1) if before.shape[1] else new
        n_block = new.shape[1]
        n_whole = n_block + 2 * n_context
        waiting.append((block, spectrum))
        if seen.shape[1] >= n_whole:
            yield *waiting.popleft(), seen[:, :n_whole].transpose(1, 2)
            seen = seen[:, n_block:]
    while waiting:
        n_lacking = max(0, n_whole - seen.shape[1])
        padded = torch.nn.functional.pad(seen, (0, 0, 0, n_lacking))
        yield *waiting.popleft(), padded[:, :n_whole].transpose(1, 2)
        seen = seen[:, n_block:]


class _OverlapAdd:
    """The inverse STFT of one stem; what reaches beyond a block waits for the next."""

    def __init__(self) -> None:
        self._window = torch.hann_window(N_FFT) * SYNTHESIS_GAIN
        self._carried = torch.zeros(2, FRAMES_PER_SAMPLE - 1, HOP_LENGTH)
        self._masked = torch.zeros(0, dtype=torch.complex64)

    @torch.inference_mode()
    def add(self, spectrum: Tensor, mask: Tensor) -> Waveform:
        """Return the samples (2, n_frames * HOP_LENGTH) that are complete after this block.

        Parameters
        ----------
        spectrum
            Of the mix, (2, n_frames, N_BINS).
        mask
            Shape (2, n_bins, n_frames), n_bins the same at each call.
        """
        frames = torch.fft.irfft(self._mask(spectrum, _frames_first(mask))).mul_(self._window)
        n_frames = frames.shape[1]
        hops = torch.zeros(2, n_frames + FRAMES_PER_SAMPLE - 1, HOP_LENGTH)
        hops[:, : FRAMES_PER_SAMPLE - 1] = self._carried
        for index, part in enumerate(frames.split(HOP_LENGTH, dim=2)):
            hops[:, index : index + n_frames] += part
        self._carried = hops[:, n_frames:].clone()
        return np.asarray(hops[:, :n_frames].reshape(2, -1).numpy(), dtype=np.float32)

    def _mask(self, spectrum: Tensor, share: Tensor) -> Tensor:
        """Return the stem's spectrum; above the mask's bins, zeros stay from block to block."""
        if self._masked.shape != spectrum.shape:
            self._masked = torch.zeros_like(spectrum)
        n_bins = share.shape[2]
        torch.mul(spectrum[:, :, :n_bins], share, out=self._masked[:, :, :n_bins])
        return self._masked


def _frames_first(mask: Tensor) -> Tensor:
    """Return a mask as (2, n_frames, n_bins), side by side in memory."""
    turned = mask.transpose(1, 2)
    if turned.is_contiguous():
        return turned
    return torch.stack([channel.contiguous() for channel in turned])  # faster than both at once

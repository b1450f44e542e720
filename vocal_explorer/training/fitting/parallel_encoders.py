"""The encoders of a pair at work side by side, each with its share of the processor."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TypeVar

import torch
from torch import Tensor

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.process_tuning import LIMIT, keep_large_blocks
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.encoder_pair import EncoderPair

Result = TypeVar("Result")


def choose_device(name: str | None = None) -> torch.device:
    """Return the device `name`, or CUDA where there is one and else the processor.

    Raises
    ------
    VocalExplorerError
        If there is no such device.
    """
    device = name or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        torch.empty(0, device=device)
        return torch.device(device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise VocalExplorerError(f"There is no device {device!r} to train on here.") from error


def half_precision(device: torch.device) -> torch.dtype | None:
    """Return bfloat16 where the device computes with it natively, else None."""
    if device.type == "cuda":
        native = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        known = hasattr(torch.cpu, "get_capabilities")  # old versions of torch cannot tell
        capabilities = torch.cpu.get_capabilities() if known else {}
        native = capabilities.get("avx512_bf16", False) or capabilities.get("bf16", False)
    return torch.bfloat16 if native else None


class ParallelEncoders:
    """Runs the encoders that a scheme needs forwards and backwards; a context manager.

    On a processor each has its own thread with its share of the cores. They never wait for
    each other inside a layer: two threads of one layer do, and where other programs use
    the machine too, each of these waits lasts a time slice.

    Parameters
    ----------
    pair
        On `device`.
    domains
        Whose encoders are needed.
    device
        Where they compute.
    """

    def __init__(self, pair: EncoderPair, domains: Sequence[Domain], device: torch.device) -> None:
        self._pair = pair
        self._domains = domains
        self._device = device
        self._precision = half_precision(device)
        self._open = ExitStack()
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> "ParallelEncoders":
        if self._device.type == "cpu":
            keep_large_blocks(LIMIT)
            n_threads = self._open.enter_context(_shared_cores(len(self._domains)))
            self._pool = self._open.enter_context(
                ThreadPoolExecutor(
                    len(self._domains), "encoder", torch.set_num_threads, (n_threads,)
                )
            )
        return self

    def __exit__(self, *_exception: object) -> None:
        self._open.close()

    def embed(self, log_mels: Mapping[Domain, Tensor], *, learning: bool) -> dict[Domain, Tensor]:
        """Return single-precision embeddings (n, 256) of segments by domain.

        Parameters
        ----------
        log_mels
            Of all domains, (n, n_mels, n_frames); what is not needed is left out.
        learning
            Whether `backward` will follow.
        """

        def forward(domain: Domain) -> Tensor:
            with torch.set_grad_enabled(learning), self._autocast():
                embedding = self._pair.encoder(domain).embed(log_mels[domain].to(self._device))
            return embedding.float()

        return dict(zip(self._domains, self._each(forward), strict=True))

    @torch.no_grad()
    def features(self, log_mels: Mapping[Domain, Tensor]) -> dict[Domain, Tensor]:
        """Return what the frozen layers make of segments, (n, n_channels, rows, columns)."""

        def forward(domain: Domain) -> Tensor:
            with torch.no_grad(), self._autocast():
                return self._pair.encoder(domain).features(log_mels[domain].to(self._device))

        return dict(zip(self._domains, self._each(forward), strict=True))

    def backward(self, embeddings: Mapping[Domain, Tensor], loss: Callable[..., Tensor]) -> float:
        """Let the encoders' parameters collect the gradient of `loss`(embeddings), a scalar."""
        leaves = {domain: e.detach().requires_grad_() for domain, e in embeddings.items()}
        value = loss(leaves)
        value.backward()  # type: ignore[no-untyped-call]

        def spread(domain: Domain) -> None:
            embeddings[domain].backward(leaves[domain].grad)  # type: ignore[no-untyped-call]

        self._each(spread)
        return value.item()

    def _each(self, work: Callable[[Domain], Result]) -> list[Result]:
        return list((self._pool.map if self._pool else map)(work, self._domains))

    def _autocast(self) -> torch.autocast | nullcontext[None]:
        if self._precision is None:
            return nullcontext()
        return torch.autocast(self._device.type, self._precision)


@contextmanager
def _shared_cores(n_workers: int) -> Iterator[int]:
    """Leave each worker its share of torch's threads while the context is open."""
    before = torch.get_num_threads()
    share = max(1, before // n_workers)
    torch.set_num_threads(share)
    try:
        yield share
    finally:
        torch.set_num_threads(before)

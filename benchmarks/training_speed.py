"""How many segments a second an encoder pair learns from, and what each idea contributes.

A step is forward, backward and SGD over both encoders (CROSS-SP); the fastest of many counts, since
other programs use the machine too. A pair of segments (vocals and mix) counts as two.

    python benchmarks/training_speed.py [--batch 64] [--seconds 30]
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.process_tuning import LIMIT, keep_large_blocks
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.encoders.backbone import Backbone
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.training.fitting.losses import structure_preserving_loss
from vocal_explorer.training.fitting.parallel_encoders import ParallelEncoders
from vocal_explorer.training.presets import CROSS_SP
from vocal_explorer.training.sampling.triplets import draw_triplets


def plain_forward(backbone: Backbone, mel: torch.Tensor) -> torch.Tensor:
    return backbone.layers(mel.unsqueeze(1))


def measure(name: str, step: Callable[[], None], seconds: float, n_segments: int) -> None:
    times, started = [], time.perf_counter()
    while time.perf_counter() - started < seconds:
        before = time.perf_counter()
        step()
        times.append(time.perf_counter() - before)
    best, median = n_segments / min(times), n_segments / float(np.median(times))
    print(f"{name:50} {best:6.1f} segments/s at best, {median:6.1f} median of {len(times)} steps")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30.0)
    options = parser.parse_args()
    torch.manual_seed(0)
    pair = EncoderPair(MelConfig()).train()
    optimiser = torch.optim.SGD(pair.parameters(), 0.01, momentum=0.9, nesterov=True)
    sounds = {d: 0.1 * torch.randn(options.batch, pair.config.segment_samples) for d in Domain}
    labels = np.arange(options.batch) // 2
    triplets = draw_triplets(labels, 25, 4, np.random.default_rng(0))

    def loss(embeddings: dict[Domain, torch.Tensor]) -> torch.Tensor:
        vocals, mix = (embeddings[domain] for domain in (Domain.VOCALS, Domain.MIX))
        return structure_preserving_loss(vocals, mix, triplets, CROSS_SP, 0.4)

    def one_after_the_other() -> None:
        optimiser.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            embeddings = {domain: pair.encoder(domain)(sounds[domain]) for domain in Domain}
        loss({domain: e.float() for domain, e in embeddings.items()}).backward()
        optimiser.step()

    def run(name: str, step: Callable[[], None]) -> None:
        measure(name, step, options.seconds, 2 * options.batch)

    fused_forward = Backbone.forward
    Backbone.forward = plain_forward
    run("plain layers, one encoder after the other", one_after_the_other)
    keep_large_blocks(LIMIT)
    run("+ freed memory is kept", one_after_the_other)
    Backbone.forward = fused_forward
    run("+ normalisation, ReLU and pooling in one step", one_after_the_other)
    with ParallelEncoders(pair, tuple(Domain), torch.device("cpu")) as encoders:

        def side_by_side() -> None:
            optimiser.zero_grad()
            encoders.backward(encoders.embed(sounds, learning=True), loss)
            optimiser.step()

        run("+ each encoder in a thread of its own", side_by_side)


if __name__ == "__main__":
    main()

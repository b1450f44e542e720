"""Saves random weights for Spleeter's own graph; runs in the interpreter that has spleeter.

    python -I spleeter_checkpoint.py FOLDER --seed 0 [--listing FILE]

Every variable is random. The batch normalisations' statistics are those that noise has
there, off by a random amount, so that no mask is trivially 0 or 1. With --listing, the
names and shapes must be those of the official index listed there.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
from spleeter.model import EstimatorSpecBuilder, InputProviderFactory
from spleeter.utils.configuration import load_configuration

NOISE_SECONDS = 12


class Graph:
    """The graph of the 2-stem network and its variables, in a session."""

    def __init__(self) -> None:
        tf.compat.v1.disable_eager_execution()
        tf.compat.v1.keras.backend.set_learning_phase(0)
        parameters = load_configuration("spleeter:2stems")
        features = InputProviderFactory.get(parameters).get_input_dict_placeholders()
        self.waveform = features["waveform"]
        self.outputs = EstimatorSpecBuilder(features, parameters).outputs
        tf.compat.v1.train.get_or_create_global_step()
        self.variables = {
            variable.op.name: variable for variable in tf.compat.v1.global_variables()
        }
        self.session = tf.compat.v1.Session()
        self.session.run(tf.compat.v1.global_variables_initializer())

    def set(self, name: str, value: np.ndarray) -> None:
        self.variables[name].load(value, self.session)

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.variables[name].shape.as_list())

    def normalised(self, name: str) -> tf.Tensor:
        """What goes into the batch normalisation `name`."""
        (operation,) = (
            operation
            for operation in tf.compat.v1.get_default_graph().get_operations()
            if operation.type.startswith("FusedBatchNorm") and operation.name.split("/")[0] == name
        )
        return operation.inputs[0]


def randomise(graph: Graph, rng: np.random.Generator) -> None:
    for name in sorted(graph.variables):
        if name.endswith("/kernel"):
            shape = graph.shape(name)
            transposed = "transpose" in name
            fan_in = np.prod(shape) / shape[2 if transposed else 3]
            graph.set(name, rng.normal(0, (2 / fan_in) ** 0.5, shape))
        elif name.endswith("/bias"):
            graph.set(name, rng.normal(0, 0.3, graph.shape(name)))
    noise = rng.uniform(-0.5, 0.5, (NOISE_SECONDS * 44100, 2))
    names = [name.split("/")[0] for name in graph.variables if name.endswith("/gamma")]
    for name in sorted(names, key=lambda name: int("0" + re.sub(r"\D", "", name))):
        seen = graph.session.run(graph.normalised(name), {graph.waveform: noise})
        mean, deviation = seen.mean(axis=(0, 1, 2)), seen.std(axis=(0, 1, 2)) + 0.01
        n = len(mean)
        graph.set(name + "/moving_mean", mean + deviation * rng.normal(0, 0.3, n))
        graph.set(name + "/moving_variance", (deviation * rng.uniform(0.7, 1.5, n)) ** 2)
        graph.set(name + "/gamma", rng.uniform(0.5, 1.5, n) * rng.choice([-1, 1], n))
        graph.set(name + "/beta", rng.normal(0, 0.3, n))


def listed(listing: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes in a listing with lines like "conv2d/bias dtype 1 [16] offset ..."."""
    lines = re.findall(r"^(\S+) dtype \d+ \[([\d, ]*)\]", listing.read_text(), re.MULTILINE)
    return {name: tuple(int(size) for size in sizes.split(",") if size) for name, sizes in lines}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--listing", type=Path)
    options = parser.parse_args()
    graph = Graph()
    if options.listing:
        official = listed(options.listing)
        ours = {name: graph.shape(name) for name in graph.variables}
        if ours != official:
            sys.exit(f"other variables: {sorted(set(ours.items()) ^ set(official.items()))}")
        print(f"{len(ours)} variables have the names and shapes of the official index")
    randomise(graph, np.random.default_rng(options.seed))
    saver = tf.compat.v1.train.Saver(graph.variables)
    saver.save(graph.session, str(options.folder / "model"), write_meta_graph=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())

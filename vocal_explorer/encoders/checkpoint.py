"""An encoder pair on disk: weights.safetensors beside config.json."""

import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import WeightsError
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.encoders.model_id import CONFIG
from vocal_explorer.networks.weights import load_weights, save_weights

MIXED = "mixed"  # the scheme whose one encoder hears both domains


def save_pair(pair: EncoderPair, folder: Path, scheme: str) -> None:
    """Write the pair into `folder`, in half precision, replacing what was there at once."""
    folder.mkdir(parents=True, exist_ok=True)
    config = {"scheme": scheme, "mel": asdict(pair.config)}
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    save_weights(pair, folder)


def load_pair(folder: Path) -> EncoderPair:
    """Return the pair in `folder`, ready for inference.

    MIXED trains f_m only, and isolated vocals go through f_m as well (paper, 4.2.1).

    Raises
    ------
    WeightsError
        If files are missing, damaged, or do not fit the network.
    """
    try:
        saved = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        pair = EncoderPair(MelConfig(**saved["mel"]))
        load_weights(pair, folder)
        if saved["scheme"] == MIXED:
            pair.vocal_encoder = pair.mix_encoder
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise WeightsError(f"The encoders in {folder} cannot be used: {error}") from error
    pair.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return pair.eval()

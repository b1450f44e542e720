"""A trained pair to go on with."""

from pathlib import Path

from vocal_explorer.base.config import MelConfig
from vocal_explorer.encoders.checkpoint import load_pair
from vocal_explorer.encoders.encoder_pair import EncoderPair


def begin_with(folder: Path, *, settled: bool) -> EncoderPair:
    """Return the pair in `folder`, its front ends fitted as they are, to be trained on.

    The encoders of a MIXED pair, which are one, become two.

    Parameters
    ----------
    folder
        Of the weights.
    settled
        Keep the statistics of the batch normalisation: batches of a few singers say little
        about others.

    Raises
    ------
    WeightsError
        If there are no weights that can be used.
    """
    loaded = load_pair(folder)
    pair = SettledPair(loaded.config) if settled else EncoderPair(loaded.config)
    pair.load_state_dict(loaded.state_dict())
    return pair


class SettledPair(EncoderPair):
    """Normalises as it did when it was trained; all parameters can still learn."""

    def __init__(self, config: MelConfig) -> None:
        super().__init__(config)
        self.eval()

    def train(self, _mode: bool = True) -> "SettledPair":
        """Stay in evaluation mode."""
        return super().train(False)

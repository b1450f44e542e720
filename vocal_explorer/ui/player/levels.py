"""How loud the vocals and the accompaniment of a track are."""

from dataclasses import dataclass

from vocal_explorer.base.records.signals import Stem

SILENT = -40.0  # dB; the lowest level is silence
LOUDEST = 6.0  # dB


@dataclass(frozen=True)
class Levels:
    """Levels of both stems in dB, SILENT to LOUDEST; 0 dB is as it was recorded."""

    vocals: float = 0.0
    accompaniment: float = 0.0

    def gains(self, stem: Stem) -> dict[str, float]:
        """Return by which layers a stem is heard, and how loud; the mix itself where it can."""
        if stem is Stem.MIX and self == Levels():
            return {Stem.MIX: 1.0}
        return {layer: gain for layer, gain in self.stems.items() if stem in (Stem.MIX, layer)}

    @property
    def stems(self) -> dict[str, float]:
        """The gains of both stems."""
        levels = {Stem.VOCALS: self.vocals, Stem.ACCOMPANIMENT: self.accompaniment}
        return {stem: _gain(level) for stem, level in levels.items()}


def _gain(level: float) -> float:
    return 0.0 if level <= SILENT else float(10 ** (level / 20))

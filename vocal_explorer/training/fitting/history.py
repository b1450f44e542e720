"""What a training run has reached, epoch by epoch, as numbers and as a picture."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from vocal_explorer.base.files import write_text, writing

HISTORY_FILE = "history.json"
CURVES_FILE = "curves.png"


@dataclass
class History:
    """Mean losses of the epochs done so far, and the share of the time spent waiting for data."""

    training: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list, compare=False)

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss, from 0."""
        return int(np.argmin(self.validation)) if self.validation else 0

    def save(self, folder: Path) -> None:
        """Write history.json and curves.png into `folder`, each replaced at once."""
        write_text(folder / HISTORY_FILE, json.dumps(asdict(self)))
        with writing(folder / CURVES_FILE) as temporary:
            curves(self).savefig(temporary, format="png")


def curves(history: History) -> Figure:
    """Return both losses over the epochs, the best validation loss marked."""
    figure = Figure(figsize=(7, 4), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(xlabel="epoch", ylabel="loss")
    epochs = np.arange(1, len(history.training) + 1)
    style = "o-" if len(epochs) < 30 else "-"
    axes.plot(epochs, history.training, style, ms=3, color="#0072b2", label="training")
    axes.plot(epochs, history.validation, style, ms=3, color="#d55e00", label="validation")
    best = history.best_epoch
    axes.axvline(best + 1, color="#999999", lw=1, ls=":", zorder=0)
    axes.set_title(
        f"best epoch {best + 1}: validation loss {history.validation[best]:.3f}; "
        f"{100 * np.mean(history.waiting):.1f} % of the time waiting for data",
        fontsize="medium",
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    return figure

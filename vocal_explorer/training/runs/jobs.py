"""What the `train` command does."""

from collections.abc import Sequence
from pathlib import Path

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.paths import evaluation_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.datasets.opening import Kind, detect
from vocal_explorer.datasets.signals import TrackSignals
from vocal_explorer.separation.separator import load_separator
from vocal_explorer.separation.stem_cache import StemCache
from vocal_explorer.separation.tdc_unet import TdcUNet
from vocal_explorer.training.presets import PRESETS, SCHEMES
from vocal_explorer.training.runs.pairs import (
    LeftOut,
    PairRun,
    train_on_recordings,
    train_on_songs,
)
from vocal_explorer.training.runs.separator import (
    SeparatorData,
    SeparatorTraining,
    train_separator,
)


def train(
    scheme: str,
    data: Path,
    out: Path,
    *,
    preset: str = "small",
    resume: bool = False,
    seed: int = 0,
    minutes: float | None = None,
    device: str | None = None,
    separator: str = "auto",
    cache: Path | None = None,
    favoured: Sequence[str] = (),
    teacher: Path | None = None,
    start: Path | None = None,
    progress: Progress,
) -> LeftOut:
    """Train `scheme` (mixed, cross, cross-sp, or separator) on `data` into `out`.

    An encoder pair learns from the recordings of a manifest, mixed at random, or from the
    songs of any other labelled dataset as they are. A pair has a device, a cache for what is
    prepared, and for songs a separator. The separator alone has favoured singers: patterns of
    those to draw more often. A start is a folder of weights to begin with; the teacher is a
    TDC U-Net for the separator and a VoiceTeacher for a pair on recordings.

    Returns
    -------
    LeftOut
        Songs that were not trained on.

    Raises
    ------
    VocalExplorerError
        If the scheme or preset is unknown, the data have too few singers, or a run is
        resumed with other settings.
    """
    if scheme == "separator":
        train_separator(
            SeparatorData(data, tuple(favoured), None if teacher is None else TdcUNet(teacher)),
            out,
            SeparatorTraining(),
            start=start,
            resume=resume,
            seed=seed,
            minutes=minutes,
            progress=progress,
        )
        return LeftOut()
    run = PairRun(scheme, out, preset, resume, seed, minutes, device, teacher, start, cache)
    return _train_pair(run, data, separator, cache or evaluation_folder(), progress)


def _train_pair(
    run: PairRun, data: Path, separator: str, cache: Path, progress: Progress
) -> LeftOut:
    if run.scheme not in SCHEMES or run.preset not in PRESETS:
        raise VocalExplorerError(
            f"There is no scheme {run.scheme!r} with preset {run.preset!r}; schemes are "
            f"separator, {', '.join(SCHEMES)}, presets are {', '.join(PRESETS)}."
        )
    if detect(data) is Kind.MANIFEST:
        train_on_recordings(run, data, progress)
        return LeftOut()
    source = TrackSignals(load_separator(separator), StemCache(cache / "stems"))
    return train_on_songs(run, data, source, cache / "segments", progress)

"""Learn my library: fit the encoders to the user's own songs, and use them only if that helps.

The artist tags of a library are labels that cost nothing (paper, section 3.2.1).
"""

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vocal_explorer.analysis.pipeline import Embedder
from vocal_explorer.base.config import WEIGHTS_FILE, MelConfig
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.locks import exclusive_lock
from vocal_explorer.base.names import label_key
from vocal_explorer.base.paths import evaluation_folder
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import LearnOptions, Learnt
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.tracks import Failure, Track, TrackState
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.library import labelled_tracks
from vocal_explorer.datasets.signals import TrackSignals
from vocal_explorer.encoders.model_id import CONFIG
from vocal_explorer.evaluation.embeddings import DatasetEmbedder, EmbeddedDataset
from vocal_explorer.evaluation.tasks.singer_identification import SCENARIOS, identify
from vocal_explorer.learning.card import CARD, FACTS, learned_from, write_card
from vocal_explorer.learning.library_split import split_library
from vocal_explorer.library.analyser import Analyser
from vocal_explorer.library.encoder_choice import PairChooser
from vocal_explorer.library.place import LibraryPlace
from vocal_explorer.library.scanning.scanner import Scan
from vocal_explorer.separation.separator import Separator
from vocal_explorer.training.banks.segment_bank import SegmentBank
from vocal_explorer.training.runs.pairs import PairRun, train_on_split
from vocal_explorer.training.sampling.song_split import SongSplit

WORK_FOLDER = "learning"  # of a library; what a run that was stopped goes on with
LOCK_FILE = "learning.lock"
DECISIVE = Space.JOINT  # what the app ranks by
SPACES = (Space.V, Space.M, Space.JOINT)


@dataclass(frozen=True)
class _Score:
    """How many queries had the right singer first, by space."""

    right: Mapping[Space, int]
    n_queries: int
    n_singers: int


class Learning:
    """One library that its encoders can be fitted to.

    Parameters
    ----------
    library
        Nothing in it changes until a better pair is adopted.
    separator
        Isolates the vocals of its tracks.
    pairs
        Its encoder pairs.
    """

    def __init__(self, library: LibraryPlace, separator: Separator, pairs: PairChooser) -> None:
        self._library = library
        self._separator = separator
        self._pairs = pairs

    def run(self, options: LearnOptions, progress: Progress) -> Learnt:
        """Train, compare on held-out songs, and adopt the new pair if it is better.

        Better is: more held-out songs whose nearest singer in [M,V], the app's own ranking,
        is the right one. Singer models are made of the training songs; neither training nor
        stopping has heard the held-out ones. Before a pair is adopted, all tracks are
        embedded with it, so the library is complete at any moment; the embeddings of the pair
        that was in use stay.

        Parameters
        ----------
        options
            How.
        progress
            Reported at each song and each batch; what was stopped can be resumed.

        Raises
        ------
        Cancelled
            If the user cancelled; the library is as it was.
        VocalExplorerError
            If the library has too few songs, or something cannot be written.
        """
        with exclusive_lock(self._library.folder / LOCK_FILE, progress):
            return self._run(self._pair_run(options), options, progress)

    def _run(self, run: PairRun, options: LearnOptions, progress: Progress) -> Learnt:
        cache, failures = options.cache or evaluation_folder(), list[Failure]()
        segments = (options.cache or self._work_folder) / "segments"
        used = next(choice for choice in self._pairs.choices() if choice.chosen)
        split = split_library(_tracks(self._library, failures), run.seed, learned_from(used.folder))
        source = TrackSignals(self._separator, self._library.cache)
        judge = _Judge(source, cache / "embeddings", split)
        banked = SegmentBank(source, segments, MelConfig()).open(
            [*split.training, *split.validation],
            _saying("preparing the songs", progress.part(0.0, 0.2)),
        )
        before = judge.score(self._pairs.current(), progress.part(0.2, 0.3))
        train_on_split(run, banked, split, source.key, progress.part(0.3, 0.8))
        new = self._pairs.make(run.out)
        after = judge.score(new, progress.part(0.8, 0.9))
        failures += [*banked.failures, *judge.failures]
        learnt = _compared(before, after, used.name, options.out, failures)
        write_card(run, learnt, split)
        if learnt.adopted:
            learnt = self._adopt(learnt, run.out, new, progress.part(0.9, 1.0))
        shutil.rmtree(self._work_folder, ignore_errors=True)
        progress.report(1.0, "done")
        return learnt

    @property
    def _work_folder(self) -> Path:
        return self._library.folder / WORK_FOLDER

    def _pair_run(self, options: LearnOptions) -> PairRun:
        return PairRun(
            options.scheme,
            options.out or self._work_folder,
            options.preset,
            options.resume,
            options.seed,
            options.minutes,
            options.device,
            start=options.start or self._pairs.shipped(options.scheme),
        )

    def _adopt(self, learnt: Learnt, folder: Path, new: Embedder, progress: Progress) -> Learnt:
        """Embed all tracks with the new pair, keep it in the library, and only then choose it."""
        analyser = Analyser(self._separator, new)
        key = replace(analyser.key, model_id=self._pairs.current().model_id)
        tracks = self._library.store.tracks.all(key)
        ready = [track.path for track in tracks if track.state is TrackState.ANALYSED]
        paths = [path for path in ready if os.path.isfile(path)]  # others are named already
        summary = Scan(self._library, analyser, _ignore).run(paths, progress)
        name = self._pairs.keep([folder / file for file in (CONFIG, WEIGHTS_FILE, CARD, FACTS)])
        self._pairs.choose(name)
        return replace(
            learnt,
            pair=name,
            weights=self._pairs.folder(name),
            failures=(*learnt.failures, *summary.failed),
        )


class _Judge:
    """Asks pairs who sings the held-out songs."""

    def __init__(self, source: TrackSignals, cache: Path, split: SongSplit) -> None:
        self._source = source
        self._cache = cache
        self._split = split
        self.failures: tuple[Failure, ...] = ()

    def score(self, embedder: Embedder, progress: Progress) -> _Score:
        """Compare each held-out song with the models of the singers' training songs."""
        split = self._split
        embedded: EmbeddedDataset = DatasetEmbedder(embedder, self._source, self._cache).embed(
            [*split.training, *split.test], _saying("listening to the songs", progress)
        )
        self.failures = embedded.failures
        if not embedded.part(split.test).tracks:
            raise VocalExplorerError("None of the songs that were held out could be heard.")
        found = identify(
            embedded.part(split.training).track_level(), embedded.part(split.test).track_level()
        )
        scenario_of = {spaces[0]: name for name, spaces in SCENARIOS.items() if len({*spaces}) == 1}
        ranks = {space: found.ranks[scenario_of[space]] for space in SPACES}
        right = {space: int(np.sum(places == 1)) for space, places in ranks.items()}
        return _Score(right, len(found.singers), found.n_candidates)


def _tracks(library: LibraryPlace, failures: list[Failure]) -> list[LabelledTrack]:
    """Return the library's songs, one spelling for each singer; missing ones are failures."""
    tracks = labelled_tracks(library.store, failures.append)
    return [replace(track, singer=label_key(track.singer)) for track in tracks]


def _compared(
    before: _Score, after: _Score, pair: str, weights: Path | None, failures: Sequence[Failure]
) -> Learnt:
    return Learnt(
        before.right,
        after.right,
        after.n_queries,
        after.n_singers,
        adopted=after.right[DECISIVE] > before.right[DECISIVE],
        pair=pair,
        weights=weights,
        failures=tuple(failures),
    )


def _saying(text: str, progress: Progress) -> Progress:
    """Return a progress that says `text` instead of what is reported to it."""
    return Progress(lambda fraction, _message: progress.report(fraction, text))


def _ignore(_track: Track) -> None:
    """Nobody watches single tracks."""

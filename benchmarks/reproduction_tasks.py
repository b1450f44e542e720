"""Tasks 1 to 4 on synthetic sets, for `reproduction.py`: what `vocal-explorer evaluate` measures.

Songs are separated a few at a time, and all encoder pairs hear them before their stems go: the
stems of all songs would take more room than the songs.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from reproduction_bands import band_table

from vocal_explorer.analysis.embedder import TrackEmbedder
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.artist20 import album_folds, load_artist20
from vocal_explorer.datasets.kpop_tags import load_kpop_tags, tag_names
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.opening import open_dataset
from vocal_explorer.datasets.signals import SignalSource
from vocal_explorer.datasets.synthetic_dataset import SyntheticPlan
from vocal_explorer.encoders.runtime import PairRuntime
from vocal_explorer.evaluation.embeddings import DatasetEmbedder, EmbeddedDataset, EmbeddedTracks
from vocal_explorer.evaluation.log_mels import log_mels, mel_embedder
from vocal_explorer.evaluation.tables.figure_4 import draw_figure_4
from vocal_explorer.evaluation.tables.findings import BASELINE, Finding, Labels, Paired, examine
from vocal_explorer.evaluation.tables.reports import ResultTable, save_table
from vocal_explorer.evaluation.tables.singer_tables import identification_table, retrieval_table
from vocal_explorer.evaluation.tables.transfer_tables import artist_table, tagging_table
from vocal_explorer.evaluation.tasks.artist_classification import evaluate_artist_classification
from vocal_explorer.evaluation.tasks.query_by_singer import Retrieval, retrieve
from vocal_explorer.evaluation.tasks.singer_identification import Identification, identify
from vocal_explorer.evaluation.tasks.singer_selection import ChosenSongs, choose_songs
from vocal_explorer.evaluation.tasks.transfer import Contender, heads
from vocal_explorer.evaluation.tasks.transfer_head import (
    MAX_EPOCHS,
    fit_artist_head,
    fit_tag_head,
)
from vocal_explorer.evaluation.tasks.vocal_tagging import WholeFiles, evaluate_vocal_tagging
from vocal_explorer.training.fitting.tag_cnn import fit_tag_cnn

FIGURE = "figure-4.png"
AT_ONCE = 40  # songs


@dataclass(frozen=True)
class Sizes:
    """How many songs of each singer are models and queries, gallery and queries; tag folds.

    `n_over_bands` are the singers who are heard over strangers' bands, `head_epochs` the most
    that heads of tasks 3 and 4 are trained.
    """

    n_model_songs: int = 15
    n_identified: int = 5
    n_gallery_songs: int = 6
    n_retrieved: int = 4
    n_folds: int = 5
    n_over_bands: int = 100
    head_epochs: int = MAX_EPOCHS


class Tasks:
    """Measures encoder pairs, and saves a table and its findings for each task.

    `pairs` are names and embedders, `kept` keeps embeddings, `results` receives NAME.json,
    NAME.md, NAME.csv and figure-4.png.
    """

    def __init__(
        self,
        pairs: Sequence[tuple[str, TrackEmbedder]],
        source: SignalSource,
        kept: Path,
        results: Path,
        seed: int,
    ) -> None:
        self._pairs = pairs
        self._source = source
        self._kept = kept
        self._results = results
        self._seed = seed
        self._models = {name: embedder.model_id for name, embedder in pairs}

    def are_measured(self, *names: str) -> bool:
        """Whether results of these very pairs are there."""
        return all(self._saved(name).get("models") == self._models for name in names)

    def _saved(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self._results / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def singers(self, data: Path, n_singers: int, sizes: Sizes, progress: Progress) -> None:
        """Do tasks 1 and 2 on unseen singers."""
        tracks = open_dataset(data)
        embedded = self._embedded(tracks, self._source, progress)

        def chosen(n_first: int, n_queries: int) -> ChosenSongs:
            return choose_songs(tracks, n_singers, n_first, n_queries, self._seed)

        songs = chosen(sizes.n_model_songs, sizes.n_identified)
        identified = [(name, identify(*_halves(all_, songs))) for name, all_ in embedded]
        draw_figure_4(identified, self._results / FIGURE)
        failures = embedded[0][1].failures
        self._save(
            identification_table(identified, songs), failures, _paired_identification(identified)
        )
        songs = chosen(sizes.n_gallery_songs, sizes.n_retrieved)
        found = [(name, retrieve(*_halves(all_, songs))) for name, all_ in embedded]
        self._save(retrieval_table(found, songs), failures, _paired_retrieval(found))

    def tags(self, data: Path, sizes: Sizes, progress: Progress) -> None:
        """Do task 3 on data/annotation and data/audio, with the CNN trained from scratch."""
        segments = load_kpop_tags(data / "annotation", data / "audio")
        vocabulary = tag_names(data / "annotation")
        source, config = WholeFiles(self._source), MelConfig()
        self._embedded([s.excerpt for s in segments], source, progress.part(0.0, 0.4))
        mels = DatasetEmbedder(mel_embedder(config, Domain.MIX), source, self._kept)
        baseline = Contender(*BASELINE, mels, log_mels(config, Domain.MIX), fit_tag_cnn)
        report = evaluate_vocal_tagging(
            segments,
            vocabulary,
            [baseline, *self._heads(source, partial(fit_tag_head, max_epochs=sizes.head_epochs))],
            n_folds=sizes.n_folds,
            seed=self._seed,
            progress=progress.part(0.4, 1.0),
        )
        n_singers = len({segment.track.singer for segment in segments})
        table = tagging_table(report, len(segments), n_singers, len(vocabulary), sizes.n_folds)
        self._save(table, report.failures)

    def artists(self, data: Path, sizes: Sizes, progress: Progress) -> None:
        """Do task 4 on artist/album/track."""
        tracks = load_artist20(data)
        self._embedded(tracks, self._source, progress.part(0.0, 0.6))
        report = evaluate_artist_classification(
            tracks,
            self._heads(self._source, partial(fit_artist_head, max_epochs=sizes.head_epochs)),
            seed=self._seed,
            progress=progress.part(0.6, 1.0),
        )
        n_artists = len({track.singer for track in tracks})
        table = artist_table(report, len(tracks), n_artists, len(album_folds(tracks)))
        self._save(table, report.failures)

    def bands(
        self,
        runtimes: Sequence[tuple[str, PairRuntime]],
        plan: SyntheticPlan,
        sizes: Sizes,
        progress: Progress,
    ) -> None:
        """Find out whether it is the voice or the band that mixes are known by."""
        n_singers = min(sizes.n_over_bands, plan.n_singers)
        n_known = sizes.n_model_songs
        table, findings = band_table(runtimes, plan, n_singers, n_known, self._seed, progress)
        self._keep(table, findings)

    def _embedded(
        self, tracks: Sequence[LabelledTrack], source: SignalSource, progress: Progress
    ) -> list[tuple[str, EmbeddedDataset]]:
        """Embed tracks with all pairs, some tracks at a time."""
        makers = [
            (name, DatasetEmbedder(embedder, source, self._kept)) for name, embedder in self._pairs
        ]
        steps = [
            (tracks[start : start + AT_ONCE], maker)
            for start in range(0, len(tracks), AT_ONCE)
            for _, maker in makers
        ]
        for number, (some, maker) in enumerate(steps):
            maker.embed(some, progress.part(number / len(steps), (number + 1) / len(steps)))
        return [(name, maker.embed(tracks, Progress())) for name, maker in makers]

    def _heads(self, source: SignalSource, fit: Any) -> list[Contender]:
        return [
            contender
            for name, embedder in self._pairs
            for contender in heads(
                name, DatasetEmbedder(embedder, source, self._kept), list(Space), fit
            )
        ]

    def _save(
        self, table: ResultTable, failures: Sequence[Failure], paired: Paired | None = None
    ) -> None:
        self._keep(table, examine(table, paired), len(failures))

    def _keep(self, table: ResultTable, findings: Sequence[Finding], n_failed: int = 0) -> None:
        facts = {
            "findings": [finding.document() for finding in findings],
            "failed": n_failed,
            "models": self._models,
        }
        save_table(table, facts, self._results)


def _halves(dataset: EmbeddedDataset, songs: ChosenSongs) -> tuple[EmbeddedTracks, EmbeddedTracks]:
    return dataset.part(songs.first).track_level(), dataset.part(songs.queries).track_level()


def _paired_identification(results: Sequence[tuple[str, Identification]]) -> Paired:
    values: dict[Labels, Any] = {
        (name, scenario): ranks <= 1
        for name, found in results
        for scenario, ranks in found.ranks.items()
    }
    return Paired(values, results[0][1].singers)


def _paired_retrieval(results: Sequence[tuple[str, Retrieval]]) -> Paired:
    values: dict[Labels, Any] = {
        (name, space): columns[:, 0]
        for name, found in results
        for space, columns in found.values.items()
    }
    return Paired(values, results[0][1].singers)

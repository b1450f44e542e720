"""Singer identification on small sets: every track is once the query, left out of its model."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.config import STEM_SAMPLE_RATE
from vocal_explorer.base.errors import AudioFileError, VocalExplorerError
from vocal_explorer.base.names import label_key
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Waveform
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.manifest import (
    kept_singers,
    labelled_tracks,
    load_manifest,
    split_by_singer,
)
from vocal_explorer.datasets.signals import Signals
from vocal_explorer.evaluation.embeddings import EmbeddedDataset, EmbeddedTracks
from vocal_explorer.evaluation.tasks.singer_identification import SCENARIOS, Identification, rank_of
from vocal_explorer.ranking.similarity import space_vectors
from vocal_explorer.ranking.singers import singer_models

EXCERPT_SECONDS = 60
MEAN, CHANCE = "mean", "chance"


class BalancedExcerpts:
    """Loads the first 60 s of true vocals, and a mix of them at 0 dB with the accompaniment.

    How separation does is no part of it, and the level is the same for every singer.
    """

    key = f"first {EXCERPT_SECONDS} s at 0 dB"

    def load(self, track: LabelledTrack, progress: Progress) -> Signals:
        """See SignalSource.load; the signals are mono."""
        progress.report(0.0, track.name)
        if track.vocals is None or track.accompaniment is None:
            raise AudioFileError(track.path, "vocals and an accompaniment are needed to mix it")
        vocals, music = _excerpt(track.vocals), _excerpt(track.accompaniment)
        music = np.tile(music, -(-vocals.shape[1] // music.shape[1]))[:, : vocals.shape[1]]
        gain = np.sqrt(np.mean(vocals**2) / max(float(np.mean(music**2)), 1e-12))
        return Signals(np.asarray(vocals + gain * music, dtype=np.float32), vocals)


def validation_tracks(data: Path, seed: int = 0) -> list[LabelledTrack]:
    """Return the songs with vocals of a manifest's validation singers, grouped by source.

    Vocals without an accompaniment get one of the whole manifest, by seed.

    Raises
    ------
    VocalExplorerError
        If no source has two validation singers with two tracks each.
    """
    recordings = load_manifest(data)
    _, validation = split_by_singer(recordings, kept_singers(data))
    stems = [r for r in recordings if r.domain == "accompaniment"]
    vocals = [r for r in validation if r.domain == "vocals"]
    songs = {r.song for r in vocals}
    own = [r for r in stems if r.song in songs]
    tracks = labelled_tracks([*vocals, *own], data, seed, music=stems)
    kept = [track for group in _comparable(tracks).values() for track in group]
    if not kept:
        raise VocalExplorerError(f"{data} has no source with two validation singers.")
    return kept


def leave_one_out(dataset: EmbeddedDataset) -> dict[str, Identification]:
    """Identify every track among the singers of its group, its own model without it.

    Tracks of singers that have no other one are only distractors. Groups without two
    singers to tell apart are left out.

    Raises
    ------
    VocalExplorerError
        If nobody can be told apart.
    """
    groups = _comparable(dataset.tracks)
    if not groups:
        raise VocalExplorerError("There are no two singers with two tracks each.")
    return {
        group: _identify_each(dataset.part(tracks).track_level())
        for group, tracks in groups.items()
    }


def accuracy_table(found: dict[str, Identification]) -> dict[str, dict[str, float]]:
    """Return top-1 by group and scenario, beside what chance would give; last their mean."""
    table = {
        group: {scenario: result.accuracy(scenario, 1).mean for scenario in SCENARIOS}
        | {CHANCE: 1 / result.n_candidates}
        for group, result in found.items()
    }
    columns = (*SCENARIOS, CHANCE)
    return table | {MEAN: {c: float(np.mean([row[c] for row in table.values()])) for c in columns}}


def _identify_each(tracks: EmbeddedTracks) -> Identification:
    keys = [label_key(singer) for singer in tracks.singers]
    queries = [row for row, key in enumerate(keys) if keys.count(key) > 1]
    ranks = {}
    for scenario, (model_space, query_space) in SCENARIOS.items():
        gallery = space_vectors(tracks.vocals, tracks.mix, model_space)
        vectors = space_vectors(tracks.vocals, tracks.mix, query_space)
        ranks[scenario] = np.array(
            [rank_of(tracks.singers[row],
                     singer_models(gallery, tracks.singers, leave_out=row), vectors[row])
             for row in queries]
        )  # fmt: skip
    return Identification(ranks, tuple(tracks.singers[row] for row in queries), len(set(keys)))


def _comparable(tracks: Sequence[LabelledTrack]) -> dict[str, list[LabelledTrack]]:
    """Return tracks by group: those groups where two singers or more have two tracks."""
    groups: dict[str, list[LabelledTrack]] = defaultdict(list)
    for track in tracks:
        groups[track.group].append(track)
    return {group: members for group, members in groups.items() if _n_repeated(members) >= 2}


def _n_repeated(tracks: Sequence[LabelledTrack]) -> int:
    keys = [label_key(track.singer) for track in tracks]
    return sum(keys.count(key) >= 2 for key in set(keys))


def _excerpt(path: Path) -> Waveform:
    waveform = read_audio(path, STEM_SAMPLE_RATE, 1)[0]
    return waveform[:, : EXCERPT_SECONDS * STEM_SAMPLE_RATE]

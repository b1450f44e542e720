from functools import partial

import numpy as np
import pytest
from planted_tracks import N_DIMENSIONS, PlantedEmbedder, songs

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.evaluation.tasks.artist_classification import evaluate_artist_classification
from vocal_explorer.evaluation.tasks.transfer import TransferReport, heads
from vocal_explorer.evaluation.tasks.transfer_head import fit_artist_head

N_ARTISTS = 4
fit_head = partial(fit_artist_head, max_epochs=80)  # planted artists are clear


def direction(number: int, strength: float = 1.0) -> np.ndarray:
    return strength * np.eye(N_DIMENSIONS)[number]


def artist(track: LabelledTrack) -> int:
    return int(track.singer.split()[1])


def album(track: LabelledTrack) -> int:
    return int(track.group.split()[1])


def evaluate(
    tracks: list[LabelledTrack], embedder: PlantedEmbedder, spaces: tuple[Space, ...] = (Space.M,)
) -> TransferReport:
    contenders = heads("pair", embedder, spaces, fit_head)
    return evaluate_artist_classification(tracks, contenders, progress=Progress())


def test_artists_in_the_embedding_are_named_at_both_levels() -> None:
    clear = PlantedEmbedder(lambda track: direction(artist(track), 2.0))
    report = evaluate(songs(N_ARTISTS, 3, 4), clear, (Space.V, Space.JOINT))
    assert [(row.space, row.level) for row in report.rows] == [
        ("V", "segment"), ("V", "song"), ("[M,V]", "segment"), ("[M,V]", "song")
    ]  # fmt: skip
    for row in report.rows:
        assert list(row.scores) == ["accuracy", "f1"]
        assert row.scores["accuracy"].mean > 0.95
        assert row.scores["f1"].mean > 0.95
        assert row.left_out == 0


def test_a_song_is_surer_than_its_segments() -> None:
    dim = PlantedEmbedder(lambda track: direction(artist(track), 0.5))
    segment, song = evaluate(songs(N_ARTISTS, 4, 8), dim).rows
    assert 0.3 < segment.scores["accuracy"].mean < song.scores["accuracy"].mean


def test_artists_that_nothing_tells_apart_are_guessed() -> None:
    deaf = PlantedEmbedder(lambda _track: direction(0))
    song = evaluate(songs(N_ARTISTS, 4, 8), deaf).rows[1]
    assert song.scores["accuracy"].mean == pytest.approx(1 / N_ARTISTS, abs=0.12)
    assert song.scores["accuracy"].low < 1 / N_ARTISTS < song.scores["accuracy"].high


def test_albums_alone_help_nobody() -> None:
    """What is only true of an album cannot be learned from the artist's other albums."""
    by_album = PlantedEmbedder(lambda track: direction(4 * artist(track) + album(track), 2.0))
    song = evaluate(songs(N_ARTISTS, 4, 5), by_album).rows[1]
    assert song.scores["accuracy"].mean < 0.5


@pytest.mark.parametrize(
    ("tracks", "reason"),
    [
        (songs(1, 4, 2), "1 with 4"),
        (songs(3, 2, 2), "3 with 2"),
        (songs(3, 1, 2), "only one album"),
    ],
)
def test_too_little_data_is_one_sentence(tracks: list[LabelledTrack], reason: str) -> None:
    clear = PlantedEmbedder(lambda track: direction(artist(track)))
    with pytest.raises(VocalExplorerError, match=reason):
        evaluate(tracks, clear)


def test_the_result_is_a_function_of_the_seed() -> None:
    dim = PlantedEmbedder(lambda track: direction(artist(track), 0.5))
    first, again = (evaluate(songs(N_ARTISTS, 3, 4), dim) for _ in range(2))
    assert first == again

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.records.mashups import PAPER_WEIGHTS, Match, MatchTerms, MatchWeights
from vocal_explorer.base.records.music import Key, MusicSummary
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Track
from vocal_explorer.mashups.match_ranking import UNKNOWN, rank_matches, score_of
from vocal_explorer.mashups.music_fit import MusicColumns
from vocal_explorer.ranking.gallery import Gallery

N_TRACKS = 8
C = Key(0, False)
ONLY = {
    "tempo": MatchWeights(0, 1, 0, 0, 0),
    "key": MatchWeights(0, 0, 1, 0, 0),
    "overlap": MatchWeights(0, 0, 0, 1, 0),
    "energy": MatchWeights(0, 0, 0, 0, 1),
}


def music() -> list[MusicSummary | None]:
    """Track 1 has the tempo of the query, track 2 its key, 3 its energy; 7 is not known."""
    known: list[MusicSummary | None] = [
        MusicSummary(100 + 7 * n, 1.0, Key(n, False), float(n)) for n in range(N_TRACKS)
    ]
    known[0] = MusicSummary(100, 1.0, C, 0.0)
    known[1] = MusicSummary(100, 1.0, Key(6, False), 9.0)
    known[2] = MusicSummary(130, 1.0, Key(9, True), 8.0)
    known[3] = MusicSummary(130, 1.0, Key(6, False), 0.0)
    known[4] = MusicSummary(110, 1.0, Key(4, False), 4.0)
    known[7] = None
    return known


@pytest.fixture
def gallery(rng: np.random.Generator) -> Gallery:
    tracks = [
        Track(
            str(n),
            Path(f"/{n}.flac"),
            f"Song {n}",
            f"Singer {n}",
            vocal_presence=0.9,
            music=known,
        )
        for n, known in enumerate(music())
    ]
    return Gallery.of(tracks, *(rng.normal(size=(N_TRACKS, 16)).astype(np.float32) for _ in "vm"))


def rank(gallery: Gallery, weights: MatchWeights, gives: Stem = Stem.VOCALS) -> list[Match]:
    def overlap(track_id: str) -> float | None:
        return 1.0 if track_id == "4" else 0.1

    music = MusicColumns.of([None if t is None else t.music for t in gallery.rows.tracks])
    return rank_matches(gallery, music, "0", gives, weights, overlap, 9)


@pytest.mark.parametrize("gives", [Stem.VOCALS, Stem.ACCOMPANIMENT])
def test_the_papers_ranking_is_that_of_the_similarities(gallery: Gallery, gives: Stem) -> None:
    ranking = rank(gallery, PAPER_WEIGHTS, gives)
    similarities = gallery.match_similarities("0", gives)
    order = [str(row) for row in np.argsort(-similarities) if np.isfinite(similarities[row])]
    assert [found.track.track_id for found in ranking] == order
    assert [found.rank for found in ranking] == list(range(1, N_TRACKS))
    assert ranking[0].parts.similarity == ranking[0].score == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("part", "best"), [("tempo", "1"), ("key", "2"), ("energy", "3"), ("overlap", "4")]
)
def test_a_part_alone_decides_when_only_it_counts(gallery: Gallery, part: str, best: str) -> None:
    first = rank(gallery, ONLY[part])[0]
    assert first.track.track_id == best
    assert getattr(first.parts, part) == first.score == pytest.approx(1.0, abs=1e-6)


def test_what_is_not_known_is_said_and_counts_less_than_the_middle(gallery: Gallery) -> None:
    by_id = {found.track.track_id: found for found in rank(gallery, ONLY["tempo"])}
    unknown = by_id["7"]
    assert unknown.score == pytest.approx(UNKNOWN)
    assert unknown.track.music is None
    assert (unknown.parts.tempo, unknown.parts.beats, unknown.parts.stretch) == (None,) * 3
    assert by_id["1"].rank < unknown.rank < by_id["3"].rank


def test_it_says_what_has_to_be_done(gallery: Gallery) -> None:
    by_id = {found.track.track_id: found for found in rank(gallery, MatchWeights())}
    assert by_id["4"].parts.beats == (1, 1)
    assert by_id["4"].parts.stretch == pytest.approx(1.1)
    assert by_id["4"].parts.semitones == -1  # B major is next to E
    assert by_id["2"].parts.semitones == 0  # A minor is C major's relative


def test_the_other_way_round_the_others_vocals_are_moved(gallery: Gallery) -> None:
    by_id = {f.track.track_id: f for f in rank(gallery, MatchWeights(), Stem.ACCOMPANIMENT)}
    assert by_id["4"].parts.stretch == pytest.approx(1 / 1.1)
    assert by_id["4"].parts.semitones == 1


PART = st.none() | st.floats(0, 1)
WEIGHT = st.floats(0, 10)


@given(
    st.builds(MatchTerms, PART, PART, PART, PART, PART),
    st.builds(MatchWeights, WEIGHT, WEIGHT, WEIGHT, WEIGHT, WEIGHT),
    st.floats(0.1, 10),
)
def test_a_score_lies_among_its_parts_and_weights_have_no_scale(
    parts: MatchTerms, weights: MatchWeights, scale: float
) -> None:
    score = score_of(parts, weights)
    assert -1e-9 <= score <= 1 + 1e-9
    scaled = MatchWeights(*(scale * weight for weight in vars(weights).values()))
    assert score_of(parts, scaled) == pytest.approx(score, abs=1e-3)

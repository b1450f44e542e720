import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_singers import embedded, naive_cosine, naive_space
from sklearn.metrics import average_precision_score

from vocal_explorer.evaluation.embeddings import EmbeddedTracks
from vocal_explorer.evaluation.tables.paper_tables import RETRIEVAL_COLUMNS, TABLE_1
from vocal_explorer.evaluation.tasks.query_by_singer import SPACES, retrieval_scores, retrieve

RANKINGS = st.lists(st.booleans(), min_size=1, max_size=60).filter(any)


@given(RANKINGS)
def test_scores_are_those_of_plain_counting_and_of_sklearn(relevant: list[bool]) -> None:
    n_relevant = sum(relevant)
    r5, r10, p5, p10, average = retrieval_scores(np.array(relevant))
    assert (r5, r10) == (sum(relevant[:5]) / n_relevant, sum(relevant[:10]) / n_relevant)
    assert (p5, p10) == (sum(relevant[:5]) / 5, sum(relevant[:10]) / 10)
    falling = -np.arange(len(relevant))
    assert average == pytest.approx(average_precision_score(relevant, falling))


@given(RANKINGS)
def test_scores_stay_in_their_range_and_all_first_is_best(relevant: list[bool]) -> None:
    scores = retrieval_scores(np.array(relevant))
    best = retrieval_scores(np.array(sorted(relevant, reverse=True)))
    assert all(0 <= score <= top <= 1 for score, top in zip(scores, best, strict=True))
    assert best[-1] == 1.0


@pytest.mark.parametrize("space", SPACES)
def test_a_whole_retrieval_is_that_of_a_plain_loop(space: str) -> None:
    gallery, queries = embedded(9, 6, seed=1, noise=1.0), embedded(9, 4, seed=2, noise=1.0)
    songs = naive_space(gallery, SPACES[space])
    expected = []
    for query, singer in zip(naive_space(queries, SPACES[space]), queries.singers, strict=True):
        similarities = [naive_cosine(query, song) for song in songs]
        found = [gallery.singers[i] == singer for i in np.argsort(similarities)[::-1]]
        average = average_precision_score([s == singer for s in gallery.singers], similarities)
        expected.append((sum(found[:5]) / 6, sum(found[:10]) / 6, sum(found[:5]) / 5,
                         sum(found[:10]) / 10, average))  # fmt: skip
    result = retrieve(gallery, queries)
    np.testing.assert_allclose(result.values[space], expected, rtol=1e-6)
    means = [estimate.mean for estimate in result.estimates(space)]
    np.testing.assert_allclose(means, np.mean(expected, axis=0))
    assert 0.3 < means[-1] < 0.99


def test_queries_without_a_song_to_find_are_left_out() -> None:
    vectors = np.eye(3, dtype=np.float32)
    gallery = EmbeddedTracks(vectors[:2], vectors[:2], ("a", "b"))
    result = retrieve(gallery, EmbeddedTracks(vectors, vectors, ("A", "c", "b")))
    assert result.singers == ("A", "b")
    assert result.values["M"][:, -1].tolist() == [1.0, 0.5]


def test_the_papers_table_agrees_with_itself() -> None:
    """With 6 songs to find, 5 Pr@5 = 6 R@5; the paper's cross-sp is best everywhere."""
    rows = {row.labels: dict(zip(RETRIEVAL_COLUMNS, row.values, strict=True)) for row in TABLE_1}
    assert len(rows) == 12
    for values in rows.values():
        assert 5 * values["Pr@5"] == pytest.approx(6 * values["R@5"], abs=1e-3)
    assert max(rows, key=lambda labels: rows[labels]["mAP"]) == ("X-SP", "[M,V]")

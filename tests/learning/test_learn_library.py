"""Learn my library: what is adopted, what never changes, and how to go back."""

from pathlib import Path

import pytest
from learning_fakes import N_QUERIES, N_SINGERS, N_SONGS, Home, Trained, write_pair

from vocal_explorer.analysis.installed_models import shipped_models
from vocal_explorer.base.errors import Cancelled, VocalExplorerError, WeightsError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.library import LearnOptions
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.tracks import TrackState
from vocal_explorer.session import Session


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path)
    monkeypatch.setattr("vocal_explorer.library.encoder_choice.models_folder", lambda: home.shipped)
    return home


@pytest.fixture
def session(home: Home) -> Session:
    session = home.session()
    session.scans.run([home.music])
    return session


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Trained:
    trained = Trained("good")
    monkeypatch.setattr("vocal_explorer.learning.learn_library.train_on_split", trained)
    return trained


def used(session: Session) -> str:
    (name,) = [pair.name for pair in session.choices.pairs.choices() if pair.chosen]
    return name


def picture(session: Session) -> object:
    """Return all that the library answers."""
    ids = [track.track_id for track in session.library.tracks()]
    return (
        session.library.tracks(),
        [session.ranking.similar_tracks(i, space) for i in ids for space in Space],
        [session.ranking.singers(i) for i in ids],
        [session.mashups.rank(i) for i in ids],
    )


def test_a_better_pair_is_adopted_and_the_library_is_complete(
    session: Session, home: Home, trained: Trained
) -> None:
    learnt = session.learn()
    assert (learnt.adopted, learnt.pair, used(session)) == (True, "learnt", "learnt")
    assert (learnt.n_queries, learnt.n_singers) == (N_QUERIES, N_SINGERS)
    for space in (Space.V, Space.M, Space.JOINT):
        assert learnt.before[space] < learnt.after[space] == N_QUERIES
    assert {track.state for track in session.library.tracks()} == {TrackState.ANALYSED}
    assert home.separator.calls == N_SINGERS * N_SONGS  # the second time from the stem cache
    assert not (home.library / "learning").exists()
    query = session.library.find("Song 10").track_id
    assert session.ranking.singers(query)[0].singer == "Singer 1"
    other = home.session()
    assert used(other) == "learnt"
    assert other.rank_singers(query) == session.ranking.singers(query)


def test_the_songs_that_judge_were_neither_trained_on_nor_decided_when_to_stop(
    session: Session, trained: Trained
) -> None:
    session.learn()
    training, validation, test = trained.parts[0]
    assert len(test) == N_QUERIES
    assert not test & (training | validation)
    assert len(training | validation | test) == N_SINGERS * N_SONGS


@pytest.mark.parametrize("weights", ["deaf", "deaf, but others"])
def test_a_pair_that_is_not_better_changes_nothing(
    session: Session, home: Home, trained: Trained, weights: str, tmp_path: Path
) -> None:
    trained.weights = weights
    before = picture(session)
    learnt = session.learn()
    assert (learnt.adopted, learnt.pair, learnt.weights) == (False, "cross-sp", None)
    assert learnt.after == learnt.before
    assert picture(session) == before
    assert not (home.library / "pairs").exists()
    assert not (home.library / "learning").exists()
    kept = session.learn(options=LearnOptions(out=tmp_path / "mine"))
    assert kept.weights == tmp_path / "mine"
    assert (tmp_path / "mine" / "weights.safetensors").read_text() == weights
    assert [pair.name for pair in session.choices.pairs.choices()] == ["cross-sp"]


@pytest.mark.parametrize(
    "stage", ["preparing the songs", "listening to the songs", "training", "analysing 2"]
)
def test_cancelling_leaves_the_library_as_it_was(
    session: Session, home: Home, trained: Trained, stage: str
) -> None:
    before = picture(session)

    def stop(_fraction: float, message: str) -> None:
        if message.startswith(stage):
            raise Cancelled

    with pytest.raises(Cancelled):
        session.learn(Progress(stop))
    for asked in (session, home.session()):
        assert picture(asked) == before
        assert [(p.name, p.chosen) for p in asked.pairs()] == [("cross-sp", True)]
    assert session.learn(options=LearnOptions(resume=True)).adopted
    assert trained.runs[-1].resume


def test_going_back_and_forth_restores_every_ranking_without_listening(
    session: Session, home: Home, trained: Trained
) -> None:
    before = picture(session)
    session.learn()
    learnt, n_heard = picture(session), home.n_heard
    assert learnt != before
    session.choices.pairs.choose("cross-sp")
    assert picture(session) == before
    session.choices.pairs.choose("learnt")
    assert picture(session) == learnt
    assert home.n_heard == n_heard
    with pytest.raises(WeightsError, match=r"no encoders 'magic' .*; choose from cross-sp, learnt"):
        session.choices.pairs.choose("magic")


def test_learning_again_is_judged_by_songs_that_neither_pair_has_heard(
    session: Session, home: Home, trained: Trained
) -> None:
    session.learn()
    learnt = session.learn()
    assert trained.parts[1][2] == trained.parts[0][2]
    assert (learnt.adopted, learnt.before) == (False, learnt.after)
    session.choices.pairs.choose("cross-sp")
    trained.weights = "good as well"
    assert session.learn().pair == "learnt-2"
    assert [pair.title for pair in session.choices.pairs.choices()] == [
        "Standard", "Learnt from my library", "Learnt from my library 2"
    ]  # fmt: skip


def test_it_begins_with_the_shipped_pair_of_the_scheme(
    session: Session, home: Home, trained: Trained, tmp_path: Path
) -> None:
    write_pair(home.shipped / "mixed", "deaf", "mixed")
    start = write_pair(tmp_path / "start", "deaf")
    for options in (
        LearnOptions(), LearnOptions("mixed"), LearnOptions("cross"), LearnOptions(start=start)
    ):  # fmt: skip
        session.choices.pairs.choose("cross-sp")
        session.learn(options=options)
    cross_sp = home.shipped / "cross-sp"
    assert [run.start for run in trained.runs] == [
        cross_sp, home.shipped / "mixed", cross_sp, start
    ]  # fmt: skip
    assert {run.preset for run in trained.runs} == {"library"}


def test_a_learnt_pair_has_a_model_card(session: Session, home: Home, trained: Trained) -> None:
    (home.shipped / "cross-sp" / "README.md").write_text("- Licence: CC BY-NC 4.0\n")
    session.learn()
    (model,) = shipped_models(home.library / "pairs")
    assert (model.problem, model.licence) == (None, "CC BY-NC 4.0")
    card = (model.path.parent / "README.md").read_text()
    assert f"| [M,V] | 1 | {N_QUERIES} |" in card


def test_a_library_with_too_few_songs_is_one_sentence(tmp_path: Path, home: Home) -> None:
    session = home.session(tmp_path / "other")
    session.scans.run([home.music / "Singer 0"])
    with pytest.raises(VocalExplorerError, match="two artists with three songs each"):
        session.learn()


def test_songs_that_are_gone_are_named(session: Session, home: Home, trained: Trained) -> None:
    gone = home.music / "Singer 0" / "Song 00.flac"
    gone.unlink()
    learnt = session.learn()
    assert [failure.path for failure in learnt.failures] == [gone]
    assert learnt.adopted

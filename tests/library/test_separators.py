from collections.abc import Iterator
from pathlib import Path

import pytest
from library_fakes import music_folder, write_song
from separator_fakes import Machine

from vocal_explorer.base.errors import InstrumentalError, NotAnalysedError, WeightsError
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.base.records.signals import Domain, Stem
from vocal_explorer.base.records.tracks import StaleReason, TrackState
from vocal_explorer.session import Session


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return music_folder(tmp_path / "music")


@pytest.fixture
def session(machine: Machine, music: Path, tmp_path: Path) -> Iterator[Session]:
    session = machine.session(tmp_path / "library")
    session.scans.run([music])
    yield session
    session.close()


def states(session: Session) -> set[tuple[TrackState, StaleReason | None]]:
    return {(track.state, track.stale) for track in session.library.tracks()}


CURRENT = {(TrackState.ANALYSED, None)}
STALE = {(TrackState.STALE, StaleReason.SEPARATOR)}


def test_an_installation_alone_changes_nothing(
    session: Session, machine: Machine, music: Path, tmp_path: Path
) -> None:
    machine.installed.add("spleeter")
    assert {c.name: c.current for c in session.choices.separators.choices() if c.installed} == {
        "auto": False, "embedded": True, "spleeter": False,
    }  # fmt: skip
    assert states(session) == CURRENT
    assert session.scans.run([music]).unchanged == 4
    assert machine.session(tmp_path / "library").scan([music]).unchanged == 4
    assert machine.calls == {"embedded": 4, "spleeter": 0}


def test_choosing_again_makes_auto_follow_the_installation(
    session: Session, machine: Machine, music: Path
) -> None:
    machine.installed.add("spleeter")
    session.choices.separators.choose("auto")
    assert states(session) == STALE
    assert session.maps.points(Domain.MIX) == []
    track = session.library.tracks()[0]
    assert track.separator == "embedded-1"
    with pytest.raises(NotAnalysedError, match="analysed with another separator"):
        session.ranking.similar_tracks(track.track_id)
    assert session.scans.run([music]).analysed == 4
    assert states(session) == CURRENT
    assert {track.separator for track in session.library.tracks()} == {"spleeter-1"}


def test_going_back_is_instant_and_only_new_tracks_are_analysed(
    session: Session, machine: Machine, music: Path
) -> None:
    before = session.maps.points(Domain.VOCALS)
    machine.installed.add("spleeter")
    session.choices.separators.choose("spleeter")
    write_song(music / "new.flac", 260)
    assert session.scans.run([music]).analysed == 5
    embedded = machine.embedder.calls
    session.choices.separators.choose("embedded")
    assert states(session) == CURRENT | STALE
    new = session.library.find("new")
    assert (new.state, new.separator) == (TrackState.STALE, "spleeter-1")
    assert session.maps.points(Domain.VOCALS) == before
    summary = session.scans.run([music])
    assert (summary.analysed, summary.unchanged) == (1, 4)
    session.choices.separators.choose("spleeter")
    assert session.scans.run([music]).unchanged == 5
    assert machine.calls == {"embedded": 5, "spleeter": 5}
    assert machine.embedder.calls == embedded + 1


def test_each_separators_stems_stay_in_the_cache(session: Session, machine: Machine) -> None:
    machine.installed.add("spleeter")
    track_id = session.library.tracks()[0].track_id
    session.sounds.part(track_id, Stem.VOCALS)
    session.choices.separators.choose("spleeter")
    session.sounds.part(track_id, Stem.VOCALS)
    session.choices.separators.choose("embedded")
    session.sounds.part(track_id, Stem.ACCOMPANIMENT)
    assert machine.calls == {"embedded": 4, "spleeter": 1}


def test_another_session_sees_the_choice(
    session: Session, machine: Machine, tmp_path: Path
) -> None:
    other = machine.session(tmp_path / "library")
    assert states(other) == CURRENT
    machine.installed.add("spleeter")
    session.choices.separators.choose("spleeter")
    assert states(other) == STALE
    assert [choice.name for choice in other.choices.separators.choices() if choice.chosen] == [
        "spleeter"
    ]
    other.close()


def test_what_is_not_installed_cannot_be_chosen(session: Session) -> None:
    with pytest.raises(WeightsError, match="Spleeter is not installed"):
        session.choices.separators.choose("spleeter")
    assert states(session) == CURRENT


def test_weights_that_went_leave_the_library_usable(
    session: Session, machine: Machine, tmp_path: Path
) -> None:
    machine.installed.add("spleeter")
    session.choices.separators.choose("spleeter")
    machine.installed.remove("spleeter")
    again = machine.session(tmp_path / "library")
    assert states(again) == CURRENT
    assert {c.name: (c.chosen, c.current) for c in again.choices.separators.choices()}[
        "spleeter"
    ] == (True, False)
    again.close()


class TestInstrumentals:
    @pytest.fixture
    def session(self, machine: Machine, music: Path, tmp_path: Path) -> Iterator[Session]:
        write_song(music / "theme.flac", 2_000, artist="Singer 1", title="Theme")
        session = machine.session(tmp_path / "library")
        session.scans.run([music])
        yield session
        session.close()

    def test_they_are_known_by_their_presence(self, session: Session) -> None:
        found = {track.title: track.instrumental for track in session.library.tracks()}
        assert found == {"Theme": True} | {f"Song {n}": False for n in ("00", "01", "10", "11")}
        assert session.library.find("Theme").vocal_presence == 0
        assert session.library.find("Song 10").vocal_presence == 1

    def test_they_are_on_the_mix_map_only(self, session: Session) -> None:
        assert len(session.maps.points(Domain.MIX)) == 5
        theme = session.library.find("Theme").track_id
        on_vocals = {point.track_id for point in session.maps.points(Domain.VOCALS)}
        assert on_vocals == {t.track_id for t in session.library.tracks()} - {theme}

    def test_they_are_compared_by_mix_and_matched_as_accompaniments(self, session: Session) -> None:
        theme, song = (session.library.find(title).track_id for title in ("Theme", "Song 00"))
        assert len(session.ranking.similar_tracks(theme, Space.M)) == 4
        assert len(session.ranking.singers(theme, Space.M)) == 2
        assert theme in {ranked.track.track_id for ranked in session.mashups.rank(song)}
        assert theme not in {
            r.track.track_id for r in session.ranking.similar_tracks(song, Space.V)
        }
        assert session.mashups.render(song, theme).waveform.any()
        for ask in (
            lambda: session.ranking.similar_tracks(theme),
            lambda: session.ranking.singers(theme, Space.V),
            lambda: session.mashups.rank(theme),
            lambda: session.mashups.render(theme, song),
        ):
            with pytest.raises(InstrumentalError, match=r"^Theme: no voice is heard in it, so "):
                ask()

    def test_the_presence_belongs_to_the_separator(
        self, session: Session, machine: Machine, music: Path
    ) -> None:
        class Deaf(type(machine.separators["spleeter"])):
            def stream(self, mix, n_samples, progress):
                for stems in super().stream(mix, n_samples, progress):
                    yield type(stems)(stems.accompaniment, stems.vocals, stems.sample_rate)

        machine.separators["spleeter"] = Deaf("spleeter")
        machine.installed.add("spleeter")
        session.choices.separators.choose("spleeter")
        assert session.library.find("Theme").instrumental  # of its older analysis
        session.scans.run([music])
        assert not session.library.find("Theme").instrumental
        assert session.library.find("Song 00").instrumental
        session.choices.separators.choose("embedded")
        assert session.library.find("Theme").instrumental
        assert not session.library.find("Song 00").instrumental

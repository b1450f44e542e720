from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.errors import InstrumentalError
from vocal_explorer.index.gallery import Gallery
from vocal_explorer.records import INSTRUMENTAL_BELOW, Domain, Space, Track

VOICED = [Space.V, Space.SUM, Space.JOINT]


def track(number: int, singer: str, presence: float | None) -> Track:
    path = Path(f"/{number}.flac")
    return Track(str(number), path, f"Song {number}", singer, vocal_presence=presence)


@pytest.fixture
def gallery(rng: np.random.Generator) -> Gallery:
    presences = (0.9, None, 0.01, INSTRUMENTAL_BELOW, 0.0)
    singers = ("Ann", "Ann", "Ann", "Bob", "Cid")
    tracks = [track(n, s, p) for n, (s, p) in enumerate(zip(singers, presences, strict=True))]
    vocals, mix = (rng.normal(size=(5, 8)).astype(np.float32) for _ in range(2))
    return Gallery(tracks, vocals, mix)


def ids(ranking: list) -> set[str]:
    return {ranked.track.track_id for ranked in ranking}


def test_instrumentals_have_a_place_on_the_mix_map_only(gallery: Gallery) -> None:
    assert gallery.on_map(Domain.MIX)[0] == ["0", "1", "2", "3", "4"]
    found, vectors = gallery.on_map(Domain.VOCALS)
    assert found == ["0", "1", "3"]
    assert vectors.shape == (3, 8)


@pytest.mark.parametrize("space", VOICED)
def test_instrumentals_are_in_no_ranking_by_voice(gallery: Gallery, space: Space) -> None:
    assert ids(gallery.similar("0", space, 9)) == {"1", "3"}
    singers = {ranked.singer: ranked.n_tracks for ranked in gallery.singers("0", space, 9)}
    assert singers == {"Ann": 1, "Bob": 1}


def test_the_mix_compares_all(gallery: Gallery) -> None:
    assert ids(gallery.similar("2", Space.M, 9)) == {"0", "1", "3", "4"}
    singers = {ranked.singer: ranked.n_tracks for ranked in gallery.singers("0", Space.M, 9)}
    assert singers == {"Ann": 2, "Bob": 1, "Cid": 1}


def test_instrumentals_are_accompaniments(gallery: Gallery) -> None:
    assert ids(gallery.matches("0", 9)) == {"1", "2", "3", "4"}


@pytest.mark.parametrize("space", VOICED)
def test_an_instrumental_has_no_voice_to_ask_about(gallery: Gallery, space: Space) -> None:
    for ask in (gallery.similar, gallery.singers):
        with pytest.raises(InstrumentalError, match=r"^Song 2: no voice .* its mix .*\.$"):
            ask("2", space, 9)
    with pytest.raises(InstrumentalError, match=r"^Song 4: no voice .* no vocals to lay .*\.$"):
        gallery.matches("4", 9)

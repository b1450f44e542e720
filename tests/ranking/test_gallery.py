from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import InstrumentalError
from vocal_explorer.base.records.ranking import Blend, Space
from vocal_explorer.base.records.signals import Domain, Stem
from vocal_explorer.base.records.tracks import INSTRUMENTAL_BELOW, Track
from vocal_explorer.ranking.gallery import Gallery

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
    return Gallery.of(tracks, vocals, mix)


def ids(ranking: list) -> set[str]:
    return {ranked.track.track_id for ranked in ranking}


def matched(gallery: Gallery, query: str, gives: Stem) -> set[str]:
    found = np.flatnonzero(np.isfinite(gallery.match_similarities(query, gives)))
    return {track.track_id for row in found if (track := gallery.rows.tracks[row])}


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
    assert matched(gallery, "0", Stem.VOCALS) == {"1", "2", "3", "4"}


def test_instrumentals_have_no_voice_for_an_accompaniment(gallery: Gallery) -> None:
    assert matched(gallery, "4", Stem.ACCOMPANIMENT) == {"0", "1", "3"}


def test_both_directions_compare_the_same(gallery: Gallery) -> None:
    over, under = (
        gallery.match_similarities(q, g) for q, g in (("0", Stem.VOCALS), ("1", Stem.ACCOMPANIMENT))
    )
    assert over[1] == pytest.approx(under[0])


@pytest.mark.parametrize("space", VOICED)
def test_an_instrumental_has_no_voice_to_ask_about(gallery: Gallery, space: Space) -> None:
    for ask in (gallery.similar, gallery.singers):
        with pytest.raises(InstrumentalError, match=r"^Song 2: no voice .* its mix .*\.$"):
            ask("2", space, 9)
    with pytest.raises(InstrumentalError, match=r"^Song 4: no voice .* no vocals to lay .*\.$"):
        gallery.match_similarities("4")


@pytest.mark.parametrize(("share", "space"), [(0.0, Space.M), (0.5, Space.JOINT), (1.0, Space.V)])
def test_the_ends_and_the_middle_of_a_blend_are_spaces(
    gallery: Gallery, share: float, space: Space
) -> None:
    for ask in (gallery.similar, gallery.singers):
        blended, plain = ask("0", Blend(share), 9), ask("0", space, 9)
        assert [b.similarity for b in blended] == pytest.approx([p.similarity for p in plain])
    assert ids(gallery.similar("0", Blend(share), 9)) == ids(gallery.similar("0", space, 9))


def test_a_set_is_searched_with_its_mean_and_is_not_found(rng: np.random.Generator) -> None:
    tracks = [track(n, "Ann" if n < 3 else "Bob", 0.9) for n in range(6)]
    mix = rng.normal(size=(6, 8)).astype(np.float32)
    found = Gallery.of(tracks, mix, mix).similar(("0", "1"), Space.M, 9)
    units = mix / np.linalg.norm(mix, axis=1, keepdims=True)
    mean = (units[0] + units[1]) / 2
    expected = {str(n): float(units[n] @ mean / np.linalg.norm(mean)) for n in range(2, 6)}
    assert {r.track.track_id: r.similarity for r in found} == pytest.approx(expected)
    singers = Gallery.of(tracks, mix, mix).singers(("0", "1"), Space.M, 9)
    assert {s.singer: s.n_tracks for s in singers} == {"Ann": 1, "Bob": 3}


def test_instrumentals_of_a_set_do_not_count_among_voices(gallery: Gallery) -> None:
    mixed, alone = (gallery.similar(q, Space.V, 9) for q in (("0", "2"), ("0",)))
    assert [(r.track.track_id, r.similarity) for r in mixed] == [
        (r.track.track_id, r.similarity) for r in alone
    ]
    with pytest.raises(InstrumentalError):
        gallery.similar(("2", "4"), Space.V, 9)


def test_a_hub_comes_further_down_when_hubs_are_corrected(rng: np.random.Generator) -> None:
    vectors = rng.normal(size=(60, 16)).astype(np.float32)
    vectors[0] = vectors.sum(axis=0)
    tracks = [track(n, "Ann", 0.9) for n in range(60)]
    gallery = Gallery.of(tracks, vectors, vectors)

    def places_of_the_hub(blend: Blend) -> list[int]:
        rankings = [gallery.similar(str(n), blend, 60) for n in range(1, 60)]
        return [next(r.rank for r in found if r.track.track_id == "0") for found in rankings]

    plain, corrected = (places_of_the_hub(Blend(0.5, hub)) for hub in (False, True))
    assert np.mean(corrected) > np.mean(plain) + 3
    before, after = gallery.hub_effect(Blend(0.5))
    assert before.most > after.most

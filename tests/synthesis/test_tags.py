from dataclasses import replace

import numpy as np
import pytest
from places import SHARED

from vocal_explorer.datasets.kpop_tags import tag_names
from vocal_explorer.synthesis.tags import TRAITS, rate
from vocal_explorer.synthesis.voice import SingerVoice, singer_voice

ANNOTATION = SHARED / "data" / "kvt"
TAGS = [trait.tag for trait in TRAITS]


def tags(voice: SingerVoice) -> set[str]:
    return {tag for tag, votes in zip(TAGS, rate([voice])[0], strict=True) if votes >= 2}


def test_every_tag_is_true_of_some_voices_and_of_others_not() -> None:
    ratings = rate([singer_voice(number, seed=5) for number in range(200)])
    assert ratings.shape == (200, len(TRAITS))
    assert set(np.unique(ratings)) == {0, 1, 2, 3}
    share = (ratings >= 2).mean(axis=0)
    expected = np.array([trait.below - trait.above for trait in TRAITS])
    np.testing.assert_allclose(share, expected, atol=0.12)


def test_tags_follow_the_voice() -> None:
    voice = singer_voice(0)
    deep = replace(voice, centre_pitch=50.0, tract_length=0.185)
    high = replace(voice, centre_pitch=71.0, tract_length=0.14)
    assert {"Low-Range", "Male"} <= tags(deep)
    assert not {"Mid-Range", "High-Range", "Female", "Young"} & tags(deep)
    assert {"High-Range", "Female", "Young"} <= tags(high)
    assert "Breathy" in tags(replace(voice, breath=0.45))
    assert "Breathy" not in tags(replace(voice, breath=0.04))
    assert "Vibrato" not in tags(replace(voice, vibrato_depth=0.16))


def test_one_range_holds_and_one_sex() -> None:
    holds = rate([singer_voice(number, seed=6) for number in range(50)]) >= 2
    for names in (("Low-Range", "Mid-Range", "High-Range"), ("Male", "Female")):
        assert holds[:, [TAGS.index(name) for name in names]].sum(axis=1).tolist() == 50 * [1]


def test_listeners_only_disagree_near_a_boundary() -> None:
    usual = singer_voice(3)
    pitches = np.linspace(52, 71, 39)
    ratings = rate([replace(usual, centre_pitch=float(p)) for p in pitches])
    votes = ratings[:, TAGS.index("High-Range")]
    assert (np.diff(votes) >= 0).all()
    assert votes[0] == 0
    assert votes[-1] == 3
    assert ((votes == 1) | (votes == 2)).sum() < 8


@pytest.mark.shared
@pytest.mark.skipif(not ANNOTATION.is_dir(), reason="needs the annotation of ../shared")
def test_the_vocabulary_is_a_part_of_the_real_one_in_its_order() -> None:
    assert [tag for tag in tag_names(ANNOTATION) if tag in TAGS] == TAGS

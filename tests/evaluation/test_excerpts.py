import itertools
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.audio.files import write_audio
from vocal_explorer.datasets.manifest import is_validation
from vocal_explorer.evaluation.excerpts import POP_BALANCE, Group, find_excerpts, loudest_start

HEADER = "path,singer,domain,source,licence,seconds\n"
RATE = 44_100
NAMES = [f"act{number}" for number in range(200)]
UNSEEN = next(filter(is_validation, NAMES))
KNOWN = next(itertools.filterfalse(is_validation, NAMES))


def write(folder: Path, rng: np.random.Generator, *rows: tuple[str, str, str, float]) -> Path:
    """Rows of path, singer, domain and alleged seconds; each file is 3 s of noise."""
    lines = []
    for path, singer, domain, seconds in rows:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write_audio(folder / path, rng.uniform(-0.3, 0.3, (2, 3 * RATE)).astype(np.float32), RATE)
        lines.append(f"{path},{singer},{domain},toy,none,{seconds}")
    (folder / "manifest.csv").write_text(HEADER + "\n".join(lines))
    return folder


@pytest.fixture
def data(tmp_path: Path, rng: np.random.Generator) -> Path:
    return write(
        tmp_path,
        rng,
        ("a/1/vocals.wav", UNSEEN, "vocals", 50),
        ("a/1/accompaniment.wav", UNSEEN, "accompaniment", 50),
        ("b/song.wav", UNSEEN, "vocals", 100),
        ("b/scale.wav", UNSEEN, "vocals", 10),
        ("c/band.wav", KNOWN, "accompaniment", 150),
        ("c/loop.wav", KNOWN, "accompaniment", 20),
    )


def test_pairs_stay_pairs_and_lone_songs_go_over_music_that_was_kept_back(data: Path) -> None:
    assert [(excerpt.name, excerpt.group) for excerpt in find_excerpts(data)] == [
        ("a/1", Group.SINGERS),
        ("b/song over c/band", Group.POP),
    ]


def test_pop_has_the_balance_of_pop(data: Path) -> None:
    stems = find_excerpts(data)[1].load()
    power = [np.mean(np.square(s, dtype=np.float64)) for s in (stems.vocals, stems.accompaniment)]
    assert 10 * np.log10(power[0] / power[1]) == pytest.approx(POP_BALANCE, abs=0.01)
    assert np.abs(stems.vocals + stems.accompaniment).max() <= 1 + 1e-6


def test_both_stems_come_from_the_same_30_seconds(tmp_path: Path, rng: np.random.Generator) -> None:
    data = write(
        tmp_path,
        rng,
        ("s/1/vocals.wav", UNSEEN, "vocals", 40),
        ("s/1/accompaniment.wav", UNSEEN, "accompaniment", 40),
    )
    voice = rng.uniform(-0.3, 0.3, (2, 40 * RATE)).astype(np.float32)
    voice[:, : 7 * RATE] = 0
    write_audio(data / "s/1/vocals.wav", voice, RATE)
    write_audio(data / "s/1/accompaniment.wav", -voice, RATE)
    stems = find_excerpts(data)[0].load()
    assert stems.vocals.shape == (2, 30 * RATE)
    np.testing.assert_allclose(stems.accompaniment, -stems.vocals, atol=1e-4)
    assert np.abs(stems.vocals[:, :RATE]).max() > 0.1


@pytest.mark.parametrize("seconds", [5, 7, 12])
def test_the_loudest_stretch_is_where_a_plain_search_finds_it(
    rng: np.random.Generator, seconds: int
) -> None:
    loudness = np.repeat(rng.uniform(0, 1, seconds), RATE)
    waveform = (loudness * rng.choice([-1.0, 1.0], seconds * RATE))[None].astype(np.float32)
    length = 4 * RATE
    energies = [(waveform[0, s * RATE : s * RATE + length] ** 2).sum() for s in range(seconds - 3)]
    assert loudest_start(waveform, length) == int(np.argmax(energies)) * RATE


def test_a_song_that_is_as_long_as_the_excerpt_begins_at_its_start() -> None:
    assert loudest_start(np.ones((2, 100), np.float32), 100) == 0

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from vocal_explorer.base.errors import AudioFileError
from vocal_explorer.base.records.signals import Stem, Stems, Waveform
from vocal_explorer.separation.stem_cache import StemCache
from vocal_explorer.separation.stem_source import GrowingStem, KeptStem

RATE = 44_100
N_SAMPLES = 3000
SPANS = [(0, 100), (-50, 20), (2950, 3100), (-10, 3010), (500, 500), (3200, 3300), (-90, -10)]


def stem(seed: int) -> Waveform:
    steps = np.random.default_rng(seed).integers(-8000, 8000, (2, N_SAMPLES))
    return (steps / 2**15).astype(np.float32)


VOCALS, ACCOMPANIMENT = stem(1), stem(2)


def around(waveform: Waveform, first: int, last: int) -> Waveform:
    wide = np.pad(waveform, ((0, 0), (400, 400)))
    return wide[:, first + 400 : last + 400]


class Pieces:
    """Gives the stems in pieces, and counts them."""

    def __init__(self) -> None:
        self.n_given = 0
        self.ended = ""

    def __call__(self) -> Generator[Stems]:
        try:
            for start in range(0, N_SAMPLES, 700):
                self.n_given += 1
                part = slice(start, start + 700)
                yield Stems(VOCALS[:, part], ACCOMPANIMENT[:, part], RATE)
        except GeneratorExit:
            self.ended = "closed"
            raise
        self.ended = "finished"


@pytest.fixture
def cache(tmp_path: Path) -> StemCache:
    cache = StemCache(tmp_path)
    with cache.writing("track", "separator") as writer:
        writer.write(Stems(VOCALS, ACCOMPANIMENT, RATE))
    return cache


def kept(cache: StemCache, part: Stem) -> KeptStem:
    entry = cache.entry("track", "separator")
    assert entry is not None
    return KeptStem(entry, part)


@pytest.mark.parametrize(("first", "last"), SPANS)
def test_any_span_can_be_read_with_silence_around_it(
    cache: StemCache, first: int, last: int
) -> None:
    expected = around(VOCALS, first, last)
    np.testing.assert_array_equal(kept(cache, Stem.VOCALS).read(first, last), expected)
    growing = GrowingStem(Pieces()(), Stem.VOCALS, N_SAMPLES)
    np.testing.assert_array_equal(growing.read(first, last), expected)


def test_a_kept_stem_that_is_damaged_is_named(cache: StemCache, tmp_path: Path) -> None:
    source = kept(cache, Stem.ACCOMPANIMENT)
    (file,) = tmp_path.rglob("accompaniment.flac")
    file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(AudioFileError, match=r"accompaniment\.flac"):
        source.read(0, N_SAMPLES)


def test_only_what_is_read_is_separated_and_a_wrong_length_is_no_harm() -> None:
    pieces = Pieces()
    growing = GrowingStem(pieces(), Stem.ACCOMPANIMENT, 10)
    assert pieces.n_given == 0
    np.testing.assert_array_equal(growing.read(600, 800), ACCOMPANIMENT[:, 600:800])
    assert pieces.n_given == 2
    np.testing.assert_array_equal(growing.read(0, 700), ACCOMPANIMENT[:, :700])
    assert pieces.n_given == 2
    growing.finish()
    assert pieces.ended == "finished"


@pytest.mark.parametrize("part", [Stem.VOCALS, Stem.ACCOMPANIMENT])
def test_what_is_just_separated_sounds_as_it_will_from_the_cache(
    tmp_path: Path, part: Stem, rng: np.random.Generator
) -> None:
    vocals, accompaniment = rng.uniform(-1.2, 1.2, (2, 2, N_SAMPLES)).astype(np.float32)
    stems = Stems(vocals, accompaniment, RATE)
    cache = StemCache(tmp_path)
    with cache.writing("track", "separator") as writer:
        writer.write(stems)
    growing = GrowingStem((stems for _ in range(1)), part, N_SAMPLES)
    np.testing.assert_array_equal(growing.read(0, N_SAMPLES), kept(cache, part).read(0, N_SAMPLES))


def test_what_is_closed_leaves_the_rest_undone() -> None:
    pieces = Pieces()
    growing = GrowingStem(pieces(), Stem.VOCALS, N_SAMPLES)
    growing.read(0, 10)
    growing.close()
    assert (pieces.n_given, pieces.ended) == (1, "closed")

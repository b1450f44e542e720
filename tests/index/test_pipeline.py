from pathlib import Path

import numpy as np
import pytest
from library_fakes import RATE, FakeEmbedder, FakeSeparator, write_song

from vocal_explorer.audio.io import write_audio
from vocal_explorer.errors import AudioFileError
from vocal_explorer.index.pipeline import analyse_file, embed_file, separate_file
from vocal_explorer.progress import Progress
from vocal_explorer.records import Domain, Embedding, Stems, Waveform
from vocal_explorer.separation.stem_cache import StemCache


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return write_song(tmp_path / "song.flac", 300)


def test_stems_are_as_long_as_the_file_even_if_it_is_shorter_than_a_segment(song: Path) -> None:
    seen = []

    class Separator(FakeSeparator):
        def separate(self, waveform: Waveform, sample_rate: int, progress: Progress) -> Stems:
            seen.append(waveform.shape[1])
            return super().separate(waveform, sample_rate, progress)

    stems = separate_file(song, Separator(), Progress())
    assert stems.vocals.shape == stems.accompaniment.shape == (2, round(0.6 * RATE))
    assert seen[0] >= 128 * 512 * 2


def test_a_file_has_the_same_embeddings_with_and_without_a_library(
    song: Path, tmp_path: Path
) -> None:
    alone = embed_file(song, FakeSeparator(), FakeEmbedder(), False, Progress())
    cache = StemCache(tmp_path / "stems")
    separator = FakeSeparator()
    for _ in range(2):  # the second time with stems from the cache
        analysis = analyse_file(song, "abc", separator, FakeEmbedder(), cache, Progress())
        assert analysis.seconds == pytest.approx(0.6)
        for domain in Domain:
            np.testing.assert_allclose(analysis.embeddings[domain], alone[domain], atol=1e-3)
    assert separator.calls == 1


def test_isolated_vocals_need_no_separator_and_have_no_mix(song: Path) -> None:
    embeddings = embed_file(song, None, FakeEmbedder(), True, Progress())
    assert set(embeddings) == {Domain.VOCALS}


def test_silence_and_numbers_that_are_none_are_failures(song: Path, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    write_audio(silent, np.zeros((2, RATE), np.float32), RATE)
    with pytest.raises(AudioFileError, match=r"silent\.wav: it is silent\."):
        separate_file(silent, FakeSeparator(), Progress())

    class Broken(FakeEmbedder):
        def embed_vocals(self, *_arguments: object) -> Embedding:
            return np.full(16, np.nan, np.float32)

    with pytest.raises(AudioFileError, match=r"song\.flac: "):
        embed_file(song, FakeSeparator(), Broken(), False, Progress())


def test_progress_only_grows_and_reaches_the_end(song: Path) -> None:
    fractions: list[float] = []
    progress = Progress(lambda fraction, _message: fractions.append(fraction))
    embed_file(song, FakeSeparator(), FakeEmbedder(), False, progress)
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1

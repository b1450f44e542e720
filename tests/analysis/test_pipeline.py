from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from library_fakes import RATE, FakeEmbedder, FakeSeparator, write_song

from vocal_explorer.analysis.embedder import TrackEmbedder
from vocal_explorer.analysis.pipeline import analyse_file, embed_file, read_mix, separate_file
from vocal_explorer.audio.files import write_audio
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import AudioFileError, Cancelled
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Domain, Embedding, Stems, Waveform
from vocal_explorer.separation.stem_cache import StemCache


@pytest.fixture
def song(tmp_path: Path) -> Path:
    return write_song(tmp_path / "song.flac", 300)


@pytest.fixture
def long_song(tmp_path: Path) -> Path:
    """34 seconds of mono at another rate: several pieces, to be resampled."""
    time = np.arange(34 * 22_050) / 22_050
    loudness = 0.1 + 0.3 * (np.sin(2 * np.pi * time / 9) > 0)
    sound = loudness * np.sin(2 * np.pi * 300 * time)
    write_audio(tmp_path / "long.wav", sound.astype(np.float32), 22_050)
    return tmp_path / "long.wav"


class Encoder:
    """Describes a segment by its level and its pitch."""

    config = MelConfig()

    def encode(self, domain: Domain, segments: Waveform) -> Embedding:
        crossings = (np.diff(np.sign(segments), axis=1) != 0).mean(axis=1)
        return np.stack([segments.std(axis=1), crossings], axis=1).astype(np.float32)


def whole_stems(path: Path, separator: FakeSeparator) -> Stems:
    pieces = list(separate_file(path, separator, Progress()))
    return Stems(
        np.concatenate([piece.vocals for piece in pieces], axis=1),
        np.concatenate([piece.accompaniment for piece in pieces], axis=1),
        pieces[0].sample_rate,
    )


def test_stems_are_as_long_as_the_file(song: Path, long_song: Path) -> None:
    stems = whole_stems(song, FakeSeparator())
    assert stems.vocals.shape == stems.accompaniment.shape == (2, round(0.6 * RATE))
    mix = read_mix(long_song)
    stems = whole_stems(long_song, FakeSeparator())
    np.testing.assert_allclose(stems.vocals + stems.accompaniment, mix, atol=1e-6)
    pieces = list(separate_file(long_song, FakeSeparator(), Progress()))
    assert max(piece.vocals.shape[1] for piece in pieces) < 12 * RATE


def test_what_is_streamed_is_embedded_as_the_whole(long_song: Path, tmp_path: Path) -> None:
    embedder = TrackEmbedder("test", Encoder)
    mix = read_mix(long_song)
    vocals = whole_stems(long_song, FakeSeparator()).vocals
    expected = embedder.embed(mix, vocals, RATE, Progress())
    cache = StemCache(tmp_path / "stems")
    alone = embed_file(long_song, FakeSeparator(), embedder, False, Progress())
    for embeddings in (
        alone,
        analyse_file(long_song, "abc", FakeSeparator(), embedder, cache, Progress()).embeddings,
        analyse_file(long_song, "abc", FakeSeparator(), embedder, cache, Progress()).embeddings,
    ):
        for domain in Domain:
            np.testing.assert_allclose(embeddings[domain], expected[domain], atol=1e-3)
    only_vocals = embed_file(long_song, None, embedder, True, Progress())
    np.testing.assert_allclose(
        only_vocals[Domain.VOCALS], embedder.embed_vocals(mix, RATE, Progress()), atol=1e-5
    )


def test_the_presence_of_a_voice_is_measured(long_song: Path, tmp_path: Path) -> None:
    class Instrumental(FakeSeparator):
        def stream(
            self, mix: Iterable[Waveform], n_samples: int, progress: Progress
        ) -> Iterator[Stems]:
            for stems in super().stream(mix, n_samples, progress):
                yield Stems(stems.vocals / 100, stems.accompaniment, RATE)

    embedder, cache = TrackEmbedder("test", Encoder), StemCache(tmp_path / "stems")
    presences = [
        analyse_file(long_song, track_id, separator, embedder, cache, Progress()).vocal_presence
        for track_id, separator in (("sung", FakeSeparator()), ("played", Instrumental()))
    ]
    assert presences[0] > 0.9
    assert presences[1] < 0.1


def test_stems_that_do_not_belong_to_the_file_are_made_again(
    song: Path, long_song: Path, tmp_path: Path
) -> None:
    embedder, cache = TrackEmbedder("test", Encoder), StemCache(tmp_path / "stems")
    separator = FakeSeparator()
    analyse_file(song, "abc", separator, embedder, cache, Progress())
    analysis = analyse_file(long_song, "abc", separator, embedder, cache, Progress())
    assert separator.calls == 2
    assert analysis.seconds == pytest.approx(34)
    file = next((tmp_path / "stems").rglob("vocals.flac"))
    file.write_bytes(file.read_bytes()[:20_000])  # its header is whole
    again = analyse_file(long_song, "abc", separator, embedder, cache, Progress())
    assert separator.calls == 3
    for domain in Domain:
        np.testing.assert_array_equal(again.embeddings[domain], analysis.embeddings[domain])


def test_a_cancelled_analysis_keeps_no_stems(long_song: Path, tmp_path: Path) -> None:
    control = Control()

    class Stopped(FakeSeparator):
        def stream(
            self, mix: Iterable[Waveform], n_samples: int, progress: Progress
        ) -> Iterator[Stems]:
            for stems in super().stream(mix, n_samples, progress):
                progress.report(0.6)
                yield stems
                control.cancel()

    cache = StemCache(tmp_path / "stems")
    progress = Progress(control=control)
    with pytest.raises(Cancelled):
        analyse_file(long_song, "abc", Stopped(), FakeEmbedder(), cache, progress)
    assert not [path for path in (tmp_path / "stems").rglob("*") if path.is_file()]


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
        list(separate_file(silent, FakeSeparator(), Progress()))
    cache = StemCache(tmp_path / "stems")
    with pytest.raises(AudioFileError, match="it is silent"):
        analyse_file(silent, "abc", FakeSeparator(), FakeEmbedder(), cache, Progress())
    assert cache.entry("abc", "fake-1") is None

    class Broken(FakeEmbedder):
        def embed_vocals(self, *_arguments: object) -> Embedding:
            return np.full(16, np.nan, np.float32)

    with pytest.raises(AudioFileError, match=r"song\.flac: "):
        embed_file(song, FakeSeparator(), Broken(), False, Progress())


@pytest.mark.parametrize("input_is_vocals", [False, True])
def test_progress_only_grows_and_reaches_the_end(long_song: Path, input_is_vocals: bool) -> None:
    fractions: list[float] = []
    progress = Progress(lambda fraction, _message: fractions.append(fraction))
    embedder = TrackEmbedder("test", Encoder)
    embed_file(long_song, FakeSeparator(), embedder, input_is_vocals, progress)
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < 0.6 < fractions[-1] <= 1
    assert len(fractions) > 5

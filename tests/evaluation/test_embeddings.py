from pathlib import Path

import numpy as np
import pytest
from library_fakes import RATE, FakeEmbedder, FakeSeparator, write_song

from vocal_explorer.analysis.embedder import TrackEmbedder
from vocal_explorer.audio.files import read_audio
from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import Cancelled, VocalExplorerError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.signals import TrackSignals
from vocal_explorer.evaluation.embeddings import DatasetEmbedder
from vocal_explorer.separation.stem_cache import StemCache


def embedder_in(folder: Path, embedder: FakeEmbedder, version: str = "1") -> DatasetEmbedder:
    source = TrackSignals(FakeSeparator(version), StemCache(folder / "stems"))
    return DatasetEmbedder(embedder, source, folder / "embeddings")


@pytest.fixture
def tracks(tmp_path: Path) -> list[LabelledTrack]:
    songs = [(f"{number}.wav", singer) for number, singer in enumerate("aab")]
    return [
        LabelledTrack(name, singer, write_song(tmp_path / name, 200.0 + 50 * number))
        for number, (name, singer) in enumerate(songs)
    ]


def test_track_level_embeddings_are_those_of_the_app(
    tmp_path: Path, tracks: list[LabelledTrack]
) -> None:
    embedder = FakeEmbedder()
    found = embedder_in(tmp_path, embedder).embed(tracks, Progress()).track_level()
    assert found.singers == ("a", "a", "b")
    for row, track in enumerate(tracks):
        mix = read_audio(track.path, RATE, 2)[0]
        vocals = np.repeat(mix.mean(axis=0, keepdims=True), 2, axis=0) / 2
        expected = embedder.embed(mix, vocals, RATE, Progress())
        np.testing.assert_allclose(found.mix[row], expected[Domain.MIX], atol=1e-5)
        np.testing.assert_allclose(found.vocals[row], expected[Domain.VOCALS], atol=1e-3)


def test_segment_embeddings_average_to_the_track_embedding() -> None:
    class Encoder:
        config = MelConfig()

        def encode(self, _domain: Domain, segments: np.ndarray) -> np.ndarray:
            rows = np.abs(np.fft.rfft(segments, axis=1))[:, 100:108]
            return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    sound = np.random.default_rng(0).normal(0, 0.1, (2, 10 * RATE)).astype(np.float32)
    with TrackEmbedder("x", Encoder).listen(RATE) as listener:
        for domain in Domain:
            listener.hear(domain, sound)
        heard = listener.embed(Progress())
    for domain in Domain:
        rows = heard.segments[domain]
        assert rows.shape == (6, 8)
        mean = rows.mean(axis=0)
        np.testing.assert_allclose(heard.embeddings[domain], mean / np.linalg.norm(mean), atol=1e-6)


def test_nothing_is_embedded_twice(tmp_path: Path, tracks: list[LabelledTrack]) -> None:
    embedder = FakeEmbedder()
    first = embedder_in(tmp_path, embedder).embed(tracks, Progress())
    again = embedder_in(tmp_path, embedder).embed(tracks, Progress())
    assert embedder.calls == 3
    np.testing.assert_array_equal(again.track_level().mix, first.track_level().mix)


def test_another_pair_separator_file_or_part_is_embedded_anew(
    tmp_path: Path, tracks: list[LabelledTrack]
) -> None:
    track, embedder, other = tracks[0], FakeEmbedder(), FakeEmbedder("model-2")
    embedder_in(tmp_path, embedder).embed([track], Progress())
    embedder_in(tmp_path, other).embed([track], Progress())
    assert (embedder.calls, other.calls) == (1, 1)
    embedder_in(tmp_path, embedder, version="2").embed([track], Progress())
    assert embedder.calls == 2
    part = LabelledTrack("part", "a", track.mix, start=0.1, seconds=0.2)
    embedder_in(tmp_path, embedder).embed([part], Progress())
    assert embedder.calls == 3
    write_song(track.path, 444.0, seconds=0.7)
    embedder_in(tmp_path, embedder).embed([track], Progress())
    assert embedder.calls == 4


def test_damaged_results_are_made_again(tmp_path: Path, tracks: list[LabelledTrack]) -> None:
    embedder = FakeEmbedder()
    first = embedder_in(tmp_path, embedder).embed(tracks, Progress())
    for content, file in zip(
        (b"", b"no embeddings", bytes(100)),
        sorted((tmp_path / "embeddings").rglob("*.safetensors")),
        strict=True,
    ):
        file.write_bytes(content)
    again = embedder_in(tmp_path, embedder).embed(tracks, Progress())
    assert embedder.calls == 6
    np.testing.assert_array_equal(again.track_level().mix, first.track_level().mix)


def test_failing_files_are_named_and_left_out(tmp_path: Path, tracks: list[LabelledTrack]) -> None:
    tracks[0].path.write_bytes(b"no sound")
    tracks[1].path.unlink()
    found = embedder_in(tmp_path, FakeEmbedder()).embed(tracks, Progress())
    assert [track.name for track in found.tracks] == ["2.wav"]
    assert [failure.path for failure in found.failures] == [t.path for t in tracks[:2]]
    assert found.part(tracks).track_level().singers == ("b",)
    with pytest.raises(VocalExplorerError, match=r"No track could be embedded: 0\.wav"):
        embedder_in(tmp_path, FakeEmbedder()).embed(tracks[:2], Progress())


def test_parts_come_in_the_order_asked_for(tmp_path: Path, tracks: list[LabelledTrack]) -> None:
    found = embedder_in(tmp_path, FakeEmbedder()).embed(tracks, Progress())
    part = found.part([tracks[2], tracks[0]])
    assert [track.name for track in part.tracks] == ["2.wav", "0.wav"]
    np.testing.assert_array_equal(part.track_level().mix, found.track_level().mix[[2, 0]])


def test_what_was_embedded_before_a_stop_is_kept(
    tmp_path: Path, tracks: list[LabelledTrack]
) -> None:
    control, embedder = Control(), FakeEmbedder()

    def stop_at_last(_fraction: float, message: str) -> None:
        if message == "2.wav":
            control.cancel()

    with pytest.raises(Cancelled):
        embedder_in(tmp_path, embedder).embed(tracks, Progress(stop_at_last, control))
    assert embedder.calls == 2
    embedder_in(tmp_path, embedder).embed(tracks, Progress())
    assert embedder.calls == 3

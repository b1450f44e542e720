import gzip
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_weights import TinyWeights, archive

from vocal_explorer.base.errors import Cancelled, WeightsError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.separation.spleeter.archive import unpack
from vocal_explorer.separation.spleeter.official_weights import DATA_NAME, INDEX_LIMIT, INDEX_NAME

FUNCTION_SCOPED = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "deep" / "target"
    folder.mkdir(parents=True)
    return folder


def unpack_bytes(content: bytes, weights: TinyWeights, target: Path) -> None:
    path = target.parents[1] / "given.tar.gz"
    path.write_bytes(content)
    unpack(path, target, weights.checkpoint, Progress())


def refusal(content: bytes, weights: TinyWeights, target: Path) -> str:
    with pytest.raises(WeightsError) as raised:
        unpack_bytes(content, weights, target)
    path, _, text = str(raised.value).partition(" ")
    assert path == str(target.parents[1] / "given.tar.gz")
    assert text.endswith(".")
    assert ". " not in text
    return text


def link(kind: bytes, name: str, to: str = "/etc/hostname") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = to
    return info


class TestTheTwoFiles:
    @pytest.mark.parametrize("folder", ["", "./", "2stems/", "pretrained_models/2stems/"])
    @pytest.mark.parametrize("mode", ["w:gz", "w"])
    def test_are_taken_from_any_folder_and_nothing_else_is(
        self, weights: TinyWeights, target: Path, folder: str, mode: str
    ) -> None:
        members = {
            f"{folder}checkpoint": b"text",
            f"{folder}._{DATA_NAME}": b"what a Mac adds",
            f"{folder}{INDEX_NAME}": weights.index,
            f"{folder}model.meta": bytes(1_000_000),
            f"{folder}{DATA_NAME}": weights.data,
        }
        unpack_bytes(archive(members, mode), weights, target)
        assert weights.are_in(target)

    def test_are_told_from_those_of_another_model(self, weights, target) -> None:
        members = {
            f"4stems/{INDEX_NAME}": b"another index",
            f"4stems/{DATA_NAME}": weights.data * 2,
            f"2stems/{DATA_NAME}": weights.data,
            f"2stems/{INDEX_NAME}": weights.index,
        }
        unpack_bytes(archive(members), weights, target)
        assert weights.are_in(target)

    @pytest.mark.parametrize(
        "names",
        [[], [INDEX_NAME], [DATA_NAME], [f"a/{INDEX_NAME}", f"b/{DATA_NAME}"], ["a", "b"]],
        ids=str,
    )
    def test_must_both_be_there(self, weights, target, names) -> None:
        contents = {name: weights.data if "data" in name else weights.index for name in names}
        assert "does not hold" in refusal(archive(contents), weights, target)
        assert not (target / INDEX_NAME).exists()

    @pytest.mark.parametrize(
        "index", [bytes(INDEX_LIMIT + 1), None], ids=["too large an index", "a folder"]
    )
    def test_must_be_files_of_their_size(self, weights, target, index) -> None:
        found = link(tarfile.DIRTYPE, INDEX_NAME) if index is None else index
        members = {INDEX_NAME: found, DATA_NAME: weights.data}
        assert "does not hold" in refusal(archive(members), weights, target)

    def test_are_read_with_progress_and_can_be_cancelled(self, weights, target) -> None:
        control = Control()
        progress = Progress(lambda _fraction, _message: control.cancel(), control)
        (target.parent / "a.tar.gz").write_bytes(archive({DATA_NAME: weights.data * 8}))
        large = TinyWeights(weights.data * 8, weights.index)
        with pytest.raises(Cancelled):
            unpack(target.parent / "a.tar.gz", target, large.checkpoint, progress)


class TestHostileArchives:
    @pytest.mark.parametrize("first", [True, False], ids=["first", "last"])
    @pytest.mark.parametrize(
        "name",
        [
            "../evil",
            f"../{DATA_NAME}",
            "a/../../evil",
            "/evil",
            f"/{INDEX_NAME}",
            "..\\evil",
            "C:\\evil",
            "C:evil",
            "//server/evil",
        ],
    )
    def test_names_that_leave_the_folder(self, weights, target, name, first) -> None:
        good = {INDEX_NAME: weights.index, DATA_NAME: weights.data}
        evil = {name: b"evil"}
        members = evil | good if first else good | evil
        assert "outside" in refusal(archive(members), weights, target)
        written = {path.name for path in target.parents[1].rglob("*")}
        assert written <= {"deep", "target", "given.tar.gz", DATA_NAME}

    @pytest.mark.parametrize(
        "kind",
        [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE],
    )
    @pytest.mark.parametrize("name", [DATA_NAME, INDEX_NAME, "harmless"])
    def test_links_and_devices(self, weights, target, kind, name) -> None:
        members = {"x": link(kind, name), INDEX_NAME: weights.index, DATA_NAME: weights.data}
        assert "neither a file nor a folder" in refusal(archive(members), weights, target)
        assert list(target.iterdir()) == []

    @pytest.mark.parametrize("name", ["graph", DATA_NAME, INDEX_NAME])
    def test_a_bomb_is_not_unpacked(self, weights, target, name) -> None:
        bomb = archive({name: bytes(100_000_000)})
        assert len(bomb) < 200_000
        assert "far more" in refusal(bomb, weights, target)
        assert list(target.iterdir()) == []

    def test_a_claimed_size_is_not_believed(self, weights, target) -> None:
        info = tarfile.TarInfo(DATA_NAME)
        info.size = 10**15
        assert "far more" in refusal(archive({"x": info}), weights, target)


class TestDamagedArchives:
    @pytest.mark.parametrize("content", [b"", b"<html>", b"ID3" + bytes(5000)])
    def test_other_kinds_of_files(self, weights, target, content) -> None:
        assert "no .tar.gz archive" in refusal(content, weights, target)

    def test_a_zipped_file_that_is_no_archive(self, weights, target) -> None:
        zipped = gzip.compress(b"text" * 1000)
        assert "no .tar.gz archive" in refusal(zipped, weights, target)

    @pytest.mark.parametrize("share", [0.0001, 0.01, 0.5, 0.95])
    def test_truncated_archives(self, weights, target, share) -> None:
        whole = weights.archive
        text = refusal(whole[: int(share * len(whole))], weights, target)
        assert text == "is truncated or damaged."

    def test_a_file_that_is_not_there(self, weights, tmp_path, target) -> None:
        with pytest.raises(WeightsError, match="absent cannot be read"):
            unpack(tmp_path / "absent", target, weights.checkpoint, Progress())

    @given(data=st.data())
    @settings(max_examples=100, suppress_health_check=FUNCTION_SCOPED)
    def test_damage_anywhere_is_one_sentence_or_harmless(self, weights, target, data) -> None:
        small = TinyWeights(weights.data[:2000], weights.index)
        mode = data.draw(st.sampled_from(["w:gz", "w"]))
        damaged = bytearray(archive({INDEX_NAME: small.index, DATA_NAME: small.data}, mode))
        for _ in range(data.draw(st.integers(1, 4))):
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
        try:
            unpack_bytes(bytes(damaged), small, target)
        except WeightsError:
            return
        assert len((target / DATA_NAME).read_bytes()) == len(small.data)

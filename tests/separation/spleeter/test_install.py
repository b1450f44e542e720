import subprocess
import sys
import threading
from pathlib import Path

import pytest
from full_disk import FullDisk
from tiny_weights import TinyWeights, archive

from vocal_explorer.base.errors import Cancelled, DownloadError, VocalExplorerError, WeightsError
from vocal_explorer.base.paths import downloads_folder, installed_models_folder
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.separation.spleeter.install import add, fetch, kept_bytes
from vocal_explorer.separation.spleeter.official_weights import (
    DATA_NAME,
    INDEX_NAME,
    OFFICIAL,
    find_problem,
    is_installed,
    spleeter_folder,
    verify,
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "models" / "spleeter"


@pytest.fixture
def given(weights: TinyWeights, tmp_path: Path) -> Path:
    path = tmp_path / "given.tar.gz"
    path.write_bytes(weights.archive)
    return path


def wrong_data(weights: TinyWeights) -> TinyWeights:
    return TinyWeights(weights.data[::-1], weights.index)


def is_clean(place: Path) -> bool:
    """Whether nothing but an installation and its lock lies where weights are installed."""
    names = {path.name for path in place.parent.iterdir()} if place.parent.exists() else set()
    return names <= {place.name, f".{place.name}.lock"}


def nothing_is_left(place: Path) -> bool:
    return is_clean(place) and not place.exists()


class TestVerify:
    def test_whole_weights(self, weights: TinyWeights, place: Path) -> None:
        assert not is_installed(place, checkpoint=weights.checkpoint)
        weights.put_in(place)
        assert is_installed(place, checkpoint=weights.checkpoint)
        verify(place, checkpoint=weights.checkpoint)

    def test_other_weights_are_not_the_official_ones(self, weights, place) -> None:
        weights.put_in(place)
        assert not is_installed(place)
        with pytest.raises(WeightsError, match=f"{INDEX_NAME} belongs to other weights"):
            verify(place, checkpoint=OFFICIAL)

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            (DATA_NAME, None, "is missing"),
            (INDEX_NAME, None, "is missing"),
            (DATA_NAME, b"short", "has 5 bytes instead of 400,000"),
            (DATA_NAME, bytes(400_000), "is not Deezer's official file"),
            (INDEX_NAME, b"", "is damaged"),
            (INDEX_NAME, bytes(5000), "is damaged"),
            (INDEX_NAME, bytes(2_000_000), "is too large"),
        ],
    )
    def test_what_is_wrong_is_named(self, weights, place, name, content, said) -> None:
        weights.put_in(place)
        (place / name).unlink()
        if content is not None:
            (place / name).write_bytes(content)
        with pytest.raises(WeightsError, match=f"{place}.*{name} {said}.*models fetch spleeter"):
            verify(place, checkpoint=weights.checkpoint)

    def test_an_index_of_other_weights(self, weights, place) -> None:
        longer = TinyWeights(weights.data + b"more", weights.index)
        longer.put_in(place)
        problem = find_problem(place, checkpoint=longer.checkpoint)
        assert problem == f"{INDEX_NAME} belongs to other weights"

    def test_the_place_can_be_chosen(self, monkeypatch, tmp_path, own_home) -> None:
        monkeypatch.setenv("VOCAL_EXPLORER_MODELS", str(tmp_path / "shared"))
        assert spleeter_folder() == tmp_path / "shared" / "spleeter"
        monkeypatch.delenv("VOCAL_EXPLORER_MODELS")
        assert spleeter_folder() == own_home / "data" / "vocal-explorer" / "models" / "spleeter"


class TestFetch:
    def test_installs_and_leaves_nothing_else(self, site, weights, place) -> None:
        told = []
        progress = Progress(lambda fraction, message: told.append((fraction, message)))
        assert fetch(progress, checkpoint=weights.served_by(site), folder=place) == place
        assert weights.are_in(place)
        assert is_clean(place)
        assert {path.suffix for path in downloads_folder().iterdir()} <= {".lock"}
        fractions = [fraction for fraction, _ in told]
        assert fractions == sorted(fractions)
        assert told[-1] == (1.0, "installed")

    def test_the_default_place_is_that_of_the_program(self, site, weights) -> None:
        assert fetch(Progress(), checkpoint=weights.served_by(site)) == spleeter_folder()
        assert weights.are_in(installed_models_folder() / "spleeter")

    def test_whole_weights_need_no_network(self, weights, place, closed_port) -> None:
        weights.put_in(place)
        fetch(Progress(), checkpoint=weights.checkpoint, folder=place)
        assert weights.are_in(place)

    @pytest.mark.parametrize("name", [DATA_NAME, INDEX_NAME])
    def test_repairs_damaged_weights(self, site, weights, place, name) -> None:
        (weights.put_in(place) / name).write_bytes(b"damaged")
        (place / "note.txt").write_text("the user's own")
        fetch(Progress(), checkpoint=weights.served_by(site), folder=place)
        assert find_problem(place, checkpoint=weights.checkpoint) is None
        assert (place / "note.txt").exists()

    def test_goes_on_after_a_cut(self, site, weights, place) -> None:
        checkpoint = weights.served_by(site, cut_after=200_000)
        with pytest.raises(DownloadError, match="which are kept"):
            fetch(Progress(), checkpoint=checkpoint, folder=place)
        assert nothing_is_left(place)
        assert kept_bytes(checkpoint) == 200_000
        fetch(Progress(), checkpoint=weights.served_by(site), folder=place)
        assert weights.are_in(place)
        assert site.ranges == [None, "bytes=200000-"]
        assert kept_bytes(checkpoint) == 0

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda weights: wrong_data(weights).archive, "sha256 differs"),
            (lambda weights: weights.archive[:300_000], "truncated"),
            (lambda weights: b"<html>Please log in</html>", "no .tar.gz archive"),
            (lambda weights: archive({"readme": b"text"}), "does not hold"),
            (lambda weights: archive({"../evil": b"text"}), "outside"),
            (lambda weights: TinyWeights(weights.data, b"bad").archive, "index is damaged"),
        ],
        ids=["wrong hash", "truncated", "no archive", "no weights", "climbs", "bad index"],
    )
    def test_a_wrong_download_is_thrown_away(self, site, weights, place, make, said) -> None:
        checkpoint = weights.served_by(site, make(weights))
        with pytest.raises(WeightsError, match=f"{said}.*; the download was thrown away.$"):
            fetch(Progress(), checkpoint=checkpoint, folder=place)
        assert nothing_is_left(place)
        fetch(Progress(), checkpoint=weights.served_by(site), folder=place)
        assert weights.are_in(place)

    def test_a_file_that_changed_between_two_attempts(self, site, weights, place) -> None:
        checkpoint = weights.served_by(site, wrong_data(weights).archive, cut_after=200_000)
        with pytest.raises(DownloadError):
            fetch(Progress(), checkpoint=checkpoint, folder=place)
        weights.served_by(site, headers={"ETag": '"2"'})
        fetch(Progress(), checkpoint=checkpoint, folder=place)
        assert weights.are_in(place)

    def test_a_disk_that_fills_up_while_unpacking(self, site, weights, place, full_disk) -> None:
        checkpoint = weights.served_by(site)
        with (
            full_disk(DATA_NAME, 200_000),
            pytest.raises(VocalExplorerError, match="the disk is full"),
        ):
            fetch(Progress(), checkpoint=checkpoint, folder=place)
        assert nothing_is_left(place)
        fetch(Progress(), checkpoint=checkpoint, folder=place)
        assert weights.are_in(place)
        assert len(site.requests) == 1, "the archive must not be downloaded twice"

    def test_cancelling_at_any_report_leaves_no_half(self, site, weights, place) -> None:
        checkpoint = weights.served_by(site)
        for allowed in range(1000):
            try:
                fetch(cancelling_after(allowed), checkpoint=checkpoint, folder=place)
                break
            except Cancelled:
                assert is_clean(place)
                assert not place.exists() or weights.are_in(place)
        assert 2 < allowed < 999
        assert weights.are_in(place)

    def test_two_processes_at_once(self, site, weights, place) -> None:
        begun, go_on = threading.Event(), threading.Event()

        def wait() -> bool:
            begun.set()
            return go_on.wait(60)

        checkpoint = weights.served_by(site, cut_after=100_000, at_cut=wait)
        program = (
            "import sys; from pathlib import Path; "
            "from vocal_explorer.base.progress import Progress; "
            "from vocal_explorer.separation.spleeter.official_weights import Checkpoint; "
            "from vocal_explorer.separation.spleeter.install import fetch; "
            f"fetch(Progress(lambda f, text: print(text, flush=True)), checkpoint={checkpoint!r}, "
            f"folder=Path({str(place)!r}))"
        )
        command = [sys.executable, "-c", program]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
            assert begun.wait(60)
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as second:
                assert "waiting" in second.stdout.readline()
                go_on.set()
                assert "installed" in second.communicate()[0]
            assert "installed" in first.communicate()[0]
        assert (first.returncode, second.returncode) == (0, 0)
        assert weights.are_in(place)
        assert is_clean(place)
        assert len(site.requests) == 1


def cancelling_after(n_reports: int) -> Progress:
    control = Control()
    left = iter(range(n_reports))

    def listen(_fraction: float, _message: str) -> None:
        if next(left, None) is None:
            control.cancel()

    return Progress(listen, control)


class TestAdd:
    def test_an_archive_is_left_where_it_is(self, weights, given, place) -> None:
        assert add(given, Progress(), checkpoint=weights.checkpoint, folder=place) == place
        assert weights.are_in(place)
        assert given.read_bytes() == weights.archive

    @pytest.mark.parametrize("given_path", ["", INDEX_NAME, DATA_NAME])
    @pytest.mark.parametrize("inside", ["", "2stems", "pretrained_models/2stems"])
    def test_a_folder_or_a_file_of_it(self, weights, tmp_path, place, given_path, inside) -> None:
        own = tmp_path / "own"
        weights.put_in(own / inside)
        path = own / inside / given_path if given_path else own
        add(path, Progress(), checkpoint=weights.checkpoint, folder=place)
        assert weights.are_in(place)
        assert weights.are_in(own / inside)

    def test_what_is_installed_can_be_added_again(self, weights, place) -> None:
        weights.put_in(place)
        add(place, Progress(), checkpoint=weights.checkpoint, folder=place)
        assert weights.are_in(place)
        assert is_clean(place)

    @pytest.mark.parametrize(
        ("make", "said"),
        [
            (lambda own: own, f"{INDEX_NAME} is missing"),
            (lambda own: own / "absent", "cannot be read"),
            (lambda own: own / DATA_NAME, f"{INDEX_NAME} is missing"),
            (lambda own: own / "song.mp3", "no .tar.gz archive"),
        ],
        ids=["empty folder", "absent", "absent file", "a song"],
    )
    def test_what_is_no_weights(self, weights, tmp_path, place, make, said) -> None:
        own = tmp_path / "own"
        own.mkdir()
        (own / "song.mp3").write_bytes(b"ID3" + bytes(2000))
        with pytest.raises(WeightsError, match=said) as raised:
            add(make(own), Progress(), checkpoint=weights.checkpoint, folder=place)
        assert str(own) in str(raised.value)
        assert nothing_is_left(place)

    @pytest.mark.parametrize("as_archive", [True, False])
    def test_a_failure_spares_what_is_installed(
        self, weights, tmp_path, place, full_disk, as_archive
    ) -> None:
        weights.put_in(place)
        path = wrong_data(weights).put_in(tmp_path / "wrong")
        if as_archive:
            path = tmp_path / "wrong.tar.gz"
            path.write_bytes(wrong_data(weights).archive)
        with pytest.raises(WeightsError, match=r"sha256 differs") as raised:
            add(path, Progress(), checkpoint=weights.checkpoint, folder=place)
        assert str(path) in str(raised.value)
        assert weights.are_in(place)
        assert is_clean(place)

    def test_a_full_disk_spares_what_is_installed(
        self, weights, given, place, full_disk: FullDisk
    ) -> None:
        weights.put_in(place)
        with full_disk(DATA_NAME, 0), pytest.raises(VocalExplorerError, match="disk is full"):
            add(given, Progress(), checkpoint=weights.checkpoint, folder=place)
        assert weights.are_in(place)
        assert is_clean(place)

    def test_too_little_room_is_noticed_before(self, weights, given, place) -> None:
        vast = weights.checkpoint.__class__(weights.checkpoint.sha256, 10**18)
        with pytest.raises(VocalExplorerError, match="1,000,000,000,000 MB are needed"):
            add(given, Progress(), checkpoint=vast, folder=place)
        assert nothing_is_left(place)

    def test_a_place_that_cannot_be_written(self, weights, given, tmp_path) -> None:
        (tmp_path / "file").touch()
        place = tmp_path / "file" / "spleeter"
        with pytest.raises(VocalExplorerError, match="cannot be installed in") as raised:
            add(given, Progress(), checkpoint=weights.checkpoint, folder=place)
        assert str(tmp_path / "file") in str(raised.value)

    def test_what_a_killed_process_left_is_removed(self, weights, given, place) -> None:
        half = place.with_name(f".{place.name}.new")
        half.mkdir(parents=True)
        (half / DATA_NAME).write_bytes(b"half")
        add(given, Progress(), checkpoint=weights.checkpoint, folder=place)
        assert weights.are_in(place)
        assert is_clean(place)

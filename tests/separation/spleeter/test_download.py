import errno
import os
import socket
import threading
from pathlib import Path

import pytest
from loopback import Site

from vocal_explorer.base.errors import Cancelled, DownloadError, VocalExplorerError
from vocal_explorer.base.progress import Control, Progress
from vocal_explorer.separation.spleeter.download import Download

CONTENT = os.urandom(2_000_000)
OTHER = os.urandom(2_000_000)
HALF = 1_000_000
DATE = "Mon, 28 Oct 2019 12:00:00 GMT"
NAME = "file.tar.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "new" / "downloads"


def load(url: str, folder: Path, progress: Progress | None = None) -> bytes:
    return Download(url, folder).run(progress or Progress()).read_bytes()


def begin(site: Site, folder: Path, **how: object) -> str:
    """Load the first half of CONTENT, then have the connection cut."""
    url = site.serve(NAME, CONTENT, cut_after=HALF, **how)
    with pytest.raises(DownloadError, match=r"broke off after 1\.0 MB"):
        load(url, folder)
    assert Download(url, folder).kept_bytes == HALF
    return url


class TestWhole:
    def test_arrives_with_progress(self, site: Site, folder: Path) -> None:
        told = []
        progress = Progress(lambda fraction, message: told.append((fraction, message)))
        assert load(site.serve(NAME, CONTENT), folder, progress) == CONTENT
        fractions = [fraction for fraction, _ in told]
        assert fractions == sorted(fractions)
        assert told[-1] == (1.0, "2.0 of 2.0 MB")
        assert len(told) > 5

    def test_is_loaded_once(self, site: Site, folder: Path) -> None:
        url = site.serve(NAME, CONTENT)
        assert load(url, folder) == load(url, folder) == CONTENT
        assert len(site.requests) == 1

    def test_of_another_address_is_loaded_again(self, site: Site, folder: Path) -> None:
        load(site.serve(NAME, CONTENT), folder)
        assert load(site.serve(f"mirror/{NAME}", OTHER), folder) == OTHER

    def test_is_gone_when_discarded(self, site: Site, folder: Path) -> None:
        url = site.serve(NAME, CONTENT)
        load(url, folder)
        Download(url, folder).discard()
        assert list(folder.iterdir()) == []

    def test_of_unknown_length_arrives(self, site: Site, folder: Path) -> None:
        assert load(site.serve("empty", b""), folder) == b""

    def test_redirects_are_followed(self, site: Site, folder: Path) -> None:
        to = site.serve("elsewhere", CONTENT)
        assert load(site.serve(NAME, status=302, headers={"Location": to}), folder) == CONTENT

    def test_the_proxy_of_the_environment_is_used(self, site, folder, monkeypatch) -> None:
        monkeypatch.setenv("http_proxy", site.address)
        monkeypatch.setenv("no_proxy", "")
        url = f"http://weights.example/{NAME}"
        site.files[url] = site.files.pop("/" + site.serve(NAME, CONTENT).rpartition("/")[2])
        assert load(url, folder) == CONTENT


class TestResuming:
    def test_asks_only_for_the_rest(self, site: Site, folder: Path) -> None:
        url = begin(site, folder)
        site.serve(NAME, CONTENT)
        assert load(url, folder) == CONTENT
        assert site.ranges == [None, f"bytes={HALF}-"]

    def test_goes_on_after_every_cut(self, site: Site, folder: Path) -> None:
        url = site.serve(NAME, CONTENT, cut_after=700_000)
        for _ in range(2):
            with pytest.raises(DownloadError):
                load(url, folder)
        assert load(url, folder) == CONTENT
        assert site.ranges == [None, "bytes=700000-", "bytes=1400000-"]

    def test_starts_again_where_the_server_cannot(self, site: Site, folder: Path) -> None:
        url = begin(site, folder)
        site.serve(NAME, CONTENT, ranges=False)
        assert load(url, folder) == CONTENT

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ({"ETag": '"1"'}, {"ETag": '"2"'}),
            ({"Last-Modified": DATE}, {"Last-Modified": DATE.replace("28", "29")}),
            ({"ETag": 'W/"1"', "Last-Modified": DATE}, {"ETag": 'W/"1"'}),
        ],
        ids=["etag", "date", "weak etag"],
    )
    def test_a_changed_file_starts_again(self, site, folder, before, after) -> None:
        url = begin(site, folder, headers=before)
        site.serve(NAME, OTHER, headers=after)
        assert load(url, folder) == OTHER

    def test_a_changed_file_is_noticed_where_if_range_is_ignored(self, site, folder) -> None:
        url = begin(site, folder, headers={})
        site.serve(NAME, OTHER + b"longer", headers={})
        assert load(url, folder) == OTHER + b"longer"
        assert site.ranges == [None, f"bytes={HALF}-", None]

    def test_a_file_that_became_shorter_starts_again(self, site: Site, folder: Path) -> None:
        url = begin(site, folder)
        site.serve(NAME, OTHER[:HALF])
        assert load(url, folder) == OTHER[:HALF]

    def test_a_file_that_was_whole_needs_no_server(self, site: Site, folder: Path) -> None:
        url = begin(site, folder)
        (folder / f"{NAME}.part").write_bytes(CONTENT)
        assert load(url, folder) == CONTENT
        assert len(site.requests) == 1

    def test_a_part_of_another_address_is_not_used(self, site: Site, folder: Path) -> None:
        begin(site, folder)
        assert load(site.serve(f"mirror/{NAME}", OTHER), folder) == OTHER
        assert site.ranges == [None, None]

    @pytest.mark.parametrize("notes", [b"", b"[]", b'{"url": 1}', b"\xff"])
    def test_damaged_notes_start_again(self, site: Site, folder: Path, notes: bytes) -> None:
        url = begin(site, folder)
        (folder / f"{NAME}.json").write_bytes(notes)
        site.serve(NAME, CONTENT)
        assert load(url, folder) == CONTENT

    def test_cancelling_keeps_what_has_arrived(self, site: Site, folder: Path) -> None:
        control = Control()

        def listen(fraction: float, _message: str) -> None:
            if fraction > 0.3:
                control.cancel()

        url = site.serve(NAME, CONTENT)
        with pytest.raises(Cancelled):
            load(url, folder, Progress(listen, control))
        kept = Download(url, folder).kept_bytes
        assert 0.3 * len(CONTENT) < kept < len(CONTENT)
        assert load(url, folder) == CONTENT
        assert site.ranges == [None, f"bytes={kept}-"]


class TestFailures:
    def test_a_server_that_falls_silent_is_left(self, site: Site, folder: Path) -> None:
        over = threading.Event()
        url = site.serve(NAME, CONTENT, cut_after=HALF, at_cut=over.wait)
        with pytest.raises(DownloadError, match=r"broke off after 1\.0 MB, which are kept"):
            Download(url, folder, timeouts=(1.0, 0.1)).run(Progress())
        over.set()
        assert load(url, folder) == CONTENT

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (404, "has no file.tar.gz"),
            (410, "has no file.tar.gz"),
            (403, "refuses"),
            (429, "trouble of its own"),
            (500, "trouble of its own"),
            (503, "trouble of its own"),
            (418, "no file"),
            (204, "no file"),
            (206, "no file"),
        ],
    )
    def test_answers_without_a_file(self, site, folder, status, said) -> None:
        url = site.serve(NAME, status=status)
        with pytest.raises(DownloadError, match=f"127.0.0.1 .*{said}.*{status}") as raised:
            load(url, folder)
        assert one_sentence(raised.value)
        assert not (folder / NAME).exists()

    def test_a_refusal_keeps_what_has_arrived(self, site: Site, folder: Path) -> None:
        url = begin(site, folder)
        site.serve(NAME, status=503)
        with pytest.raises(DownloadError):
            load(url, folder)
        assert Download(url, folder).kept_bytes == HALF

    def test_nobody_listens(self, closed_port: str, folder: Path) -> None:
        with pytest.raises(DownloadError, match=r"127\.0\.0\.1 accepts no connection") as raised:
            load(f"{closed_port}/{NAME}", folder)
        assert one_sentence(raised.value)

    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (socket.gaierror(socket.EAI_NONAME, "unknown"), "was not found"),
            (OSError(errno.ENETUNREACH, "Network is unreachable"), "There is no way to"),
            (TimeoutError("timed out"), "does not answer"),
        ],
        ids=["no name", "no network", "no answer"],
    )
    def test_no_way_to_the_server(self, site, folder, monkeypatch, error, said) -> None:
        def fail(*_arguments: object, **_options: object) -> None:
            raise error

        def find(*_arguments: object) -> list[tuple]:
            if isinstance(error, socket.gaierror):
                raise error
            return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("192.0.2.1", 443))]

        monkeypatch.setattr(socket, "getaddrinfo", find)
        monkeypatch.setattr(socket, "socket", fail)
        with pytest.raises(DownloadError, match=said) as raised:
            load(f"https://weights.example/{NAME}", folder)
        assert "weights.example" in str(raised.value)
        assert one_sentence(raised.value)

    @pytest.mark.parametrize("place", ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://["])
    def test_redirects_elsewhere_are_refused(self, site, folder, place) -> None:
        url = site.serve(NAME, status=302, headers={"Location": place})
        with pytest.raises(DownloadError, match="not on the web"):
            load(url, folder)

    def test_redirects_without_end_are_left(self, site: Site, folder: Path) -> None:
        url = site.serve(NAME, status=302, headers={"Location": f"/{NAME}"})
        with pytest.raises(DownloadError, match="sends every request on"):
            load(url, folder)

    def test_a_server_that_cannot_prove_its_name(self, site: Site, folder: Path) -> None:
        url = site.serve(NAME, CONTENT).replace("http:", "https:")
        with pytest.raises(DownloadError, match="could not prove"):
            load(url, folder)

    @pytest.mark.parametrize("scheme", ["http", "socks5"])
    def test_a_proxy_that_cannot_be_used(
        self, site, closed_port, folder, monkeypatch, scheme
    ) -> None:
        monkeypatch.setenv("http_proxy", closed_port.replace("http", scheme))
        with pytest.raises(DownloadError, match=r"The proxy on the way to weights\.example"):
            load(f"http://weights.example/{NAME}", folder)


class TestDisk:
    def test_too_little_room_is_noticed_before(self, site: Site, folder: Path) -> None:
        url = site.serve(NAME, CONTENT, length=10**18)
        with pytest.raises(VocalExplorerError, match="1,000,000,000,000 MB are needed") as raised:
            load(url, folder)
        assert str(folder) in str(raised.value)
        assert not (folder / f"{NAME}.part").exists()

    def test_a_disk_that_fills_up_keeps_what_has_arrived(self, site, folder, full_disk) -> None:
        url = site.serve(NAME, CONTENT)
        with (
            full_disk(f"{NAME}.part", HALF),
            pytest.raises(VocalExplorerError, match="the disk is full") as raised,
        ):
            load(url, folder)
        assert str(folder) in str(raised.value)
        assert one_sentence(raised.value)
        kept = Download(url, folder).kept_bytes
        assert 0 < kept <= HALF
        assert load(url, folder) == CONTENT
        assert site.ranges == [None, f"bytes={kept}-"]

    def test_a_place_that_is_no_folder(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(VocalExplorerError, match="cannot be kept") as raised:
            load(site.serve(NAME, CONTENT), tmp_path / "file")
        assert str(tmp_path / "file") in str(raised.value)


def one_sentence(error: Exception) -> bool:
    text = str(error)
    return text[-1] in ".?" and ". " not in text and "\n" not in text

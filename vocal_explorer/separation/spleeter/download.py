"""One file from the web, resumed where an earlier attempt was cut.

`requests` does the web's part: redirects to http and https only, the proxies of the
environment, certificates that come along. What it lacks, going on with a part of a file,
is here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from vocal_explorer import __version__
from vocal_explorer.base.errors import DownloadError, VocalExplorerError
from vocal_explorer.base.files import require_room, write_failure
from vocal_explorer.base.progress import Progress
from vocal_explorer.separation.spleeter.download_failures import connection_failure, status_failure

TIMEOUTS = (15.0, 20.0)  # seconds: to connect, and without a byte
_CHUNK = 1 << 18  # bytes read at most at once
_RANGE = re.compile(r"bytes (?P<start>\d+)-\d+/(?P<total>\d+|\*)")
_OK, _PARTIAL, _NOT_SATISFIABLE = 200, 206, 416


@dataclass(frozen=True)
class _Facts:
    """What the server said of the file when its first bytes arrived."""

    url: str
    validator: str  # strong ETag or Last-Modified; another one: another file
    n_bytes: int | None  # of the whole file


class Download:
    """The file at `url` on its way into `folder`. One process at a time may run it.

    Parameters
    ----------
    url
        Of http or https; the last part of its path names the file.
    folder
        Holds the file, before it is whole as `<name>.part`; made when needed.
    timeouts
        Seconds to wait for a connection, and for the next byte.
    """

    def __init__(self, url: str, folder: Path, *, timeouts: tuple[float, float] = TIMEOUTS) -> None:
        name = PurePosixPath(urlsplit(url).path).name or "download"
        self._url = url
        self._name = name
        self._timeouts = timeouts
        self._whole = folder / name
        self._part = folder / f"{name}.part"
        self._notes = folder / f"{name}.json"

    @property
    def kept_bytes(self) -> int:
        """How much an earlier attempt left for the next one."""
        return _size(self._part) if self._facts() else 0

    def run(self, progress: Progress) -> Path:
        """Load what is missing and return the whole file; its content is not checked.

        Cancelling or an error keeps what has arrived for the next attempt.

        Raises
        ------
        DownloadError
            If there is no network, or the server has no such file or breaks off.
        VocalExplorerError
            If the disk is full or the folder cannot be written.
        """
        try:
            if self._facts() is None:
                self.discard()
            if not self._whole.exists():
                self._load(progress)
        except OSError as error:
            raise VocalExplorerError(
                f"The download cannot be kept in {self._whole.parent}: {write_failure(error)}."
            ) from error
        return self._whole

    def discard(self) -> None:
        """Remove the file, or what there is of it."""
        for path in (self._part, self._whole, self._notes):
            path.unlink(missing_ok=True)

    def _facts(self) -> _Facts | None:
        try:
            facts = _Facts(**json.loads(self._notes.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return facts if facts.url == self._url else None

    def _load(self, progress: Progress) -> None:
        progress.report(0.0, f"asking {urlsplit(self._url).hostname}")
        facts, offset = self._facts(), self.kept_bytes
        if facts and offset and offset == facts.n_bytes:
            self._part.replace(self._whole)
            return
        response = self._request(facts, offset)
        if offset and not _continues(response, facts, offset):
            if response.status_code != _OK:
                response.close()
                response = self._request(None, 0)
            offset = 0
        with response:
            self._receive(response, offset, progress)

    def _request(self, facts: _Facts | None, offset: int) -> requests.Response:
        headers = {"User-Agent": f"vocal-explorer/{__version__}", "Accept-Encoding": "identity"}
        wanted = {_OK}
        if facts and offset:
            wanted |= {_PARTIAL, _NOT_SATISFIABLE}
            headers["Range"] = f"bytes={offset}-"
            if facts.validator:
                headers["If-Range"] = facts.validator
        try:
            response = requests.get(self._url, headers=headers, stream=True, timeout=self._timeouts)
        except (requests.RequestException, ValueError) as error:  # ValueError: of odd addresses
            raise connection_failure(error, self._url) from error
        if response.status_code not in wanted:
            response.close()
            raise status_failure(response, self._name)
        return response

    def _receive(self, response: requests.Response, offset: int, progress: Progress) -> None:
        total = _whole_size(response)
        if not offset:
            self._start_again(response, total)
        require_room(self._part.parent, (total or 0) - offset)
        received = offset
        with self._part.open("ab") as file:
            for chunk in _chunks(response, offset):
                file.write(chunk)
                received += len(chunk)
                progress.report(received / total if total else 0.0, _amount(received, total))
        self._part.replace(self._whole)

    def _start_again(self, response: requests.Response, total: int | None) -> None:
        self.discard()
        self._notes.parent.mkdir(parents=True, exist_ok=True)
        facts = _Facts(self._url, _validator(response), total)
        self._notes.write_text(json.dumps(asdict(facts)), encoding="utf-8")


def _continues(response: requests.Response, facts: _Facts | None, offset: int) -> bool:
    """Whether the answer is the rest, from `offset` on, of the file that was begun."""
    found = _RANGE.match(response.headers.get("Content-Range", ""))
    if response.status_code != _PARTIAL or found is None or facts is None:
        return False
    same_file = _validator(response) in ("", facts.validator)
    same_size = _whole_size(response) in (None, facts.n_bytes)
    return int(found["start"]) == offset and same_file and same_size


def _whole_size(response: requests.Response) -> int | None:
    """Return how many bytes the file has, of which the answer may be the rest."""
    if response.status_code == _PARTIAL:
        found = _RANGE.match(response.headers.get("Content-Range", ""))
        size = found["total"] if found else ""
    else:
        size = response.headers.get("Content-Length", "")
    return int(size) if size.isdecimal() else None


def _validator(response: requests.Response) -> str:
    """Return what tells this version of the file from another; "" when nothing does."""
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return etag
    return response.headers.get("Last-Modified", "")


def _chunks(response: requests.Response, offset: int) -> Iterator[bytes]:
    try:
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            yield chunk
    except urllib3.exceptions.HTTPError as error:
        arrived = _amount(offset + response.raw.tell(), None)
        raise DownloadError(
            f"The connection to {urlsplit(response.url).hostname} broke off after {arrived}, "
            "which are kept; try again to go on."
        ) from error


def _amount(received: int, total: int | None) -> str:
    if total is None:
        return f"{received / 1e6:.1f} MB"
    return f"{received / 1e6:.1f} of {total / 1e6:.1f} MB"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

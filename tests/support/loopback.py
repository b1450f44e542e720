"""A real web server on this machine that misbehaves as it is told to."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Served:
    """A file, and how it is handed out."""

    content: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"1"'})
    ranges: bool = True
    cut_after: int | None = None  # bytes of an answer before `at_cut` is called
    at_cut: Callable[[], bool] = lambda: False  # whether to go on
    status: int = 200
    length: int | None = None  # to claim instead of the true one


class Site:
    """What the server has, and what it was asked for."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.files: dict[str, Served] = {}
        self.requests: list[tuple[str, Message]] = []

    def serve(self, name: str, content: bytes = b"", **how: object) -> str:
        self.files[f"/{name}"] = Served(content, **how)
        return f"{self.address}/{name}"

    @property
    def ranges(self) -> list[str | None]:
        return [headers["Range"] for _, headers in self.requests]


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.site.requests.append((self.path, self.headers))
        served = self.site.files.get(self.path)
        if served is None:
            self.send_error(404)
            return
        start = _first_byte(self.headers, served)
        body = served.content[start:]
        if start and not body:
            self.send_error(416)
            return
        self._head(served, start, len(body))
        cut = len(body) if served.cut_after is None else served.cut_after
        self.wfile.write(body[:cut])
        self.wfile.flush()
        if cut < len(body) and served.at_cut():
            self.wfile.write(body[cut:])

    def _head(self, served: Served, start: int, length: int) -> None:
        self.send_response(206 if start else served.status)
        for name, value in served.headers.items():
            self.send_header(name, value)
        if start:
            whole = len(served.content)
            self.send_header("Content-Range", f"bytes {start}-{whole - 1}/{whole}")
        self.send_header("Content-Length", str(served.length or length))
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


def _first_byte(headers: Message, served: Served) -> int:
    asked = re.fullmatch(r"bytes=(\d+)-", headers["Range"] or "")
    if not asked or not served.ranges:
        return 0
    known = {served.headers.get("ETag"), served.headers.get("Last-Modified"), None}
    return int(asked[1]) if headers["If-Range"] in known else 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        pass  # a client that went away is part of the tests


@contextmanager
def _serving() -> Iterator[Site]:
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        handler.site = Site(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield handler.site
        server.shutdown()
        thread.join()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with _serving() as served:
        yield served


@pytest.fixture
def closed_port() -> str:
    """Address at which nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_port}"

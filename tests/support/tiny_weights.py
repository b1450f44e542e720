"""Weights in the shape of Spleeter's: a readable index, some data, and archives of both."""

import hashlib
import io
import tarfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from checkpoint_writer import index_bytes
from loopback import Site

from vocal_explorer.separation.spleeter.official_weights import (
    ARCHIVE_NAME,
    DATA_NAME,
    INDEX_NAME,
    Checkpoint,
)

N_NUMBERS = 100_000


@dataclass(frozen=True)
class TinyWeights:
    """What the tests install instead of 79 MB."""

    data: bytes
    index: bytes

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint(hashlib.sha256(self.data).hexdigest(), len(self.data))

    @property
    def archive(self) -> bytes:
        return archive({f"./{INDEX_NAME}": self.index, f"./{DATA_NAME}": self.data})

    def put_in(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / INDEX_NAME).write_bytes(self.index)
        (folder / DATA_NAME).write_bytes(self.data)
        return folder

    def served_by(self, site: Site, content: bytes | None = None, **how: object) -> Checkpoint:
        url = site.serve(ARCHIVE_NAME, self.archive if content is None else content, **how)
        return replace(self.checkpoint, url=url)

    def are_in(self, folder: Path) -> bool:
        names = sorted(path.name for path in folder.iterdir())
        return (
            names == sorted([INDEX_NAME, DATA_NAME])
            and (folder / INDEX_NAME).read_bytes() == self.index
            and (folder / DATA_NAME).read_bytes() == self.data
        )


@pytest.fixture(scope="session")
def weights() -> TinyWeights:
    numbers = np.random.default_rng(0).standard_normal(N_NUMBERS).astype("<f4")
    return TinyWeights(numbers.tobytes(), index_bytes({"w": numbers}))


def archive(members: dict[str, bytes | tarfile.TarInfo], mode: str = "w:gz") -> bytes:
    """Return a tar of files (bytes) and of other things (TarInfo, whose name is kept)."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as tar:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                tar.addfile(content)
                continue
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return file.getvalue()

"""Writes checkpoints as TensorFlow does: with prefixes, restarts, and several blocks."""

import hashlib
import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from vocal_explorer.separation.spleeter.official_weights import DATA_NAME, INDEX_NAME

HEADER = b"\x08\x01\x1a\x02\x08\x01"  # one data file, little-endian, version 1
MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
TYPES = {"float32": 1, "int64": 9}

Entries = Sequence[tuple[bytes, bytes]]


def varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value) if value else b""


def tensor_entry(array: np.ndarray, offset: int, extra: bytes = b"") -> bytes:
    shape = b"".join(field(2, field(1, size)) for size in array.shape)
    message = field(1, TYPES[array.dtype.name]) + field(2, shape) + field(4, offset)
    return message + field(5, array.nbytes) + b"\x35" + struct.pack("<I", 12345) + extra


def sealed(content: bytes, compression: int = 0) -> bytes:
    body = content + bytes([compression])
    crc = slow_crc32c(body)
    return body + struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) % (1 << 32))


def slow_crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0x82F63B78 * (crc & 1)
    return crc ^ 0xFFFFFFFF


def block(entries: Entries, restart_every: int = 16) -> bytes:
    body, restarts, before = b"", [], b""
    for index, (key, value) in enumerate(entries):
        shared = 0
        if index % restart_every == 0:
            restarts.append(len(body))
        else:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        body += varint(shared) + varint(len(key) - shared) + varint(len(value))
        body += key[shared:] + value
        before = key
    restarts = restarts or [0]
    return body + struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))


def table(blocks: Sequence[tuple[bytes, bytes]], compression: int = 0) -> bytes:
    """Return a table of finished blocks, each with the last key that it may hold."""
    content, handles = b"", []
    for last_key, body in blocks:
        handles.append((last_key, varint(len(content)) + varint(len(body))))
        content += sealed(body, compression)
    footer = b""
    for body in (block([]), block(handles, restart_every=1)):
        footer += varint(len(content)) + varint(len(body))
        content += sealed(body)
    return content + footer.ljust(40, b"\0") + MAGIC


def index_bytes(
    tensors: Mapping[str, np.ndarray],
    header: bytes = HEADER,
    per_block: int = 40,
    restart_every: int = 16,
    extra: bytes = b"",
) -> bytes:
    """Return the index of tensors that lie one after the other; `extra` ends each entry."""
    entries, offset = [(b"", header)], 0
    for name, array in sorted(tensors.items(), key=lambda item: item[0].encode()):
        entries.append((name.encode(), tensor_entry(array, offset, extra)))
        offset += array.nbytes
    parts = [entries[start : start + per_block] for start in range(0, len(entries), per_block)]
    return table([(part[-1][0], block(part, restart_every)) for part in parts])


def write_checkpoint(folder: Path, tensors: Mapping[str, np.ndarray]) -> str:
    """Write both files and return the sha256 of the data."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INDEX_NAME).write_bytes(index_bytes(tensors))
    digest = hashlib.sha256()
    with (folder / DATA_NAME).open("wb") as file:
        for _, array in sorted(tensors.items(), key=lambda item: item[0].encode()):
            content = np.ascontiguousarray(array).tobytes()
            digest.update(content)
            file.write(content)
    return digest.hexdigest()


def spleeter_shapes() -> dict[str, tuple[int, ...]]:
    """Return the names and shapes of the 2-stem network's variables."""
    down, up = (2, 16, 32, 64, 128, 256, 512), (256, 128, 64, 32, 16, 1)
    into_up = (512, 512, 256, 128, 64, 32)
    shapes: dict[str, tuple[int, ...]] = {"global_step": ()}
    for stem in range(2):
        for index, (n_in, n_out) in enumerate([*pairwise(down), (1, 2)]):
            side = 5 if index < 6 else 4
            shapes[numbered("conv2d", 7 * stem + index) + "/kernel"] = (side, side, n_in, n_out)
            shapes[numbered("conv2d", 7 * stem + index) + "/bias"] = (n_out,)
        for index, (n_in, n_out) in enumerate(zip(into_up, up, strict=True)):
            name = numbered("conv2d_transpose", 6 * stem + index)
            shapes |= {f"{name}/kernel": (5, 5, n_out, n_in), f"{name}/bias": (n_out,)}
        for index, n_channels in enumerate((*down[1:], *up)):
            name = numbered("batch_normalization", 12 * stem + index)
            for part in ("gamma", "beta", "moving_mean", "moving_variance"):
                shapes[f"{name}/{part}"] = (n_channels,)
    return shapes


def numbered(kind: str, number: int) -> str:
    return f"{kind}_{number}" if number else kind


def random_spleeter(seed: int = 0) -> dict[str, np.ndarray]:
    """Return variables of the right names and shapes that give masks of all sizes."""
    rng = np.random.default_rng(seed)
    return {name: _random(rng, name, shape) for name, shape in spleeter_shapes().items()}


def _random(rng: np.random.Generator, name: str, shape: tuple[int, ...]) -> np.ndarray:
    if name == "global_step":
        return np.array(1, np.int64)
    if name.endswith("kernel"):
        taps = shape[0] * shape[1] * (shape[3] / 4 if "transpose" in name else shape[2])
        return rng.standard_normal(shape, np.float32) * np.float32((2 / taps) ** 0.5)
    if name.endswith("variance"):
        return rng.uniform(0.5, 2, shape).astype(np.float32)
    if name.endswith("gamma"):
        return (rng.uniform(0.7, 1.3, shape) * rng.choice([-1, 1], shape)).astype(np.float32)
    return rng.uniform(-0.2, 0.2, shape).astype(np.float32)

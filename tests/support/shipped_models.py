"""A folder of weights as it ships, with a model card."""

import hashlib
from pathlib import Path

import pytest


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "pair"
    folder.mkdir(parents=True)
    weights = folder / "weights.safetensors"
    weights.write_bytes(b"weights")
    (folder / "config.json").write_text("{}")
    digest = hashlib.sha256(b"weights").hexdigest()
    (folder / "README.md").write_text(
        f"# Pair\n\n- **Licence**: CC BY-NC 4.0\n- sha256: {digest}\n"
    )
    return tmp_path / "models"

"""Where the project and the audio that is shared beside it lie."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"

SUPPORT = ROOT / "tests" / "support"
SEARCH_PATH = os.pathsep.join(map(str, (SUPPORT, SUPPORT / "library", ROOT)))
"""PYTHONPATH of a program that a test starts."""

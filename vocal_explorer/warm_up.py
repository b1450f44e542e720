"""Load the heavy libraries beside a living window, without keeping it from its events.

Importing torch in a thread holds Python's lock for 200 ms while the system maps its
libraries, and for up to 100 ms whenever the garbage collector walks all that is new.
"""

import ctypes
import importlib
import importlib.util
import sys
from pathlib import Path

from vocal_explorer.base.process_tuning import lasting_imports

TORCH_LIBRARIES = ("libtorch_global_deps.so", "libtorch_cpu.so", "libtorch_python.so")
HEAVY_MODULES = ("torch", "torch.nn.utils.fusion", "librosa.filters", "openTSNE")
RTLD_NOW, RTLD_GLOBAL = 0x002, 0x100


def warm_up() -> None:
    """Import what analysis and maps need; meant for a worker thread, once."""
    with lasting_imports():
        _map_torch()
        for name in HEAVY_MODULES:
            importlib.import_module(name)


def _map_torch() -> None:
    """Map torch's libraries by a foreign call, which lets other threads run meanwhile."""
    found = importlib.util.find_spec("torch")
    if not sys.platform.startswith("linux") or found is None or found.origin is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.restype = ctypes.c_void_p
    for name in TORCH_LIBRARIES:
        dlopen(str(Path(found.origin).parent / "lib" / name).encode(), RTLD_NOW | RTLD_GLOBAL)

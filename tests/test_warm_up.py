import subprocess
import sys

PROGRAM = """
import gc, sys, threading
from vocal_explorer.warm_up import HEAVY_MODULES, warm_up
assert not any(name in sys.modules for name in HEAVY_MODULES)
worker = threading.Thread(target=warm_up)
worker.start()
worker.join()
assert all(name in sys.modules for name in HEAVY_MODULES)
assert gc.isenabled() and gc.get_freeze_count() > 0
import torch
assert float(torch.ones(3).sum()) == 3
"""


def test_a_worker_loads_everything_heavy_and_collecting_goes_on() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], check=True, timeout=120)

"""Separates .npy files with the spleeter package; runs in the interpreter that has it.

    MODEL_PATH=FOLDER python -I spleeter_package.py OUT EXTENSION INPUT.npy ...

FOLDER holds "2stems". Writes OUT/<input>.<stem>.f32 and prints the seconds that the
separation of all inputs took, without the start of the interpreter and the writing.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from spleeter.separator import Separator
from spleeter.utils.configuration import load_configuration


def main(out: Path, extension: str, inputs: list[Path]) -> None:
    parameters = {**load_configuration("spleeter:2stems"), "mask_extension": extension}
    description = out / "description.json"
    description.write_text(json.dumps(parameters))
    separator = Separator(str(description), multiprocess=False)
    seconds = 0.0
    for path in inputs:
        waveform = np.load(path)
        started = time.perf_counter()
        stems = separator.separate(waveform)
        seconds += time.perf_counter() - started
        for name, stem in stems.items():
            np.asarray(stem, "<f4").tofile(out / f"{path.stem}.{name}.f32")
    print(seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [Path(name) for name in sys.argv[3:]])

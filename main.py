"""Start Vocal Explorer: `python main.py` is the same as `vocal-explorer`."""

import multiprocessing

from vocal_explorer.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # a frozen program starts its processes by itself
    main()

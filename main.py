"""Start Vocal Explorer: `python main.py` is the same as `vocal-explorer`."""

from vocal_explorer.cli import main

if __name__ == "__main__":
    main()

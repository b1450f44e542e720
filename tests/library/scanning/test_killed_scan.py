import os
import signal
import subprocess
import sys
from pathlib import Path

from library_fakes import FakeSeparator, fake_session, music_folder
from places import SEARCH_PATH

from vocal_explorer.base.records.tracks import TrackState

CHILD = """
import sys
from pathlib import Path
from library_fakes import FakeSeparator, fake_session

def before(call):
    if call == 3:
        print("in the middle", flush=True)
        sys.stdin.read()

fake_session(Path(sys.argv[1]), FakeSeparator(before=before)).scan([Path(sys.argv[2])])
"""


def test_a_killed_scan_loses_no_finished_track_and_repeats_at_most_one(
    tmp_path: Path,
) -> None:
    music, separator = music_folder(tmp_path / "music"), FakeSeparator()
    session = fake_session(tmp_path / "library", separator)
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path / "library"), str(music)],
        env=os.environ | {"PYTHONPATH": SEARCH_PATH},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"in the middle\n"
        child.send_signal(signal.SIGKILL)
    assert [track.state for track in session.tracks()] == [TrackState.ANALYSED] * 2
    assert session.unfinished() == [music]
    summary = session.scan(session.unfinished())
    assert (summary.analysed, summary.unchanged, separator.calls) == (2, 2, 2)
    assert session.unfinished() == []

"""What a session tells about two tracks, and about tracks that are the same song."""

from pathlib import Path

import pytest
from library_fakes import FakeEmbedder, FakeSeparator, fake_session, write_song

from vocal_explorer.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """Three songs of 3 s at 200, 210 and 400 Hz."""
    for name, frequency in (("Low", 200), ("Near", 210), ("High", 400)):
        path = tmp_path / "music" / f"{name}.flac"
        write_song(path, frequency, artist="Ann", title=name, seconds=3.0)
    session = fake_session(tmp_path / "library")
    session.scan([tmp_path / "music"])
    return session


def test_the_pitch_range_is_measured_and_kept_for_each_separator(
    session: Session, tmp_path: Path
) -> None:
    low = session.find_track("Low").pitch_range
    high = session.find_track("High").pitch_range
    assert low is not None
    assert high is not None
    assert (low.low, low.high) == pytest.approx((55.35, 55.35), abs=0.3)
    assert high.median == pytest.approx(67.35, abs=0.3)
    other = fake_session(tmp_path / "library", FakeSeparator("2"), FakeEmbedder("model-2"))
    assert other.find_track("Low").pitch_range == low  # what was known before
    assert [track.pitch_range for track in other.tracks() if track.title == "High"] == [high]

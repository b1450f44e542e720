"""How things are called on the screen."""

from vocal_explorer.records import Part, Space, TrackState

SPACE_WORDS = {
    Space.V: ("Vocals", "How alike the voices are"),
    Space.M: ("Mix", "How alike the whole recordings are"),
    Space.JOINT: ("Both", "Voice and whole recording together"),
}

STATE_WORDS = {
    TrackState.WAITING: "Waiting",
    TrackState.ANALYSING: "Analysing",
    TrackState.ANALYSED: "Ready",
    TrackState.STALE: "Outdated",
    TrackState.FAILED: "Failed",
    TrackState.MISSING: "File missing",
}

STATE_SENTENCES = {
    TrackState.WAITING: "This track waits for its analysis.",
    TrackState.ANALYSING: "This track is being analysed.",
    TrackState.STALE: "This track was analysed by an older version: scan it again (F5).",
    TrackState.FAILED: "This file could not be analysed.",
    TrackState.MISSING: "The file is not where it was; its analysis is kept.",
}

PART_WORDS = {
    Part.MIX: "Mix",
    Part.VOCALS: "Vocals",
    Part.ACCOMPANIMENT: "Instrumental",
}


def clock(seconds: float) -> str:
    """Return a length or position as "3:05" or "1:02:05"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def time_left(seconds: float) -> str:
    """Return a rough "about 3 min left"."""
    if seconds < 10:
        return "a few seconds left"
    if seconds < 55:
        return f"about {round(seconds / 10) * 10} s left"
    if seconds < 3600:
        return f"about {max(1, round(seconds / 60))} min left"
    return f"about {seconds / 3600:.1f} h left"


def counted(count: int, noun: str) -> str:
    """Return "1 track" or "2,000 tracks"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"

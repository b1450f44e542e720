"""How things are called on the screen."""

from vocal_explorer.base.records.music import PITCH_NAMES, Key, MusicSummary
from vocal_explorer.base.records.ranking import Hubness
from vocal_explorer.base.records.signals import Stem
from vocal_explorer.base.records.tracks import Failure, PitchRange, StaleReason, Track, TrackState

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
    TrackState.STALE: "This track was analysed in another way: scan it again (F5).",
    TrackState.FAILED: "This file could not be analysed.",
    TrackState.MISSING: "The file is not where it was; its analysis is kept.",
}

STALE_WORDS = {
    StaleReason.WEIGHTS: (
        "Other encoders",
        "This track was analysed with other encoders, or an older version of them:"
        " scan it again (F5).",
    ),
    StaleReason.SEPARATOR: (
        "Other separator",
        "This track was analysed with another separator, or an older version of it:"
        " scan it again (F5).",
    ),
}

INSTRUMENTAL_WORD = "Instrumental"
INSTRUMENTAL_SENTENCE = "No voice is heard in this track, so it is not on the vocals map."
INSTRUMENTAL_RANKING = (
    "No voice is heard in this track: move the slider to Mix to compare whole recordings."
)
INSTRUMENTAL_MATCH = (
    "No voice is heard in this track, so there are no vocals to lay over another song."
    " It can be what other vocals are laid over."
)

SEPARATOR_WORDS = {
    "embedded": "Embedded",
    "spleeter": "Spleeter",
    "spleeter-average": "Spleeter, full band",
    "spleeter-reference": "Spleeter's own program",
}


STEM_WORDS = {
    Stem.MIX: "Mix",
    Stem.VOCALS: "Vocals",
    Stem.ACCOMPANIMENT: "Instrumental",
}


def state_word(track: Track) -> str:
    """Return the state of a track in one or two words."""
    if track.state is TrackState.STALE and track.stale is not None:
        return STALE_WORDS[track.stale][0]
    if track.state is TrackState.ANALYSED and track.instrumental:
        return INSTRUMENTAL_WORD
    return STATE_WORDS[track.state]


def state_sentence(track: Track) -> str:
    """Return what the state means; empty when there is nothing to be said."""
    if track.state is TrackState.STALE and track.stale is not None:
        return STALE_WORDS[track.stale][1]
    if track.state is TrackState.ANALYSED and track.instrumental:
        return INSTRUMENTAL_SENTENCE
    if track.error:
        return Failure(track.path, track.error).sentence
    return STATE_SENTENCES.get(track.state, "")


def reason(failure: Failure) -> str:
    """Return why a file failed, without its name."""
    text = failure.reason
    return f"{text[:1].upper()}{text[1:]}." if text else STATE_SENTENCES[TrackState.FAILED]


def separator_word(separator: str) -> str:
    """Return the title of what made a track's stems, from its name and version."""
    named = [name for name in SEPARATOR_WORDS if separator.startswith(f"{name}-")]
    return SEPARATOR_WORDS[max(named, key=len)] if named else separator


def note_name(pitch: float) -> str:
    """Return the note nearest to a MIDI note number, such as "D♭4"; A4 is 440 Hz."""
    octave, note = divmod(round(pitch), len(PITCH_NAMES))
    return f"{PITCH_NAMES[note]}{octave - 1}"


def pitch_range_words(pitch_range: PitchRange) -> str:
    """Return a pitch range such as "C3 to A4"."""
    return f"{note_name(pitch_range.low)} to {note_name(pitch_range.high)}"


def key_words(key: Key) -> str:
    """Return a key such as "8A (A minor)"."""
    return f"{key.camelot} ({key.name})"


def music_words(music: MusicSummary) -> str:
    """Return tempo and key of a track, such as "124 BPM, 8A (A minor)"."""
    said = [f"{music.tempo:.0f} BPM" if music.tempo else "no steady beat"]
    return ", ".join([*said, key_words(music.key)] if music.key else said)


def short_music_words(music: MusicSummary) -> list[str]:
    """Return tempo and key in as few letters as DJs do, such as "124 BPM" and "8A"."""
    said = [f"{music.tempo:.0f} BPM"] if music.tempo else []
    return [*said, music.key.camelot] if music.key else said


def hub_sentence(before: Hubness, after: Hubness) -> str:
    """Return what the correction of hubs does to a library."""
    return (
        f"The most frequent neighbour is among the {after.k} nearest of"
        f" {counted(after.most, 'track')} instead of {before.most:,} (of {after.n_tracks:,});"
        f" skewness {after.skewness:.1f} instead of {before.skewness:.1f}."
    )


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


def gigabytes(n_bytes: int) -> str:
    """Return a size such as "5.0 GB"."""
    return f"{n_bytes / 1024**3:.1f} GB"


def counted(count: int, noun: str) -> str:
    """Return "1 track" or "2,000 tracks"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


MATCH_TERMS = {
    "similarity": ("Likeness", "How well the voice suits the song, as the encoders hear it"),
    "tempo": ("Tempo", "How little has to be stretched"),
    "key": ("Key", "How few semitones something has to be moved"),
    "overlap": ("Singing", "Whether the vocals fall where the other singer sang"),
    "energy": ("Energy", "How alike both instrumentals are in how busy they are"),
}

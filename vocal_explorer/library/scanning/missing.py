"""What is not known of tracks that were analysed before the program asked for it."""

from enum import StrEnum

from vocal_explorer.base.records.music import ANALYSIS_VERSION
from vocal_explorer.base.records.tracks import INSTRUMENTAL_BELOW
from vocal_explorer.library.store.database import Database


class Measurement(StrEnum):
    """What an analysis finds besides embeddings, in words."""

    PITCH_RANGE = "pitch range"
    FINGERPRINT = "fingerprint"
    MUSIC = "tempo and key"


# Each returns the ids of the tracks of which an attribute is not known, for one separator.
_MISSING = {
    Measurement.PITCH_RANGE: f"""
        SELECT track_id FROM vocal_presences
        WHERE separator = :separator AND presence >= {INSTRUMENTAL_BELOW}
        EXCEPT SELECT track_id FROM pitch_ranges WHERE separator = :separator""",
    Measurement.FINGERPRINT: "SELECT track_id FROM tracks EXCEPT SELECT track_id FROM fingerprints",
    Measurement.MUSIC: f"""
        SELECT track_id FROM tracks EXCEPT SELECT track_id FROM music
        WHERE separator = :separator AND version = {ANALYSIS_VERSION}""",
}


def missing(database: Database, separator: str) -> dict[str, frozenset[Measurement]]:
    """Return what is not known of each track of which something is not known."""
    found: dict[str, set[Measurement]] = {}
    with database.reading() as connection:
        for attribute, query in _MISSING.items():
            for (track_id,) in connection.execute(query, {"separator": separator}):
                found.setdefault(track_id, set()).add(attribute)
    return {track_id: frozenset(attributes) for track_id, attributes in found.items()}

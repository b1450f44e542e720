"""The tables of the library's SQLite file, version by version, and the triggers of its journal."""

# Paths are BLOBs (os.fsencode), because a file name need not be valid text.
_VERSION_1 = (
    """CREATE TABLE tracks (
        track_id TEXT PRIMARY KEY, title TEXT NOT NULL, singer TEXT NOT NULL,
        album TEXT NOT NULL, year INTEGER, seconds REAL NOT NULL, user_singer TEXT)""",
    """CREATE TABLE files (
        path BLOB PRIMARY KEY, track_id TEXT REFERENCES tracks, size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL, missing INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '')""",
    "CREATE INDEX files_of_track ON files (track_id)",
    """CREATE TABLE embeddings (
        track_id TEXT NOT NULL REFERENCES tracks, domain TEXT NOT NULL, model_id TEXT NOT NULL,
        separator TEXT NOT NULL, vector BLOB NOT NULL,
        PRIMARY KEY (track_id, model_id, separator, domain))""",
    """CREATE TABLE maps (
        domain TEXT NOT NULL, model_id TEXT NOT NULL, separator TEXT NOT NULL,
        fingerprint TEXT NOT NULL, points TEXT NOT NULL,
        PRIMARY KEY (domain, model_id, separator))""",
    "CREATE TABLE revision (number INTEGER NOT NULL)",
    "INSERT INTO revision VALUES (0)",
)
# How much voice there is in a track depends on what isolated it.
_VERSION_2 = (
    """CREATE TABLE vocal_presences (
        track_id TEXT NOT NULL REFERENCES tracks, separator TEXT NOT NULL,
        presence REAL NOT NULL, PRIMARY KEY (track_id, separator))""",
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
)
# A spelling is the label_key of what files or the user call a singer.
_VERSION_3 = (
    "CREATE TABLE folders (path BLOB PRIMARY KEY)",
    "CREATE TABLE singer_spellings (spelling TEXT PRIMARY KEY, singer TEXT NOT NULL)",
)
# As for presence, it depends on the separator where the voice moves, in MIDI note numbers.
# Fingerprints are of the mix, and are compared when a scan ends.
_VERSION_4 = (
    """CREATE TABLE pitch_ranges (
        track_id TEXT NOT NULL REFERENCES tracks, separator TEXT NOT NULL,
        low REAL NOT NULL, median REAL NOT NULL, high REAL NOT NULL,
        PRIMARY KEY (track_id, separator))""",
    """CREATE TABLE fingerprints (
        track_id TEXT PRIMARY KEY REFERENCES tracks, levels BLOB NOT NULL,
        compared INTEGER NOT NULL DEFAULT 0)""",
    """CREATE TABLE same_recordings (
        track_id TEXT NOT NULL REFERENCES tracks, other_id TEXT NOT NULL REFERENCES tracks,
        PRIMARY KEY (track_id, other_id))""",
)
# Tempo, key, beats and so on belong to the stems in which they were found. Arrays are BLOBs.
_VERSION_5 = (
    """CREATE TABLE music (
        track_id TEXT NOT NULL REFERENCES tracks, separator TEXT NOT NULL,
        version INTEGER NOT NULL, tempo REAL NOT NULL, stability REAL NOT NULL,
        tonic INTEGER, minor INTEGER, key_confidence REAL,
        vocals_loudness REAL, accompaniment_loudness REAL,
        energy REAL NOT NULL, seconds REAL NOT NULL, beats BLOB NOT NULL,
        downbeats BLOB NOT NULL, sections BLOB NOT NULL, phrases BLOB NOT NULL,
        PRIMARY KEY (track_id, separator))""",
)


def _journal(table: str, kind: str, column: str) -> tuple[str, ...]:
    """Return triggers that write in the journal which row of a table changed, by a column."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
    return tuple(
        f"""CREATE TRIGGER {table}_{column}_{event.lower()} AFTER {event} ON {table} BEGIN
            {" ".join(_NOTE.format(kind=kind, name=f"{row}.{column}") for row in of)} END"""
        for event, of in rows.items()
    )


# What a statement says of conflicts holds in its triggers too, so nothing may conflict here.
_NOTE = """DELETE FROM changes WHERE kind = '{kind}' AND name = {name};
            INSERT INTO changes SELECT '{kind}', {name}, number + 1 FROM revision
            WHERE {name} IS NOT NULL;"""
# A change has the number of the revision that its transaction makes; of a thing that changed
# several times only the last change is kept.
_VERSION_6 = (
    """CREATE TABLE changes (
        kind TEXT NOT NULL, name NOT NULL, revision INTEGER NOT NULL,
        PRIMARY KEY (kind, name)) WITHOUT ROWID""",
    "CREATE INDEX changes_in_order ON changes (revision)",
    *_journal("tracks", "track", "track_id"),
    *_journal("vocal_presences", "track", "track_id"),
    *_journal("pitch_ranges", "track", "track_id"),
    *_journal("music", "track", "track_id"),
    *_journal("files", "track", "track_id"),
    *_journal("files", "file", "path"),
    *_journal("embeddings", "embedding", "track_id"),
    *_journal("same_recordings", "recording", "track_id"),
    *_journal("same_recordings", "recording", "other_id"),
    *_journal("singer_spellings", "spelling", "spelling"),
    *_journal("settings", "setting", "key"),
)
# Tags belong to files: copies of a recording may have different ones. Failures are clauses.
_VERSION_7 = (
    "ALTER TABLE files ADD COLUMN ctime_ns INTEGER NOT NULL DEFAULT 0",
    *(f"ALTER TABLE files ADD COLUMN {column} TEXT" for column in ("title", "singer", "album")),
    "ALTER TABLE files ADD COLUMN year INTEGER",
    "UPDATE files SET error = clause(path, error) WHERE error != ''",
)
# what leads from each version to the next; 0 is an empty file
STEPS = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4, _VERSION_5, _VERSION_6, _VERSION_7)
SCHEMA_VERSION = len(STEPS)

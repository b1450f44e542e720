"""Fingerprints in the library, and which tracks they show to be one recording."""

from collections.abc import Sequence

import numpy as np

from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Embedding
from vocal_explorer.features.fingerprint import N_BANDS, Fingerprint
from vocal_explorer.library.database import Database
from vocal_explorer.ranking.same_recording import same_recording
from vocal_explorer.ranking.similarity import Similarities, best, cosine

N_CANDIDATES = 5  # nearest tracks in the mix space that a new one is compared with
LEAST_SIMILAR = 0.6  # cosine of the mixes of a candidate


class Recordings:
    """Compares each track once with those that were there, when `compare_new` is called."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def links(self) -> list[tuple[str, str]]:
        """Return pairs of track ids that are one recording."""
        with self._database.reading() as connection:
            return connection.execute("SELECT track_id, other_id FROM same_recordings").fetchall()

    def compare_new(self, track_ids: Sequence[str], mix: Embedding, progress: Progress) -> None:
        """Compare the tracks that were not compared yet with those whose mix is nearest.

        Parameters
        ----------
        track_ids
            All comparable tracks, n of them.
        mix
            Their unit embeddings by f_m, (n, d).
        progress
            Reported at each track; what is done by then is kept.
        """
        new = self._new()
        rows = [row for row, track_id in enumerate(track_ids) if track_id in new]
        for n, row in enumerate(rows):
            progress.report(n / len(rows), "looking for copies")
            similarities = cosine(mix[row], mix)
            similarities[row] = -np.inf
            self._compare(track_ids[row], _nearest(similarities, track_ids))

    def _new(self) -> set[str]:
        with self._database.reading() as connection:
            rows = connection.execute("SELECT track_id FROM fingerprints WHERE NOT compared")
            return {row[0] for row in rows}

    def _compare(self, track_id: str, others: list[str]) -> None:
        own = self._fingerprint(track_id)
        prints = [(other, self._fingerprint(other)) for other in others]
        same = [
            other
            for other, fingerprint in prints
            if own is not None and fingerprint is not None and same_recording(own, fingerprint)
        ]
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO same_recordings VALUES (?, ?)",
                [(min(track_id, other), max(track_id, other)) for other in same],
            )
            connection.execute(
                "UPDATE fingerprints SET compared = 1 WHERE track_id = ?", (track_id,)
            )

    def _fingerprint(self, track_id: str) -> Fingerprint | None:
        query = "SELECT levels FROM fingerprints WHERE track_id = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (track_id,)).fetchone()
        return np.frombuffer(row[0], np.int8).reshape(-1, N_BANDS) if row else None


def _nearest(similarities: Similarities, track_ids: Sequence[str]) -> list[str]:
    nearest = best(similarities, N_CANDIDATES)
    return [track_ids[row] for row in nearest if similarities[row] >= LEAST_SIMILAR]

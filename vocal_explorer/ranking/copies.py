"""Which tracks of a library are one recording, by their fingerprints."""

import numpy as np

from vocal_explorer.base.progress import Progress
from vocal_explorer.library.store.recording_table import RecordingTable
from vocal_explorer.ranking.gallery import Gallery
from vocal_explorer.ranking.same_recording import same_recording
from vocal_explorer.ranking.similarity import best, cosine

N_CANDIDATES = 5  # nearest tracks in the mix space that a new one is compared with
LEAST_SIMILAR = 0.6  # cosine of the mixes of a candidate


def compare_new(table: RecordingTable, gallery: Gallery, progress: Progress) -> None:
    """Compare the tracks that were not compared yet with those whose mix is nearest.

    Parameters
    ----------
    table
        Has the fingerprints, and keeps what is found.
    gallery
        All comparable tracks.
    progress
        Reported at each track; what is done by then is kept.
    """
    new = sorted(track_id for track_id in table.not_compared() if track_id in gallery)
    for n, track_id in enumerate(new):
        progress.report(n / len(new), "looking for copies")
        own, others = table.fingerprint(track_id), _nearest(gallery, track_id)
        prints = {other: table.fingerprint(other) for other in others}
        same = [
            other
            for other, fingerprint in prints.items()
            if own is not None and fingerprint is not None and same_recording(own, fingerprint)
        ]
        table.save_compared(track_id, same)


def _nearest(gallery: Gallery, track_id: str) -> list[str]:
    rows, own = gallery.rows, gallery.rows.row_of[track_id]
    similarities = cosine(rows.mix[own], rows.mix)
    similarities[own] = -np.inf
    similarities[gallery.indexed.columns.empty] = -np.inf
    near = (row for row in best(similarities, N_CANDIDATES) if similarities[row] >= LEAST_SIMILAR)
    return [track.track_id for row in near if (track := rows.tracks[row]) is not None]

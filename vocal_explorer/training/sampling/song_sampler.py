"""Batches of real mixes and their separated vocals, drawn from a segment bank."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.training.banks.audio_bank import FULL_SCALE
from vocal_explorer.training.banks.segment_bank import BankedSong
from vocal_explorer.training.sampling.batches import Batch
from vocal_explorer.training.sampling.triplets import Triplets

_Place = tuple[int, int, int]  # singer, song of the singer, segment of the song


class SongSampler:
    """Draws segments of singers: two of one singer come from two songs where there are two.

    Parameters
    ----------
    songs
        Of at least two singers.
    front_end
        Turns waveforms (n, n_samples) into log-mels.

    Raises
    ------
    VocalExplorerError
        If there are fewer, or none of them has two segments.
    """

    def __init__(self, songs: Sequence[BankedSong], front_end: Callable[[Tensor], Tensor]) -> None:
        self._front_end = front_end
        singers: dict[str, list[BankedSong]] = {}
        for song in songs:
            singers.setdefault(song.track.singer, []).append(song)
        self._singers = [singers[name] for name in sorted(singers)]
        self._usable = [
            number
            for number, own in enumerate(self._singers)
            if sum(len(song.segments) for song in own) > 1
        ]
        if len(self._singers) < 2 or not self._usable:
            raise VocalExplorerError(
                "Training needs songs of two singers with voice in them, for learning and for "
                "validation; give each singer four songs or more."
            )

    def batch(self, n_singers: int, n_segments: int, rng: np.random.Generator) -> Batch:
        """Return `n_segments` segments of each of up to `n_singers` singers."""
        count = min(n_singers, len(self._singers))
        chosen = rng.choice(len(self._singers), count, replace=False)
        places = [
            place for singer in chosen for place in self._places(int(singer), n_segments, rng)
        ]
        return self._read(places)

    def triplets(self, n_triplets: int, n_negatives: int, rng: np.random.Generator) -> Batch:
        """Return the paper's batch: each triplet with segments of its own.

        Anchor and positive are two segments of a singer, the negatives of others, who are
        different ones where there are enough.
        """
        places: list[_Place] = []
        for _ in range(n_triplets):
            singer = int(rng.choice(self._usable))
            others = np.delete(np.arange(len(self._singers)), singer)
            negatives = rng.choice(others, n_negatives, replace=len(others) < n_negatives)
            places += self._places(singer, 2, rng)
            for other in negatives:
                places += self._places(int(other), 1, rng)
        rows = np.arange(len(places)).reshape(n_triplets, 2 + n_negatives)
        return self._read(places, Triplets(rows[:, 0], rows[:, 1], rows[:, 2:]))

    def _places(self, singer: int, count: int, rng: np.random.Generator) -> list[_Place]:
        """Draw segments: songs in random order, again from the first when all had their turn."""
        songs = self._singers[singer]
        order = rng.permutation(len(songs))
        rounds = -(-count // len(songs))
        drawn = {
            song: rng.choice(n, rounds, replace=n < rounds)
            for song, n in ((int(song), len(songs[song].segments)) for song in order[:count])
        }
        turns = [(i // len(songs), int(order[i % len(songs)])) for i in range(count)]
        return [(singer, song, int(drawn[song][turn])) for turn, song in turns]

    def _read(self, places: Sequence[_Place], triplets: Triplets | None = None) -> Batch:
        samples = np.stack([self._singers[i][j].segments[k] for i, j, k in places])
        both: Tensor = torch.from_numpy(samples).float() / FULL_SCALE
        labels = np.array([singer for singer, _, _ in places])
        vocals, mix = (self._front_end(both[:, channel]) for channel in (0, 1))
        return Batch(vocals, mix, labels, triplets)

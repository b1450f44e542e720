"""Embeddings of invented singers: a direction each, and noise."""

import numpy as np

from vocal_explorer.evaluation.embeddings import EmbeddedTracks

N_DIMENSIONS = 8


def embedded(
    n_singers: int, n_songs: int, seed: int, noise: float = 0.6, voices: int = 0
) -> EmbeddedTracks:
    """Return tracks singer by singer; `voices` seeds the singers, `seed` the songs."""
    centres = np.random.default_rng(voices).normal(0, 1, (2, n_singers, 1, N_DIMENSIONS))
    songs = np.random.default_rng([seed, 1]).normal(0, noise, (2, n_singers, n_songs, N_DIMENSIONS))
    vectors = (centres + songs).reshape(2, n_singers * n_songs, N_DIMENSIONS)
    vocals, mix = (vectors / np.linalg.norm(vectors, axis=2, keepdims=True)).astype(np.float32)
    singers = tuple(f"singer {n}" for n in range(n_singers) for _ in range(n_songs))
    return EmbeddedTracks(vocals, mix, singers)


def naive_space(tracks: EmbeddedTracks, space: str) -> list[np.ndarray]:
    """The paper's definitions, section 4.2.1, one track after the other."""
    made = {
        "M": lambda m, v: m,
        "V": lambda m, v: v,
        "M+V": lambda m, v: m + v,
        "M,V": lambda m, v: np.concatenate([m, v]),
    }[space]
    return [made(m, v) for m, v in zip(tracks.mix, tracks.vocals, strict=True)]


def naive_cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))

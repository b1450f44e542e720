"""Training an encoder pair: on a manifest's recordings, or on labelled songs as users have them."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vocal_explorer.base.config import MelConfig
from vocal_explorer.base.errors import VocalExplorerError
from vocal_explorer.base.progress import Progress
from vocal_explorer.base.records.signals import Domain
from vocal_explorer.base.records.tracks import Failure
from vocal_explorer.datasets.labelled import LabelledTrack
from vocal_explorer.datasets.manifest import (
    Recording,
    kept_singers,
    load_manifest,
    split_for_training,
)
from vocal_explorer.datasets.opening import open_dataset
from vocal_explorer.datasets.signals import SignalSource
from vocal_explorer.encoders.encoder_pair import EncoderPair
from vocal_explorer.encoders.model_id import model_id
from vocal_explorer.features.mel import LogMel
from vocal_explorer.separation.separator import load_separator
from vocal_explorer.training.banks.array_cache import ArrayCache
from vocal_explorer.training.banks.own_teacher import OwnTeacher
from vocal_explorer.training.banks.segment_bank import Banked, SegmentBank
from vocal_explorer.training.banks.voice_bank import Music, Teacher, Voice, VoiceBank
from vocal_explorer.training.banks.voice_space import VoiceSpace, fit_voice_space
from vocal_explorer.training.banks.voice_teacher import VoiceTeacher
from vocal_explorer.training.fitting.loop import PairTrainer
from vocal_explorer.training.fitting.parallel_encoders import choose_device
from vocal_explorer.training.fitting.starting_pair import begin_with
from vocal_explorer.training.presets import LIBRARY, PAPER, PRESETS, SCHEMES, Preset
from vocal_explorer.training.runs.back_ends import fit_to_teacher, fit_to_voices
from vocal_explorer.training.sampling.batches import Batch, Draw
from vocal_explorer.training.sampling.kept_features import KeptFeatures
from vocal_explorer.training.sampling.song_sampler import SongSampler
from vocal_explorer.training.sampling.song_split import SongSplit, split_by_song
from vocal_explorer.training.sampling.voice_sampler import VoiceSampler

FIT_BATCHES = 4
JUDGING = 24  # voices in a validation batch, at most


@dataclass(frozen=True)
class PairRun:
    """How a pair is trained; names as on the command line. `start` has the first weights."""

    scheme: str
    out: Path
    preset: str = "small"
    resume: bool = False
    seed: int = 0
    minutes: float | None = None
    device: str | None = None
    teacher: Path | None = None
    start: Path | None = None
    cache: Path | None = None  # keeps what is prepared of recordings (default: in `out`)


@dataclass(frozen=True)
class LeftOut:
    """What a training did without: songs with too little voice, and songs that failed."""

    instrumentals: tuple[Failure, ...] = ()
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True)
class _Material:
    """Where batches come from; `about` says what they are drawn from."""

    training: Draw
    validation: Draw
    example: Draw
    about: str
    n_identities: int = 0
    points: Tensor | None = None  # of the identities, where a teacher places them


def train_on_recordings(run: PairRun, data: Path, progress: Progress) -> None:
    """Train on the training singers of `data`/manifest.csv, their voices mixed at random."""
    preset, config = PRESETS[run.preset], MelConfig()
    training, validation = split_for_training(load_manifest(data), kept_singers(data))
    teachers = _teachers(run)
    folder = run.cache / "voices" if run.cache else run.out / "bank"
    bank = VoiceBank(folder, config, load_separator(), teachers, run.seed, os.cpu_count() or 1)
    learnt = _prepared(bank, training, progress.part(0.0, 0.2))
    kept = _prepared(bank, validation, progress.part(0.2, 0.22))
    bands = bank.bands(progress.part(0.22, 0.25)) if preset.bands else []
    space = _space(learnt[0], preset) if preset.in_space else None
    sampler = VoiceSampler(learnt[0], [*learnt[1], *bands], config, space)
    judge = VoiceSampler(*kept, config, space)
    n_judging = min(preset.n_singers, JUDGING)
    names = (str(r.path.relative_to(data)) for r in (*training, *validation))
    material = _Material(
        partial(sampler.batch, preset.n_singers, preset.n_segments),
        partial(judge.batch, n_judging, preset.n_segments),
        partial(sampler.batch, 24, 2),
        _fingerprint([*names, *(teacher.version for teacher in teachers)]),
        sampler.n_identities,
        None if space is None else torch.from_numpy(sampler.targets()),
    )
    if preset.kept:
        material = _with_features(run, material, folder, progress.part(0.25, 0.7))
    _train(run, material, config, progress.part(0.7 if preset.kept else 0.25, 0.98))
    fit_to_voices(run.out, SCHEMES[run.scheme], material.example, run.seed, progress.part(0.98, 1))


def _with_features(
    run: PairRun, material: _Material, folder: Path, progress: Progress
) -> _Material:
    """Return material whose batches are drawn once, as the frozen layers hear them."""
    preset = PRESETS[run.preset]
    assert run.start is not None  # `_teachers` has asked for it
    pair = begin_with(run.start, settled=False).eval()
    for domain in Domain:
        pair.encoder(domain).backbone.freeze(preset.frozen)
    key = f"{material.about}|{model_id(run.start)}|{preset.frozen}"
    kept = KeptFeatures(pair, material.example, ArrayCache(folder), key, run.seed)
    kept.prepare(preset.kept, progress)
    return replace(material, training=partial(kept.batch, preset.n_singers, preset.n_segments))


def _teachers(run: PairRun) -> list[Teacher]:
    """Return who teaches: a speaker encoder, and the f_v that the run starts with.

    Raises
    ------
    VocalExplorerError
        If the preset needs one that is not named.
    """
    preset = PRESETS[run.preset]
    teachers: list[Teacher] = [] if run.teacher is None else [VoiceTeacher(run.teacher)]
    if preset.in_space and not teachers:
        raise VocalExplorerError(f"The preset {run.preset} needs a --teacher.")
    if preset.own_share:
        if run.start is None:
            raise VocalExplorerError(f"The preset {run.preset} goes on from a pair: --start.")
        teachers.append(OwnTeacher(run.start))
    return teachers


def _space(voices: Sequence[Voice], preset: Preset) -> VoiceSpace:
    """Return the space in which the teachers tell `voices` apart, recording by recording."""
    versions = [
        ((voice.singer, ratio), version.taught)
        for voice in voices
        for ratio, version in voice.versions.items()
    ]
    heard = [np.stack(rows) for rows in zip(*(taught for _, taught in versions), strict=True)]
    shares = (1 - preset.own_share, preset.own_share)[: len(heard)]
    return fit_voice_space(
        heard, [name for name, _ in versions], shares, (True, False)[: len(heard)]
    )


def _prepared(
    bank: VoiceBank, recordings: Iterable[Recording], progress: Progress
) -> tuple[list[Voice], list[Music]]:
    """Return what is sung or spoken, and what is played."""
    recordings = list(recordings)
    voices = [r for r in recordings if r.domain in ("vocals", "speech")]
    music = [r for r in recordings if r.domain == "accompaniment"]
    if len({voice.singer for voice in voices}) < 2 or not music:
        raise VocalExplorerError(
            "Training needs vocals of two singers and an accompaniment, and validation as well."
        )
    return (
        bank.voices(voices, music, progress.part(0.0, 0.9)),
        bank.music(music, progress.part(0.9, 1.0)),
    )


def train_on_songs(
    run: PairRun, data: Path, source: SignalSource, cache: Path, progress: Progress
) -> LeftOut:
    """Train as the paper does: on real mixes and on the vocals that a separator isolates.

    Vocals are isolated from every mix, even where the dataset has clean ones. Instrumentals
    are left out; then 3 songs of each singer are for validation and 2 are left alone. Only
    segments with voice are drawn. The paper's preset draws each triplet with segments
    of its own, others draw triplets inside a batch of segments.

    Parameters
    ----------
    run
        How.
    data
        A dataset that `open_dataset` knows.
    source
        Gives mixes and vocals.
    cache
        Keeps the segments, for other runs on these songs too.
    progress
        Reported at each song and each batch.

    Returns
    -------
    LeftOut
        Songs that were not trained on.
    """
    missing: list[Failure] = []
    tracks = open_dataset(data, on_missing=missing.append)
    tracks = [replace(track, vocals=None) if track.mix else track for track in tracks]
    banked = SegmentBank(source, cache, MelConfig()).open(tracks, progress.part(0.0, 0.15))
    split = split_by_song((song.track for song in banked.songs), run.seed)
    train_on_split(run, banked, split, source.key, progress.part(0.15, 1.0))
    return LeftOut(banked.instrumentals, (*missing, *banked.failures))


def train_on_split(
    run: PairRun, banked: Banked, split: SongSplit, signals: str, progress: Progress
) -> None:
    """Train on some songs of a bank, others deciding when to stop.

    Parameters
    ----------
    run
        How.
    banked
        The songs.
    split
        What each of them is for; songs that the bank lacks are passed over.
    signals
        The key of what gave the signals.
    progress
        Reported at each batch.
    """
    songs = {song.track.name: song for song in banked.songs}
    samplers = [
        SongSampler(
            [songs[track.name] for track in part if track.name in songs],
            LogMel(MelConfig()).unnormalised,
        )
        for part in (split.training, split.validation)
    ]
    preset = PRESETS[run.preset]
    material = _Material(
        _draw_songs(samplers[0], preset),
        _draw_songs(samplers[1], preset),
        partial(samplers[0].batch, 16, 2),
        _fingerprint([signals, *(_song_name(song.track) for song in banked.songs)]),
    )
    _train(run, material, MelConfig(), progress)


def _draw_songs(sampler: SongSampler, preset: Preset) -> Draw:
    if preset is PAPER:
        return partial(sampler.triplets, preset.n_triplets, preset.n_negatives)
    return partial(sampler.batch, preset.n_singers, preset.n_segments)


def _train(run: PairRun, material: _Material, config: MelConfig, progress: Progress) -> None:
    torch.manual_seed(run.seed)
    trainer = PairTrainer(
        _first_pair(run, material, config),
        SCHEMES[run.scheme],
        PRESETS[run.preset],
        material.training,
        material.validation,
        run.out,
        run.seed,
        data=material.about,
        n_identities=material.n_identities,
        points=material.points,
        device=choose_device(run.device),
    )
    if run.resume:
        trainer.resume()
    trainer.run(progress, run.minutes)


def _first_pair(run: PairRun, material: _Material, config: MelConfig) -> EncoderPair:
    if run.start is not None:
        pair = begin_with(run.start, settled=run.preset == LIBRARY)
    else:
        pair = EncoderPair(config)
        fit_front_ends(pair, material.example, run.seed)
    if PRESETS[run.preset].in_space and not run.resume:
        fit_to_teacher(pair, SCHEMES[run.scheme], material.example, run.seed)
    return pair


def fit_front_ends(pair: EncoderPair, draw: Draw, seed: int) -> None:
    """Take each domain's mean and deviation from a few batches."""
    rng = np.random.default_rng((seed, 2))
    batches: list[Batch] = [draw(rng) for _ in range(FIT_BATCHES)]
    pair.vocal_encoder.mel.fit(torch.cat([batch.vocals for batch in batches]))
    pair.mix_encoder.mel.fit(torch.cat([batch.mix for batch in batches]))


def _fingerprint(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _song_name(track: LabelledTrack) -> str:
    return json.dumps([track.singer, track.name, track.start, track.seconds])

"""The commands of tasks 3 and 4: vocal tagging and artist classification."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from vocal_explorer.cli.evaluate.options import Setup, evaluation_options
from vocal_explorer.cli.evaluate.run import finish
from vocal_explorer.cli.options import choice, common_options
from vocal_explorer.cli.running import stoppable

if TYPE_CHECKING:
    from vocal_explorer.datasets.examples import Fit
    from vocal_explorer.datasets.signals import SignalSource
    from vocal_explorer.evaluation.tasks.transfer import Contender

TAGGING, ARTISTS = "vocal-tagging", "artist-classification"
SPACES = ("M", "V", "M+V", "M,V")

space_option = click.option(
    "--space",
    "spaces",
    multiple=True,
    type=choice(SPACES),
    default=SPACES,
    help="What the head is trained on; may be repeated (default: all four).",
)


@click.command(TAGGING)
@evaluation_options
@space_option
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    type=choice(("mix", "vocals")),
    help="Train the CNN of the KVT study as well, from scratch on this signal; slow.",
)
@click.option("--folds", default=5, show_default=True, type=click.IntRange(min=3), metavar="N",
              help="Parts that the singers are divided into.")  # fmt: skip
@common_options
@click.pass_context
def vocal_tagging(
    context: click.Context,
    setup: Setup,
    spaces: tuple[str, ...],
    baselines: tuple[str, ...],
    folds: int,
) -> int:
    """Tag voices: task 3 of the paper (section 4.4), beside table 2.

    --data is the K-pop Vocal Tag annotation or one like it, --audio the songs.
    """
    from vocal_explorer.datasets.kpop_tags import load_kpop_tags, tag_names
    from vocal_explorer.evaluation.tables.transfer_tables import tagging_table
    from vocal_explorer.evaluation.tasks.transfer_head import fit_tag_head
    from vocal_explorer.evaluation.tasks.vocal_tagging import WholeFiles, evaluate_vocal_tagging

    audio, missing = setup.audio or setup.data, setup.failures.append
    segments = load_kpop_tags(setup.data, audio, on_missing=missing)
    vocabulary = tag_names(setup.data)
    source = WholeFiles(setup.signals(context))
    contenders = _baselines(setup, source, baselines)
    heads, facts = _heads(context, setup, source, spaces, fit_tag_head)
    with stoppable("Tagging voices") as progress:
        report = evaluate_vocal_tagging(
            segments,
            vocabulary,
            [*contenders, *heads],
            n_folds=folds,
            seed=setup.seed,
            progress=progress,
        )
    setup.failures.extend(report.failures)
    n_singers = len({segment.track.singer for segment in segments})
    table = tagging_table(report, len(segments), n_singers, len(vocabulary), folds)
    return finish(context, setup, table, {**facts, "folds": folds})


@click.command(ARTISTS)
@evaluation_options
@space_option
@common_options
@click.pass_context
def artist_classification(context: click.Context, setup: Setup, spaces: tuple[str, ...]) -> int:
    """Name the artist: task 4 of the paper (section 4.5), beside table 3.

    --data has artist20's layout, artist/album/track.ext, with three albums or more each.
    """
    from vocal_explorer.datasets.artist20 import album_folds, load_artist20
    from vocal_explorer.evaluation.tables.transfer_tables import artist_table
    from vocal_explorer.evaluation.tasks.artist_classification import evaluate_artist_classification
    from vocal_explorer.evaluation.tasks.transfer_head import fit_artist_head

    tracks = load_artist20(setup.data)
    contenders, facts = _heads(context, setup, setup.signals(context), spaces, fit_artist_head)
    with stoppable("Classifying artists") as progress:
        report = evaluate_artist_classification(
            tracks, contenders, seed=setup.seed, progress=progress
        )
    setup.failures.extend(report.failures)
    n_artists = len({track.singer for track in tracks})
    table = artist_table(report, len(tracks), n_artists, len(album_folds(tracks)))
    return finish(context, setup, table, facts)


def _heads(
    context: click.Context,
    setup: Setup,
    source: "SignalSource",
    spaces: Sequence[str],
    fit: "Fit",
) -> "tuple[list[Contender], dict[str, Any]]":
    """Return a contender for each pair and space, and what one must know to repeat it."""
    from vocal_explorer.base.records.ranking import Space
    from vocal_explorer.evaluation.embeddings import DatasetEmbedder
    from vocal_explorer.evaluation.tasks.transfer import heads

    pairs, kept = setup.pairs(context), setup.folder / "embeddings"
    contenders = [
        contender
        for pair in pairs
        for contender in heads(
            pair.label,
            DatasetEmbedder(pair.embedder, source, kept),
            [Space(space) for space in spaces],
            fit,
        )
    ]
    models = {pair.label: pair.embedder.model_id for pair in pairs}
    facts = {"data": str(setup.data), "seed": setup.seed, "signals": source.key, "models": models}
    return contenders, facts


def _baselines(setup: Setup, source: "SignalSource", domains: Sequence[str]) -> "list[Contender]":
    from vocal_explorer.base.config import MelConfig
    from vocal_explorer.base.records.signals import Domain
    from vocal_explorer.evaluation.embeddings import DatasetEmbedder
    from vocal_explorer.evaluation.log_mels import log_mels, mel_embedder
    from vocal_explorer.evaluation.tasks.transfer import Contender
    from vocal_explorer.training.fitting.tag_cnn import fit_tag_cnn

    config, kept = MelConfig(), setup.folder / "embeddings"
    return [
        Contender(
            "Baseline CNN",
            "M" if domain is Domain.MIX else "V",
            DatasetEmbedder(mel_embedder(config, domain), source, kept),
            log_mels(config, domain),
            fit_tag_cnn,
        )
        for domain in map(Domain, domains)
    ]

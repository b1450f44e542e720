"""What `train` does without a dataset: fit the encoders to the library, and say what it gained."""

from collections.abc import Iterator

import click

from vocal_explorer.base.records.library import LearnOptions, Learnt
from vocal_explorer.base.records.ranking import Space
from vocal_explorer.cli.options import exit_code, open_session
from vocal_explorer.cli.output import Document, failure_document, report_failures, show
from vocal_explorer.cli.running import stoppable

_DECIMALS = 4


def learn_library(context: click.Context, options: LearnOptions) -> int:
    """Learn the library that was asked for and tell what came of it."""
    with stoppable("Learning") as progress, open_session(context) as session:
        learnt = session.learn(progress, options)
    report_failures(learnt.failures)
    show(context, _document(options, learnt), _lines(learnt))
    return exit_code(1, len(learnt.failures))


def _document(options: LearnOptions, learnt: Learnt) -> Document:
    return {
        "scheme": options.scheme,
        "queries": learnt.n_queries,
        "singers": learnt.n_singers,
        "before": {space: _share(n, learnt) for space, n in learnt.before.items()},
        "after": {space: _share(n, learnt) for space, n in learnt.after.items()},
        "adopted": learnt.adopted,
        "pair": learnt.pair,
        "out": None if learnt.weights is None else str(learnt.weights),
        "failed": [failure_document(failure) for failure in learnt.failures],
    }


def _share(right: int, learnt: Learnt) -> float:
    return round(right / learnt.n_queries, _DECIMALS)


def _lines(learnt: Learnt) -> Iterator[str]:
    yield (
        f"Of {learnt.n_queries} held-out songs, the right one of {learnt.n_singers} singers"
        " comes first for"
    )
    for space, before in learnt.before.items():
        name = f"[{space}]" if space is Space.JOINT else space.value
        after = learnt.after[space]
        yield (
            f"{name:>6}  before {before:3d} ({before / learnt.n_queries:.1%}),"
            f"  after {after:3d} ({after / learnt.n_queries:.1%})"
        )
    if learnt.adopted:
        yield f"The new encoders are better in [M,V] and used from now on, as {learnt.pair!r}."
    else:
        yield (
            f"The new encoders are not better in [M,V], so {learnt.pair!r} is used as before;"
            " nothing in the library changed."
        )
    if learnt.weights is not None:
        yield f"The weights are in {learnt.weights}."

"""The reports of tasks 3 and 4: the paper's tables 2 and 3 with our rows beneath."""

from vocal_explorer.evaluation.tables.paper_tables import (
    ARTIST_COLUMNS,
    TABLE_2,
    TABLE_3,
    TAGGING_COLUMNS,
)
from vocal_explorer.evaluation.tables.reports import OurRow, ResultTable
from vocal_explorer.evaluation.tasks.transfer import TransferReport

TAGGING, ARTISTS = "vocal-tagging", "artist-classification"


def tagging_table(
    report: TransferReport, n_excerpts: int, n_singers: int, n_tags: int, n_folds: int
) -> ResultTable:
    """Return table 2 with a row for each contender beneath it.

    Parameters
    ----------
    report
        Of evaluate_vocal_tagging.
    n_excerpts, n_singers, n_tags, n_folds
        What it was measured on.
    """
    ours = tuple(OurRow((row.model, row.space), tuple(row.scores.values())) for row in report.rows)
    left_out = max(row.left_out for row in report.rows)
    notes = (
        f"{n_excerpts} excerpts of {n_singers} singers, {n_tags} tags; means over tags, then"
        f" over {n_folds} folds, no singer in two. In {left_out} of {n_tags * n_folds} cases"
        " a tag could not be judged in a fold, because all or none of its excerpts have it.",
        "Thresholds for F1, precision and recall: those with the highest F1 on the"
        " validation part. The paper names neither its thresholds nor its division, and its"
        " F1 is above what its precision and recall allow at one threshold a tag; AUC is"
        " what can be compared best.",
        "In brackets: 95 % intervals, from a bootstrap over singers.",
    )
    return ResultTable(TAGGING, ("Model", "Space"), TAGGING_COLUMNS, TABLE_2, ours, notes)


def artist_table(report: TransferReport, n_songs: int, n_artists: int, n_folds: int) -> ResultTable:
    """Return table 3 with a row for each contender and level beneath it.

    Parameters
    ----------
    report
        Of evaluate_artist_classification.
    n_songs, n_artists, n_folds
        What it was measured on.
    """
    rows = sorted(report.rows, key=lambda row: row.level)
    ours = tuple(
        OurRow((row.model, row.space, row.level), tuple(row.scores.values())) for row in rows
    )
    notes = (
        f"{n_songs} songs of {n_artists} artists; means over {n_folds} folds by album."
        f" Chance: {1 / n_artists:.4f}. The paper has 20 artists and six folds; with other"
        " numbers the task is easier or harder, so compare rows of one kind only.",
        "In brackets: 95 % intervals, from a bootstrap over songs.",
    )
    labels = ("Model", "Space", "Level")
    return ResultTable(ARTISTS, labels, ARTIST_COLUMNS, TABLE_3, ours, notes)

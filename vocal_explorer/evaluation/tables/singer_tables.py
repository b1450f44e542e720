"""The reports of tasks 1 and 2, and of singer identification on small sets."""

from collections.abc import Mapping, Sequence

from vocal_explorer.evaluation.statistics.bootstrap import Estimate, bootstrap_mean
from vocal_explorer.evaluation.tables.paper_tables import RETRIEVAL_COLUMNS, TABLE_1
from vocal_explorer.evaluation.tables.reports import OurRow, ResultTable
from vocal_explorer.evaluation.tasks.leave_one_out import MEAN
from vocal_explorer.evaluation.tasks.query_by_singer import SPACES, Retrieval
from vocal_explorer.evaluation.tasks.singer_identification import SCENARIOS, TOP, Identification
from vocal_explorer.evaluation.tasks.singer_selection import ChosenSongs

IDENTIFICATION, RETRIEVAL = "singer-identification", "query-by-singer"
INTERVALS = "In brackets: 95 % intervals, from a bootstrap over singers."


def identification_table(
    results: Sequence[tuple[str, Identification]], songs: ChosenSongs
) -> ResultTable:
    """Return figure 4 as a table: a row for each pair and scenario."""
    ours = tuple(
        OurRow((model, scenario), tuple(result.accuracy(scenario, top) for top in TOP))
        for model, result in results
        for scenario in SCENARIOS
    )
    chance = ", ".join(f"top-{top} {min(1.0, top / songs.n_singers):.4f}" for top in TOP)
    notes = (
        _numbers(songs, "model"),
        f"Chance: {chance}. The paper shows its own results only as bars (figure 4).",
        INTERVALS,
    )
    columns = tuple(f"top-{top}" for top in TOP)
    return ResultTable(IDENTIFICATION, ("Model", "Scenario"), columns, (), ours, notes)


def retrieval_table(results: Sequence[tuple[str, Retrieval]], songs: ChosenSongs) -> ResultTable:
    """Return the paper's table 1 with a row for each pair and space beneath it."""
    ours = tuple(
        OurRow((model, space), result.estimates(space))
        for model, result in results
        for space in SPACES
    )
    notes = (
        _numbers(songs, "gallery"),
        "The paper has 300 singers with 6 gallery and 4 query songs each; with other"
        " numbers the task is easier or harder, so compare rows of one kind only.",
        INTERVALS,
    )
    return ResultTable(RETRIEVAL, ("Model", "Space"), RETRIEVAL_COLUMNS, TABLE_1, ours, notes)


def leave_one_out_table(
    results: Sequence[tuple[str, Mapping[str, Identification]]],
) -> ResultTable:
    """Return top-1 by pair and group of tracks, and the mean over groups."""
    ours = []
    for model, groups in results:
        rows = {
            group: [result.accuracy(scenario, 1) for scenario in SCENARIOS]
            for group, result in groups.items()
        }
        chances = {group: 1 / result.n_candidates for group, result in groups.items()}
        ours += [
            OurRow((model, group, f"{chances[group]:.3f}"), tuple(row))
            for group, row in rows.items()
        ]
        mean = _means([[estimate.mean for estimate in row] for row in rows.values()])
        chance = f"{sum(chances.values()) / len(chances):.3f}"
        ours.append(OurRow((model, MEAN, chance), mean))
    notes = (
        "Top-1; every track is once the query and left out of its singer's model. In"
        " brackets: 95 % intervals, from a bootstrap over singers, for the mean over groups.",
    )
    labels = ("Model", "Group", "Chance")
    return ResultTable(IDENTIFICATION, labels, tuple(SCENARIOS), (), tuple(ours), notes)


def _means(rows: Sequence[Sequence[float]]) -> tuple[Estimate, ...]:
    return tuple(bootstrap_mean(column) for column in zip(*rows, strict=True))


def _numbers(songs: ChosenSongs, role: str) -> str:
    return (
        f"{songs.n_singers} singers ({songs.n_qualified} have enough songs),"
        f" {len(songs.first)} {role} songs, {len(songs.queries)} queries."
    )

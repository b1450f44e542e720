from vocal_explorer.evaluation.statistics.bootstrap import Estimate
from vocal_explorer.evaluation.tables.paper_tables import TABLE_2, TABLE_3
from vocal_explorer.evaluation.tables.transfer_tables import artist_table, tagging_table
from vocal_explorer.evaluation.tasks.transfer import TransferReport, TransferRow


def row(space: str, level: str, *names: str, left_out: int = 0) -> TransferRow:
    scores = {name: Estimate(0.5, 0.4, 0.6) for name in names}
    return TransferRow("CROSS", space, level, scores, left_out)


def test_no_threshold_a_tag_explains_the_f1_of_the_paper() -> None:
    """The note below our table says so."""
    for paper in TABLE_2:
        _, f1, precision, recall = paper.values
        assert f1 > 2 * precision * recall / (precision + recall) + 0.01


def test_tags_stand_beneath_table_2() -> None:
    measures = ("auc", "f1", "precision", "recall")
    report = TransferReport((row("M", "excerpt", *measures, left_out=7),), ())
    table = tagging_table(report, n_excerpts=90, n_singers=9, n_tags=4, n_folds=3)
    assert table.paper == TABLE_2
    assert [ours.labels for ours in table.ours] == [("CROSS", "M")]
    assert "90 excerpts of 9 singers, 4 tags" in table.notes[0]
    assert "In 7 of 12 cases" in table.notes[0]


def test_artists_stand_beneath_table_3_segments_first() -> None:
    rows = [row(space, level, "accuracy", "f1") for space in "MV" for level in ("segment", "song")]
    table = artist_table(TransferReport(tuple(rows), ()), n_songs=60, n_artists=5, n_folds=6)
    assert table.paper == TABLE_3
    assert [ours.labels for ours in table.ours] == [
        ("CROSS", "M", "segment"),
        ("CROSS", "V", "segment"),
        ("CROSS", "M", "song"),
        ("CROSS", "V", "song"),
    ]
    assert "Chance: 0.2000" in table.notes[0]

"""The numbers that the paper prints, to stand above ours.

Figure 4 (singer identification) is printed as bars without numbers, so it has no rows here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PaperRow:
    """One row of a table: what it is of, and its numbers; None where the paper has none."""

    labels: tuple[str, ...]
    values: tuple[float | None, ...]


RETRIEVAL_COLUMNS = ("R@5", "R@10", "Pr@5", "Pr@10", "mAP")

TABLE_1 = tuple(
    PaperRow((model, space), values)
    for model, rows in {
        "MIXED": {
            "M": (0.1014, 0.1519, 0.1217, 0.0918, 0.1176),
            "V": (0.0499, 0.0757, 0.0598, 0.0454, 0.0589),
            "[M+V]": (0.1015, 0.1515, 0.1218, 0.0909, 0.1200),
            "[M,V]": (0.1139, 0.1689, 0.1367, 0.1013, 0.0713),
        },
        "CROSS": {
            "M": (0.1218, 0.1874, 0.1462, 0.1124, 0.1523),
            "V": (0.0971, 0.1501, 0.1165, 0.0901, 0.1178),
            "[M+V]": (0.1215, 0.1893, 0.1458, 0.1136, 0.1499),
            "[M,V]": (0.1375, 0.2010, 0.1650, 0.1206, 0.1672),
        },
        "X-SP": {
            "M": (0.1617, 0.2410, 0.1940, 0.1446, 0.1979),
            "V": (0.1079, 0.1689, 0.1295, 0.1013, 0.1350),
            "[M+V]": (0.1625, 0.2408, 0.1950, 0.1445, 0.1974),
            "[M,V]": (0.1817, 0.2651, 0.2180, 0.1591, 0.2211),
        },
    }.items()
    for space, values in rows.items()
)
"""Query-by-singer: 300 singers, 1,800 songs in the gallery, 1,200 queries (section 4.3)."""

TAGGING_COLUMNS = ("AUC", "F1", "Precision", "Recall")

TABLE_2 = (
    PaperRow(("Baseline", "-"), (0.7116, 0.7198, 0.6132, 0.7661)),
    PaperRow(("MIX", "M"), (0.7338, 0.7393, 0.6495, 0.8013)),
    PaperRow(("CROSS", "M"), (0.7336, 0.7340, 0.6459, 0.8046)),
    PaperRow(("CROSS", "V"), (0.7406, 0.7392, 0.6511, 0.8007)),
    PaperRow(("CROSS", "[M,V]"), (0.7449, 0.7431, 0.6531, 0.8052)),
    PaperRow(("CROSS-SP", "M"), (0.7376, 0.7383, 0.6457, 0.8054)),
    PaperRow(("CROSS-SP", "V"), (0.7401, 0.7414, 0.6575, 0.7751)),
    PaperRow(("CROSS-SP", "[M,V]"), (0.7529, 0.7469, 0.6617, 0.8186)),
)
"""Vocal tagging: 42 tags of the K-pop Vocal Tag dataset (section 4.4)."""

ARTIST_COLUMNS = ("Accuracy", "F1")

TABLE_3 = (
    PaperRow(("GMM [49]", "", "frame"), (0.590, None)),
    PaperRow(("GMM [50], 18 artists", "", "frame"), (0.541, None)),
    PaperRow(("CRNN [51]", "", "segment"), (0.527, None)),
    PaperRow(("CROSS-SP", "M", "segment"), (0.596, 0.550)),
    PaperRow(("CROSS-SP", "V", "segment"), (0.500, 0.496)),
    PaperRow(("CROSS-SP", "[M+V]", "segment"), (0.638, 0.587)),
    PaperRow(("CROSS-SP", "[M,V]", "segment"), (0.638, 0.576)),
    PaperRow(("SVM [50], 18 artists", "", "song"), (0.687, None)),
    PaperRow(("CRNN [51]", "", "song"), (0.653, None)),
    PaperRow(("i-Vector [52]", "", "song"), (0.8545, 0.8459)),
    PaperRow(("CROSS-SP", "M", "song"), (0.772, 0.753)),
    PaperRow(("CROSS-SP", "V", "song"), (0.894, 0.891)),
    PaperRow(("CROSS-SP", "[M+V]", "song"), (0.815, 0.804)),
    PaperRow(("CROSS-SP", "[M,V]", "song"), (0.806, 0.795)),
)
"""Artist classification on artist20, means over six album folds (section 4.5).

Of some earlier work the paper gives one number only; it stands here as the accuracy.
"""

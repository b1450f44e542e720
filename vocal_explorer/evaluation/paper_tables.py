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

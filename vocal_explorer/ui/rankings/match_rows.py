"""Matches in the words that DJs use."""

from collections.abc import Sequence

from vocal_explorer.base.records.mashups import Match
from vocal_explorer.ui.base.colours import UNKNOWN
from vocal_explorer.ui.base.texts import MATCH_TERMS, counted, music_words, short_music_words
from vocal_explorer.ui.rankings.ranking_list import RankingRow

NOT_KNOWN = "tempo and key not analysed yet"


def match_rows(matches: Sequence[Match]) -> list[RankingRow]:
    """Return the rows of a ranking of matches."""
    return [
        RankingRow(
            found.track.track_id,
            found.rank,
            found.track.title,
            " · ".join(filter(None, (_short(found), found.track.singer or UNKNOWN))),
            found.score,
            "\n".join(_lines(found)),
            "score",
        )
        for found in matches
    ]


def change_words(found: Match) -> str:
    """Return what has to be done so that both fit, such as "+3.2 %, -1 st"."""
    parts = found.parts
    said = []
    if parts.beats is not None and parts.beats != (1, 1):
        said.append(f"{parts.beats[0]}:{parts.beats[1]}")
    if parts.stretch is not None:
        said.append(f"{100 * (parts.stretch - 1):+.1f} %")
    if parts.semitones is not None:
        said.append(f"{parts.semitones:+d} st" if parts.semitones else "same key")
    return ", ".join(said)


def _short(found: Match) -> str:
    music = found.track.music
    return " · ".join([*short_music_words(music), change_words(found)]) if music else ""


def _lines(found: Match) -> list[str]:
    lines = [music_words(found.track.music) if found.track.music else NOT_KNOWN]
    for part, (name, _) in MATCH_TERMS.items():
        value = getattr(found.parts, part)
        lines.append(f"{name}: {'not known' if value is None else f'{100 * value:.0f} %'}")
    lines.append(f"Cosine of voice and mix: {found.similarity:.3f}")
    if found.versions:
        lines.append(f"And {counted(len(found.versions), 'version')}")
    return lines

"""Names that are likely the same singer, and several singers in one name."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vocal_explorer.base.names import folded

SHORTEST = 5  # letters; shorter names differ by one letter too easily
_SEPARATOR = re.compile(
    r"\s*[;/]\s+|\s+/\s+|;|,\s+|\s+\(?(?:feat\.?|ft\.?|featuring|vs\.?|with)\s+|\s+(?:&|\+|and|x)\s+",
    re.IGNORECASE,
)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Likely:
    """Two names that are likely one singer; `name` is the one that more tracks have."""

    spelling: str
    name: str
    n_spelling: int
    n_name: int


def split_singers(text: str) -> list[str]:
    """Return the singers that a name like "A feat. B & C" stands for, each once."""
    parts = (part.strip() for part in _SEPARATOR.split(text))
    names = (part.removesuffix(")") if "(" not in part else part for part in parts)
    return list(dict.fromkeys(name for name in names if name))


def likely_spellings(counts: Mapping[str, int]) -> list[Likely]:
    """Return pairs of names that are likely one singer, the surest first.

    Names are alike that differ only in case, accents, signs, a "The", "&" or "and"; and
    longer ones in which one letter is missing, wrong, or in the wrong place.

    Parameters
    ----------
    counts
        How many tracks each name has.
    """
    by_core: dict[str, list[str]] = defaultdict(list)
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        by_core[_core(name)].append(name)
    same = [(names[0], other) for core, names in by_core.items() if core for other in names[1:]]
    heads = {core: names[0] for core, names in by_core.items()}
    close = [(heads[a], heads[b]) for a, b in _close_pairs(list(heads))]
    pairs = [*sorted(same), *sorted(close)]
    return [_likely(first, second, counts) for first, second in pairs]


def _likely(first: str, second: str, counts: Mapping[str, int]) -> Likely:
    name, spelling = sorted((first, second), key=lambda name: -counts[name])
    return Likely(spelling, name, counts[spelling], counts[name])


def _core(name: str) -> str:
    words = _NO_LETTER.sub(" ", folded(name).replace("&", " and ").replace("'", "")).split()
    if len(words) > 1 and "the" in (words[0], words[-1]):
        words.remove("the")
    return "".join(words)


def _close_pairs(cores: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that one edit leads from one to the other."""
    by_rest: dict[str, list[str]] = defaultdict(list)
    for core in cores:
        if len(core) >= SHORTEST:
            rests = {core, *(core[:i] + core[i + 1 :] for i in range(len(core)))}
            for rest in rests:
                by_rest[rest].append(core)
    pairs = {
        (min(a, b), max(a, b))
        for group in by_rest.values()
        for i, a in enumerate(group)
        for b in group[:i]
    }
    return (pair for pair in sorted(pairs) if _is_one_edit(*pair))


def _is_one_edit(a: str, b: str) -> bool:
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return max(len(a), len(b)) == 1 or (len(a) == 2 and a == b[::-1])

"""Guesses the encoding of tags of the time before Unicode."""

import re
import unicodedata

from charset_normalizer import from_bytes

WESTERN = "cp1252"  # Latin-1, with the quotes and dashes that Windows adds
_ONE_BYTE = {  # each with the script that it is for, the likely ones first
    "cp1251": "CYRILLIC",
    "koi8_r": "CYRILLIC",
    "cp866": "CYRILLIC",
    "cp1253": "GREEK",
    "cp1255": "HEBREW",
    "cp1256": "ARABIC",
    "cp874": "THAI",
    "cp1250": "LATIN",
}
_MORE_BYTES = {
    "cp932": ("HIRAGANA", "KATAKANA", "CJK"),
    "gb18030": ("CJK",),
    "big5": ("CJK",),
    "cp949": ("HANGUL",),
}
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC_VOWELS = frozenset("аеёиоуыэюяіїєў")
_SIGNS = frozenset("·¡¿«»©®°²³½–—‘’“”„…•™€ ")  # of western titles, besides letters


def guess_charset(data: bytes) -> str:
    """Return the name of the encoding that a few words are most likely in.

    It is UTF-8 where that is possible, Latin-1 (as Windows has it) where the words look
    western, and else the first one in which they are sensible words of one script.

    Parameters
    ----------
    data
        All the tags of a file together: the more words the surer.
    """
    if _decoded(data, "utf-8") is not None:
        return "utf-8"
    western = _decoded(data, WESTERN)
    if western is not None and _looks_western(western):
        return WESTERN
    for charset, script in _ONE_BYTE.items():
        text = _decoded(data, charset)
        if text is not None and _is_sensible(text, (script,)):
            return charset
    matches = from_bytes(data, cp_isolation=[*_MORE_BYTES])
    for charset in [match.encoding for match in matches] + [*_MORE_BYTES]:
        text = _decoded(data, charset)
        if text is not None and _is_sensible(text, _MORE_BYTES.get(charset, ())):
            return charset
    return WESTERN


def _decoded(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        return None


def _looks_western(text: str) -> bool:
    """Whether beyond ASCII there are only letters in words of plain ones, and usual signs."""
    odd = [c for c in text if not c.isascii() and c not in _SIGNS]
    if not all(c.isalpha() for c in odd):
        return False
    words = _WORD.findall(text)
    return not any(len(word) > 2 and not any(c.isascii() for c in word) for word in words)


def _is_sensible(text: str, scripts: tuple[str, ...]) -> bool:
    """Whether all letters beyond ASCII are of these scripts, in words as people write them."""
    letters = [c for c in text if c.isalpha() and not c.isascii()]
    names = [unicodedata.name(c, "") for c in letters]
    if not names or not all(name.startswith(scripts) for name in names):
        return False
    if any(unicodedata.category(c) in ("Cc", "Co", "Cn") and not c.isspace() for c in text):
        return False
    return all(map(_is_word, _WORD.findall(text))) and not _has_signs_inside(text)


def _is_word(word: str) -> bool:
    plain = {c.isascii() for c in word}
    script = unicodedata.name(next((c for c in word if not c.isascii()), "a"), "")
    if len(plain) == 2 and not script.startswith("LATIN"):
        return False  # two alphabets in one word
    if not (word.islower() or word.isupper() or word.istitle() or word.lower() == word.upper()):
        return False
    needs_vowel = len(word) > 3 and script.startswith("CYRILLIC")
    return not needs_vowel or not _CYRILLIC_VOWELS.isdisjoint(word.lower())


def _has_signs_inside(text: str) -> bool:
    """Whether a sign beyond ASCII stands between two letters, or box drawing anywhere."""
    signs = ("S", "P", "C")  # categories
    inside = any(
        before.isalpha() and after.isalpha() and sign not in "’·" and not sign.isascii()
        and unicodedata.category(sign).startswith(signs)
        for before, sign, after in zip(text, text[1:], text[2:], strict=False)
    )  # fmt: skip
    return inside or any("\u2500" <= c <= "\u25ff" for c in text)

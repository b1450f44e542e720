"""What different spellings of the same words share, and what of a text can be shown."""

import unicodedata

# Letters and marks that turn the direction of what follows, as nobody writes them into names.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_TEXT = frozenset("\ufffe\uffff")

# Letters that Unicode does not take apart, as people without them on the keyboard type them.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)


def folded(text: str) -> str:
    """Return a text without case, accents, differences of Unicode form and outer space."""
    if text.isascii():
        return text.lower().strip()
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", plain).translate(_PLAIN).strip()


def label_key(label: str) -> str:
    """Return what two spellings of one label share: Unicode form, case and outer space."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).casefold()).strip()


def visible(text: str) -> str:
    """Return a text without control characters, as any terminal and XML can have it.

    Line breaks and tabs become spaces; what is no valid text (undecodable bytes of a file
    name) is replaced.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_shown, text))


def one_line(text: str) -> str:
    """Return a text as `visible` does, without space at its ends and double space in it."""
    return " ".join(visible(text).split())


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if character.isspace() or kind in ("Zl", "Zp"):
        return " "
    if kind == "Cs" or character in _NO_TEXT:
        return "\N{REPLACEMENT CHARACTER}"
    return "" if kind == "Cc" or character in _TURNING else character


def shortened(text: str, longest: int = 26) -> str:
    """Return a text of at most `longest` letters, as it stands on a map."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"

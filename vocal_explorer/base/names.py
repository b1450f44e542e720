"""What different spellings of the same words share."""

import unicodedata

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

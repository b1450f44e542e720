"""Invented names of singers, songs and albums: readable, unique, without end."""

from string import ascii_uppercase

_FIRST = (
    "Mira", "Tobin", "Zoë", "Jasper", "Łucja", "Orla", "Bruno", "Ingrid", "Søren", "Talia",
    "Matéo", "Wren", "Pavel", "Noémie", "Idris", "Greta", "Željko", "Anouk", "Rafael", "Saskia",
    "Мила", "Hollis", "Jürgen", "Imani", "Caspian", "Λήδα", "Dario", "Freya", "Ömer", "Celeste",
    "Ruben",
)  # fmt: skip
_LAST = (
    "Tarnwick", "Volander", "Quillmoor", "Ashgrove", "Ørnfeld", "Pellarin", "Dunmarrow",
    "Kestelyn", "Brámholt", "Lowenthorpe", "Saltrenko", "Fennimar", "Vintersol", "Okoralde",
    "Marchetveld", "Hallowick", "Świetlan", "Rookhaven", "Castelume", "Thistleby", "Námera",
    "Gildenroy", "Emberlyn",
)  # fmt: skip
_ADJECTIVE = (
    "Paper", "Silver", "Slow", "Borrowed", "Hollow", "Northern", "Restless", "Velvet", "Broken",
    "Distant", "Electric", "Golden", "Quiet", "Crimson", "Second", "Midnight", "Wild",
)  # fmt: skip
_NOUN = (
    "Lanterns", "River", "Summer", "Señorita", "Windows", "Letters", "Harbour", "Déjà Vu",
    "Telephone", "Mornings", "Satellite", "Shadows", "Café", "Avenue", "Weather", "Fireflies",
    "Carousel", "Sorrow", "Promises",
)  # fmt: skip
_SEED_STRIDE = 7919  # names of two seeds start far from each other


def singer_name(singer: int, seed: int = 0) -> str:
    """Return the name of a singer; every number has its own."""
    cycle, first, last = _pair(singer + seed * _SEED_STRIDE, len(_FIRST), len(_LAST))
    return " ".join([_FIRST[first], *_initials(cycle), _LAST[last]])


def song_title(singer: int, song: int, seed: int = 0) -> str:
    """Return the title of a song; no singer has two songs of one title."""
    n_titles = len(_ADJECTIVE) * len(_NOUN)
    start = (singer * 61 + seed * 17) % n_titles
    cycle, place = divmod(song, n_titles)
    _, adjective, noun = _pair((start + place) % n_titles, len(_ADJECTIVE), len(_NOUN))
    part = f" (Part {cycle + 1})" if cycle else ""
    return f"{_ADJECTIVE[adjective]} {_NOUN[noun]}{part}"


def album_title(singer: int, seed: int = 0) -> str:
    """Return the title of a singer's one album."""
    _, adjective, noun = _pair(singer * 5 + seed + 2, len(_ADJECTIVE), len(_NOUN))
    return f"The {_ADJECTIVE[adjective]} {_NOUN[noun]} Sessions"


def _pair(number: int, n_first: int, n_second: int) -> tuple[int, int, int]:
    """Walk through all pairs, then start over: (cycle, first, second)."""
    row, first = divmod(number, n_first)
    cycle, shift = divmod(row, n_second)
    return cycle, first, (first * 7 + shift) % n_second


def _initials(cycle: int) -> list[str]:
    letters = []
    while cycle:
        cycle, letter = divmod(cycle - 1, len(ascii_uppercase))
        letters.append(f"{ascii_uppercase[letter]}.")
    return letters

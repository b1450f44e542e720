import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.names import folded, one_line, shortened, visible


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Björk", "bjork"),
        ("BEYONCÉ", "beyonce"),
        ("Łucja", "lucja"),
        ("Sigur Rós", "sigur ros"),
        ("Straße", "strasse"),
        ("Mø", "mo"),
        ("Fay O’Neill", "fay o'neill"),
        ("  Two words ", "two words"),
        ("日本", "日本"),
    ],
)
def test_what_is_typed_plainly_is_what_is_written(written: str, typed: str) -> None:
    assert folded(written) == folded(typed)


@given(st.text())
def test_unicode_forms_are_the_same(text: str) -> None:
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(codec="ascii")))
def test_plain_text_only_loses_its_case_and_outer_space(text: str) -> None:
    assert folded(text) == text.casefold().strip()


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_what_is_shown_has_no_control_characters(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    shown.encode()  # it is valid text
    assert one_line(text) == " ".join(shown.split())


def test_plain_text_is_shown_as_it_is() -> None:
    for text in ("  1  0.9  Łucja", "日本", "ع", ""):
        assert visible(text) == text


def test_a_long_name_ends_in_an_ellipsis_and_is_as_long_as_allowed() -> None:
    assert shortened("A name of just 26 letters.") == "A name of just 26 letters."
    assert shortened("A name that is longer than 26") == "A name that is longer tha…"
    assert shortened("One two", 5) == "One…"

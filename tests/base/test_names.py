import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocal_explorer.base.names import folded


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

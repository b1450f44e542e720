import pytest

from vocal_explorer.audio.charset import guess_charset

SONGS = [
    ("Группа крови\nКино", "cp1251"),
    ("ДДТ\nЧто такое осень", "cp1251"),
    ("Кино\nЗвезда по имени Солнце", "koi8_r"),
    ("Σ'αγαπώ\nΝάνα Μούσχουρη", "cp1253"),
    ("أنت عمري\nأم كلثوم", "cp1256"),
    ("Żółć\nMaanam\nŁódź", "cp1250"),
    ("上を向いて歩こう\n坂本九", "cp932"),
    ("月亮代表我的心\n鄧麗君", "big5"),
    ("봄날\n방탄소년단", "cp949"),
    ("Nữ hoàng", "utf-8"),
]
WESTERN = ["Beyoncé\nDéjà Vu", "Sigur Rós\nÁgætis byrjun", "Hüsker Dü", "“Heroes”", "¿Quién?", "Mø"]


@pytest.mark.parametrize(("text", "charset"), SONGS)
def test_old_encodings_are_recognised(text: str, charset: str) -> None:
    data = text.encode(charset)
    assert data.decode(guess_charset(data)) == text


@pytest.mark.parametrize("text", WESTERN)
def test_western_names_stay_western(text: str) -> None:
    assert guess_charset(text.encode("cp1252")) == "cp1252"


def test_what_is_no_text_at_all_is_taken_as_it_is() -> None:
    assert guess_charset(bytes(range(128, 256))) == "cp1252"

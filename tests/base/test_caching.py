import pytest

from vocal_explorer.base.caching import LruCache


def test_what_was_used_last_is_kept() -> None:
    recent: LruCache[str] = LruCache(2)
    made: list[str] = []

    def get(key: str) -> str:
        return recent.get(key, lambda: made.append(key) or key.upper())

    assert [get(key) for key in "abacab"] == ["A", "B", "A", "C", "A", "B"]
    assert made == ["a", "b", "c", "b"]  # c took the place of b, not of a


def test_a_failure_is_not_kept() -> None:
    recent: LruCache[int] = LruCache(2)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: 1 // 0)
    assert recent.get("a", lambda: 3) == 3


def test_what_is_put_is_found_until_others_take_its_place() -> None:
    recent: LruCache[int] = LruCache(2)
    for number, key in enumerate("ab"):
        recent.put(key, number)
    assert recent.find("a") == 0
    recent.put("c", 2)
    assert [recent.find(key) for key in "abc"] == [0, None, 2]

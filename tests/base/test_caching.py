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

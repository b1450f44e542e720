from window_fixtures import filled, memory, player, settle, window

__all__ = ["filled", "memory", "player", "settle", "window"]

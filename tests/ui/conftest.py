from window_fixtures import filled, memory, player, settle, styled, window

__all__ = ["filled", "memory", "player", "settle", "styled", "window"]

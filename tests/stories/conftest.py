from pulse import null_sink
from window_fixtures import filled, memory, player, settle, styled, window

__all__ = ["filled", "memory", "null_sink", "player", "settle", "styled", "window"]

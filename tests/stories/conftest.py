from pulse import null_sink
from window_fixtures import filled, memory, player, settle, window

__all__ = ["filled", "memory", "null_sink", "player", "settle", "window"]

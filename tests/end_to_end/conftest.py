from pulse import null_sink

__all__ = ["null_sink"]

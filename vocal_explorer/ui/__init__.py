"""The window: it shows what the session knows and hands heavy work to worker threads."""

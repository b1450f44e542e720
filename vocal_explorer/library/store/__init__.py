"""The library's SQLite file: one class a table, and a journal of what changed."""

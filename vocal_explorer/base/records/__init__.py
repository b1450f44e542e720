"""The plain data that crosses wings, by theme: frozen, without torch and without Qt."""

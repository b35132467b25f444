"""SQLite as Django speaks it, with writers that wait in a row."""

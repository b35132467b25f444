"""The lowest room: knows nothing of us."""

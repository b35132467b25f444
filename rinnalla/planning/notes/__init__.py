"""Short notes of a team to itself, on a place or on a day's shift."""

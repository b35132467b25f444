"""What a pair reads on the way to a place, on one screen of a phone."""

"""Announced events: a watch list, what is needed there, and a file of others."""

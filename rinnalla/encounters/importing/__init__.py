"""Bringing the past along: a team's old spreadsheet becomes visits and figures.

``columns`` says which column is which, ``rows`` reads cells into past visits,
``compare`` lays them beside what is stored, ``actions`` writes: unseen in short
steps, then shown by one update.
"""

"""Calendars that leave the house, and reminders by mail."""

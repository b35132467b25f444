"""Rinnalla: plan, meet, guide, hand over, learn, decide."""

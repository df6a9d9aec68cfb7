"""Scenarios: what opens, closes, is built or set on a day."""

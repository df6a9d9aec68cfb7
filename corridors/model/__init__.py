"""Corridors: path, length on the ground, strip and dated statuses."""

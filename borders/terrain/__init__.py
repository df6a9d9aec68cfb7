"""Terrain: elevation models, ridges and watersheds."""

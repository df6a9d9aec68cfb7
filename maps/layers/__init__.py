"""Layers: what a map shows, as rows with a style, for page and figure alike."""

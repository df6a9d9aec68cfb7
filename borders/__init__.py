"""Borders: treaties as lines with an error, places, geodesy and the catalogue of the data."""

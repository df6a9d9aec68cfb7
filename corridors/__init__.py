"""Corridors: centrelines, widths and dated statuses; lengths with their basis; export."""

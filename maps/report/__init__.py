"""The report and the gallery."""

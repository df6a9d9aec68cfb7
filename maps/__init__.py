"""Maps: interactive pages, figures, the report and the command line."""

"""Tables for the terminal and for reports."""

"""Vector files and the values of JSON."""

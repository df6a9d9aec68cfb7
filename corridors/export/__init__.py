"""Vector files, osmnx graphs and the values of JSON."""

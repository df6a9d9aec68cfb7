"""Roads and rails of OpenStreetMap: extracts read, joined to links, cut at borders."""

"""Files: the bundled data and the user's own, read, checked and written whole."""

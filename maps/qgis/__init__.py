"""Projects and styles of QGIS: the maps of Araxes in a program of the reader's own."""

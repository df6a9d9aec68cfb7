"""A study: a folder with an analyst's own question, in front of the bundled data."""

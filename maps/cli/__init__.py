"""The command line: `araxes`."""

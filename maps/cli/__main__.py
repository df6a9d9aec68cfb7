"""`python -m maps.cli` is the command `araxes`."""

from maps.cli.main import program

program()

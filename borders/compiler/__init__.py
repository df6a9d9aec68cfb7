"""The treaty compiler: calls become a line, leg by leg, each with its error."""

"""Published figures and claims: what others say, beside our own numbers."""

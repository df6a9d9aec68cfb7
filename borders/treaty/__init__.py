"""Treaties as written: calls, wording, and the places that they name."""

"""Engines of least-cost search, all with the same sums to the last bit."""

"""Engines of least-cost search, all with the same sums to the last bit.

Each takes a graph and weights, and has `update` (weights of some arcs), `reset` (of all), `table`
(least weights, sources × targets), `pairs` (least weight of each pair) and `paths` (arcs of a best
path of each pair).
"""

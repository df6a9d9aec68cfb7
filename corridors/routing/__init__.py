"""Routing: least costs and ways over a graph of arcs, one by one or under many scenarios.

It knows arcs and costs, nothing of places. Customizable contraction hierarchies answer where
`routingkit-cch` is installed (extra ``fast``), SciPy elsewhere, and for the few questions of a
command on a small graph a heap does: all with the same sums to the last bit.
"""

from corridors.routing.batch import Answers, scenarios
from corridors.routing.graph import Graph
from corridors.routing.router import Router

__all__ = ["Answers", "Graph", "Router", "scenarios"]

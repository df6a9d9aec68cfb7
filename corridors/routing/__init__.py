"""Routing: least-cost paths over a graph of arcs, and routes through a network of places.

`Graph`, `Router` and `route_batch` know arcs and costs, nothing of places; `planner` and what
builds on it know places, links and scenarios. Customizable contraction hierarchies search where
`routingkit-cch` is installed (extra ``fast``), SciPy elsewhere, and Dijkstra's algorithm in plain
Python for the few searches of a command on a small graph: all with the same sums to the last bit.
"""

from corridors.routing.batch import BatchPaths, route_batch
from corridors.routing.graph import Graph
from corridors.routing.router import Router

__all__ = ["BatchPaths", "Graph", "Router", "route_batch"]

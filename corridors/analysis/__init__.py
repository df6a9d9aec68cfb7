"""Questions beyond one route: comparisons, matrices, reach, break-even points, shares."""

"""Distances, times, costs and ways from each of some places to each of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import AraxesError
from corridors.routing.find import route_of
from corridors.routing.query import listed, planner_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["matrix", "ways"]


def matrix(
    origins: Sequence[str] | str,
    destinations: Sequence[str] | str | None = None,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> list[list[float]]:
    """Return kilometres, hours or US dollars a tonne from each origin to each destination.

    Parameters
    ----------
    destinations : the origins once more if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Returns
    -------
    A row for each origin; infinite where there is no way, 0 from a place to itself. `ways` gives
    intervals too.

    Raises
    ------
    UnknownNameError : no such place or scenario; the message offers the nearest.

    Examples
    --------
    >>> rows = matrix(["Kars", "Baku"], ["Tbilisi", "Kars"])
    >>> rows[0][1], rows[1][0] > 500
    (0.0, True)
    """
    planner = planner_for([scenario], terms, network, on)
    rows = [planner.place(name) for name in listed(origins)]
    columns = rows if destinations is None else [planner.place(n) for n in listed(destinations)]
    unit = 1000.0 if planner.terms.by == "km" else 1.0
    found: list[list[float]] = (planner.matrix(planner.states[0], rows, columns) / unit).tolist()
    return found


def ways(  # noqa: PLR0913 - any question may be of another day
    origins: Sequence[str] | str,
    destinations: Sequence[str] | str | None = None,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[tuple[str, str], Route | None]:
    """Return origin and destination → the best way, None where there is none.

    It tells what `matrix` does not: intervals, crossings, links; and takes longer.

    Parameters
    ----------
    destinations : the origins once more if missing; no place is paired with itself.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.
    progress : called with the number of origins done and of all.

    Raises
    ------
    AraxesError : a place is named twice, or only one is.

    Examples
    --------
    >>> found = ways(["Kars", "Tbilisi"])
    >>> found["kars", "tbilisi"].countries
    ('TR', 'GE')
    """
    planner = planner_for([scenario], terms, network, on)
    rows = _once(planner, listed(origins))
    columns = rows if destinations is None else _once(planner, listed(destinations))
    state = planner.states[0]
    found: dict[tuple[str, str], Route | None] = {}
    for n, origin in enumerate(rows, 1):
        pairs = [(origin, end) for end in columns if end != origin]
        for pair, path in zip(pairs, planner.find_each(state, pairs), strict=True):
            found[pair] = None if path is None else route_of(state, pair, path.steps)
        if progress:
            progress(n, len(rows))
    if not found:
        message = f"only '{listed(origins)[0]}' is given; name two different places or more"
        raise AraxesError(message)
    return found


def _once(planner: RoutePlanner, names: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for name in names:
        key = planner.place(name)
        if key in found:
            message = f"'{found[key]}' and '{name}' are one place; name each place once"
            raise AraxesError(message)
        found[key] = name
    return list(found)

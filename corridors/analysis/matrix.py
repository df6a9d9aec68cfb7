"""Distances, times, costs and routes from each of some places to each of others."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from borders.errors import AraxesError
from corridors.routing.find import route_of
from corridors.routing.query import as_list, planner_for
from corridors.routing.route import name_of
from corridors.scenarios.terms import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    import pandas

    from corridors.network.network import Network
    from corridors.routing.planner import RoutePlanner
    from corridors.routing.route import Route, Step
    from corridors.scenarios.scenario import Scenario
    from corridors.scenarios.terms import Terms

__all__ = ["Matrix", "matrix", "ways"]


class Matrix(list[list[float]]):
    """Numbers from each of some places to each of others: a list of rows that knows its labels.

    Parameters
    ----------
    rows : one for each origin.
    origins, destinations : ids of the places of rows and columns.
    by : what the numbers are: ``km``, ``hours`` or ``cost`` (US dollars a tonne).
    """

    def __init__(
        self,
        rows: Iterable[list[float]],
        *,
        origins: Sequence[str],
        destinations: Sequence[str],
        by: str,
    ) -> None:
        super().__init__(rows)
        self.origins, self.destinations, self.by = tuple(origins), tuple(destinations), by

    @property
    def unit(self) -> str:
        """Return the unit of the numbers: ``km``, ``h`` or ``USD/t``."""
        return QUANTITIES[self.by].unit

    def to_frame(self) -> pandas.DataFrame:
        """Return the numbers as a DataFrame, labelled with the names of the places.

        Returns
        -------
        Index ``from``, columns ``to (km)``, ``to (h)`` or ``to (USD/t)``.
        """
        import pandas as pd

        index = pd.Index(map(name_of, self.origins), name="from")
        columns = pd.Index(map(name_of, self.destinations), name=f"to ({self.unit})")
        return pd.DataFrame(list(self), index=index, columns=columns)


def matrix(
    origins: Sequence[str] | str,
    destinations: Sequence[str] | str | None = None,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
) -> Matrix:
    """Return kilometres, hours or US dollars a tonne from each origin to each destination.

    Parameters
    ----------
    origins : places, by id or by a name in any language.
    destinations : the origins once more if missing.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.

    Returns
    -------
    A row of numbers for each origin, in the order given; infinite where there is no route, 0 from
    a place to itself. `Matrix.to_frame` labels them with the names of the places. `ways` gives
    intervals too.

    Raises
    ------
    UnknownNameError : no such place or scenario; the message offers the nearest.

    Examples
    --------
    >>> rows = matrix(["Kars", "Baku"], ["Tbilisi", "Kars"])
    >>> rows[0][1], rows[1][0] > 500, rows.unit
    (0.0, True, 'km')
    >>> bool(matrix(["Kars", "Baku"]).to_frame().loc["Kars", "Baku"] > 500)
    True
    """
    sides = _sides(origins, destinations)
    planner = planner_for([scenario], terms, network, on, ends=chain.from_iterable(sides))
    rows, columns = ([planner.stops.place(name) for name in side] for side in sides)
    by = planner.terms.by
    numbers = planner.matrix(planner.states[0], rows, columns) / QUANTITIES[by].factor
    return Matrix(numbers.tolist(), origins=rows, destinations=columns, by=by)


def ways(  # noqa: PLR0913 - any query may be of another day
    origins: Sequence[str] | str,
    destinations: Sequence[str] | str | None = None,
    *,
    scenario: Scenario | str = "status-quo",
    terms: Terms | None = None,
    network: Network | str | Path | None = None,
    on: date | str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[tuple[str, str], Route | None]:
    """Return origin and destination → the best route, None where there is none.

    Routes have what `matrix` lacks, intervals, crossings and links, and take longer.

    Parameters
    ----------
    origins : places, by id or by a name in any language.
    destinations : the origins once more if missing; no place is paired with itself.
    on : day whose statuses hold; otherwise that of a network loaded for a day, or else of the
        scenario.
    progress : called with the number of origins done and of all.

    Raises
    ------
    AraxesError : a place is named twice, or only one place is named.
    UnknownNameError : no such place or scenario; the message offers the nearest.

    Examples
    --------
    >>> routes = ways(["Kars", "Tbilisi"])
    >>> routes["kars", "tbilisi"].countries
    ('TR', 'GE')
    """
    sides = _sides(origins, destinations)
    planner = planner_for([scenario], terms, network, on, ends=chain.from_iterable(sides))
    rows, columns = (_different_places(planner, side) for side in sides)
    state = planner.states[0]
    routes: dict[tuple[str, str], Route | None] = {}
    steps: dict[tuple[str, bool], Step] = {}
    for n, origin in enumerate(rows, 1):
        pairs = [(origin, end) for end in columns if end != origin]
        for pair, path in zip(pairs, planner.find_each(state, pairs), strict=True):
            routes[pair] = None if path is None else route_of(state, pair, path.steps, known=steps)
        if progress:
            progress(n, len(rows))
    if not rows or not columns:
        return routes
    if not routes:
        message = f"only '{sides[0][0]}' is given; name two different places or more"
        raise AraxesError(message)
    return routes


def _sides(
    origins: Iterable[str] | str, destinations: Iterable[str] | str | None
) -> tuple[list[str], list[str]]:
    """Return the names of origins and destinations, which are the origins once more if missing."""
    names = as_list(origins)
    return names, names if destinations is None else as_list(destinations)


def _different_places(planner: RoutePlanner, names: Sequence[str]) -> list[str]:
    """Return the ids of places; refuse two names of one place."""
    name_of_place: dict[str, str] = {}
    for name in names:
        key = planner.stops.place(name)
        if key in name_of_place:
            message = f"'{name_of_place[key]}' and '{name}' are one place; name each place once"
            raise AraxesError(message)
        name_of_place[key] = name
    return list(name_of_place)

"""What every question begins with: scenarios on their day, a network, terms and places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar
from warnings import warn

from borders.dates import parse_date
from borders.errors import AraxesError
from corridors.network.load import known_until, load_network
from corridors.network.network import Network
from corridors.routing.planner import RoutePlanner
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms, several

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    Day: TypeAlias = date | str

__all__ = ["dated", "listed", "pair_as_first_argument", "planner_for", "two"]

P = ParamSpec("P")
R = TypeVar("R")


def planner_for(
    scenarios: Iterable[Scenario | str],
    terms: Terms | None,
    network: Network | str | Path | None,
    on: Day | None,
) -> RoutePlanner:
    """Return the graph that a question is asked of.

    Parameters
    ----------
    network : one, or what `load_network` reads; the bundled one if missing.
    on : day whose statuses hold; see `dated`.

    Raises
    ------
    AraxesError : no scenario, or something of another kind.
    """
    known = network if isinstance(network, Network) else load_network(network)
    if terms is not None and not isinstance(terms, Terms):
        message = f"terms is {_shown(terms)}; give Terms, such as Terms(by='hours')"
        raise AraxesError(message)
    read = [dated(one, known, on=on) for one in scenarios]
    if not read:
        message = "no scenario is given; name at least one, such as 'status-quo'"
        raise AraxesError(message)
    return RoutePlanner(known, read, terms or Terms())


def dated(
    scenario: Scenario | str, network: Network | None = None, *, on: Day | None = None
) -> Scenario:
    """Return a scenario on the day that a question is about.

    That is `on`; otherwise the day for which the network was loaded, as long as the scenario has
    no other than that of `status-quo`, up to which the data speak; otherwise the scenario's own.

    Parameters
    ----------
    scenario : one, its id, several ids joined by ``+``, or a TOML file.

    Raises
    ------
    AraxesError : scenario and network are of two different days.

    Examples
    --------
    >>> network = load_network(on="1992-01-01")
    >>> str(dated("tripp-open", network).on), str(dated("tripp-open", network, on="2000-01-01").on)
    ('1992-01-01', '2000-01-01')
    """
    if not isinstance(scenario, Scenario | str | Path):
        message = f"the scenario is {_shown(scenario)}; give one, its id or a .toml file"
        raise AraxesError(message)
    found = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    if on is not None:
        return replace(found, on=parse_date(on))
    if network is None or not network.dated or found.on in (None, network.on):
        return found
    if found.on != known_until():
        message = (
            f"scenario '{found.id}' is of {found.on}, the network of {network.on}; say which day "
            "counts with on="
        )
        raise AraxesError(message)
    return replace(found, on=network.on)


def listed(names: Iterable[Any] | str, what: str = "places") -> list[Any]:
    """Return names, or other things, as a list; one name alone too.

    Raises
    ------
    AraxesError : a thing that is no list of any.
    """
    found = several(names)
    if found is None:
        message = f"{_shown(names)} is no list of {what}"
        raise AraxesError(message)
    return found


def two(pair: Any) -> tuple[str, str]:
    """Return the two places of a pair.

    Raises
    ------
    AraxesError : it is no pair.
    """
    if isinstance(pair, Iterable) and not isinstance(pair, str):
        found = tuple(pair)
        if len(found) == 2:
            return found
    message = f"{_shown(pair)} is no pair of places; give two, such as ('Kars', 'Baku')"
    raise AraxesError(message)


def pair_as_first_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Let a question take origin and destination as one pair too, as it once did."""

    @wraps(function)
    def question(*args: P.args, **options: P.kwargs) -> R:
        if args and not isinstance(args[0], str):
            name = function.__name__
            warn(
                f"{name}((origin, destination), …) is now {name}(origin, destination, …)",
                DeprecationWarning,
                stacklevel=2,
            )
            args = (*two(args[0]), *args[1:])  # type: ignore[assignment]
        return function(*args, **options)

    return question


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else f"{text[:60]}…"

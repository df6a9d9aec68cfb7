"""A network small enough to draw on paper: four towns, two borders, road and two gauges.

kars ---80--- gyumri ---120--- yerevan         rail1435 kars–gyumri closed, rail1520 beyond
  \\                             /
   ---120--- igdir ---60--- aralik             road; kars–gyumri by road closed too
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from borders.gazetteer.places import places
from corridors.network.dated_statuses import LinkStatus
from corridors.network.link import Link
from corridors.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = date(2026, 6, 1)


def status(word: str, **columns: Any) -> LinkStatus:
    """Return a status that says who says so."""
    return LinkStatus(status=word, source="araxes", state="assumption", **columns)


def link(key: str, start: str, end: str, km: float, **columns: Any) -> Link:
    """Return a link with a standard error of 1 % of its length; columns replace the usual ones."""
    ends = [node.rpartition(".")[0] for node in (start, end)]
    layer = start.rpartition(".")[2]
    mode = "rail" if layer.startswith("rail") else layer
    end_places = [places()[end] for end in ends]
    values: dict[str, Any] = {
        "id": key,
        "start": start,
        "end": end,
        "mode": mode,
        "length_m": 1000.0 * km,
        "sigma_m": 10.0 * km,
        "basis": "published",
        "statuses": (status(columns.pop("status", "open")),),
        "countries": tuple(dict.fromkeys(p.country for p in end_places)),
        "xy": tuple((p.lon, p.lat) for p in end_places),
        "gauge_mm": int(layer[4:]) if mode == "rail" else None,
    }
    return Link(**{**values, **columns})


def transfer(place: str, layer: str, other: str) -> Link:
    """Return an open transfer between two layers of a place."""
    return Link(
        id=f"transfer-{place}-{layer}-{other}", start=f"{place}.{layer}", end=f"{place}.{other}",
        mode="transfer", length_m=0.0, sigma_m=0.0, statuses=(status("open"),),
        countries=(places()[place].country,),
    )  # fmt: skip


def network(links: Sequence[Link] = ()) -> Network:
    """Return the network of the picture, with further links."""
    closed = (
        status("open", valid_to=date(1993, 4, 3)),
        status("closed", valid_from=date(1993, 4, 3)),
    )
    pictured = [
        link("road-kars-gyumri", "kars.road", "gyumri.road", 80, statuses=closed,
             crossing="x-akyaka"),
        link("road-gyumri-yerevan", "gyumri.road", "yerevan.road", 120),
        link("road-kars-igdir", "kars.road", "igdir.road", 120),
        link("road-igdir-aralik", "igdir.road", "aralik.road", 60),
        link("rail-kars-gyumri", "kars.rail1435", "gyumri.rail1435", 75, statuses=closed,
             crossing="x-dogukapi", corridor="kars-gyumri"),
        link("rail-gyumri-yerevan", "gyumri.rail1520", "yerevan.rail1520", 150),
        transfer("gyumri", "rail1435", "rail1520"),
        transfer("gyumri", "rail1520", "road"),
        transfer("kars", "rail1435", "road"),
    ]  # fmt: skip
    return Network(links=(*pictured, *links), on=DAY, name="the small network")

"""Random networks of a few towns, for laws that hold on every network."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from raw_network import raw_assumptions

from corridors.network.dated_statuses import LinkStatus
from corridors.network.link import Link
from corridors.network.network import Network

TOWNS = ("kars", "igdir", "gyumri", "yerevan", "tbilisi", "ganja", "baku", "julfa")
LAYERS = ("road", "rail1520", "rail1435")
DAY = date(2020, 6, 1)
CHANGE = date(2020, 1, 1)


def plain_cost(
    link: Link, by: str, modes: tuple[str, ...], *, forward: bool, on: date = DAY
) -> float | None:
    """Return the metres or hours of a link of such a network, None if it may not be used.

    Read off the link itself and the file of assumptions: a truth for what the packages make of it.
    """
    layers = [node.rpartition(".")[2].rstrip("0123456789") for node in (link.start, link.end)]
    if not ({*layers} if link.mode == "transfer" else {link.mode}) <= {*modes}:
        return None
    holding = [
        one for one in link.statuses
        if (one.valid_from is None or one.valid_from <= on)
        and (one.valid_to is None or on < one.valid_to)
        and one.direction in ("both", "forward" if forward else "backward")
    ]  # fmt: skip
    if [one.status for one in holding] != ["open"]:
        return None
    if by == "km":
        return link.length_m
    assumed = raw_assumptions()
    if link.mode == "transfer":
        return assumed["delay_h.transfer.mode"]
    return link.length_m / 1000 / assumed[f"speed_kmh.{link.mode}.{link.terrain}"]


@st.composite
def networks(draw) -> Network:
    """Return a network of a few towns: parallel and zero-length links, dated statuses, layers."""
    n_links = draw(st.integers(4, 14))
    links = []
    for k in range(n_links):
        a, b = draw(st.lists(st.sampled_from(TOWNS), min_size=2, max_size=2, unique=True))
        layer = draw(st.sampled_from(LAYERS))
        before = draw(st.sampled_from(["open", "closed", "unknown", "planned"]))
        after = draw(st.sampled_from(["open", "open", "closed", "construction"]))
        direction = draw(st.sampled_from(["both", "both", "both", "forward"]))
        km = draw(st.sampled_from([0, 1, 10, 10, 50, 333]))
        links.append(
            Link(
                id=f"l{k}", start=f"{a}.{layer}", end=f"{b}.{layer}",
                mode="road" if layer == "road" else "rail", length_m=1000.0 * km,
                sigma_m=10.0 * km, shared_m=5.0 * km, shared_with=layer,
                statuses=(
                    LinkStatus(status=before, valid_to=CHANGE, direction=direction),
                    LinkStatus(status=after, valid_from=CHANGE, direction=direction),
                ),
            )
        )  # fmt: skip
    for k, town in enumerate(draw(st.lists(st.sampled_from(TOWNS), max_size=4, unique=True))):
        links.append(
            Link(id=f"t{k}", start=f"{town}.road", end=f"{town}.rail1520", mode="transfer",
                 length_m=0.0, sigma_m=0.0)
        )  # fmt: skip
    return Network(links=tuple(links), on=DAY)

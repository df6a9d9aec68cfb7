"""The links that a user means by an id: those of a crossing, of a corridor, or one link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borders.errors import AmbiguousNameError, UnknownNameError

if TYPE_CHECKING:
    from corridors.network.link import Link
    from corridors.network.network import Network

__all__ = ["ambiguous", "kinds_named", "named_links", "split_kind"]

KINDS = ("link", "crossing", "corridor")


def split_kind(name: str) -> tuple[str, str]:
    """Return kind and id of a name such as ``crossing:x-sarp-sarpi``; the kind may be empty.

    Examples
    --------
    >>> split_kind("crossing:x-sarp-sarpi"), split_kind("btk")
    (('crossing', 'x-sarp-sarpi'), ('', 'btk'))
    """
    kind, colon, key = name.partition(":")
    return (kind, key) if colon and kind in (*KINDS, "place", "country") else ("", name)


def kinds_named(network: Network, name: str) -> dict[str, tuple[Link, ...]]:
    """Return kind → links of that kind with an id; one kind, if all would be the same links."""
    asked, key = split_kind(name)
    named: dict[str, tuple[Link, ...]] = {}
    for kind in KINDS:
        if asked in ("", kind):
            if kind == "link":
                links = network.whole(key)
            else:
                group = network.groups.get(key, ())
                links = tuple(link for link in group if getattr(link, kind) == key)
            if links and links not in named.values():
                named[kind] = links
    return named


def named_links(network: Network, name: str) -> tuple[Link, ...]:
    """Return the links of a crossing, a corridor or a link, by id.

    Raises
    ------
    UnknownNameError : nothing has the id; the message offers the nearest.
    AmbiguousNameError : a crossing, corridor or link have the same id, and different links.
    """
    named = kinds_named(network, name)
    if not named:
        network.links_of(split_kind(name)[1])
        message = f"no {split_kind(name)[0]} '{split_kind(name)[1]}' in {network.name}"
        raise UnknownNameError(message)
    if len(named) > 1:
        raise AmbiguousNameError(ambiguous(name, tuple(named), network))
    (links,) = named.values()
    return links


def ambiguous(name: str, kinds: tuple[str, ...], network: Network) -> str:
    """Return the message that an id means things of several kinds, and how to tell them apart."""
    meant = " and ".join(f"a {kind}" for kind in kinds)
    how = " or ".join(f"{kind}:{name}" for kind in kinds)
    return f"'{name}' is {meant} of {network.name}; write {how}"

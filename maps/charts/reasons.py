"""Why ways differ between scenarios, in the language of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.model.registry import system, system_ids
from maps.i18n import comma, name_of, number, word
from maps.layers.network import titles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridors.analysis.compare import Row
    from corridors.network.link import Link
    from corridors.routing.obstacles import Obstacle

__all__ = ["in_the_way", "link_name", "reason", "signed"]


def reason(row: Row, language: str) -> str:
    """Return what makes a way differ from that of the first scenario, or what stands in the way.

    In English it is the row's own reason, which also has ids, statuses and dates.
    """
    if language == "en":
        return row.reason
    gap = f"{comma(language)} "
    if row.way is None:
        return in_the_way(row.standing, language)
    if not row.reason:
        return ""
    if not row.new_steps:
        return word("reason-same", language)
    links = [step.link for step in row.new_steps if step.opened]
    opened = dict.fromkeys(_name(link.corridor or "", link, language) for link in links)
    key = "reason-through" if opened else "reason-another"
    return word(key, language).format(gap.join(opened))


def in_the_way(standing: Iterable[Obstacle], language: str) -> str:
    """Return what stands in the way of a route, in a language; empty if nothing is known to."""
    names = (_name(obstacle.name, obstacle.link, language) for obstacle in standing)
    named = f"{comma(language)} ".join(dict.fromkeys(names))
    return word("ui-in-the-way", language).format(named) if named else ""


def link_name(link: Link, language: str) -> str:
    """Return what a link is called in a language: its own name, or those of its ends."""
    names = titles(link)
    return name_of(names, names["en"], language)


def _name(key: str, link: Link, language: str) -> str:
    """Return the name of a link's corridor, if that is meant, or of the link."""
    if key != link.corridor or key not in system_ids():
        return link_name(link, language)
    corridor = system(key)
    return name_of(corridor.names, corridor.name, language)


def signed(percent: float, language: str) -> str:
    """Return by how many per cent a figure is above or below another, in a language."""
    return f"{'+' if percent > 0 else '−'}{number(f'{abs(percent):.1f}', language)}"

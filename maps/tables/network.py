"""Crossings, links and scenarios as texts that read well at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.dates import span
from maps.tables.text import console, print_item

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["show_links", "show_scenario"]

_UNITS = {"delay_h": "h", "speed_kmh": "km/h", "cost_usd_t": "USD/t", "cost_usd_tkm": "USD/tkm",
          "gauge_mm": "mm"}  # fmt: skip


def show_links(told: dict[str, Any]) -> None:
    """Print a crossing or a link."""
    out = console()
    out.print(told["name"], style="bold", markup=False)
    countries = f", {'–'.join(told['countries'])}" if told["countries"] else ""
    out.print(f"{told['id']}, {told['kind']}{countries}", markup=False)
    for link in told["links"]:
        out.print()
        if link["id"] != told["id"]:
            print_item("link", link["id"])
        gauge = f", {link['gauge_mm']} mm" if link["gauge_mm"] else ""
        print_item("course", f"{link['ends']}, {link['mode']}{gauge}")
        interval = f"{link['low_km']:,.1f}–{link['high_km']:,.1f}"
        print_item("length", f"{link['km']:,.1f} km ({interval}), basis {link['basis']}")
        print_item(f"on {told['on']} ", _by_users(link["status"]))
        delays = {users: _hours(one) for users, one in link["delay_h"].items() if one}
        if delays:
            print_item("delay", _by_users(delays))
        if link["note"]:
            print_item("note", link["note"])
        for status in link["statuses"]:
            print_item("status", _status(status))
    out.print()
    for source in told["sources"]:
        print_item("source", f"{source['id']}: {source.get('citation', '')}")


def _by_users(said: dict[str, str]) -> str:
    """Return what is said of each class of users, of all at once if it is the same."""
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{users} {what}" for users, what in said.items())


def _hours(one: dict[str, Any]) -> str:
    between = f" ({one['low']:g}–{one['high']:g})" if one["low"] != one["high"] else ""
    return f"{one['value']:g} h{between}, {one['state']}"


def _status(one: dict[str, Any]) -> str:
    dates = span(one["valid_from"], one["valid_to"], precision=one["precision"])
    mark = ", unverified" if one["state"] == "unverified" else ""
    whom = "" if one["users"] == "all" else f" for {one['users']}"
    way = "" if one["direction"] == "both" else f", {one['direction']} only"
    note = f"; {one['note']}" if one["note"] else ""
    return f"{one['status']}{whom}{way} ({dates}{mark}); {one['source']}{note}"


def show_scenario(told: dict[str, Any]) -> None:
    """Print what a scenario changes."""
    out = console()
    out.print(told["name"], style="bold", markup=False)
    out.print(f"{told['id']}, scenario on {told['on']}", markup=False)
    others = [f"{code}: {name}" for code, name in told["names"].items() if code != "en"]
    if others:
        out.print("  ".join(others), markup=False)
    out.print()
    for what in ("open", "close", "build"):
        _parts(what, told[what])
    for key, value in told["set"].items():
        unit = next((_UNITS[part] for part in key.split(".") if part in _UNITS), "")
        print_item("set", f"{key} = {value:g} {unit}".rstrip())
    if not any(told[what] for what in ("open", "close", "build", "set")):
        out.print("It changes nothing: the statuses of its day hold.")
    if told["links_opened"]:
        n, unbuilt_km = told["links_opened"], told["unbuilt_km"]
        opened = f"{n} link{'' if n == 1 else 's'} opened, {unbuilt_km:,.0f} km of them unbuilt"
        print_item("together", opened)
    for one in told["remarks"]:
        print_item("remark", one)
    if told["note"]:
        out.print()
        out.print(told["note"], markup=False)


def _parts(what: str, parts: Iterable[dict[str, Any]]) -> None:
    for one in parts:
        n = len(one["links"])
        links = f"{n} links" if n > 1 else "1 link"
        status = "" if what == "build" else f"; else {', '.join(one['status'])}"
        print_item(what, f"{one['id']}: {one['km']:,.1f} km, {links}{status}")

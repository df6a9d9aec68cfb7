"""Crossings, links and scenarios as texts that read well at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from borders.dates import span
from maps.tables.text import console, print_item, print_source

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["show_links", "show_scenario"]

# Part of a key that a scenario sets → its unit.
_UNITS = {"delay_h": "h", "speed_kmh": "km/h", "cost_usd_t": "USD/t", "cost_usd_tkm": "USD/tkm",
          "gauge_mm": "mm"}  # fmt: skip


def show_links(summary: dict[str, Any]) -> None:
    """Print a crossing or a link, as `corridors.export.show_network_json.link_summary` has it."""
    out = console()
    out.print(summary["name"], style="bold", markup=False)
    countries = f", {'–'.join(summary['countries'])}" if summary["countries"] else ""
    out.print(f"{summary['id']}, {summary['kind']}{countries}", markup=False)
    for link in summary["links"]:
        out.print()
        if link["id"] != summary["id"]:
            print_item("link", link["id"])
        gauge = f", {link['gauge_mm']} mm" if link["gauge_mm"] else ""
        print_item("course", f"{link['ends']}, {link['mode']}{gauge}")
        interval = f"{link['low_km']:,.1f}–{link['high_km']:,.1f}"
        print_item("length", f"{link['km']:,.1f} km ({interval}), basis {link['basis']}")
        print_item(f"on {summary['on']} ", _by_users(link["status"]))
        delays = {users: _hours(delay) for users, delay in link["delay_h"].items() if delay}
        if delays:
            print_item("delay", _by_users(delays))
        if link["note"]:
            print_item("note", link["note"])
        for status in link["statuses"]:
            print_item("status", _status(status))
    for flow in summary["flows"]:
        note = f"; {flow['note']}" if flow["note"] else ""
        print_item("traffic", f"{flow['text']}; {flow['source']}{note}")
    if summary["sources"]:
        out.print()
    for source in summary["sources"]:
        print_source(source["id"])


def _by_users(texts: dict[str, str]) -> str:
    """Return the text of each class of users, once for all if they are the same."""
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{users} {text}" for users, text in texts.items())


def _hours(delay: dict[str, Any]) -> str:
    digits = 0 if delay["value"] >= 10 else 1
    value, low, high = (f"{delay[key]:,.{digits}f}" for key in ("value", "low", "high"))
    between = f" ({low}–{high})" if delay["low"] != delay["high"] else ""
    return f"{value} h{between}, {delay['state']}"


def _status(row: dict[str, Any]) -> str:
    dates = span(row["valid_from"], row["valid_to"], precision=row["precision"])
    mark = ", unverified" if row["state"] == "unverified" else ""
    users = "" if row["users"] == "all" else f" for {row['users']}"
    direction = "" if row["direction"] == "both" else f", {row['direction']} only"
    note = f"; {row['note']}" if row["note"] else ""
    hours = (("closed", row.get("closed")), ("open", row.get("open_hours")))
    said = "".join(f", {word} {text}" for word, text in hours if text)
    source = f"; {row['source']}" if row["source"] else ""
    return f"{row['status']}{users}{direction} ({dates}{mark}{said}){source}{note}"


def show_scenario(summary: dict[str, Any]) -> None:
    """Print what a scenario changes, as `scenario_summary` has it."""
    out = console()
    out.print(summary["name"], style="bold", markup=False)
    out.print(f"{summary['id']}, scenario on {summary['on']}", markup=False)
    others = [f"{code}: {name}" for code, name in summary["names"].items() if code != "en"]
    if others:
        out.print("  ".join(others), markup=False)
    out.print()
    for label in ("open", "close", "build"):
        _print_parts(label, summary[label])
    for key, value in summary["set"].items():
        unit = next((_UNITS[part] for part in key.split(".") if part in _UNITS), "")
        print_item("set", f"{key} = {value:g} {unit}".rstrip())
    for label, word in (("closed", "closed"), ("open_hours", "open")):
        for key, text in summary[label].items():
            print_item("hours", f"{key} {word} {text or 'never' if word == 'closed' else text}")
    changes = ("open", "close", "build", "set", "closed", "open_hours")
    if not any(summary[label] for label in changes):
        out.print("It changes nothing: the statuses of its day hold.")
    if summary["links_opened"]:
        n, unbuilt_km = summary["links_opened"], summary["unbuilt_km"]
        opened = f"{n} link{'' if n == 1 else 's'} opened, {unbuilt_km:,.0f} km of them unbuilt"
        print_item("together", opened)
    for remark in summary["remarks"]:
        print_item("remark", remark)
    if summary["note"]:
        out.print()
        out.print(summary["note"], markup=False)


def _print_parts(label: str, parts: Iterable[dict[str, Any]]) -> None:
    """Print what a scenario opens, closes or builds, with the statuses without it."""
    for part in parts:
        n = len(part["links"])
        links = f"{n} links" if n > 1 else "1 link"
        status = "" if label == "build" else f"; else {', '.join(part['status'])}"
        print_item(label, f"{part['id']}: {part['km']:,.1f} km, {links}{status}")

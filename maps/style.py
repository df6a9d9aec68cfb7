"""One style table for every output: colour by kind and mode, dash by status.

Colours are the colour-blind-safe set of Okabe and Ito, darkened where needed for contrast on the
light basemap; dashes tell statuses apart in print without colour and for readers who see none.

Source
------
M. Okabe, K. Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["BASEMAP", "CHANGES", "DASHES", "ROUTES", "Style", "area_style", "mode_style", "style"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a line, an area or a point is drawn.

    Parameters
    ----------
    colour : hexadecimal, ``#rrggbb``.
    width : of the line, in pixels on a page; a figure multiplies it by the pen of its page format.
    dash : lengths of strokes and gaps, in the unit of the width; empty for a solid line.
    fill : opacity of the area inside, 0 for none.
    """

    colour: str
    width: float = 2.5
    dash: tuple[float, ...] = ()
    fill: float = 0.0


# Colour and width of each system, the same in every output. Systems that one figure shows side by
# side differ in lightness too, for print in grey.
_BY_ID = {
    "kars-1921": Style(colour="#8c2d04", width=3.6),
    "nakhchivan": Style(colour="#5b3a8c", width=2.2, fill=0.10),
    "nakhchivan-1921": Style(colour="#a8489a", width=2.2, fill=0.06),
    "batum-1921": Style(colour="#7a5c00", width=2.2, fill=0.08),
    "annex2-1921": Style(colour="#5f5f1f", width=2.0),
    "lachin-2020": Style(colour="#9c5700", width=2.6, fill=0.18),
    "lachin-2022": Style(colour="#004f3b", width=2.6, fill=0.18),
    "zangezur-tripp": Style(colour="#c8102e", width=4.5),
    "zangezur-whole": Style(colour="#c5606a", width=6.0),
    "horadiz-aghband": Style(colour="#74161b", width=3.0),
    "nakhchivan-railway": Style(colour="#7a5ca6", width=3.0),
    "kars-igdir-dilucu": Style(colour="#005f9e", width=3.4),
    "btk": Style(colour="#1f3b4d", width=3.0),
    "kars-gyumri": Style(colour="#4d4d4d", width=3.0),
    "btc": Style(colour="#2c4a00", width=4.6),
    "bte": Style(colour="#948200", width=1.8),
    "tanap": Style(colour="#00756a", width=2.0),
    "alat-aktau": Style(colour="#0072b2", width=2.0),
    "alat-turkmenbashi": Style(colour="#56608f", width=2.0),
}
_BY_MODE = {
    "rail": Style(colour="#1f3b4d", width=3.0),
    "road": Style(colour="#7a4b00", width=2.6),
    "pipeline": Style(colour="#3f6b00", width=2.0),
    "ferry": Style(colour="#0072b2", width=2.0),
}
_OTHER = Style(colour="#333333")

# Dash by the status of a thing, or by how a leg was drawn: the same in every output.
DASHES: dict[str, tuple[float, ...]] = {
    "planned": (8, 6),
    "construction": (12, 4, 2, 4),
    "closed": (2, 5),
    "dismantled": (2, 3, 2, 10),
    "disused": (6, 3, 1, 3),
    "unknown": (1, 4),
    "superseded": (1, 7),
    "blocked": (6, 3, 1, 3),
    # Short enough to show on the many short legs of a treaty.
    "stand-in": (4, 3),
    "inferred": (5, 5),
    "gap": (2, 8),
}

# Parts of a route under a scenario compared with that under the first scenario: in both, in the
# compared one only, in the first one only. Widths tell them apart in grey.
CHANGES = {
    "kept": Style(colour="#444444", width=4.0),
    "gained": Style(colour="#0060a8", width=6.0),
    "lost": Style(colour="#c05000", width=2.4),
}

# Routes drawn whole on one map: the first is the thinnest and on top, so that a part which several
# share shows all of them.
ROUTES = (
    Style(colour="#1f3b4d", width=2.4),
    Style(colour="#b44a00", width=4.8),
    Style(colour="#6b8fb3", width=7.4),
)

BASEMAP = {
    "sea": "#dbe7ee",
    "land": "#f7f5ef",
    "border": "#8f8a80",
    "province": "#cfc9bc",
    "lake": "#c5d9e6",
    "river": "#9dbfd4",
    "text": "#222222",
    "country": "#6d675c",
    "water-text": "#3c6e91",
}


def style(key: str, *, mode: str | None = None, status: str | None = None) -> Style:
    """Return the style of a system, dashed by its status.

    Parameters
    ----------
    key : id of the system; unknown ids take the style of their mode.
    mode : rail, road, pipeline or ferry.
    status : status of the system, or how a leg was drawn; decides the dash.

    Examples
    --------
    >>> style("btk", status="planned").dash
    (8, 6)
    """
    base = _BY_ID.get(key) or _BY_MODE.get(mode or "", _OTHER)
    dash = DASHES.get(status or "", ())
    return Style(colour=base.colour, width=base.width, dash=dash)


def mode_style(mode: str, *, status: str = "open") -> Style:
    """Return the style of a link of the network: thinner than the systems that lie on it."""
    base = _BY_MODE.get(mode, _OTHER)
    return Style(colour=base.colour, width=1.2, dash=DASHES.get(status, ()))


def area_style(key: str) -> Style:
    """Return how the area of a system is filled; its outline is drawn as lines of its own."""
    base = _BY_ID.get(key, _OTHER)
    return Style(colour=base.colour, width=0.0, fill=base.fill or 0.12)

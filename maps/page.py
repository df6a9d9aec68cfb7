"""A folium map in one file that asks nobody for anything."""

from __future__ import annotations

import base64
import json
import re
from copy import deepcopy
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import shapely
from branca.element import Element, MacroElement
from folium.map import Layer as FoliumLayer
from folium.template import Template

from borders.errors import GeometryError

if TYPE_CHECKING:
    from maps.style import Style

__all__ = ["DRAWN_AT", "Furniture", "Labels", "PackedLayer", "Page", "html", "pack", "swatch"]

# Map coordinates are whole numbers of 1e-5 degree, about a metre.
DRAWN_AT = 1e-5

# The page may run its own scripts and show its own pictures, and reach nothing else.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)


def script_json(value: Any) -> str:
    """Return JSON that cannot end or open anything in an HTML script or a Jinja template."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for unsafe in "<>&\u2028\u2029":
        text = text.replace(unsafe, f"\\u{ord(unsafe):04x}")
    # folium renders what it has rendered once more. Outside of texts, JSON has no such pairs.
    return re.sub(r"\{(?=[{%#])", r"\\u007b", text)


def _html(text: str) -> str:
    """Return text as HTML that is no Jinja template either."""
    return f"<span>{escape(text).replace('{', '&#123;')}</span>"


def _plain(geometry: Any) -> list[Any]:
    """Return a geometry, or what a collection is made of, without what is empty."""
    mixed = geometry.geom_type == "GeometryCollection"
    parts = [p for g in shapely.get_parts(geometry) for p in _plain(g)] if mixed else [geometry]
    return [part for part in parts if not part.is_empty]


def _packed(geometry: Any) -> tuple[str, Any]:
    """Return a geometry as kind and whole-number deltas."""
    kind = geometry.geom_type.removeprefix("Multi")
    parts = shapely.get_parts(geometry)
    if kind == "Point":
        return "P", _deltas(shapely.get_coordinates(parts))
    if kind == "Polygon":
        rings = [[_deltas(shapely.get_coordinates(r)) for r in shapely.get_rings(p)] for p in parts]
        return "A", rings
    if kind in ("LineString", "LinearRing"):
        return "L", [_deltas(shapely.get_coordinates(part)) for part in parts]
    message = f"cannot draw a {geometry.geom_type}; take it apart with .explode() first"
    raise GeometryError(message)


def _deltas(xy: Any) -> list[int]:
    whole = (xy[:, :2] / DRAWN_AT).round().astype("int64")
    whole[1:] -= whole[:-1].copy()
    # Points that fall on the one before say nothing at this scale.
    moved = (whole != 0).any(axis=1)
    moved[0] = True
    flat: list[int] = whole[moved].ravel().tolist()
    return flat


def pack(shapes: Any) -> dict[str, Any]:
    """Return shapes as the drawing script takes them, texts and styles said once."""
    styles: dict[Style, int] = {}
    texts: dict[str, int] = {}
    rows: dict[tuple[str, str], int] = {}
    packed = []
    for shape, geometry in ((s, g) for s in shapes for g in _plain(s.geometry)):
        kind, coordinates = _packed(geometry)
        packed.append(
            {
                "t": kind,
                "g": coordinates,
                "s": styles.setdefault(shape.style, len(styles)),
                "n": texts.setdefault(shape.title, len(texts)),
                "r": [rows.setdefault(row, len(rows)) for row in shape.rows],
            }
        )
    drawn = [
        {"c": s.colour, "w": s.width, "d": " ".join(map(str, s.dash)), "f": s.fill} for s in styles
    ]
    return {
        "scale": DRAWN_AT,
        "styles": drawn,
        "texts": list(texts),
        "rows": list(rows),
        "shapes": packed,
    }


def swatch(style: Style) -> str:
    """Return a line sample as SVG, for the layer control."""
    dash = f' stroke-dasharray="{" ".join(map(str, style.dash))}"' if style.dash else ""
    width = min(style.width or 2.0, 5.0)
    return (
        '<svg width="26" height="12" aria-hidden="true"><path d="M1 6H25"'
        f' stroke="{style.colour}" stroke-width="{width}"{dash}/></svg>'
    )


class PackedLayer(FoliumLayer):
    """A folium layer of packed shapes.

    Parameters
    ----------
    order : higher is drawn on top.
    quiet : for the base map: drawn on a canvas, answers no mouse.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.featureGroup();
            araxes.draw({{ this._parent.get_name() }}, {{ this.get_name() }}, {{ this.data }},
                {{ this.pane|tojson }}, {{ this.order }}, {{ this.quiet|tojson }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        shapes: Any,
        name: str,
        *,
        sample: Style | None = None,
        order: int = 400,
        quiet: bool = False,
        show: bool = True,
    ) -> None:
        # The layer control takes HTML; names from data are made harmless here.
        label = (swatch(sample) if sample else "") + _html(name)
        super().__init__(name=label, overlay=True, control=True, show=show)
        self.data = script_json(pack(shapes))
        self.order = order
        self.pane = f"araxes-{order}"
        self.quiet = quiet


class Labels(FoliumLayer):
    """Place names that never overlap, as a layer of their own."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.layerGroup();
            araxes.labels({{ this._parent.get_name() }}, {{ this.get_name() }}, {{ this.data }});
        {% endmacro %}
        """
    )

    def __init__(self, places: list[dict[str, Any]], name: str) -> None:
        super().__init__(name=_html(name), overlay=True, control=True)
        self.data = script_json(places)


class Furniture(MacroElement):
    """Title, legend, scale bar, attribution and first view; add it after the layer control.

    Parameters
    ----------
    page : title, subtitle, attributions, states (name and dashes) and bounds.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            araxes.furnish({{ this._parent.get_name() }}, {{ this.data }});
        {% endmacro %}
        """
    )

    def __init__(self, page: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Furniture"
        self.data = script_json(page)


class _Panes(MacroElement):
    """The stacking order, before anything is drawn."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            araxes.panes({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )


class Page(folium.Map):
    """A folium map without tiles or remote files."""

    def __init__(self, title: str) -> None:
        super().__init__(
            location=(39.8, 45.0),
            zoom_start=7,
            tiles=None,
            zoom_control=False,
            zoom_snap=0.25,
            font_size="13px",
        )
        # folium hands these to its tiles only, and this page has none.
        self.options |= {"min_zoom": 3, "max_zoom": 17}
        # folium would load these from other people's servers.
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self.title = title
        self.add_child(_Panes())


class _Verbatim(Element):
    """A piece of HTML that stays as it is, whatever braces it holds."""

    def __init__(self, text: str) -> None:
        super().__init__("{{ this.text }}")
        self.text = text


@cache
def _asset(name: str) -> str:
    return (files("maps") / "assets" / name).read_text("utf-8")


@cache
def _leaflet() -> tuple[str, str]:
    """Return Leaflet's script and its style sheet, pictures inlined."""
    from xstatic.pkg import leaflet

    folder = Path(leaflet.BASE_DIR)
    css = (folder / "leaflet.css").read_text("utf-8")

    def inline(match: re.Match[str]) -> str:
        picture = (folder / match[1]).read_bytes()
        return f"url(data:image/png;base64,{base64.b64encode(picture).decode()})"

    script = (folder / "leaflet.js").read_text("utf-8")
    script = script.partition("//# sourceMappingURL")[0]
    return script, re.sub(r"url\(([^)#]+\.png)\)", inline, css)


def html(page: Page) -> str:
    """Return the map as one HTML document, the same bytes for the same map."""
    # Rendering adds to a page: a second time, everything would be in it twice.
    figure: Any = deepcopy(page.get_root())
    script, css = _leaflet()
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>{escape(page.title)}</title>",
        f"<style>{css}{_asset('araxes.css')}</style>",
        f"<script>{script}</script>",
        f"<script>{_asset('araxes.js')}</script>",
    ]
    for n, part in enumerate(head):
        figure.header.add_child(_Verbatim(part), name=f"araxes-{n}", index=n)
    _number(figure)
    text: str = figure.render()
    return text


def _number(root: Any) -> None:
    """Give folium's elements ids in reading order instead of random ones."""
    waiting, n = [root], 0
    while waiting:
        element = waiting.pop()
        element._id = f"{n:032x}"
        n += 1
        waiting.extend(reversed(element._children.values()))

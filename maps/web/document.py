"""A folium map as one HTML file that fetches nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from copy import deepcopy
from functools import cache, partial
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from borders import __version__
from borders.errors import AraxesError
from borders.files.atomic import valid_utf8
from borders.files.bundle import BUNDLED
from maps.i18n import word
from maps.web.packing import deflated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["DataBlock", "WebPage", "balanced", "html", "leaflet", "scripts"]

_IN_ANOTHER_MAP = (
    "a page is a map of its own and draws nothing in another: give `interactive` all things at "
    "once, or add folium.GeoJson(thing.to_gdf()) to your map"
)
# Elements of folium whose scripts call libraries that it fetches.
_REMOTE = (folium.Popup, folium.Icon)
# Markers that Leaflet draws without a picture.
_DRAWN = (folium.Circle, folium.CircleMarker)

# In the order in which the page runs them: each may use those before it.
_SCRIPTS = ("decode", "theme", "canvas", "model", "search", "measure", "elements", "vector",
            "legend", "ends", "router", "answers", "panel", "labels", "furniture", "link",
            "printing", "story", "profile", "main")  # fmt: skip
# Those that only some pages have: a page that carries a network, the courses of its links, a story
# or a profile.
_OF_SOME = {
    "ends": "courses",
    "router": "network",
    "answers": "network",
    "story": "story",
    "profile": "profile",
}

# The last may say how a page looks that has two of them.
_LOOKS = {
    "": "araxes.css", "network": "answers.css", "profile": "profile.css", "story": "story.css",
}  # fmt: skip

# Grey is where a base map ends: where there is none, nothing ends, and the ground is paper.
_NO_LAND = (
    ".leaflet-container{outline:1px solid var(--rule);outline-offset:-1px}"
    ".leaflet-container,html.araxes-printing .araxes-sheet{background:var(--paper)}"
)

# Content Security Policy: the page may run the scripts that it was written with, by their hashes,
# and show pictures that it holds; it fetches nothing, and no text in it can become a script.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:{hosts}; "
    "font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# Unicode's controls that override, embed or isolate the direction of text, and the control that
# ends each. One left open would turn around the text that stands after it.
_CLOSED_BY = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
# The viewport tag of folium, which forbids readers to enlarge the page.
_VIEWPORT = re.compile(r'<meta name="viewport" content="[^"]*user-scalable=no" />')


class DataBlock(MacroElement):
    """The data of a page, packed as two blocks, and the call of the script that unpacks them.

    Parameters
    ----------
    facts : JSON in UTF-8: layers, texts, statuses, words.
    numbers : the coordinates, as `maps.web.packing.varints` writes them.
    network : JSON in UTF-8 of the network on which the page answers questions; empty for none.
    courses : where its links run, as numbers; empty where ways begin and end at nodes only.
    """

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            araxes.start({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self, facts: bytes, numbers: bytes, network: bytes = b"", courses: bytes = b""
    ) -> None:
        super().__init__()
        self._name = "DataBlock"
        self.facts, self.numbers = deflated(facts), deflated(numbers, steps=True)
        self.network = deflated(network) if network else ""
        self.courses = deflated(courses, steps=True) if courses else ""

    def render(self, **kwargs: Any) -> Any:
        """Write the call of the script into the page.

        Raises
        ------
        AraxesError : the data are in a map that is no page of ours.
        """
        if not isinstance(self._parent, WebPage):
            raise AraxesError(_IN_ANOTHER_MAP)
        return super().render(**kwargs)

    @property
    def size(self) -> int:
        """Return the size of the packed data in bytes."""
        return len(self.facts) + len(self.numbers) + len(self.network) + len(self.courses)


class WebPage(folium.Map):
    """A folium map without tiles or remote files.

    Parameters
    ----------
    title : the heading of the page.
    subtitle : a line below the title.
    language : of the page at first: en, tr, az, hy, ka, ru or fa.
    contents : what the page shows, a line each, for readers without the script.
    sources : the paragraphs under "Sources and licences".

    Attributes
    ----------
    command : the command line that makes the page; it stands beside the version.
    extent : west, south, east, north that the page begins with, in degrees.
    has_land : whether it has a base map; a study of its own may have none.
    relief : the picture under the lines, as `maps.web.relief` writes it; empty for none.
    layers : key of a layer → west, south, east, north of it, in degrees.
    scenarios : ids of the scenarios that a reader may choose.
    article : HTML that stands beside the map, made of safe parts alone; empty for none.
    extras : name of a further block of data → its value as JSON.
    tile_hosts : servers that the page may load pictures from; none unless tiles are added.
    """

    def __init__(
        self,
        title: str,
        *,
        subtitle: str,
        language: str,
        contents: Sequence[str],
        sources: Sequence[str],
    ) -> None:
        super().__init__(
            location=(39.8, 45.0),
            zoom_start=7,
            tiles=None,
            zoom_control=False,
            zoom_snap=0.25,
            font_size="13px",
        )
        # folium hands these to its tiles only, and this page has none.
        self.options |= {"min_zoom": 2, "max_zoom": 17}
        # folium would load these from other people's servers.
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self.title, self.subtitle, self.language = title, subtitle, language
        self.contents, self.sources = tuple(contents), tuple(sources)
        self.command = self.relief = ""
        self.has_land = True
        self.extent: tuple[float, float, float, float] = (40.0, 38.0, 50.0, 42.0)
        self.tile_hosts: tuple[str, ...] = ()
        self.layers: dict[str, tuple[float, float, float, float]] = {}
        self.scenarios: tuple[str, ...] = ()
        self.article = ""
        self.extras: dict[str, bytes] = {}

    def render(self, **kwargs: Any) -> Any:
        """Write the page into its document.

        Raises
        ------
        AraxesError : the page was put into another map, or holds something of folium that needs
            files from the internet; says what to do.
        """
        if not isinstance(self._parent, Figure):
            raise AraxesError(_IN_ANOTHER_MAP)
        _refuse_remote(self)
        return super().render(**kwargs)

    def _repr_html_(self, **_: Any) -> str:
        """Return the page in a frame, for notebooks."""
        title = _escaped(self.title)
        return (
            f'<iframe srcdoc="{escape(html(self), quote=True)}" title="{title}" '
            'style="width:100%;height:560px;border:1px solid #ccc" allowfullscreen></iframe>'
        )


def _refuse_remote(page: WebPage) -> None:
    """Refuse children whose scripts or pictures folium would fetch from other people's servers."""
    waiting = list(page._children.values())
    while waiting:
        child = waiting.pop()
        waiting.extend(child._children.values())
        fetches = bool(getattr(child, "default_js", None)) or isinstance(child, _REMOTE)
        # A marker without an icon of its own has Leaflet's picture.
        pin = isinstance(child, folium.Marker) and not isinstance(child, _DRAWN)
        pin = pin and not isinstance(getattr(child, "icon", None), folium.DivIcon)
        if fetches or pin:
            message = (
                f"a {type(child).__name__} of folium needs files from the internet, and this page "
                "loads none: give `interactive` a GeoDataFrame instead, whose columns become "
                "cards; folium's GeoJson, PolyLine, Polygon and CircleMarker work without popups"
            )
            raise AraxesError(message)


def html(page: WebPage) -> str:
    """Return the map as one HTML document in UTF-8, the same bytes for the same map."""
    # Rendering adds to a page: rendered a second time, it would hold everything twice.
    blocks = _blocks(page)
    figure: Any = deepcopy(page.get_root())
    for n, part in enumerate(_head(page)):
        figure.header.add_child(_Verbatim(part), name=f"araxes-{n}", index=n)
    before, after = _around(page)
    figure.html.add_child(_Verbatim(before), name="araxes-before", index=0)
    figure.html.add_child(_Verbatim(after + "".join(blocks)), name="araxes-after")
    _set_ids(figure)
    text = _VIEWPORT.sub("", figure.render(), count=1)
    return _with_policy(text, page).replace("<html>", f'<html lang="{page.language}">', 1)


@cache
def leaflet() -> tuple[str, str]:
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


@cache
def letters() -> str:
    """Return the style rules of the page's letters, which it carries."""
    face = (
        "@font-face{{font-family:Araxes;font-weight:{weight};unicode-range:{letters};"
        "src:url(data:font/woff2;base64,{woff2})}}"
    )
    return "".join(face.format(**row) for row in BUNDLED.rows("context/letters.csv"))


def _data(page: WebPage) -> DataBlock | None:
    return next((c for c in page._children.values() if isinstance(c, DataBlock)), None)


def _blocks(page: WebPage) -> list[str]:
    """Return the packed data as elements; a browser does not run a script of this type."""
    block = _data(page)
    if block is None:
        return []
    pairs = [("araxes-facts", block.facts), ("araxes-lines", block.numbers)]
    if block.network:
        pairs.append(("araxes-network", block.network))
    if block.courses:
        pairs.append(("araxes-courses", block.courses))
    if page.relief:
        pairs.append(("araxes-relief", page.relief))
    pairs += [(f"araxes-{name}-facts", deflated(value)) for name, value in page.extras.items()]
    packed = [f'<script type="text/plain" id="{key}">{text}</script>' for key, text in pairs]
    return [packed[0], "<script>araxes.begin();</script>", *packed[1:]]


def _head(page: WebPage) -> list[str]:
    """Return the elements of the page's head."""
    script, css = leaflet()
    data = _data(page)
    parts = {*page.extras, *(name for name in ("network", "courses") if getattr(data, name, ""))}
    look = "".join(_asset(name) for part, name in _LOOKS.items() if not part or part in parts)
    look += "" if page.has_land else _NO_LAND
    return [
        '<meta charset="utf-8">',
        "<!-- policy -->",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_escaped(page.title)}</title>",
        f"<style>{letters()}{_bare_rules(css + look)}</style>",
        f"<script>{script}</script>",
        f"<script>{scripts(parts)}</script>",
    ]


def scripts(parts: Iterable[str]) -> str:
    """Return the scripts of a page, without Leaflet.

    Parameters
    ----------
    parts : that only some pages have: ``network``, ``courses``, ``story``, ``profile``.
    """
    names = [name for name in _SCRIPTS if _OF_SOME.get(name) in (None, *parts)]
    return "".join(_bare(_asset(f"{name}.js")) for name in names)


@cache
def _asset(name: str) -> str:
    return (files("maps.web") / "assets" / name).read_text("utf-8")


@cache
def _bare(script: str) -> str:
    """Return a script without the comments on lines of their own and without indents."""
    lines = (line.strip() for line in script.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))


@cache
def _bare_rules(css: str) -> str:
    """Return style rules without comments, indents and empty lines."""
    lines = (line.strip() for line in _COMMENT.sub("", css).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _around(page: WebPage) -> tuple[str, str]:
    """Return what stands before the map and after it."""
    paragraphs = "".join(f'<p dir="auto" lang="en">{_escaped(text)}</p>' for text in page.sources)
    contents = "".join(f'<li dir="auto">{_escaped(text)}</li>' for text in page.contents)
    text_of = partial(word, language=page.language)
    maker = f"araxes {__version__}" + (f": {page.command}" if page.command else "")
    before = (
        f'<a id="araxes-skip" href="#araxes-panel">{_escaped(text_of("ui-skip"))}</a>'
        f'<header id="araxes-title"><h1 dir="auto">{_escaped(page.title)}</h1>'
        f'<p dir="auto">{_escaped(page.subtitle)}</p></header><div id="araxes-top" role="search">'
        f"</div>{page.article}"
    )
    after = (
        f'<aside id="araxes-panel" data-old="{_escaped(text_of("noscript-old"))}">'
        f"<noscript>{_escaped(text_of('noscript-map'))}</noscript><ul>{contents}</ul></aside>"
        '<footer><details id="araxes-sources">'
        f"<summary>{_escaped(text_of('ui-sources'))}</summary>"
        f'{paragraphs}<p id="araxes-made">{_escaped(maker)}</p></details></footer>'
    )
    return before, after


def _escaped(text: str) -> str:
    """Return a text for HTML."""
    return escape(balanced(text))


def balanced(text: str) -> str:
    """Return a text in valid UTF-8 without direction controls left open or that end nothing."""
    letters, opened = list(text), []
    for n, letter in enumerate(letters):
        if letter in _CLOSED_BY:
            opened.append((n, _CLOSED_BY[letter]))
        elif opened and opened[-1][1] == letter:
            opened.pop()
        elif letter in _CLOSED_BY.values():
            letters[n] = ""
    for n, _ in opened:
        letters[n] = ""
    return valid_utf8("".join(letters))


class _Verbatim(Element):
    """A piece of HTML that stays as it is, whatever braces it holds."""

    def __init__(self, text: str) -> None:
        super().__init__("{{ this.text }}")
        self.text = text


def _with_policy(text: str, page: WebPage) -> str:
    """Return the page with a policy that allows the scripts that it holds now, by their hashes."""
    digests = (hashlib.sha256(code.encode()).digest() for code in _SCRIPT.findall(text))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    hosts = "".join(f" {host}" for host in page.tile_hosts)
    policy = _POLICY.format(scripts=hashes, hosts=hosts)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return text.replace("<!-- policy -->", meta, 1)


def _set_ids(root: Any) -> None:
    """Give folium's elements ids in reading order instead of random ones."""
    waiting, n = [root], 0
    while waiting:
        element = waiting.pop()
        element._id = f"{n:032x}"
        n += 1
        waiting.extend(reversed(element._children.values()))

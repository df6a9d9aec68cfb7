"""Every quantity that page, figures and captions state is one that the commands' JSON holds."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

import pytest

from borders.geodesy import scale_curve
from borders.guide_lines import guide
from corridors.analysis.compare import SCENARIOS
from corridors.export.show_network_json import link_summary
from corridors.model.registry import systems
from maps.print.figure import save_figure
from maps.report.gallery import GALLERY, draw
from maps.report.routes_section import PAIRS

pytestmark = pytest.mark.browser

NUMBER = r"[+−\u200e-]*\d[\d,]*(?:\.\d+)?"
UNIT = "km²|km|m|h|%"
# "43.0 km (41.0–45.0)", "±3 km", "12 km": a value, its unit, and the interval that may follow.
QUANTITY = re.compile(rf"({NUMBER})[\s\u00a0]({UNIT})(?![\w/])(?:\s?\(({NUMBER})–({NUMBER})\))?")
# Unit → by what its values are metres, square metres, hours or parts of a hundred.
SCALE = {"km": (1e3, "m"), "km²": (1e6, "m²"), "m": (1, "m"), "h": (1, "h"), "%": (1, "%")}
# The end of a JSON key → the unit of its value.
KEYS = (("km2", "km²"), ("km", "km"), ("_m", "m"), ("hours", "h"), ("_h", "h"))
# Half of the last digit of the JSON: compare and route give tenths, show thousandths.
JSON_DIGIT = {"km": 0.05, "km²": 0.005, "m": 0.5, "h": 0.05, "%": 0.05}
Z95 = 1.96
# The probability with which every interval is meant, in no table.
LEVEL = "95 %"


def unit_of(key: str) -> str | None:
    return next((unit for end, unit in KEYS if key.removesuffix("_by").endswith(end)), None)


@dataclass
class Tables:
    """The values and the intervals of some answers, by unit, and the texts that they quote."""

    values: list[tuple[float, str]] = field(default_factory=list)
    intervals: list[tuple[tuple[float, float, float], str]] = field(default_factory=list)
    quoted: set[str] = field(default_factory=set)

    def add(self, answer) -> Tables:
        """Take all that a JSON answer holds."""
        if isinstance(answer, list):
            for part in answer:
                self.add(part)
        elif isinstance(answer, dict):
            self._add_row(answer)
            for part in answer.values():
                self.add(part)
        elif isinstance(answer, str) and QUANTITY.search(answer):
            self.quoted.add(answer)
        return self

    def _add_row(self, row: dict) -> None:
        for key, value in row.items():
            unit = unit_of(key)
            if isinstance(value, dict):
                # Hours by who asks for them, or by what they are spent on.
                self.values += [(x, unit) for x in value.values() if unit and is_number(x)]
            elif unit and is_number(value):
                self.values.append((value, unit))
                if key.endswith("sigma_m"):
                    self.values.append((round(Z95 * value), unit))
        for key, low, high in triples(row):
            if unit := unit_of(key):
                self.intervals.append(((row[key], row[low], row[high]), unit))
        # A verdict has its unit beside its values.
        unit = row.get("unit", "").replace("km2", "km²")
        if "published" in row and unit in SCALE:
            self.values += [(row[key], unit) for key in ("published", "ours")
                            if is_number(row[key])]  # fmt: skip
            if is_number(row["ours"]):
                self.intervals.append(((row["ours"], row["low"], row["high"]), unit))
        for key in ("p_shorter", "p_quicker"):
            if row.get(key) is not None:
                # Above 99 % the page says no more than that.
                self.values.append((min(100 * row[key], 99), "%"))

    def hold(self, found: re.Match) -> bool:
        """Tell whether the tables hold a quantity, rounded to the digits that it has."""
        value, unit, *bounds = found.groups()
        if bounds[0] is None:
            return any(same(value, unit, x, of) for x, of in self.values)
        texts = (value, *bounds)
        return any(
            all(same(text, unit, x, of) for text, x in zip(texts, three, strict=True))
            for three, of in self.intervals
        )


def is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def triples(row):
    """Return the keys of a value and its bounds: km and low_km, area_km2 and area_low_km2 …"""
    for key, value in row.items():
        stem, _, last = key.rpartition("_")
        lows = (f"low_{key}", f"low_{last}", f"{stem}_low_{last}")
        low = next((low for low in lows if low in row), None)
        if low and is_number(value) and not key.startswith(("low", "high")):
            yield key, low, low.replace("low", "high")


def same(text: str, unit: str, value: float, of: str) -> bool:
    """Tell whether a number as it is written is a value of the tables, rounded once or twice."""
    scale, base = SCALE[unit]
    if SCALE[of][1] != base:
        return False
    digits = len(text.partition(".")[2])
    written = float(re.sub("[+−\u200e,-]", "", text)) * scale
    last = 0.5 * 10.0**-digits * scale + JSON_DIGIT[of] * SCALE[of][0]
    return abs(written - abs(value) * SCALE[of][0]) <= last * (1 + 1e-9)


def strangers(text: str, tables: Tables) -> list[str]:
    """Return the quantities of a text, less what it quotes, that the tables do not hold."""
    # What a place of a treaty is called today is a name.
    text = re.sub(r"\(today [^)]*\)", "", text)
    for quoted in sorted([*tables.quoted, LEVEL], key=len, reverse=True):
        text = text.replace(quoted, "")
    return [found[0] for found in QUANTITY.finditer(text) if not tables.hold(found)]


@pytest.fixture
def ask(araxes):
    """Return a function that asks a command for JSON, each question once."""
    answers = {}

    def answer(*words):
        if words not in answers:
            done = araxes(*words, "--json")
            assert done.code == 0, done.err
            answers[words] = json.loads(done.out)
        return answers[words]

    return answer


# What the panel and the cards say; a row of routes with the units of its columns.
PAGE = """
() => {
  const { app } = araxes, { model } = app, { facts } = model, sources = model.word("Sources");
  document.querySelectorAll("details").forEach(part => { part.open = true; });
  const small = td => td.querySelector("small");
  const cell = td => [td.firstChild && td.firstChild.textContent,
                      small(td) ? ` (${small(td).textContent})` : ""];
  const ways = [...document.querySelectorAll("#araxes-ways tr[data-way]")].map(row => {
    const tds = [...row.cells];
    const [km, hours] = [tds[1], tds[3]].map(td => td && cell(td));
    const texts = tds.length < 5 ? [] : [`${km[0]} km${km[1]}`, `${tds[2].textContent || 0} km`,
                                         `${hours[0]} h${hours[1]}`,
                                         `${tds[4].textContent || 0} km`];
    return [row.dataset.way, texts.join(", ")];
  });
  const cards = facts.layers.filter(layer => layer.count && !layer.quiet).flatMap(layer =>
    Array.from({ length: layer.count }, (_, n) => [layer.k(n) || layer.id,
      [model.tip(layer, n), ...model.card(layer, n).filter(([label]) => label !== sources)
        .map(([, text]) => text)].join("\\n")]));
  const rows = ways.map(([way]) => {
    const [pair, scenario] = way.split("/").map(Number);
    app.change({ pair, scenario, view: "difference" });
    return [way, [document.getElementById("araxes-chosen"), document.getElementById("araxes-hours")]
      .map(part => (part ? part.innerText : "")).join("\\n")];
  });
  // All other words of the page, but what Leaflet draws and the documents that are cited.
  app.change({ pair: null, scenario: 0 });
  const others = "#araxes-ways, #araxes-sources, .leaflet-control-scale";
  document.querySelectorAll(others).forEach(part => part.remove());
  return { ways, cards, rows, rest: document.body.innerText };
}
"""


def page_texts(made, visit):
    with visit(made.folder / "map.html") as opened:
        return opened.page.evaluate(PAGE)


def route_tables(ask):
    """Return the tables of each route of the page: that of compare, and the parts of its hours."""
    tables = {}
    pairs = [word for pair in PAIRS for word in ("--pair", ":".join(pair))]
    scenarios = [word for key in SCENARIOS for word in ("--scenario", key)]
    blocks = {}
    for row in ask("compare", *pairs, *scenarios):
        blocks.setdefault((row["from"], row["to"], tuple(row["mode_set"])), []).append(row)
    for n, rows in enumerate(blocks.values()):
        for scenario, row in enumerate(rows):
            tables[f"{n}/{scenario}"] = Tables().add(row)
            if row["km"] is not None:
                asked = ask("route", row["from"], row["to"], "--scenario", row["scenario"],
                            "--modes", ",".join(row["mode_set"]))  # fmt: skip
                tables[f"{n}/{scenario}"].add(asked)
    return tables


def layer_tables(ask, keys):
    """Return the tables of systems and links: what `show` prints of them as JSON."""
    known = {system.id for system in systems()}
    return {key: Tables().add(ask("show", key) if key in known else link_summary(key))
            for key in keys}  # fmt: skip


def figure_texts(key):
    """Return the texts of a figure of the gallery and its caption without the documents cited."""
    figure, file = draw(key), io.BytesIO()
    save_figure(figure, file, suffix=".svg")
    root = ElementTree.fromstring(file.getvalue())
    drawn = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    caption = re.sub(r"(?s)Sources:\n.*?(?=\n\n(?!- )|\Z)", "", figure.caption)
    return "\n".join([*drawn, with_units(caption)])


def with_units(caption: str) -> str:
    """Return a caption whose tables have the unit of each column beside each number."""
    lines, heads = [], []
    for line in caption.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        heads = (heads or cells) if line.startswith("|") else []
        numbers = cells[heads.index("km") :][:4] if "km" in heads else []
        if numbers and re.fullmatch(NUMBER, numbers[0]):
            km, low, high, unbuilt = numbers
            lines.append(f"{km} km ({low}–{high}), {unbuilt} km")
        else:
            lines.append(line)
    return "\n".join(lines)


def figure_tables(ask, key):
    """Return the tables of what a figure shows."""
    tables, args = Tables(), getattr(GALLERY[key], "args", ())
    if key == "scale-curve":
        points = [point for line in args for point in scale_curve(guide(line).geometry)]
        tables.values += [(getattr(point, name), "m") for point in points
                          for name in ("tolerance_m", "length_m")]  # fmt: skip
    if key in ("claims", "scale-curve"):
        return tables.add(ask("figures"))
    if key == "baku-lengths":
        asked = [word for pair in ("Kars:Baku", "Nakhchivan:Baku") for word in ("--pair", pair)]
        for name in ("status-quo", "tripp-open", "tripp-and-kars-dilucu", "iran-rail", "all-open"):
            asked += ["--scenario", name]
        return tables.add(ask("compare", *asked, "--modes", "rail,ferry"))
    for thing in args or [system.id for system in systems()]:
        if isinstance(thing, str):
            tables.add(ask("show", thing))
        else:
            start, end, scenario, via, modes = thing
            asked = ["route", start, end, "--scenario", scenario, "--modes", ",".join(modes)]
            tables.add(ask(*asked, *(("--via", via) if via else ())))
    return tables


def test_every_number_of_page_figures_and_captions_is_one_of_the_tables(made, visit, ask):
    texts, found = page_texts(made, visit), {}
    told = route_tables(ask)
    for part in ("ways", "rows"):
        found |= {f"{part} {way}": (text, told[way]) for way, text in texts[part]}
    known = layer_tables(ask, {key.removesuffix("-band") for key, _ in texts["cards"]})
    for n, (key, text) in enumerate(texts["cards"]):
        found[f"card {n} {key}"] = (text, known[key.removesuffix("-band")])
    every = Tables()
    for tables in told.values():
        every.values += tables.values
        every.intervals += tables.intervals
    found["page"] = (texts["rest"], every)
    for key in GALLERY:
        found[f"figure {key}"] = (figure_texts(key), figure_tables(ask, key))
    wrong = {where: odd for where, pair in found.items() if (odd := strangers(*pair))}
    assert wrong == {}
    assert sum(len(QUANTITY.findall(text)) for text, _ in found.values()) > 2500
    # A kilometre more is found.
    text, tables = found["ways 0/0"]
    km = QUANTITY.search(text)[1]
    assert strangers(text.replace(km, str(int(km) + 1), 1), tables)

"""The looks of a layer for QGIS (QML) and other programs (SLD), from the style table.

Widths and dashes of the table are in pixels of a page; here they are millimetres of paper.

Source: elements as QGIS 3.22 LTR reads them (QgsRuleBasedRenderer, QgsSimpleLineSymbolLayer,
QgsPalLayerSettings, QgsVectorLayerTemporalProperties); Styled Layer Descriptor 1.1 and Symbology
Encoding 1.1, https://www.ogc.org/standards/sld/, https://www.ogc.org/standards/se/
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

from corridors.export.gdal import LayerStyle
from corridors.export.xml_text import legal
from maps.layers.looks import Rule, rules, shape_of
from maps.style import BASEMAP

if TYPE_CHECKING:
    from corridors.export.file_table import FileTable
    from maps.layers.looks import Shape

__all__ = ["layer_style", "style_elements"]

# A pixel of CSS in millimetres. https://www.w3.org/TR/css-values-4/#absolute-lengths
PIXEL_MM = 25.4 / 96
# The oldest version of QGIS that reads this.
VERSION = "3.22.0"
# QgsVectorLayerTemporalProperties: start and end from fields; the end not included.
_FROM_FIELDS, _WITHOUT_END = "2", "0"
# QgsPalLayerSettings: along a line, beside a point, in an area.
_PLACEMENTS = {"line": "2", "point": "6", "area": "1"}
# On the line's upper side, as the map is turned.
_ABOVE_AS_MAP = "10"
_LABELLED = ("corridor", "border", "place", "territory", "route")
_DAYS = ("valid_from", "valid_to")


def layer_style(name: str, rows: FileTable) -> LayerStyle:
    """Return how QGIS and other programs draw a layer.

    Parameters
    ----------
    name : of the layer.
    """
    root = ET.Element("qgis", version=VERSION, styleCategories="Symbology|Labeling|Temporal",
                      labelsEnabled="1")  # fmt: skip
    root.extend(style_elements(rows))
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    qml = head + ET.tostring(_indented(root), encoding="unicode")
    sld = ET.tostring(_indented(_sld(name, rows)), encoding="unicode")
    return LayerStyle(qml=qml, sld=f'<?xml version="1.0" encoding="UTF-8"?>\n{sld}\n')


def style_elements(rows: FileTable) -> list[ET.Element]:
    """Return renderer, labels and temporal properties, for a style or a layer of a project."""
    shape = shape_of(rows)
    elements = [_renderer(rules(rows), shape)]
    if (kind := rows.texts("kind")[0]) in _LABELLED:
        elements.append(_labels(shape, kind))
    cells = {column.key: column.cells for column in rows.columns}
    if all(key in cells for key in _DAYS) and any(day is not None for day in cells[_DAYS[0]]):
        elements.append(_temporal())
    return elements


def _indented(root: ET.Element) -> ET.Element:
    ET.indent(root, " ")
    return root


def _renderer(every: list[Rule], shape: Shape) -> ET.Element:
    """Return rules with their symbols; wide lines are drawn before narrow ones."""
    renderer = ET.Element(
        "renderer-v2", type="RuleRenderer", symbollevels="1", forceraster="0", enableorderby="0"
    )
    root = ET.SubElement(renderer, "rules", key="{araxes-rules}")
    symbols = ET.SubElement(renderer, "symbols")
    for n, rule in enumerate(every):
        attributes = {"key": f"{{araxes-rule-{n}}}", "symbol": str(n), "label": legal(rule.label)}
        if condition := _condition(rule):
            attributes["filter"] = legal(condition)
        if rule.scale:
            attributes |= {"scalemaxdenom": str(rule.scale), "scalemindenom": "1"}
        ET.SubElement(root, "rule", attributes)
        symbols.append(_symbol(n, rule, shape))
    return renderer


def _condition(rule: Rule) -> str:
    """Return a rule's rows as an expression of QGIS."""
    parts = [
        f"{_name(column)} IS NULL" if value is None else f"{_name(column)} = {_text(value)}"
        for column, value in rule.where
    ]
    if rule.latest:
        parts.append('("valid_to" IS NULL OR @map_start_time IS NOT NULL)')
    return " AND ".join(parts)


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _symbol(n: int, rule: Rule, shape: Shape) -> ET.Element:
    kinds = {"point": "marker", "line": "line", "area": "fill"}
    symbol = ET.Element(
        "symbol", name=str(n), type=kinds[shape], alpha="1", clip_to_extent="1", force_rhr="0"
    )
    makers = {"point": _marker, "line": _line, "area": _fill}
    symbol.append(makers[shape](n, rule))
    return symbol


def _line(level: int, rule: Rule) -> ET.Element:
    width = rule.style.width * PIXEL_MM
    dash = ";".join(f"{length * PIXEL_MM:.3f}" for length in rule.style.dash)
    options = {
        "line_color": _rgba(rule.style.colour), "line_width": f"{width:.3f}",
        "line_width_unit": "MM", "line_style": "solid", "joinstyle": "round",
        "capstyle": "flat" if dash else "round",
    }  # fmt: skip
    if dash:
        options |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "MM"}
    return _symbol_layer("SimpleLine", level, options)


def _fill(level: int, rule: Rule) -> ET.Element:
    options = {
        "color": _rgba(rule.style.colour, rule.style.fill), "style": "solid",
        "outline_style": "no",
    }  # fmt: skip
    return _symbol_layer("SimpleFill", level, options)


def _marker(level: int, rule: Rule) -> ET.Element:
    options = {
        "name": "circle", "color": _rgba(rule.style.colour), "outline_color": _rgba("#ffffff"),
        "outline_width": "0.2", "size": f"{2 * rule.style.width * PIXEL_MM:.3f}", "size_unit": "MM",
    }  # fmt: skip
    return _symbol_layer("SimpleMarker", level, options)


def _symbol_layer(kind: str, level: int, options: dict[str, str]) -> ET.Element:
    """Return a layer of a symbol, drawn at a level: those of higher ones come later."""
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": str(level)})
    table = ET.SubElement(layer, "Option", type="Map")
    for key, value in options.items():
        ET.SubElement(table, "Option", name=key, type="QString", value=value)
    # Before version 3.20 options were elements of their own.
    for key, value in options.items():
        ET.SubElement(layer, "prop", k=key, v=value)
    return layer


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _labels(shape: Shape, kind: str) -> ET.Element:
    """Return names along lines, beside places and in areas, with a halo; never one on another."""
    labeling = ET.Element("labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    size = "7.5" if kind == "place" else "8"
    text = ET.SubElement(
        settings, "text-style", fieldName="name", isExpression="0", fontFamily="Noto Sans",
        fontSize=size, fontSizeUnit="Point", namedStyle="Regular", fontItalic="0", textOpacity="1",
        textColor=_rgba(BASEMAP["text"]), blendMode="0", multilineHeight="1",
    )  # fmt: skip
    ET.SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.7", bufferSizeUnits="MM",
        bufferColor=_rgba(BASEMAP["land"]), bufferOpacity="0.9", bufferJoinStyle="128",
        bufferNoFill="1", bufferBlendMode="0",
    )  # fmt: skip
    ET.SubElement(settings, "text-format", multilineAlign="3", wrapChar="", autoWrapLength="0")
    ET.SubElement(
        settings, "placement", placement=_PLACEMENTS[shape], placementFlags=_ABOVE_AS_MAP,
        dist="0.8", distUnits="MM", priority="9" if kind == "place" else "5",
        predefinedPositionOrder="TR,TL,BR,BL,R,L,TSR,BSR", offsetType="0",
        polygonPlacementFlags="2",
    )  # fmt: skip
    ET.SubElement(
        settings, "rendering", drawLabels="1", mergeLines="1" if shape == "line" else "0",
        obstacle="1", obstacleFactor="1", displayAll="0", upsidedownLabels="0", minFeatureSize="0",
        labelPerPart="0", limitNumLabels="0", maxNumLabels="2000", fontLimitPixelSize="0",
        scaleVisibility="0",
    )  # fmt: skip
    return labeling


def _temporal() -> ET.Element:
    temporal = ET.Element(
        "temporal", mode=_FROM_FIELDS, enabled="1", startField=_DAYS[0], endField=_DAYS[1],
        limitMode=_WITHOUT_END, accumulate="0", durationUnit="min", fixedDuration="0",
        durationField="", startExpression="", endExpression="",
    )  # fmt: skip
    fixed = ET.SubElement(temporal, "fixedRange")
    ET.SubElement(fixed, "start")
    ET.SubElement(fixed, "end")
    return temporal


def _sld(name: str, rows: FileTable) -> ET.Element:
    """Return the rules as a Styled Layer Descriptor."""
    root = ET.Element(
        "StyledLayerDescriptor",
        {
            "version": "1.1.0", "xmlns": "http://www.opengis.net/sld",
            "xmlns:se": "http://www.opengis.net/se", "xmlns:ogc": "http://www.opengis.net/ogc",
        },
    )  # fmt: skip
    layer = ET.SubElement(root, "NamedLayer")
    ET.SubElement(layer, "se:Name").text = name
    user = ET.SubElement(layer, "UserStyle")
    ET.SubElement(user, "se:Name").text = name
    feature_type = ET.SubElement(user, "se:FeatureTypeStyle")
    shape = shape_of(rows)
    for rule in rules(rows):
        _sld_rule(ET.SubElement(feature_type, "se:Rule"), rule, shape)
    return root


def _sld_rule(element: ET.Element, rule: Rule, shape: Shape) -> None:
    ET.SubElement(element, "se:Name").text = legal(rule.label)
    where = list(rule.where) + ([("valid_to", None)] if rule.latest else [])
    if where:
        filters = ET.SubElement(element, "ogc:Filter")
        both = ET.SubElement(filters, "ogc:And") if len(where) > 1 else filters
        for column, value in where:
            kind = "ogc:PropertyIsNull" if value is None else "ogc:PropertyIsEqualTo"
            test = ET.SubElement(both, kind)
            ET.SubElement(test, "ogc:PropertyName").text = column
            if value is not None:
                ET.SubElement(test, "ogc:Literal").text = legal(value)
    if rule.scale:
        ET.SubElement(element, "se:MaxScaleDenominator").text = str(rule.scale)
    if shape == "point":
        symbol = ET.SubElement(element, "se:PointSymbolizer")
        graphic = ET.SubElement(symbol, "se:Graphic")
        mark = ET.SubElement(graphic, "se:Mark")
        ET.SubElement(mark, "se:WellKnownName").text = "circle"
        _parameters(ET.SubElement(mark, "se:Fill"), {"fill": rule.style.colour})
        ET.SubElement(graphic, "se:Size").text = f"{2 * rule.style.width:g}"
    elif shape == "area":
        symbol = ET.SubElement(element, "se:PolygonSymbolizer")
        filled = {"fill": rule.style.colour, "fill-opacity": f"{rule.style.fill:g}"}
        _parameters(ET.SubElement(symbol, "se:Fill"), filled)
    else:
        symbol = ET.SubElement(element, "se:LineSymbolizer")
        stroke = {"stroke": rule.style.colour, "stroke-width": f"{rule.style.width:g}"}
        if rule.style.dash:
            stroke["stroke-dasharray"] = " ".join(f"{length:g}" for length in rule.style.dash)
        _parameters(ET.SubElement(symbol, "se:Stroke"), stroke)


def _parameters(element: ET.Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(element, "se:SvgParameter", name=name).text = value

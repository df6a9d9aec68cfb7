"""Reads a page back, written apart from the code that packs it and the script that unpacks it."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from itertools import accumulate, islice

import shapely


def block(text, key):
    """Return the bytes of a packed block of a page."""
    packed = re.search(f'<script type="text/plain" id="araxes-{key}">([^<]*)</script>', text)[1]
    return zlib.decompress(base64.b64decode(packed), -15)


def facts(text):
    """Return what the page is told."""
    told, texts, *columns = map(json.loads, block(text, "facts").split(b"\n"))
    told["texts"] = texts
    assert len(columns) == len(told["layers"])
    for layer in told["layers"]:
        for key in "stmapicur":
            if isinstance(layer[key], list):
                layer[key] = list(accumulate(layer[key]))
            elif isinstance(layer[key], dict):
                first, step = layer[key]["first"], layer[key]["step"]
                layer[key] = [first + step * n for n in range(layer["count"])]
    return told


def numbers(data):
    """Return whole numbers of a block, one at a time: a byte of each, seven bits, seven more."""
    begins = struct.unpack("<5L", data[:20])
    count = begins[1] - begins[0]
    values, waiting, at, shift = list(data[20 : begins[1]]), list(range(count)), begins[1], 8
    assert begins[0] == 20
    for begin in begins[1:]:
        assert at == begin
        left = []
        for n in waiting:
            values[n] += (data[at] % 128) * 2**shift
            if data[at] >= 128:
                left.append(n)
            at += 1
        waiting, shift = left, shift + 7
    assert not waiting
    assert at == len(data)
    return [-(v + 1) // 2 if v % 2 else v // 2 for v in values]


def parts(stream, counts):
    """Take areas, lines and points off a stream: kind, feature, vertices in cells of each part."""
    for kind, (count, vertices) in zip(("area", "line", "point"), counts, strict=True):
        owners, sizes, *firsts = (list(islice(stream, count)) for _ in range(4))
        steps = zip(*[list(islice(stream, vertices - count)) for _ in range(2)], strict=True)
        who = x = y = 0
        for step, size, *first in zip(owners, sizes, *firsts, strict=True):
            who += step
            xy = []
            for dx, dy in (first, *islice(steps, size - 1)):
                x, y = x + dx, y + dy
                xy.append((x, y))
            yield kind, who, xy


def geometries(text):
    """Return layer id → [(kind, feature, vertices in degrees)]."""
    told = facts(text)
    stream, scale = iter(numbers(block(text, "lines"))), told["scale"]
    found = {
        layer["id"]: [
            (kind, who, [(x * scale, y * scale) for x, y in xy])
            for kind, who, xy in parts(stream, layer["g"])
        ]
        for layer in told["layers"]
    }
    assert not list(stream)
    return found


def lines(text, layer):
    """Return the lines of a layer as shapely draws them."""
    return [shapely.LineString(xy) for kind, _, xy in geometries(text)[layer] if kind == "line"]

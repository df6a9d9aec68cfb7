"""Files of two kinds for the command line, and what its refusals look like."""

from __future__ import annotations

POINTS = '{"type":"FeatureCollection",%s"features":[%s]}'


LINE = '{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":%s}}'


def features(coordinates, head=""):
    return POINTS % (head, LINE % coordinates)


CORRIDOR = """
id = "{id}"
name = "A road"
mode = "road"
basis = "chain"
geometry_quality = "schematic"
position_sigma_m = 3000
definition = "From one place to another."
source = "araxes"
path = [{{ place = "{first}" }}, {{ place = "{second}" }}]

[[status]]
status = "open"
source = "araxes"
state = "quoted"
"""


def assert_refused(answer, words=""):
    """Check the contract of bad input: code 2 and one line that says what is wrong."""
    assert answer.code == 2, answer
    assert answer.out == ""
    assert answer.err.endswith("\n")
    assert answer.err.count("\n") == 1, answer.err
    assert answer.err.startswith("araxes")
    assert "Traceback" not in answer.err
    assert words in answer.err

"""Elements as text, beside what ElementTree writes."""

from __future__ import annotations

from copy import deepcopy
from xml.etree import ElementTree as ET

from hypothesis import given, strategies as st

from corridors.export.xml_text import indented

texts = st.text(st.sampled_from("ab é<>&\"'\n\r\t;"), max_size=6)
names = st.sampled_from(["rule", "se:Name", "x-1"])


@st.composite
def elements(draw, depth=3):
    made = ET.Element(draw(names), draw(st.dictionaries(names, texts, max_size=3)))
    if depth and draw(st.booleans()):
        made.extend(draw(st.lists(elements(depth=depth - 1), max_size=3)))
    if not len(made):
        made.text = draw(st.none() | texts)
    return made


@given(elements())
def test_an_element_is_written_as_elementtree_writes_it(made):
    expected = deepcopy(made)
    ET.indent(expected, " ")
    assert indented(made) == ET.tostring(expected, encoding="unicode")

"""A column is read once: whole numbers stay whole, days have no clock, lists are JSON."""

from __future__ import annotations

from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

from borders.files.columns import Column, columns_below

LARGE = 2**53 + 1


@pytest.mark.parametrize(
    ("series", "kind", "texts"),
    [
        (pd.Series([2, None], dtype="Int64"), "whole", ["2", ""]),
        (pd.Series([2, None], dtype=object), "whole", ["2", ""]),
        (pd.Series([np.int16(2), 3], dtype=object), "whole", ["2", "3"]),
        (pd.Series([LARGE, None], dtype="Int64"), "whole", [str(LARGE), ""]),
        (pd.Series([2**70, None], dtype=object), "whole", [str(2**70), ""]),
        (pd.Series([LARGE, 0.5], dtype=object), "other", [str(LARGE), "0.5"]),
        (pd.Series([2, 0.5], dtype=object), "number", ["2.0", "0.5"]),
        (pd.Series([2.0, None]), "number", ["2.0", ""]),
        (pd.Series([True, None], dtype="boolean"), "truth", ["true", ""]),
        (pd.Series(["a", None]), "other", ["a", ""]),
        (pd.Series(["a", 2], dtype=object), "other", ["a", "2"]),
        (pd.Series([2, 3], dtype="category"), "whole", ["2", "3"]),
    ],
    ids=str,
)
def test_a_gap_changes_no_value(series, kind, texts):
    column = Column.of(series)
    assert (column.kind, column.texts()) == (kind, texts)


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([pd.Timestamp("2020-11-10"), pd.NaT], ["2020-11-10", ""]),
        (
            [pd.Timestamp("2020-11-10"), pd.Timestamp("2020-11-10 12:30")],
            ["2020-11-10T00:00:00", "2020-11-10T12:30:00"],
        ),
        (pd.to_datetime(["2020-11-10"], utc=True), ["2020-11-10T00:00:00+00:00"]),
        ([date(2020, 11, 10), "in spring"], ["2020-11-10", "in spring"]),
        ([datetime(2020, 11, 10, 5), "x"], ["2020-11-10T05:00:00", "x"]),
        ([[1, 2], None], ["[1, 2]", ""]),
        ([np.array([1.5, np.nan]), ("a",)], ["[1.5, null]", '["a"]']),
        ([{"ка": [date(2020, 11, 10)]}, "x"], ['{"ка": ["2020-11-10"]}', "x"]),
    ],
    ids=str,
)
def test_days_are_iso_8601_and_lists_are_json(values, texts):
    assert Column.of(pd.Series(values)).texts() == texts


def test_a_frame_that_lacks_a_column_leaves_gaps_in_it():
    def frame(**columns):
        return gpd.GeoDataFrame(columns, geometry=[Point(44, 40)], crs=4326)

    columns = columns_below([frame(lanes=[LARGE], open=[True], km=[1]), frame(km=[0.5])])
    assert {key: column.kind for key, column in columns.items()} == {
        "lanes": "whole", "open": "truth", "km": "number"
    }  # fmt: skip
    assert columns["lanes"].array().tolist() == [LARGE, pd.NA]
    assert str(columns["lanes"].array().dtype) == "Int64"
    assert columns["open"].texts() == ["true", ""]
    assert columns["km"].array().tolist() == [1.0, 0.5]

"""Watersheds on elevation models: synthetic terrain whose divide is known."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from geographiclib.geodesic import Geodesic

from borders.compiler.resolve import resolve
from borders.errors import AraxesError, GeometryError
from borders.gazetteer.places import Place
from borders.geodesy import distance_m, length_m
from borders.terrain import watershed
from borders.terrain.elevation import Terrain, read_dem
from borders.terrain.watershed import divide, window_bounds
from borders.treaty.treaty import read_treaty

if TYPE_CHECKING:
    from pathlib import Path

WEST, NORTH, CELL = 43.0, 41.0, 1 / 1200  # three seconds of arc, about 80 m


def place(lon: float, lat: float, *, sigma_m: float = 100.0, key: str = "p") -> Place:
    return Place(
        id=f"{key}-{lon}-{lat}", name=f"{key} at {lon:.3f}", kind="summit", country="TR", lon=lon,
        lat=lat, sigma_m=sigma_m, names={}, aliases=(), source="araxes", state="assumption",
    )  # fmt: skip


def grid(heights: np.ndarray) -> Terrain:
    return Terrain(
        elevation_m=heights, west=WEST, north=NORTH, pixel_width_deg=CELL, pixel_height_deg=CELL,
        source="synthetic",
    )  # fmt: skip


def winding_ridge(seed: int, size: tuple[int, int] = (240, 480)) -> tuple[Terrain, np.ndarray]:
    """Return terrain that falls away from a winding crest, and the crest as lon/lat."""
    rng = np.random.default_rng(seed)
    rows, columns = size
    x = np.arange(columns)
    phases = rng.uniform(0, 2 * np.pi, 3)
    crest = rows / 2 + sum(
        a * np.sin(2 * np.pi * k * x / columns + p)
        for a, k, p in zip((30, 12, 6), (1, 3, 5), phases, strict=True)
    )
    top = 2500 + 200 * np.sin(2 * np.pi * x / columns * 2 + phases[0])
    row = np.arange(rows)[:, None]
    heights = top[None, :] - 6.0 * np.abs(row - crest[None, :]) + rng.normal(0, 2.0, size)
    lonlat = np.column_stack([WEST + (x + 0.5) * CELL, NORTH - (crest + 0.5) * CELL])
    return grid(heights), lonlat


@pytest.mark.parametrize("seed", range(12))
def test_the_divide_lies_on_the_known_crest_within_its_error(seed) -> None:
    terrain, crest = winding_ridge(seed)
    ends = [place(*crest[k], sigma_m=50.0) for k in (20, -20)]
    found = divide(terrain, *ends)
    truth = shapely.LineString(crest)
    at = [found.geometry.interpolate(s, normalized=True) for s in np.linspace(0.02, 0.98, 60)]
    away_m = np.array([float(distance_m(truth, point)) for point in at])
    assert np.mean(away_m <= 1.96 * found.sigma_m) >= 0.95
    # A smoothed staircase is about as long as the crest.
    part = shapely.LineString(crest[20:-19])
    assert float(length_m(found.geometry)) == pytest.approx(float(length_m(part)), rel=0.05)


def test_ends_beside_the_crest_climb_to_it() -> None:
    terrain, crest = winding_ridge(3)
    ends = [place(crest[k][0], crest[k][1] - 0.01, sigma_m=1000.0) for k in (40, -40)]
    found = divide(terrain, *ends)
    middle = found.geometry.interpolate(0.5, normalized=True)
    assert float(distance_m(shapely.LineString(crest), middle)) < 3 * found.sigma_m
    assert found.geometry.coords[0] == (ends[0].lon, ends[0].lat)


@pytest.mark.parametrize("seed", range(4))
def test_swapping_the_ends_gives_the_same_line_backwards(seed) -> None:
    terrain, crest = winding_ridge(seed)
    a, b = (place(*crest[k]) for k in (30, -60))
    there, back = divide(terrain, a, b), divide(terrain, b, a)
    assert there.geometry.equals_exact(back.geometry.reverse(), 1e-12)
    assert there.saddle_m == back.saddle_m


@pytest.mark.parametrize("seed", range(20))
def test_the_saddle_is_as_high_as_networkx_says(seed) -> None:
    rng = np.random.default_rng(seed)
    heights = rng.uniform(0, 1000, (9, 11))
    holes = rng.random(heights.shape) < 0.1
    holes[:2, :2] = holes[-2:, -2:] = False
    heights[holes] = np.nan
    graph = nx.Graph()
    for r, c in np.ndindex(heights.shape):
        for other in ((r, c + 1), (r + 1, c), (r + 1, c + 1), (r + 1, c - 1)):
            if other[0] < 9 and 0 <= other[1] < 11:
                low = min(heights[r, c], heights[other])
                if not np.isnan(low):
                    graph.add_edge((r, c), other, weight=low)
    ends = [(0, 0), (8, 10)]
    tree = nx.maximum_spanning_tree(graph)
    expected = min(heights[cell] for cell in nx.shortest_path(tree, *ends))
    centres = [(WEST + (c + 0.5) * CELL, NORTH - (r + 0.5) * CELL) for r, c in ends]
    found = divide(grid(heights), *(place(*xy) for xy in centres))
    assert found.saddle_m == pytest.approx(expected)


def test_a_flat_crest_is_known_less_well_than_a_sharp_one() -> None:
    rows, columns = 200, 300
    row = np.abs(np.arange(rows) - 100)[:, None] + np.zeros(columns)
    ends = [place(WEST + c * CELL, NORTH - 100.5 * CELL) for c in (20.5, 280.5)]
    sharp = divide(grid(2000.0 - 20 * row), *ends)
    flat = divide(grid(2000.0 - 20 * np.maximum(row - 15, 0)), *ends)
    assert flat.sigma_m > 4 * sharp.sigma_m
    # Anywhere on a plateau of 31 cells with an even chance; a degree is about 100 km here.
    width_m = 31 * CELL * 111_000 * (1 + np.cos(np.radians(NORTH))) / 2
    assert flat.sigma_m == pytest.approx(width_m / 12**0.5, rel=0.1)


def test_a_hole_is_walked_round_and_a_wall_of_holes_is_named() -> None:
    terrain, crest = winding_ridge(5)
    heights = terrain.elevation_m.copy()
    heights[:, 240] = np.nan
    ends = [place(*crest[k]) for k in (60, -60)]
    with pytest.raises(GeometryError, match="no cells with heights join"):
        divide(grid(heights), *ends)
    heights[30:40, 240] = terrain.elevation_m[30:40, 240]
    found = divide(grid(heights), *ends)
    crossing = found.geometry.intersection(
        shapely.LineString([(WEST + 240.5 * CELL, 40), (WEST + 240.5 * CELL, 42)])
    )
    assert 30 <= (NORTH - crossing.y) / CELL <= 41


def test_ends_outside_on_a_hole_or_in_one_cell() -> None:
    terrain, crest = winding_ridge(6)
    inside, outside = place(*crest[50]), place(60.0, 10.0)
    assert divide(terrain, inside, outside) is None
    with pytest.raises(GeometryError, match="lie in one cell"):
        divide(terrain, inside, replace(inside, id="other"))
    heights = terrain.elevation_m.copy()
    row, column = int((NORTH - inside.lat) / CELL), int((inside.lon - WEST) / CELL)
    heights[row, column] = np.nan
    with pytest.raises(GeometryError, match="no height at"):
        divide(grid(heights), inside, place(*crest[-50]))


# A treaty over the synthetic crest, and files of heights.

TREATY = """
id = "w"
kind = "border"
name = "W"
document = "A treaty"
source = "araxes"
state = "unverified"

[[place]]
id = "a"
name = "A"
lon = {a[0]}
lat = {a[1]}
sigma_m = 100
source = "araxes"

[[place]]
id = "b"
name = "B"
lon = {b[0]}
lat = {b[1]}
sigma_m = 100
source = "araxes"

[[call]]
words = "along the watershed"
rule = "watershed"
from = "a"
to = "b"
"""


def treaty_file(folder: Path, crest: np.ndarray) -> Path:
    file = folder / "w.toml"
    file.write_text(TREATY.format(a=crest[30], b=crest[-30]), encoding="utf-8")
    return file


def dem_file(folder: Path, terrain: Terrain, **more) -> Path:
    file = folder / "dem.tif"
    heights = terrain.elevation_m
    profile = {
        "driver": "GTiff", "height": heights.shape[0], "width": heights.shape[1], "count": 1,
        "dtype": "float32", "crs": "EPSG:4326", "nodata": -9999.0,
        "transform": Affine(CELL, 0, WEST, 0, -CELL, NORTH),
    }  # fmt: skip
    unit = more.pop("unit", None)
    values = more.pop("values", heights)
    with rasterio.open(file, "w", **{**profile, **more}) as raster:
        raster.write(np.nan_to_num(values, nan=-9999.0).astype("float32"), 1)
        if unit:
            raster.set_band_unit(1, unit)
    return file


def test_a_watershed_becomes_a_divide_and_without_a_model_stays_a_gap(tmp_path) -> None:
    terrain, crest = winding_ridge(8)
    treaty = read_treaty(treaty_file(tmp_path, crest))
    assert resolve(treaty).legs[0].drawn_as == "gap"
    line = resolve(treaty, terrain=read_dem(dem_file(tmp_path, terrain)))
    leg = line.legs[0]
    assert leg.drawn_as == "divide"
    assert leg.sigma_m < 500
    assert leg.source == "dem.tif"
    assert "Lowest at" in leg.note
    low, high = line.length.low, line.length.high
    assert low < float(length_m(shapely.LineString(crest[30:-29]))) < high


def test_a_leg_that_the_model_does_not_hold_says_so(tmp_path) -> None:
    terrain, _ = winding_ridge(8)
    treaty = read_treaty(treaty_file(tmp_path, np.array([[50.0, 38.0]] * 31 + [[50.5, 38.0]] * 60)))
    leg = resolve(treaty, terrain=terrain).legs[0]
    assert leg.drawn_as == "gap"
    assert "does not hold both ends" in leg.note


def test_the_treaty_of_kars_joins_over_a_model_of_its_watersheds() -> None:
    treaty = read_treaty("kars-1921")
    legs = [leg for leg in resolve(treaty).legs if leg.rule == "watershed"]
    assert legs
    west, south, east, north = shapely.total_bounds([leg.geometry for leg in legs])
    west, south, east, north = west - 0.1, south - 0.1, east + 0.1, north + 0.1
    step = 1 / 300
    lon = np.arange(west, east, step)
    lat = np.arange(north, south, -step)
    crest = shapely.union_all([leg.geometry for leg in legs])
    points = shapely.points(*np.meshgrid(lon + step / 2, lat - step / 2))
    heights = 3000 - 30_000 * shapely.distance(points, crest)
    terrain = Terrain(elevation_m=heights, west=west, north=north, pixel_width_deg=step,
                      pixel_height_deg=step, source="synthetic")  # fmt: skip
    line = resolve(treaty, terrain=terrain)
    drawn = [leg for leg in line.legs if leg.rule == "watershed"]
    assert {leg.drawn_as for leg in drawn} == {"divide"}
    assert line.length.value == pytest.approx(resolve(treaty).length.value, rel=0.05)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"crs": None}, "no coordinate reference system"),
        ({"crs": "EPSG:32638"}, "gdalwarp -t_srs EPSG:4326"),
        ({"unit": "ft"}, "heights in 'ft'; convert them to metres"),
        ({"values": np.full((240, 480), np.nan)}, "every cell is missing"),
        ({"values": np.full((240, 480), 12000.0)}, "if the unit is feet, convert to metres"),
    ],
)
def test_a_model_that_is_not_one_gets_one_line(tmp_path, araxes, more, said) -> None:
    terrain, crest = winding_ridge(2)
    dem, treaty = dem_file(tmp_path, terrain, **more), treaty_file(tmp_path, crest)
    with pytest.raises(AraxesError) as caught:
        read_dem(dem)
    assert said in str(caught.value)
    told = araxes("show", treaty, "--dem", dem)
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert said in told.err


def test_no_file_and_no_tiff(tmp_path, araxes) -> None:
    assert "no such file" in araxes("show", "kars-1921", "--dem", tmp_path / "x.tif").err
    junk = tmp_path / "junk.tif"
    junk.write_text("junk")
    told = araxes("show", "kars-1921", "--dem", junk)
    assert told.code == 2
    assert "not a TIFF" in told.err


def test_the_commands_take_a_model(tmp_path, araxes) -> None:
    terrain, crest = winding_ridge(4)
    dem, treaty = dem_file(tmp_path, terrain), treaty_file(tmp_path, crest)
    assert "watershed, divide" in araxes("show", treaty, "--legs", "--dem", dem).out
    assert araxes("validate", treaty, "--dem", dem).code == 0
    assert araxes("map", treaty, "--dem", dem, "--out", tmp_path / "w.html").code == 0
    assert araxes("export", treaty, "--dem", dem, "--out", tmp_path / "w.geojson").code == 0
    assert '"divide"' in (tmp_path / "w.geojson").read_text("utf-8")


def test_a_model_under_a_line_that_follows_its_divide_is_credited_once(tmp_path, araxes) -> None:
    terrain, crest = winding_ridge(4)
    dem, treaty = dem_file(tmp_path, terrain), treaty_file(tmp_path, crest)
    for file in ("w.html", "w.svg"):
        assert araxes("map", treaty, "--dem", dem, "--out", tmp_path / file).code == 0
    page = (tmp_path / "w.html").read_text("utf-8")
    said = [text for text in re.findall(r"<p [^>]*>([^<]*)</p>", page) if text.endswith(dem.name)]
    assert said == [f"Relief: {dem.name}"]
    caption = (tmp_path / "w.caption.md").read_text("utf-8").splitlines()
    said = [line for line in caption if line.startswith("- ") and line.endswith(dem.name)]
    assert said == [f"- Relief: {dem.name}"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"elevation_m": np.ones(4)}, "heights are 1-D float64; give a 2-D array of floats"),
        ({"elevation_m": np.ones((3, 4), int)}, "heights are 2-D int64; give a 2-D array"),
        ({"elevation_m": np.array([[1.0, np.inf]])}, "heights are infinite or all missing"),
        ({"elevation_m": np.full((3, 4), np.nan)}, "heights are infinite or all missing"),
        ({"pixel_width_deg": 0.0}, "a cell is 0 by 0.25 degrees; both must be > 0"),
        ({"pixel_height_deg": -0.25}, "a cell is 0.25 by -0.25 degrees; both must be > 0"),
        ({"pixel_width_deg": np.nan}, "both must be > 0"),
        ({"pixel_height_deg": np.inf}, "both must be > 0"),
        ({"west": -180.2}, "spans -180.2 to -179.2 and 40.25 to 41, which is no longitude"),
        ({"west": 359.2}, "spans 359.2 to 360.2"),
        ({"north": 90.2}, "and 89.45 to 90.2, which is no longitude and latitude"),
        ({"north": -89.4}, "and -90.15 to -89.4"),
    ],
)
def test_what_is_no_grid_of_heights_is_refused(changed, said) -> None:
    usual = {"elevation_m": np.ones((3, 4)), "west": 43.0, "north": 41.0,
             "pixel_width_deg": 0.25, "pixel_height_deg": 0.25, "source": "model"}  # fmt: skip
    with pytest.raises(GeometryError, match=f"^model: .*{said}"):
        Terrain(**(usual | changed))


@pytest.mark.parametrize(("west", "north"), [(-180.125, 90.125), (359.125, 90.125),
                                             (-180.125, -89.375)])  # fmt: skip
def test_a_grid_of_the_globe_may_have_its_centres_at_poles_and_the_seam(west, north) -> None:
    edge = Terrain(elevation_m=np.ones((3, 4)), west=west, north=north, pixel_width_deg=0.25,
                   pixel_height_deg=0.25, source="model")  # fmt: skip
    assert edge.bounds == (west, north - 0.75, west + 1.0, north)
    moved = {"west": west - 0.01} if west < 0 else {"west": west + 0.01}
    with pytest.raises(GeometryError, match="no longitude and latitude"):
        replace(edge, **moved)


@pytest.mark.parametrize("seed", [2, 7])
def test_a_large_model_is_searched_in_blocks_as_high_as_their_highest_cell(
    monkeypatch, seed
) -> None:
    terrain, crest = winding_ridge(seed)
    heights = terrain.elevation_m.copy()
    # A hole in a block leaves it the height of its other cells, and sizes need not divide.
    heights[::7, ::5] = np.nan
    heights = heights[:-1, :-2]
    ends = [place(*crest[k], sigma_m=50.0) for k in (21, -21)]
    monkeypatch.setattr(watershed, "MOST_CELLS", 12_000)
    found = divide(grid(heights), *ends)
    at = [found.geometry.interpolate(s, normalized=True) for s in np.linspace(0.02, 0.98, 60)]
    away_m = np.array([float(distance_m(shapely.LineString(crest), point)) for point in at])
    assert np.mean(away_m <= 1.96 * found.sigma_m) >= 0.95
    # Cells are about 80 m wide, blocks of four by four up to 320 m.
    assert away_m.max() < 2 * 320
    # By blocks the saddle is the lowest of the highest cells along the crest.
    assert found.saddle_m in heights
    tops = np.nanmax(heights, axis=0)[21:-21]
    assert (
        tops.min() - 1e-9
        <= found.saddle_m
        <= np.nanmin([np.nanmax(tops[k : k + 4]) for k in range(0, len(tops) - 4, 4)]) + 30
    )


@pytest.mark.parametrize(("lat", "other"), [(40.0, 60.0), (-60.0, -40.0), (60.0, 60.0)])
def test_the_search_reaches_half_the_distance_to_every_side_of_both_ends(lat, other) -> None:
    start, end = place(43.0, lat, key="a"), place(44.0, other, key="b")
    west, south, east, north = window_bounds(start, end)
    half_m = Geodesic.WGS84.Inverse(lat, 43.0, other, 44.0)["s12"] / 2
    assert window_bounds(end, start) == (west, south, east, north)
    for found, sides in ((start, (west, south, north)), (end, (east, south, north))):
        along = [(found.lat, sides[0])] + [(side, found.lon) for side in sides[1:]]
        away_m = [Geodesic.WGS84.Inverse(found.lat, found.lon, *to)["s12"] for to in along]
        # Metres of a mean degree; along a parallel the geodesic is a little shorter.
        assert min(away_m) > 0.97 * half_m

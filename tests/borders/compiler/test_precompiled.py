"""Kept boundaries are those that their calls give, and stale or damaged ones are not used."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import fields, replace

import pytest
import shapely

from borders.compiler.deviation import band, drawn_band
from borders.compiler.monte_carlo import draws
from borders.compiler.precompiled import (
    FILE,
    pack,
    read_band,
    read_drawn,
    read_precompiled,
    read_scales,
)
from borders.compiler.resolve import boundary, is_bundled, resolve
from borders.files.bundle import BUNDLED, DataRoot
from borders.geodesy import scale_curve
from borders.treaty.treaty import read_treaty, treaty_ids


def near(one, other):
    if one.is_empty or other.is_empty:
        return one.is_empty and other.is_empty
    # A millimetre: other versions of PROJ and GEOS round otherwise. Vertex by vertex first, as the
    # distance of long lines takes seconds.
    return shapely.equals_exact(one, other, 1e-8) or shapely.hausdorff_distance(one, other) < 1e-8


@pytest.mark.parametrize("key", treaty_ids())
def test_a_kept_boundary_is_the_one_that_its_calls_give(key):
    treaty = read_treaty(key)
    ours, true = read_precompiled(treaty), resolve(treaty)
    assert ours is not None, "data/resolved.npz is stale: run data/build/resolved.py"
    assert near(ours.geometry, true.geometry)
    assert (ours.polygon is None) == (true.polygon is None)
    assert near(ours.polygon or shapely.Point(), true.polygon or shapely.Point())
    for one, other in ((ours.length, true.length), (ours.area, true.area)):
        assert (one is None) == (other is None)
        if one is not None:
            assert (one.value, one.sigma) == pytest.approx((other.value, other.sigma), rel=1e-9)
            assert (one.basis, one.how, one.state) == (other.basis, other.how, other.state)
    for one, other in zip(ours.legs, true.legs, strict=True):
        assert near(one.geometry, other.geometry)
        for name in (field.name for field in fields(one) if field.name != "geometry"):
            value = getattr(other, name)
            if isinstance(value, float):
                value = pytest.approx(value, rel=1e-9, abs=1e-6)
            assert getattr(one, name) == value


@pytest.mark.parametrize("key", treaty_ids())
def test_kept_draws_are_those_of_draws_made_anew(key):
    kept, drawn = read_drawn(read_treaty(key)), draws(boundary(key))
    assert kept is not None, "data/resolved.npz is stale: run data/build/resolved.py"
    for one, other in zip(kept, (drawn.length, drawn.area), strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            # Kilometres are printed to a tenth: other versions of PROJ and GEOS round otherwise.
            assert (one.value, one.sigma) == pytest.approx((other.value, other.sigma), rel=1e-6)


@pytest.mark.parametrize("key", treaty_ids())
def test_kept_lengths_by_tolerance_are_those_measured_anew(key):
    points = scale_curve(boundary(key).geometry).points
    kept = read_scales(read_treaty(key))
    assert kept is not None, "data/resolved.npz is stale: run data/build/resolved.py"
    assert [at for at, _ in kept] == [point.tolerance_m for point in points]
    # Coordinates are kept to a millimetre, of lines of thousands of vertices.
    lengths = pytest.approx([point.length_m for point in points], rel=1e-6)
    assert [length_m for _, length_m in kept] == lengths


@pytest.mark.parametrize("key", treaty_ids())
def test_a_kept_band_is_the_one_drawn_anew(key):
    kept, true = band(boundary(key)), drawn_band(boundary(key))
    assert read_band(read_treaty(key)) is not None, "data/resolved.npz is stale"
    assert kept is not true
    assert shapely.is_valid(kept)
    # Coordinates are kept to a centimetre, along outlines of hundreds of kilometres.
    apart = shapely.symmetric_difference(kept, true).area
    assert apart < 1e-7 * shapely.length(true)


def test_a_changed_boundary_has_nothing_that_is_kept():
    line = boundary("kars-1921")
    assert is_bundled(line)
    changed = replace(line, legs=line.legs[:1])
    assert not is_bundled(changed)
    assert shapely.equals(band(changed), drawn_band(changed))
    treaty = replace(line.treaty, calls=line.treaty.calls[:1])
    assert read_drawn(treaty) is None
    assert read_band(treaty) is None
    assert read_scales(treaty) is None


def test_a_last_digit_that_a_processor_rounds_otherwise_changes_no_byte():
    line = resolve(read_treaty("annex2-1921"))
    off = [
        replace(leg, geometry=shapely.transform(leg.geometry, lambda xy: xy * (1 + 2e-16)),
                length_m=leg.length_m * (1 + 2e-16)) for leg in line.legs
    ]  # fmt: skip
    kept = drawn_band(line), draws(line, n=100), scale_curve(line.geometry)
    one, other = pack(line, *kept), pack(replace(line, legs=tuple(off)), *kept)
    assert any(a.geometry != b.geometry for a, b in zip(line.legs, off, strict=True))
    assert {key: array.tobytes() for key, array in one.items()} == {
        key: array.tobytes() for key, array in other.items()
    }


@pytest.fixture
def copied(tmp_path):
    """Return a copy of the data that may be changed."""
    folder = tmp_path / "data"
    shutil.copytree(BUNDLED.folder, folder, ignore=shutil.ignore_patterns("build"))
    return DataRoot(folder)


def known(root):
    """Return which of the bundled treaties have a boundary that is kept and fits."""
    return [key for key in treaty_ids() if read_precompiled(read_treaty(key), root=root)]


def test_a_copy_is_used_as_it_is(copied):
    assert known(copied) == list(treaty_ids())


def test_with_other_guide_lines_nothing_that_is_kept_is_used(copied):
    with copied.path("runtime.npz").open("ab") as changed:
        changed.write(b" ")
    assert known(copied) == []


@pytest.mark.parametrize("change", [{"lon": 43.5}, {"sigma_m": 1.0}, {"on_todays_border": False}])
def test_with_a_place_changed_a_boundary_is_drawn_anew(change):
    treaty = read_treaty("kars-1921")
    first, *others = treaty.calls
    moved = replace(first, start=replace(first.start, **change))
    assert read_precompiled(replace(treaty, calls=(moved, *others))) is None
    assert read_precompiled(replace(treaty, name="Another name", note="Another note")) is not None


def emptied(_):
    return b""


def flipped(content):
    """Return bytes of which every hundredth is another one."""
    return bytes(c ^ (n % 100 == 50) for n, c in enumerate(content))


@pytest.mark.parametrize("damage", [None, emptied, bytes.lower, flipped])
def test_without_what_is_kept_boundaries_are_drawn(copied, damage):
    file = copied.path(FILE)
    content = file.read_bytes()
    file.unlink()
    if damage is not None:
        file.write_bytes(damage(content))
    assert known(copied) == []


def test_showing_a_border_asks_no_geodesic_library():
    code = (
        "import sys; from maps.cli.main import main; main(['show', 'kars-1921', '--json']);"
        "sys.exit(', '.join({'pyproj', 'geopandas', 'rich'} & sys.modules.keys()))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == ""

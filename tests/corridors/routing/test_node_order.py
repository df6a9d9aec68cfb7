"""Orders kept between runs: found again, and made anew when damaged."""

from __future__ import annotations

import hashlib
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from borders.files.cache import cache_folder
from corridors.routing import Graph, Router
from corridors.routing.engines.node_order import node_order

if TYPE_CHECKING:
    from pathlib import Path

SIDE = 40


@pytest.fixture
def grid(monkeypatch, tmp_path) -> Graph:
    """Return a grid whose order is worth keeping, and an empty cache folder."""
    monkeypatch.setenv("ARAXES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("corridors.routing.engines.node_order.MIN_CACHED_NODES", 10)
    monkeypatch.setattr("corridors.routing.engines.node_order.MIN_DISSECTED_NODES", 10)
    node = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    pairs = [(node[:, :-1], node[:, 1:]), (node[:-1], node[1:])]
    tail, head = (np.concatenate([p[k].ravel() for p in pairs]) for k in (0, 1))
    lon, lat = np.divmod(node.ravel(), SIDE)
    return Graph(
        n_nodes=SIDE * SIDE, tail=np.concatenate([tail, head]), head=np.concatenate([head, tail]),
        lon=lon / 100.0, lat=lat / 100.0,
    )  # fmt: skip


def kept() -> Path:
    (file,) = cache_folder().iterdir()
    return file


def test_an_order_is_kept_under_the_hash_of_the_topology(grid) -> None:
    first = node_order(grid)
    assert sorted(first) == list(range(grid.n_nodes))
    assert kept().stem == f"{grid.topology_hash}-dissection"
    before = kept().read_bytes()
    assert node_order(grid) == first
    assert kept().read_bytes() == before


def test_another_topology_has_another_hash(grid) -> None:
    other = Graph(n_nodes=grid.n_nodes, tail=grid.head, head=grid.tail)
    assert other.topology_hash != grid.topology_hash
    assert Graph(n_nodes=grid.n_nodes + 1, tail=grid.tail, head=grid.head).topology_hash != (
        grid.topology_hash
    )


@pytest.mark.parametrize(
    "harm", ["empty", "short", "flipped", "swapped", "no permutation", "junk", "other version"]
)
def test_a_damaged_order_is_made_anew(grid, harm: str) -> None:
    good = node_order(grid)
    raw = kept().read_bytes()
    bad = {
        "empty": b"",
        "short": raw[:-4],
        "flipped": raw[:-1] + bytes([raw[-1] ^ 1]),
        "swapped": raw[:-8] + raw[-4:] + raw[-8:-4],
        "other version": raw.replace(b"order 1", b"order 0", 1),
        "no permutation": raw[:15] + raw[15:47] + b"\0" * (len(raw) - 47),
        "junk": b"x" * len(raw),
    }[harm]
    kept().write_bytes(bad)
    assert node_order(grid) == good
    assert kept().read_bytes() == raw


@pytest.mark.parametrize("body", [b"\0" * 4 * SIDE**2, b"\0" * 7, b"\0" * 4], ids=len)
def test_what_is_no_order_is_not_trusted_though_its_checksum_holds(grid, body: bytes) -> None:
    good = node_order(grid)
    magic = kept().read_bytes()[:15]
    kept().write_bytes(magic + hashlib.sha256(body).digest() + body)
    assert node_order(grid) == good


def test_an_order_kept_is_not_made_again(grid, monkeypatch) -> None:
    first = node_order(grid)
    monkeypatch.setattr(
        "corridors.routing.engines.node_order.compute_order", lambda _: pytest.fail("made again")
    )
    assert node_order(grid) == first


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(grid, monkeypatch, tmp_path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("ARAXES_CACHE", str(blocked / "below"))
    assert sorted(node_order(grid)) == list(range(grid.n_nodes))


@pytest.fixture
def without_partitioner(monkeypatch) -> None:
    """Let pymetis not be there."""
    monkeypatch.setitem(sys.modules, "pymetis", None)


@pytest.mark.usefixtures("without_partitioner")
@pytest.mark.parametrize(("placed", "method"), [(True, "inertial"), (False, "degree")])
def test_without_the_partitioner_the_costs_are_the_same(grid, placed: bool, method: str) -> None:
    if not placed:
        grid = Graph(n_nodes=grid.n_nodes, tail=grid.tail, head=grid.head)
    costs = np.random.default_rng(5).integers(1, 999, grid.n_arcs)
    asked = range(0, grid.n_nodes, 97)
    expected = Router(grid, costs, engine="scipy").costs(asked, asked)
    assert np.array_equal(Router(grid, costs, engine="cch").costs(asked, asked), expected)
    assert kept().stem.endswith(method)


def test_a_partitioner_installed_later_does_not_inherit_a_worse_order(grid) -> None:
    with pytest.MonkeyPatch.context() as without:
        without.setitem(sys.modules, "pymetis", None)
        worse = node_order(grid)
    assert node_order(grid) != worse
    assert len(list(cache_folder().iterdir())) == 2


def test_a_small_graph_leaves_no_file(grid, monkeypatch) -> None:
    monkeypatch.setattr("corridors.routing.engines.node_order.MIN_CACHED_NODES", grid.n_nodes + 1)
    node_order(grid)
    assert not cache_folder().exists()


def test_a_user_without_a_home_keeps_nothing(grid, monkeypatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("ARAXES_CACHE")
    monkeypatch.setattr("borders.files.cache.Path.home", nowhere)
    assert cache_folder() is None
    assert sorted(node_order(grid)) == list(range(grid.n_nodes))


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, "home/.cache/araxes"),
        ("linux", {"XDG_CACHE_HOME": "{}/xdg"}, "xdg/araxes"),
        ("linux", {"XDG_CACHE_HOME": "relative, so not valid"}, "home/.cache/araxes"),
        ("darwin", {"XDG_CACHE_HOME": "{}/xdg"}, "home/Library/Caches/araxes"),
        ("win32", {"LOCALAPPDATA": "{}/local"}, "local/araxes/cache"),
        ("win32", {}, "home/AppData/Local/araxes/cache"),
        ("win32", {"LOCALAPPDATA": "{}/local", "ARAXES_CACHE": "{}/mine"}, "mine"),
    ],
)
def test_the_folder_is_the_one_of_the_platform(
    monkeypatch, tmp_path, platform: str, variables: dict[str, str], folder: str
) -> None:
    for name in ("ARAXES_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp_path))
    monkeypatch.setattr("borders.files.cache.Path.home", lambda: tmp_path / "home")
    monkeypatch.setattr("borders.files.cache.sys.platform", platform)
    assert cache_folder() == tmp_path / folder

"""Without the extra, and addresses of databases as messages show them."""

from __future__ import annotations

import sys

import pytest

from corridors.export.postgis import address_label, is_address
from maps.cli.main import main


@pytest.mark.parametrize("module", ["sqlalchemy", "geoalchemy2", "psycopg"])
def test_without_the_extra_one_line_says_what_to_install(monkeypatch, capsys, module):
    monkeypatch.setitem(sys.modules, module, None)
    assert main(["export", "btk", "--out", "postgresql://me:secret@localhost/maps"]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "pip install 'araxes[postgis]'" in printed.err
    assert "secret" not in printed.err


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:secret@localhost:5432/maps", "postgresql://me@localhost:5432/maps"),
        ("postgres://me:sec%40ret@[::1]:5432/m", "postgres://me@[::1]:5432/m"),
        ("postgresql+psycopg://localhost/m?password=secret", "postgresql+psycopg://localhost/m"),
        ("postgresql:///maps?host=/run&user=me&password=secret", "postgresql:///maps"),
        ("postgresql://me:secret@one,two/maps", "postgresql://…"),
        ("postgresql://me:sec@ret@localhost/maps", "postgresql://…"),
        ("postgresql://me:se/cret@localhost/maps", "postgresql://…"),
        ("postgresql://me:secret", "postgresql://…"),
        ("postgresql://localhost/m?password=secret@x", "postgresql://localhost/m"),
        ("postgresql://me:secret\n@localhost/maps", "postgresql://me@localhost/maps"),
    ],
)
def test_no_part_of_a_password_is_shown(address, shown):
    assert is_address(address)
    assert address_label(address) == shown
    assert "cret" not in shown

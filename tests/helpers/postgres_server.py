"""A PostgreSQL server with PostGIS on loopback, of this test run alone."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

REQUIRED = os.environ.get("ARAXES_REQUIRE_POSTGIS") == "1"
PASSWORD = "p%40ss word!"
_PLACES = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt")


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that has PostGIS, or None."""
    versions = sorted(Path(_PLACES[0]).glob("*/bin/initdb"), reverse=True)
    for initdb in versions:
        share = Path("/usr/share/postgresql") / initdb.parents[1].name / "extension"
        if (share / "postgis.control").exists():
            return initdb.parent
    return None


@dataclass(frozen=True)
class Server:
    """A running server.

    Parameters
    ----------
    port : on 127.0.0.1.
    """

    port: int

    def address(self, database: str = "maps", user: str = "araxes") -> str:
        """Return the address of a database, its password written as addresses have it."""
        secret = PASSWORD.replace("%", "%25").replace(" ", "%20").replace("!", "%21")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def query(self, command: str, database: str = "maps") -> list[Any]:
        """Return the rows of a command, without our code and without SQLAlchemy."""
        import psycopg

        with psycopg.connect(
            host="127.0.0.1", port=self.port, user="araxes", password=PASSWORD, dbname=database,
            autocommit=True,
        ) as connection:  # fmt: skip
            cursor = connection.execute(command)
            return cursor.fetchall() if cursor.description else []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres_server(bin_folder: Path) -> Iterator[Server]:
    """Yield a server with a database `maps` that has PostGIS, and `plain`, which has none.

    PostgreSQL does not run as root: then the server is `nobody`'s.
    """
    folder = Path(tempfile.mkdtemp(prefix="araxes-pg-"))
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        owner = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    password = folder / secrets.token_hex(8)
    password.write_text(PASSWORD, "utf-8")
    password.chmod(0o644)
    port, cluster = _free_port(), folder / "cluster"

    def run(*words: str | Path) -> None:
        with (folder / f"{Path(words[0]).name}.log").open("wb") as log:
            subprocess.run(
                [str(word) for word in words], cwd=folder, check=True, stdout=log, stderr=log,
                **owner,
            )  # fmt: skip

    control = (bin_folder / "pg_ctl", "--pgdata", cluster)
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        " -c max_connections=20 -c shared_buffers=32MB"
    )
    try:
        run(bin_folder / "initdb", "--pgdata", cluster, "--username", "araxes", "--no-sync",
            "--auth", "scram-sha-256", "--pwfile", password, "--encoding", "UTF8",
            "--no-locale")  # fmt: skip
        run(*control, "--wait", "--log", folder / "server.log", "--options", options, "start")
        try:
            server = Server(port)
            for name in ("maps", "plain"):
                server.query(f"CREATE DATABASE {name}", "postgres")
            server.query("CREATE EXTENSION postgis")
            server.query("CREATE ROLE guest LOGIN PASSWORD '" + PASSWORD + "'")
            yield server
        finally:
            run(*control, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)

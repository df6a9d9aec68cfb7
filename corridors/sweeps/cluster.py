"""A sweep on several processes: of this machine, or of a Dask cluster.

What travels is small: the question without its network, and each share. The network travels as a
compiled file, once to each worker, and is checked there by its checksum; the order of the nodes is
computed before the workers start and travels the same way, and so does a study, as its archive.
Each process keeps its planner and makes queries of its own for every call. The share of a worker
that dies is asked again.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any, NoReturn

from borders.errors import AraxesError
from corridors.network.load import load_network
from corridors.routing.engines.node_order import node_order, order_file
from corridors.routing.weighted_graph import graph_of
from corridors.study.archive import pack, unpack
from corridors.study.study import Study
from corridors.sweeps.answer import Columns, answer_here, planner_of
from corridors.sweeps.parent import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corridors.sweeps.question import Question, Share

__all__ = ["by_cluster", "by_processes", "check_travels", "prepare"]

# A share is asked again so often after its worker has died, then it is taken to be what kills them.
MOST_DEATHS = 3
_DEATHS = (
    f"workers died {MOST_DEATHS} times over one share, short of memory perhaps; what is done is "
    "kept: ask again with larger workers"
)
# A cluster is looked for so long.
CONNECT_S = 20
# Of the threads of a worker one unpacks a study.
_UNPACKING = Lock()


def check_travels(question: Question) -> None:
    """Refuse a network that other processes cannot read.

    Raises
    ------
    AraxesError : it is in memory only.
    """
    if question.in_memory and question.network is not None:
        message = (
            f"{question.network.name} is in memory, and other processes read a file: write it "
            "with `write`, or compile it with `araxes network import`, and give that file"
        )
        raise AraxesError(message)


def prepare(question: Question) -> Path | None:
    """Compute the order of the nodes before any worker needs it; return its file, if it has one."""
    if question.engine != "cch":
        return None
    network = question.network or load_network(question.file)
    graph = planner_of(question, network).graph
    if graph.order is not None:
        # The order of a divided network is that of its whole links, with the points first.
        graph = graph_of(network)
    file = order_file(graph)
    if file is not None:
        node_order(graph)
    return file if file is not None and file.is_file() else None


def answer_share(question: Question, digest: str, share: Share) -> tuple[int, Columns]:
    """Return the number and the rows of a share; what a process of this machine runs."""
    return share.n, answer_here(question, digest, share)


def by_processes(
    question: Question, digest: str, shares: Sequence[int], workers: int
) -> Iterator[tuple[int, Columns]]:
    """Yield the rows of shares from processes of this machine, in the order they are done.

    Raises
    ------
    AraxesError : processes die again and again.
    """
    left, deaths = list(shares), 0
    while left:
        others = set(active_children())
        # Forked processes would share locks and threads with this one.
        pool = ProcessPoolExecutor(
            min(workers, len(left)), mp_context=get_context("spawn"), initializer=end_with_parent
        )
        try:
            for n, columns in _pooled(pool, question, digest, left, workers):
                left.remove(n)
                yield n, columns
        except BrokenProcessPool as err:
            deaths += 1
            if deaths > MOST_DEATHS:
                message = (
                    f"processes at work died {deaths} times, short of memory perhaps; "
                    "what is done is kept: ask again with fewer --workers"
                )
                raise AraxesError(message) from err
        finally:
            if left:
                # After an error, or when nobody takes more: what is at work would outlive this.
                for process in set(active_children()) - others:
                    process.kill()
            pool.shutdown(cancel_futures=True)


def _pooled(
    pool: ProcessPoolExecutor, question: Question, digest: str, shares: Sequence[int], workers: int
) -> Iterator[tuple[int, Columns]]:
    """Yield the rows of shares; only a few wait at a time, as cases take memory."""
    waiting = list(shares)
    futures = {pool.submit(answer_share, question, digest, question.share(n))
               for n in waiting[: 4 * workers]}  # fmt: skip
    del waiting[: 4 * workers]
    while futures:
        done = next(as_completed(futures))
        futures.remove(done)
        yield done.result()
        if waiting:
            share = question.share(waiting.pop(0))
            futures.add(pool.submit(answer_share, question, digest, share))


def by_cluster(
    question: Question, digest: str, shares: Sequence[int], workers: int, scheduler: str
) -> Iterator[tuple[int, Columns]]:
    """Yield the rows of shares from the workers of a Dask scheduler, in the order they are done.

    Parameters
    ----------
    workers : processes of the cluster, where `scheduler` is ``local``.

    Raises
    ------
    AraxesError : Dask is not installed, there is no scheduler, or workers die again and again.
    """
    try:
        import distributed
    except ImportError as err:
        message = "a cluster needs Dask distributed: pip install 'araxes[cluster]'"
        raise AraxesError(message) from err
    with _client(distributed, scheduler, workers) as client, TemporaryDirectory() as folder:
        network = None if question.file is None else Path(question.file)
        sent = _Sent(network=network, order=prepare(question), study=_packed(question, folder))
        for file in filter(None, (sent.network, sent.order, sent.study)):
            # Once to each worker, and to those that join later.
            client.upload_file(str(file), load=False)
        yield from _gathered(distributed, client, question, digest, shares, sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    """The files that each worker is sent once; a worker finds them by their names.

    Parameters
    ----------
    network : of a question about another than the bundled one.
    order : of the nodes.
    study : the archive of the study in which the question is asked.
    """

    network: Path | None
    order: Path | None
    study: Path | None


def _packed(question: Question, folder: str) -> Path | None:
    """Return the archive of the question's study, named by its checksum; None if it has none."""
    if not question.study:
        return None
    archive = Path(folder, f"study-{question.study_checksum[:16]}.zip")
    pack(Study.open(question.study), archive, locked=False)
    return archive


@contextmanager
def _client(distributed: Any, scheduler: str, workers: int) -> Iterator[Any]:
    """Yield a client of a scheduler, of one of this machine if it is ``local``."""
    if scheduler == "local":
        with (
            distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=None
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_S)
    except (OSError, ValueError, TypeError) as err:
        message = (
            f"no scheduler answers at '{scheduler}'; start one (`dask scheduler`) and give its "
            "address, such as tcp://127.0.0.1:8786"
        )
        raise AraxesError(message) from err
    with client:
        yield client


def _gathered(
    distributed: Any, client: Any, question: Question, digest: str, shares: Sequence[int],
    sent: _Sent,
) -> Iterator[tuple[int, Columns]]:  # fmt: skip
    """Yield the rows of shares from a client; a few shares for each worker wait at a time."""
    waiting, asked_again = list(shares), dict.fromkeys(shares, 0)
    n_workers = max(1, len(client.scheduler_info()["workers"]))
    number_of: dict[Any, int] = {}

    def submit(n: int) -> Any:
        future = client.submit(answer_there, question, digest, question.share(n), sent,
                               pure=False, retries=MOST_DEATHS)  # fmt: skip
        number_of[future] = n
        return future

    known = distributed.as_completed([submit(n) for n in waiting[: 4 * n_workers]])
    del waiting[: 4 * n_workers]
    for future in known:
        n = number_of.pop(future)
        if future.status == "finished":
            try:
                answered = future.result()
            except (distributed.CancelledError, OSError):
                answered = None
        elif future.status == "error":
            _raise(distributed, future)
        else:
            answered = None
        if answered is not None:
            yield answered
            if waiting:
                known.add(submit(waiting.pop(0)))
            continue
        # Its rows were lost with the worker that had them.
        asked_again[n] += 1
        if asked_again[n] > MOST_DEATHS:
            raise AraxesError(_DEATHS)
        known.add(submit(n))


def _raise(distributed: Any, future: Any) -> NoReturn:
    """Raise what a share failed with, as an error of ours where it is one."""
    error = future.exception()
    if isinstance(error, AraxesError):
        raise error
    if isinstance(error, distributed.scheduler.KilledWorker):
        raise AraxesError(_DEATHS) from error
    message = f"a worker failed: {type(error).__name__}: {error}"
    raise AraxesError(message) from error


def answer_there(question: Question, digest: str, share: Share, sent: _Sent) -> tuple[int, Columns]:
    """Return the number and the rows of a share; what a worker of a cluster runs."""
    from distributed import get_worker

    folder = Path(get_worker().local_directory)
    network, order, archive = (
        folder / file.name if file is not None and (folder / file.name).is_file() else None
        for file in (sent.network, sent.order, sent.study)
    )
    if order is not None:
        _keep_order(order)
    study = None
    if archive is not None:
        study = archive.with_suffix("")
        with _UNPACKING:
            if not study.is_dir():
                unpack(archive, study)
    columns = answer_here(
        question, digest, share, path=None if network is None else str(network),
        study=None if study is None else str(study),
    )  # fmt: skip
    return share.n, columns


def _keep_order(sent: Path) -> None:
    """Put an order of nodes where it is looked for, if there is none yet."""
    from borders.files.cache import cache_folder

    folder = cache_folder()
    if folder is None or (folder / sent.name).is_file():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{sent.name}.{os.getpid()}"
        draft.write_bytes(sent.read_bytes())
        draft.replace(folder / sent.name)
    except OSError:
        # The order is computed again; that takes longer and gives the same.
        return

"""Sweeps against single questions, against networkx, and across kills."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from small_network import link, network

from borders.errors import AraxesError, FileFormatError
from borders.files.bundle import BUNDLED
from corridors import Study
from corridors.analysis.compare import compare
from corridors.analysis.draws import DrawnCosts, Draws
from corridors.export.formats import write
from corridors.network.cost_basis import COST_KEYS
from corridors.network.load import load_network
from corridors.routing.query import planner_for
from corridors.scenarios.scenario import Scenario, read_scenario
from corridors.scenarios.terms import Terms
from corridors.study.template import new_study
from corridors.sweeps.answer import Columns, Process, answer_here
from corridors.sweeps.journal import Journal, journal_of
from corridors.sweeps.question import Question, Share, ask
from corridors.sweeps.run import answer, sweep

PAIRS = [("Kars", "Baku"), ("Nakhchivan", "Baku")]
OPENINGS = ("kars-gyumri", "nakhchivan-railway", "zangezur-tripp", "horadiz-aghband")
NUMBERS = ("km", "low_km", "high_km", "hours", "low_hours", "high_hours", "cost_usd_t",
           "low_cost_usd_t", "high_cost_usd_t", "unbuilt_km")  # fmt: skip


@pytest.mark.parametrize("by", ["km", "hours"])
def test_every_row_is_that_of_its_case_asked_alone(by: str) -> None:
    terms = Terms(by=by)
    vary = {"delay_h.crossing.rail": [2.0, 30.0]}
    table = sweep(PAIRS, openings=OPENINGS, vary=vary, terms=terms)
    assert len(table) == 2**4 * 2 * 2 * 2
    base = read_scenario("status-quo")
    for case in (0, 5, 16, 22, 31):
        rows = table[table["case"] == case]
        opened = [key for key in rows["openings"].iloc[0].split("+") if key]
        delay = rows["delay_h.crossing.rail"].iloc[0]
        alone = replace(base, id="alone", open=dict.fromkeys(opened, "alone"),
                        set={"delay_h.crossing.rail": (delay, "alone")})  # fmt: skip
        told = {(row.pair, row.mode_set): row.row() for row in compare(PAIRS, alone, terms=terms)}
        for row in rows.to_dict("records"):
            start = {"Kars": "kars"}.get(row["from"], "nakhchivan")
            single = told.get(((start, "baku"), tuple(row["mode_set"].split())))
            if single is None or single["km"] is None:
                assert np.isnan(row["km"])
                continue
            for key in NUMBERS:
                assert round(row[key], 1) == pytest.approx(single[key], abs=0.051)
            assert row["crossings"].split() == single["crossings"]
            assert [row[key] for key in COST_KEYS] == [single[key] for key in COST_KEYS]


def test_cases_are_every_combination_once() -> None:
    vary = {"delay_h.crossing.rail": [1.0, 2.0, 3.0], "speed_kmh.road": [40.0, 60.0]}
    table = sweep(("Kars", "Baku"), scenarios=["status-quo", "tripp-open"], vary=vary,
                  openings=("kars-gyumri",), terms=Terms(modes="rail"))  # fmt: skip
    keys = ["scenario", "openings", *vary]
    found = list(table[keys].itertuples(index=False, name=None))
    truth = product(["status-quo", "tripp-open"], ["", "kars-gyumri"], *vary.values())
    assert found == list(truth)
    assert table["case"].tolist() == list(range(24))


def test_opening_more_never_lengthens_a_way() -> None:
    table = sweep(PAIRS, openings=OPENINGS, terms=Terms(modes="rail"))
    km = {
        (row["from"], frozenset(filter(None, row["openings"].split("+")))): row["km"]
        for row in table.to_dict("records")
    }
    for (start, opened), length in km.items():
        for key in set(OPENINGS) - opened:
            more = km[start, opened | {key}]
            assert np.isnan(length) or more <= length
    assert table["km"].isna().any()
    assert table.loc[table["openings"] == "+".join(OPENINGS), "km"].notna().all()


def test_hours_never_fall_when_a_delay_grows() -> None:
    vary = {"delay_h.crossing.rail": [0.0, 1.5, 4.0, 9.0, 25.0, 60.0, 200.0]}
    table = sweep(PAIRS, scenarios="all-open", vary=vary,
                  terms=Terms(by="hours", modes=("rail", "road", "ferry")))  # fmt: skip
    for _, rows in table.groupby("from"):
        assert rows["hours"].is_monotonic_increasing
        assert rows["hours"].diff().max() > 1


def test_draws_are_those_of_networkx_and_one_world_for_all_cases() -> None:
    terms = Terms(by="hours", modes="road")
    scenarios = ["status-quo", "turkiye-armenia-open"]
    table = sweep(("Kars", "Yerevan"), scenarios=scenarios, draws=30, seed=3, terms=terms)
    planner = planner_for(scenarios, terms, None, None)
    hours = []
    for state in planner.states:
        weights = DrawnCosts(state, Draws(n=30, seed=3)).costs("hours", 0)
        usable = np.flatnonzero(np.isfinite(planner.weighted.costs(state, ("road",))))
        for draw in range(0, 30, 6):
            graph = nx.MultiDiGraph()
            for arc in usable.tolist():
                weight = weights[arc, draw] if arc < len(weights) else 0.0
                a, b = int(planner.graph.tail[arc]), int(planner.graph.head[arc])
                graph.add_edge(a, b, weight=weight)
            hours.append(nx.dijkstra_path_length(graph, *planner.ends("kars", "yerevan")))
    ours = table[table["draw"] % 6 == 0]["hours"]
    assert ours.tolist() == pytest.approx(hours, rel=1e-12)
    wide = table.pivot_table(index="draw", columns="scenario", values="hours")
    assert (wide["turkiye-armenia-open"] <= wide["status-quo"]).all()
    # More draws have the first ones as they were.
    more = sweep(("Kars", "Yerevan"), scenarios=scenarios, draws=45, seed=3, terms=terms)
    first = more[more["draw"] < 30].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, table)


def test_the_draws_of_a_case_and_pair_belong_together_whatever_the_blocks() -> None:
    asked = {"scenarios": ["all-open", "status-quo"], "terms": Terms(by="hours"), "seed": 2}
    table = sweep(PAIRS, draws=2100, **asked)
    keys = ["scenario", "from", "mode_set"]
    runs = table[keys].ne(table[keys].shift()).any(axis=1)
    truth = product(asked["scenarios"], ["Kars", "Nakhchivan city"], ["road ferry", "rail ferry"])
    assert list(table.loc[runs, keys].itertuples(index=False, name=None)) == list(truth)
    assert table["draw"].tolist() == list(range(2100)) * 8
    few = sweep(PAIRS, draws=300, **asked)
    first = table[table["draw"] < 300].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, few)


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".gpkg"])
def test_files_hold_the_table(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"sweep{suffix}"
    table = sweep(PAIRS, openings=OPENINGS[:2], out=file)
    if suffix == ".csv":
        read = pd.read_csv(file, keep_default_na=False, na_values={"km": [""]})
    elif suffix == ".parquet":
        read = pd.read_parquet(file)
    else:
        import pyogrio

        read = pyogrio.read_dataframe(file)
    assert list(read.columns) == list(table.columns)
    assert np.allclose(read["km"].astype(float), table["km"], equal_nan=True)
    assert read["path"].fillna("").tolist() == table["path"].tolist()
    assert not journal_of(file).exists()


KILLED = """
import sys, time
from corridors import sweep, Terms
import corridors.sweeps.journal as journal
add = journal.Journal.add
def slow(self, n, columns):
    add(self, n, columns)
    print("share", n, flush=True)
    time.sleep(0.05)
journal.Journal.add = slow
sweep(("Kars", "Baku"), draws=20_000, terms=Terms(modes="rail"), out=sys.argv[1])
"""


def test_a_killed_sweep_goes_on_without_loss_or_repeat(tmp_path: Path) -> None:
    terms = Terms(modes="rail")
    whole = sweep(("Kars", "Baku"), draws=20_000, terms=terms)
    file = tmp_path / "sweep.csv"
    command = [sys.executable, "-c", KILLED, str(file)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    for _ in range(5):
        assert running.stdout.readline().startswith("share")
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    running.stdout.close()
    journal = journal_of(file)
    assert not file.exists()
    # What the kill cut in two is asked again.
    with journal.open("ab") as half:
        half.write(b"\x07" * 40)
    steps: list[tuple[int, int]] = []
    resumed = sweep(("Kars", "Baku"), draws=20_000, terms=terms, out=file,
                    progress=lambda done, total: steps.append((done, total)))  # fmt: skip
    assert steps[0][0] >= 5
    assert [done for done, _ in steps[1:]] == list(range(steps[0][0] + 1, 21))
    pd.testing.assert_frame_equal(resumed, whole)
    assert len(pd.read_csv(file)) == 20_000
    assert not journal.exists()


PROCESSES = """
import multiprocessing, sys
from corridors import sweep, Terms

if __name__ == "__main__":
    def tell(done, total):
        if done == 1:
            print(*[child.pid for child in multiprocessing.active_children()], flush=True)
    sweep(("Kars", "Baku"), draws=60_000, terms=Terms(by="hours"), workers=2, progress=tell)
"""


def alive(pid: int) -> bool:
    """Tell whether a process is at work: one that has ended may still have its number."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_processes_of_a_killed_sweep_end_too(tmp_path: Path) -> None:
    script = tmp_path / "asks.py"
    script.write_text(PROCESSES)
    running = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    pids = [int(pid) for pid in running.stdout.readline().split()]
    assert len(pids) == 2
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    running.stdout.close()
    end = time.monotonic() + 60
    while any(map(alive, pids)) and time.monotonic() < end:
        time.sleep(0.1)
    assert not any(map(alive, pids))


def test_after_an_error_no_process_is_left_at_work(tmp_path: Path) -> None:
    small = tmp_path / "small.geojson"
    write(network().to_gdf(transfers=True), small)
    asked = ask(("Kars", "Yerevan"), scenarios=Scenario(id="now"), network=str(small))
    # Another network by then: no process takes it.
    small.write_text(small.read_text() + "\n")
    with pytest.raises(AraxesError, match="another checksum"):
        answer(asked, workers=2)
    assert not multiprocessing.active_children()


def test_processes_see_the_study_in_which_they_are_asked(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    new_study(folder, base="south-caucasus")
    # A speed of its own, which no process knows of itself.
    speeds = (
        f"speed_kmh.road.{terrain},45,45,45,km/h,own,quoted,"
        for terrain in ("plain", "hilly", "mountain")
    )
    header = "key,value,low,high,unit,source,state,note"
    (folder / "network/assumptions.csv").write_text("\n".join([header, *speeds, ""]))
    asked = {"scenarios": ["example-opening", "status-quo"], "terms": Terms(modes="road")}
    with Study.open(folder).active():
        first = ask(("Kars", "Tuzluca"), **asked).digest()
        table = sweep(("Kars", "Tuzluca"), **asked)
        assert table["km"].tolist()[0] == 90.0
        assert table["hours"].tolist()[0] == pytest.approx(90 / 45, abs=1e-9)
        pd.testing.assert_frame_equal(sweep(("Kars", "Tuzluca"), **asked, workers=2), table)
    # Nothing of the study is left in this process.
    with pytest.raises(AraxesError, match="example-opening"):
        ask(("Kars", "Tuzluca"), **asked)
    (folder / "README.md").write_text("Other words.")
    with Study.open(folder).active():
        assert ask(("Kars", "Tuzluca"), **asked).digest() == first
    links = folder / "network" / "links.csv"
    links.write_text(links.read_text().replace("42000", "43000"))
    with Study.open(folder).active():
        assert ask(("Kars", "Tuzluca"), **asked).digest() != first
        assert sweep(("Kars", "Tuzluca"), **asked)["km"].tolist()[0] == 91.0


def test_threads_of_a_worker_take_turns_so_that_none_sees_the_study_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    new_study(folder, base="south-caucasus")
    with Study.open(folder).active():
        own = ask(("Kars", "Tuzluca"), scenarios="example-opening", terms=Terms(modes="road"))
    bundled = ask(("Kars", "Tuzluca"), scenarios="status-quo", terms=Terms(modes="road"))
    at_work, seen, answer_alone = [], [], Process.answer

    def slowly(process: Process, share: Share) -> Columns:
        at_work.append(process)
        time.sleep(0.05)
        seen.append((len(at_work), BUNDLED.over is not None, bool(process.question.study)))
        at_work.pop()
        return answer_alone(process, share)

    def km(question: Question) -> float:
        return float(answer_here(question, question.digest(), question.share(0))["km"][0])

    monkeypatch.setattr(Process, "answer", slowly)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(km, [own, bundled] * 2))
    assert found[::2] == [90.0] * 2
    assert found[1] == found[3] > 90.0
    assert all(n == 1 and inside == of_study for n, inside, of_study in seen)
    assert BUNDLED.over is None


def test_a_journal_of_another_question_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "sweep.csv"
    with Journal(journal_of(file), "0" * 64) as journal:
        journal.add(0, {"km": np.array([1.0])})
    with pytest.raises(FileFormatError, match="another question") as raised:
        sweep(("Kars", "Baku"), out=file)
    assert "\n" not in str(raised.value)
    assert journal_of(file).exists()


def test_a_journal_in_which_nothing_is_done_is_in_no_ones_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridors.sweeps.cluster.CONNECT_S", 1)
    file = tmp_path / "sweep.csv"
    with pytest.raises(AraxesError, match="no scheduler answers"):
        sweep(("Kars", "Baku"), out=file, scheduler="tcp://127.0.0.1:1")
    assert not journal_of(file).exists()
    # What a kill left, of another question; but not a file of something else.
    with Journal(journal_of(file), "0" * 64):
        pass
    assert len(sweep(("Kars", "Baku"), out=file)) == 2
    journal_of(file).write_text("My own notes.")
    with pytest.raises(FileFormatError, match="another question"):
        sweep(("Kars", "Baku"), out=file)
    assert journal_of(file).read_text() == "My own notes."


def test_two_sweeps_do_not_write_one_journal(tmp_path: Path) -> None:
    file = tmp_path / "x.journal"
    with Journal(file, "a"), pytest.raises(FileFormatError, match="at work on it"):
        Journal(file, "a")


def test_what_changes_the_table_changes_the_checksum() -> None:
    asked = {"scenarios": ["status-quo"], "terms": Terms(modes="rail")}
    pair = ("Kars", "Baku")
    questions = [
        ask(pair, **asked),
        ask(("Baku", "Kars"), **asked),
        ask(pair, **asked | {"terms": Terms(modes="rail", by="hours")}),
        ask(pair, **asked | {"scenarios": ["tripp-open"]}),
        ask(pair, **asked, on="2020-01-01"),
        ask(pair, **asked, draws=10),
        ask(pair, **asked, draws=10, seed=1),
        ask(pair, **asked, openings=["kars-gyumri"]),
        ask(pair, **asked, vary={"delay_h.crossing.rail": [1, 2]}),
    ]
    digests = [question.digest() for question in questions]
    assert len(set(digests)) == len(digests)
    assert ask(pair, **asked).digest() == digests[0]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"openings": ["nowhere"]}, "no link, crossing or corridor 'nowhere'"),
        ({"openings": ["kars-gyumri", "kars-gyumri"]}, "give different ids"),
        ({"openings": [f"k{n}" for n in range(21)]}, "at most 20"),
        ({"openings": ["kars-gyumri"], "scenarios": "all-open"}, "opens 'kars-gyumri' already"),
        ({"vary": {"speed": [1, 2]}}, "speed"),
        ({"vary": {"x-none.delay_h": [1, 2]}}, "x-none"),
        ({"vary": {"delay_h.crossing.rail": []}}, "give different ones"),
        ({"vary": {"delay_h.crossing.rail": [-1]}}, "delay_h.crossing.rail"),
        ({"vary": {"kars-gyumri.gauge_mm": [1520]}}, "a gauge is another link"),
        ({"draws": 0}, "ask for 1 or more"),
        ({"workers": 0}, "give 1 or more"),
        ({"out": "x.txt"}, "is written as one of"),
        ({"out": "/nowhere/x.csv"}, "folder does not exist"),
        ({"network": "/nowhere.gpkg"}, "nowhere.gpkg"),
        ({"scheduler": "tcp://127.0.0.1:1", "workers": 2}, "no scheduler answers"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    asked: dict[str, object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridors.sweeps.cluster.CONNECT_S", 1)
    with pytest.raises(AraxesError, match=words) as raised:
        sweep(("Kars", "Baku"), **asked)
    assert "\n" not in str(raised.value)


def test_draws_that_would_not_fit_into_memory_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("corridors.analysis.drawn_routes.MOST_LINKS", 100)
    with pytest.raises(AraxesError, match="cut the network to their region"):
        sweep(("Kars", "Baku"), draws=10)


def test_a_process_reads_the_network_for_itself_and_checks_it(tmp_path: Path) -> None:
    file = tmp_path / "small.gpkg"
    short = link("short", "aralik.road", "yerevan.road", 70)
    write(network([short]).to_gdf(transfers=True), file)
    scenario = Scenario(id="now", open={"road-kars-gyumri": "now"})
    question = ask(("Kars", "Yerevan"), scenarios=scenario, network=file)
    digest = question.digest()
    travels = pickle.dumps(question)
    assert len(travels) < 5000
    sent = pickle.loads(travels)
    assert sent.network is None
    share = question.share(0)
    there, here = answer_here(sent, digest, share), Process(question).answer(share)
    assert all(np.array_equal(there[key], here[key]) for key in here if here[key].dtype.kind != "f")
    assert there["km"][0] == here["km"][0] == 200
    file.write_bytes(file.read_bytes() + b"\0")
    with pytest.raises(AraxesError, match="another checksum than that of the question"):
        answer_here(sent, "asked anew", share)


def test_a_network_in_memory_does_not_travel() -> None:
    with pytest.raises(AraxesError, match="is in memory, and other processes read a file"):
        sweep(("Kars", "Yerevan"), network=network(), scenarios=Scenario(id="now"), workers=2)
    # Nor does the bundled one with a link more, which other processes do not know of.
    more = load_network().plus([link("short", "kars.road", "yerevan.road", 70)])
    with pytest.raises(AraxesError, match="is in memory, and other processes read a file"):
        sweep(("Kars", "Yerevan"), network=more, workers=2)


def test_processes_give_the_same_table_and_a_killed_one_is_replaced() -> None:
    """Two processes of this machine, of which one is killed at work."""
    asked = {"draws": 20_000, "terms": Terms(modes="rail", by="hours"), "scenarios": "all-open"}
    truth = sweep(("Kars", "Baku"), **asked)
    killed: list[int] = []

    def progress(done: int, total: int) -> None:
        del total
        if done == 2:
            worker = multiprocessing.active_children()[0]
            killed.append(worker.pid or 0)
            os.kill(killed[0], signal.SIGKILL)

    table = sweep(("Kars", "Baku"), **asked, workers=2, progress=progress)
    assert killed
    assert killed[0]
    pd.testing.assert_frame_equal(table, truth)

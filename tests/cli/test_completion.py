"""What a shell completes, asked of the shell itself."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from corridors.study.template import new_study
from maps.cli.commands import COMMANDS

CASES = (
    ("", {"route", "compare", "completion"}),
    ("rou", {"route"}),
    ("route --scen", {"--scenario"}),
    ("route --scenario trip", {"tripp-open", "tripp-and-kars-dilucu"}),
    ("show kars-19", {"kars-1921"}),
    ("map zang", {"zangezur-tripp"}),
    ("route igdi", {"igdir"}),
    ("map --lang h", {"hy"}),
    ("network ch", {"check"}),
)


@pytest.fixture(scope="module")
def script(python, tmp_path_factory):
    """Return a function that writes the script for a shell once and returns its path."""

    def written(shell):
        path = folder / f"araxes.{shell}"
        if not path.exists():
            answer = python("-m", "maps.cli", "completion", shell)
            assert answer.returncode == 0, answer.stderr
            path.write_text(answer.stdout, "utf-8")
        return path

    folder = tmp_path_factory.mktemp("completion")
    return written


# What is typed in a folder of a study, alone or beside the bundled things, what is offered there,
# and what is not.
IN_A_STUDY = (
    ("none", "route --scenario ", {"example-opening", "status-quo"}, {"tripp-open"}),
    ("none", "route ", {"west", "middle", "east"}, {"kars"}),
    ("none", "show ", {"example-line", "example-corridor", "west-middle", "east"}, {"kars-1921"}),
    ("none", "route --avoid mid", {"middle-east"}, {"west-middle"}),
    ("south-caucasus", "route --scenario ", {"example-opening", "tripp-open"}, {"west"}),
    ("south-caucasus", "map ", {"example-line", "kars-1921"}, {"example-opening"}),
    ("south-caucasus", "route ", {"example-depot", "kars"}, {"example-line"}),
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a function that makes a study once and returns a folder of it."""

    def made(base):
        if not (top / base).exists():
            new_study(top / base, base=base)
        return top / base / "network"

    top = tmp_path_factory.mktemp("studies")
    return made


def asked(*command, folder=None):
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={"PATH": "/usr/bin:/bin"},
        cwd=folder,
    )
    assert done.stderr == ""
    return done.stdout.split("\n")


def bash_offers(path, typed, folder=None):
    ask = (
        'source "$1"; COMP_WORDS=(araxes); read -ra typed <<< "$2"; COMP_WORDS+=("${typed[@]}");'
        '[[ "$2" =~ [^[:space:]]$ ]] || COMP_WORDS+=(""); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));'
        '_shtab_araxes araxes "${COMP_WORDS[COMP_CWORD]}"; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return set(asked("bash", "-c", ask, "bash", str(path), typed, folder=folder))


def fish_offers(path, typed, folder=None):
    ask = 'source "$argv[1]"; complete -C "araxes $argv[2]"'
    lines = asked("fish", "--no-config", "-c", ask, str(path), typed, folder=folder)
    return {line.partition("\t")[0] for line in lines}


@pytest.mark.parametrize(("typed", "offered"), CASES)
def test_bash_completes_commands_options_ids_and_words(script, typed, offered):
    found = bash_offers(script("bash"), typed)
    assert offered <= found
    last = typed.rpartition(" ")[2]
    assert all(one.startswith(last) for one in found if one)


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
@pytest.mark.parametrize(("typed", "offered"), CASES)
def test_fish_completes_them_too(script, typed, offered):
    assert offered <= fish_offers(script("fish"), typed)


@pytest.mark.parametrize(("base", "typed", "offered", "kept"), IN_A_STUDY)
def test_bash_completes_the_ids_of_the_study_that_one_is_in(
    script, study, base, typed, offered, kept
):
    found = bash_offers(script("bash"), typed, study(base))
    assert offered <= found
    assert not kept & found


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
@pytest.mark.parametrize(("base", "typed", "offered", "kept"), IN_A_STUDY)
def test_fish_completes_them_as_well(script, study, base, typed, offered, kept):
    found = fish_offers(script("fish"), typed, study(base))
    assert offered <= found
    assert not kept & found


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_offers_those_of_a_study_too(script, study):
    ask = (
        'compdef() {}; _arguments() {}; compadd() { print -l -- ${(P)2} }; source "$1";'
        "_araxes_ids_S"
    )
    found = asked("zsh", "-f", "-c", ask, "zsh", str(script("zsh")), folder=study("none"))
    assert {*found} == {"example-opening", "status-quo", ""}


@pytest.mark.skipif(not shutil.which("zsh"), reason="no zsh")
def test_zsh_reads_its_script(script):
    assert asked("zsh", "-f", "-n", str(script("zsh"))) == [""]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_command_is_in_every_script(script, shell):
    text = script(shell).read_text("utf-8")
    assert [name for name in COMMANDS if name not in text] == []


def test_a_shell_that_is_none_of_them_is_refused_in_one_line(araxes):
    answer = araxes("completion", "tcsh")
    assert answer.code == 2
    assert all(shell in answer.err for shell in ("bash", "zsh", "fish"))
    assert answer.err.count("\n") == 1

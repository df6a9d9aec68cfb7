"""The command that teaches a shell to complete: completion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maps.cli.commands import Command
from maps.cli.options import word_of

if TYPE_CHECKING:
    from argparse import Action, ArgumentParser, Namespace
    from collections.abc import Mapping

__all__ = ["COMPLETION", "CompletionRequest"]

SHELLS = ("bash", "zsh", "fish")
# What a study holds of what an argument may be, by the word that the help has for it.
_OWN = {
    "ID": "treaties corridors network scenarios places", "ID|FILE": "treaties corridors",
    "FROM": "places", "TO": "places", "PLACE": "places", "PLACE|ID": "places network",
    "CC|ID": "network", "S": "scenarios",
}  # fmt: skip
# Prints the ids of the study around the folder, then those given, unless the study stands alone. It
# is run by `sh` whatever the shell, so it holds no single quote.
_IDS = r"""
kinds=$1
shift
here=$PWD
until [ -f "$here/araxes.toml" ] || [ -z "$here" ]; do here=${here%/*}; done
[ -f "$here/araxes.toml" ] || { printf "%s\n" "$@"; exit; }
cd "$here/" || exit
rows() { sed -n "2,\$s/[,;].*//p" "$1" | tr -d "\""; }
for kind in $kinds; do
  case $kind in
    places) [ ! -f places.csv ] || rows places.csv ;;
    network)
      for file in network/*.csv; do
        [ ! -f "$file" ] || case $(head -n 1 "$file") in (id,* | id\;*) rows "$file" ;; esac
      done ;;
    *)
      for file in "$kind"/*.toml; do
        [ ! -f "$file" ] || { file=${file##*/}; printf "%s\n" "${file%.toml}"; }
      done ;;
  esac
done
grep -q "^ *base *= *.none" araxes.toml || printf "%s\n" "$@"
"""
# How a shell offers what a command prints.
_OFFER = {
    "bash": '{name}() {{ compgen -W "$({ids})" -- "$1"; }}',
    "zsh": '{name}() {{ local -a ids; ids=(${{(f)"$({ids})"}}); compadd -a ids; }}',
    "fish": "function {name}\n  {ids}\nend",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionRequest:
    """The shell that is to complete commands, options, ids and the names of files."""

    shell: str


def completion_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `araxes completion`."""
    parser.add_argument(
        "shell", type=word_of(*SHELLS), metavar="SHELL",
        help=f"{', '.join(SHELLS)}; what is printed goes where the shell looks for it, as for bash:"
        " araxes completion bash > ~/.local/share/bash-completion/completions/araxes",
    )  # fmt: skip


def read_completion(options: Namespace) -> CompletionRequest:
    """Return the request of `araxes completion`."""
    return CompletionRequest(shell=options.shell)


def run_completion(request: CompletionRequest) -> None:
    """Print a script for the shell, with the ids of today's data written into it.

    Those of a study are read when one completes in its folder.
    """
    import shtab

    from maps.cli.main import parser

    top = parser()
    words = _words()
    for action in _below(top):
        _complete(action, words)
    # Some shells ask for the words of a completion with colours and marks of their own.
    print(shtab.complete(top, request.shell, preamble=_offers(words, request.shell)))


def _offers(words: Mapping[str, list[str]], shell: str) -> str:
    """Return the functions of a shell that offer the ids of an argument, those of a study too."""
    run = "sh -c '" + _IDS + "' sh"
    head = f"function _araxes_ids\n  {run} $argv\nend" if shell == "fish" else (
        f'_araxes_ids() {{ {run} "$@"; }}'
    )  # fmt: skip
    functions = [
        _OFFER[shell].format(
            name=_offer_of(metavar), ids=f"_araxes_ids '{kinds}' {' '.join(words[metavar])}"
        )
        for metavar, kinds in _OWN.items()
    ]
    return "\n".join([head, *functions])


def _offer_of(metavar: str) -> str:
    return f"_araxes_ids_{metavar.replace('|', '_')}"


def _words() -> Mapping[str, list[str]]:
    """Return the ids that an argument may have, by the word that the help has for it."""
    from borders.gazetteer.places import LANGUAGES
    from corridors.model.registry import system_ids
    from corridors.network.load import load_network
    from corridors.network.rates import assumptions
    from corridors.scenarios.scenario import scenario_ids

    network = load_network()
    places = sorted(network.layers)
    systems = sorted(system_ids())
    groups = sorted(network.groups)
    return {
        "ID": [*systems, *groups, *scenario_ids(), *places],
        "ID|FILE": systems,
        "FROM": places,
        "TO": places,
        "PLACE": places,
        "PLACE|ID": [*places, *groups],
        "CC|ID": [*network.countries, *groups],
        "S": list(scenario_ids()),
        "KEY[=LOW:HIGH]": sorted(assumptions()),
        "CODE": list(LANGUAGES),
        "SHELL": list(SHELLS),
    }


def _below(parser: ArgumentParser) -> list[Action]:
    """Return the arguments of a parser and of the commands below it."""
    found: list[Action] = []
    # argparse has no other way to the arguments of a parser.
    for action in parser._actions:
        found.append(action)
        if action.nargs == "A...":
            for below in dict(action.choices or {}).values():
                found += _below(below)
    return found


def _complete(action: Action, words: Mapping[str, list[str]]) -> None:
    """Give an argument the words, or the files, that may stand there."""
    import shtab

    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if action.nargs == 0 or action.choices is not None:
        return
    if metavar in _OWN:
        name = _offer_of(metavar)
        action.complete = {  # type: ignore[attr-defined]
            "bash": name, "zsh": name, "fish": f"({name})",
        }  # fmt: skip
    elif metavar in words:
        action.choices = words[metavar]
    elif metavar == "DIR":
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif metavar in ("FILE", "OUT"):
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif "|" in metavar and metavar.islower():
        action.choices = metavar.split("|")


COMPLETION = Command(completion_arguments, read_completion, run_completion)

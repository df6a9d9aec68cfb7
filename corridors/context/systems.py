"""The systems of the documents that are neither borders nor corridors, by one id each."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from borders.errors import UnknownNameError
from borders.files.bundle import BUNDLED
from corridors.context.alliances import ORGANISATIONS, Alliance, Bases
from corridors.context.ceded_pieces import CededPieces
from corridors.context.described import Described, described, described_ids
from corridors.context.districts import Districts
from corridors.context.provinces import Province, Provinces
from corridors.context.sister_cities import SisterCities
from corridors.context.state_border import StateBorder

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NOT_DRAWN", "ContextSystem", "context_ids", "context_system"]

ContextSystem: TypeAlias = (
    Districts
    | SisterCities
    | Alliance
    | Bases
    | Described
    | CededPieces
    | Province
    | Provinces
    | StateBorder
)

# What the documents name and no text defines well enough to be drawn, and why.
NOT_DRAWN: Mapping[str, str] = {
    "front-1920": "a length of 500 km is stated, no course",
    "line-of-contact-1994": "no text describes it; districts have shares instead",
    "gazakh-villages": "Bağanis Ayrım, Aşağı Əskipara, Xeyrımlı, Qızılhacılı: 6.5 km² and 12.7 km "
    "of border (azernews.az 226488), handed over on 24 May 2024; the Karabakh war study has 20 "
    "November 2020; no outline in the data, and of the four only Bağanis Ayrım is in the gazetteer",
    "wilson-award-1920": "the award of 22 November 1920 under Article 89 of Sèvres: its technical "
    "description is quoted by no document here; the four vilayets are drawn as sevres-armenia",
    "sanjak-limits": "the limits between the sanjaks of Kars, Ardahan and Batum: no text of the "
    "documents gives them; their outer limit is elviye-i-selase",
    "kazas": "the kazas of Borçka, Artvin, Şavşat and Ardanuç, and the former uezds: their limits "
    "are in no data; `araxes show batum-1921` has the seats, and Annex III names two limits",
    "kgz-uzb-not-delimited": "371 km of the border of Kyrgyzstan and Uzbekistan were not delimited "
    "in 2012 by the CSTO study: it does not say which; the whole border is kgz-uzb",
}


def _systems() -> dict[str, ContextSystem]:
    if not BUNDLED.shows:
        # A study without a base has nothing of the South Caucasus.
        return {}
    every: list[ContextSystem] = [Districts(), CededPieces(), SisterCities(), Bases()]
    every += [Alliance(organisation=key) for key in ORGANISATIONS]
    every += [described(key) for key in described_ids()]
    every += [StateBorder(), Provinces()]
    return {system.id: system for system in every}


def context_ids() -> tuple[str, ...]:
    """Return the ids: districts, sister cities, bases, alliances, and what texts describe.

    Examples
    --------
    >>> context_ids()[:3]
    ('karabakh-districts', 'nakhchivan-ceded', 'sister-cities')
    """
    return tuple(_systems())


def context_system(key: str) -> ContextSystem:
    """Return a system by its id.

    Raises
    ------
    UnknownNameError : there is none; or it is one of `NOT_DRAWN`, and the message says why.
    """
    known = _systems()
    if key.lower() in known:
        return known[key.lower()]
    if key.lower() in NOT_DRAWN:
        message = f"'{key[:60]}' cannot be drawn: {NOT_DRAWN[key.lower()]}"
        raise UnknownNameError(message)
    listed = ", ".join(known) or "none, since the study stands alone"
    message = f"no '{key[:60]}'; known: {listed}"
    raise UnknownNameError(message)

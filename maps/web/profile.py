"""A profile below the map of a page: who points at one sees where it is on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from borders.errors import AraxesError
from borders.measure import Z95
from maps.i18n import of_part, phrases, words
from maps.web.packing import text_json

if TYPE_CHECKING:
    from borders.geodesy.lonlat import FloatArray
    from corridors.analysis.profile import Profile
    from maps.web.document import WebPage

__all__ = ["add_profile"]


def add_profile(page: WebPage, found: Profile) -> None:
    """Put a profile below the map of a page, the two linked: by pointer, by touch and by keyboard.

    Parameters
    ----------
    page : made by `maps.interactive` with the line of the profile.
    found : by `corridors.profile`.

    Raises
    ------
    AraxesError : the page has another profile.

    Examples
    --------
    >>> from corridors import corridor, profile
    >>> from maps import interactive
    >>> page = interactive(corridor("lachin-2020"), title="Lachin")
    >>> add_profile(page, profile("lachin-2020"))
    >>> sorted(page.extras)
    ['profile']
    """
    if "profile" in page.extras:
        message = "the page has a profile already; make a page for each line"
        raise AraxesError(message)
    countries = list(dict.fromkeys(found.countries))
    facts: dict[str, Any] = {
        "names": found.names, "dem": found.dem,
        "parts": [
            {"name": part.name, "status": part.status, "half": round(Z95 * part.position_sigma_m)}
            for part in found.parts
        ],
        "countries": countries,
        "part": found.part.tolist(),
        "country": [countries.index(code) for code in found.countries],
        "at": _rounded(found.at_m, 0),
        "lon": _rounded(found.lon, 5), "lat": _rounded(found.lat, 5),
        "height": _rounded(found.height_m, 0),
        "low": _rounded(found.low_height_m, 0), "high": _rounded(found.high_height_m, 0),
    }  # fmt: skip
    statuses = {part.status: phrases(part.status) for part in found.parts if part.status in words()}
    page.extras["profile"] = text_json(facts | {"words": of_part("profile") | statuses})


def _rounded(values: FloatArray | None, digits: int) -> list[float | None] | None:
    """Return numbers for JSON, None where there is none."""
    if values is None:
        return None
    whole = [round(float(value), digits) if np.isfinite(value) else None for value in values]
    return [int(value) if digits == 0 and value is not None else value for value in whole]

"""Published lengths of several links in a row, and what they say of each link.

Source: `data/network/totals.csv`, one row for each figure that others publish for a road or line
that passes several places of the network. Lengths of chains, their own errors and the error of the
factor that they share are a prior; the totals are observations. Their best linear estimate keeps
each total within its error, and moves the shared factor as far as the totals warrant. Totals in one
terrain have taught that factor already, so what is left of its error is a little too small: by less
than 1 % of a length, where the error of a single chain is 5 to 11 %.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from borders.errors import SchemaError

Lengths = dict[str, dict[str, Any]]


def adjust(
    lengths: Lengths, totals: list[tuple[str, dict[str, Any]]]
) -> dict[str, tuple[float, float]]:
    """Adjust in place the chains among `lengths` (metres, by link) to the published totals.

    Parameters
    ----------
    lengths : length_m, sigma_m, shared_m, shared_with and basis of every link, by id. Published
        and measured lengths stay as they are; their errors count.
    totals : where it stands, and the checked row of each total.

    Returns
    -------
    For each calibration, by how many of its standard errors the shared factor moved, and which
    part of that standard error is left.

    Raises
    ------
    SchemaError : a total names a link that does not exist, or none that is a chain.
    """
    ids = [key for key, one in lengths.items() if one["basis"] == "chain"]
    found = [_observation(row, lengths, ids, where) for where, row in totals]
    if not found:
        return {}
    place = {key: n for n, key in enumerate(ids)}
    design = np.zeros((len(found), len(ids)))
    for n, (chains, _, _) in enumerate(found):
        design[n, [place[key] for key in chains]] = 1.0
    seen = np.array([value for _, value, _ in found])
    noise = np.diag([sigma**2 for _, _, sigma in found])
    mean = np.array([lengths[key]["length_m"] for key in ids])
    groups = sorted({lengths[key]["shared_with"] for key in ids})
    shared = np.array(
        [[one["shared_m"] * (one["shared_with"] == g) for g in groups]
         for one in (lengths[key] for key in ids)]
    )  # fmt: skip
    own = np.array([lengths[key]["sigma_m"] for key in ids]) ** 2 - (shared**2).sum(axis=1)
    prior = np.diag(own) + shared @ shared.T
    gain = np.linalg.solve(design @ prior @ design.T + noise, design @ prior).T
    residual = seen - design @ mean
    mean = mean + gain @ residual
    sigma = np.sqrt(np.diag(prior - gain @ design @ prior))
    inner = design @ shared
    learnt = np.linalg.solve(design @ prior @ design.T + noise, inner).T
    moved, kept = learnt @ residual, 1 - np.diag(learnt @ inner)
    left = np.minimum((shared * np.sqrt(kept)).sum(axis=1), sigma)
    for key, n in place.items():
        lengths[key].update(
            length_m=float(mean[n]), sigma_m=float(sigma[n]), shared_m=float(left[n])
        )
    return {
        group: (float(shift), float(np.sqrt(part)))
        for group, shift, part in zip(groups, moved, kept, strict=True)
    }


def _observation(
    row: dict[str, Any], lengths: Lengths, chains: list[str], where: str
) -> tuple[list[str], float, float]:
    """Return the chains of a total, what is left for them and its standard error, in metres."""
    links = row["links"].split()
    for key in links:
        if key not in lengths:
            raise SchemaError(f"{where}: no link '{key}'")
    mine = [key for key in links if key in set(chains)]
    if not mine:
        raise SchemaError(f"{where}: every link of {row['id']} has a length of its own")
    known = [lengths[key] for key in links if key not in mine]
    left = 1000 * row["length_km"] - sum(one["length_m"] for one in known)
    variance = (1000 * row["sigma_km"]) ** 2 + sum(one["sigma_m"] ** 2 for one in known)
    return mine, left, float(np.sqrt(variance))

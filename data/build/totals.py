"""Adjustment of chains to published lengths of several links in a row.

Source: `data/network/totals.csv`, one row for each figure that others publish for a road or line
that passes several places of the network. The lengths of chains, with their own errors and the
error of the factor that they share, are the prior; the totals are the observations. Their best
linear estimate keeps each total within its error and moves the shared factor. Totals in one terrain
have calibrated that factor already, so its remaining error comes out a little too small: by less
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
    For each calibration, by how many of its standard errors the shared factor moved, and the part
    of that standard error that remains.

    Raises
    ------
    SchemaError : a total names a link that does not exist, or none that is a chain.
    """
    ids = [key for key, length in lengths.items() if length["basis"] == "chain"]
    observations = [_observation(row, lengths, ids, where) for where, row in totals]
    if not observations:
        return {}
    column = {key: n for n, key in enumerate(ids)}
    design = np.zeros((len(observations), len(ids)))
    for n, (chains, _, _) in enumerate(observations):
        design[n, [column[key] for key in chains]] = 1.0
    observed = np.array([value for _, value, _ in observations])
    noise = np.diag([sigma**2 for _, _, sigma in observations])
    mean = np.array([lengths[key]["length_m"] for key in ids])
    groups = sorted({lengths[key]["shared_with"] for key in ids})
    shared = np.array(
        [[length["shared_m"] * (length["shared_with"] == g) for g in groups]
         for length in (lengths[key] for key in ids)]
    )  # fmt: skip
    own = np.array([lengths[key]["sigma_m"] for key in ids]) ** 2 - (shared**2).sum(axis=1)
    prior = np.diag(own) + shared @ shared.T
    gain = np.linalg.solve(design @ prior @ design.T + noise, design @ prior).T
    residual = observed - design @ mean
    mean = mean + gain @ residual
    sigma = np.sqrt(np.diag(prior - gain @ design @ prior))
    # The factors as unknowns: their shift in standard errors, and the variance that remains.
    factor_design = design @ shared
    factor_gain = np.linalg.solve(design @ prior @ design.T + noise, factor_design).T
    shifts, remaining = factor_gain @ residual, 1 - np.diag(factor_gain @ factor_design)
    shared_m = np.minimum((shared * np.sqrt(remaining)).sum(axis=1), sigma)
    for key, n in column.items():
        lengths[key].update(
            length_m=float(mean[n]), sigma_m=float(sigma[n]), shared_m=float(shared_m[n])
        )
    return {
        group: (float(shift), float(np.sqrt(part)))
        for group, shift, part in zip(groups, shifts, remaining, strict=True)
    }


def _observation(
    row: dict[str, Any], lengths: Lengths, chains: list[str], where: str
) -> tuple[list[str], float, float]:
    """Return the chains of a total, their length within it and its standard error, in metres."""
    links = row["links"].split()
    for key in links:
        if key not in lengths:
            raise SchemaError(f"{where}: no link '{key}'")
    adjustable = [key for key in links if key in set(chains)]
    if not adjustable:
        raise SchemaError(f"{where}: every link of {row['id']} has a length of its own")
    others = [lengths[key] for key in links if key not in adjustable]
    rest_m = 1000 * row["length_km"] - sum(length["length_m"] for length in others)
    variance = (1000 * row["sigma_km"]) ** 2 + sum(length["sigma_m"] ** 2 for length in others)
    return adjustable, rest_m, float(np.sqrt(variance))

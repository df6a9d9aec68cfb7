"""Names of provinces and rayons in seven languages, with their ISO 3166-2 codes.

Source: Debian `unicode-cldr-core` 41-0.1, `common/subdivisions` (CLDR 41, Unicode-DFS-2016).
What it lacks in Armenian, Georgian, Persian or Russian is the name of the town that the province is
named after, in the letters of that language, of `data/places.csv` and `data/towns.csv`; and in
districts of Karabakh the Armenian name is the one of `data/context/districts.csv`.
"""

from __future__ import annotations

import csv
import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from typing import Any

from files import DATA, debian_package, slug, table

CLDR = (
    "unicode-cldr-core",
    "41-0.1",
    "35d30d5d3bee4d8244e95236259c4c2a0db06e21bad696515751fcfeee4d0260",
    "usr/share/unicode/cldr/common/subdivisions",
)
TARGET = DATA / "guides" / "province_names.csv"
LANGUAGES = ("en", "tr", "az", "hy", "ka", "ru", "fa")
HEADER = ["id", "code", "kind", *(f"name_{code}" for code in LANGUAGES), "from_towns",
          "transliterated", "source"]  # fmt: skip
# Where the ids do not follow from CLDR's names: id → code.
CODES = {
    "az-baki-city": "azba", "az-bilesuvar": "azbil", "az-culfa": "azcul", "az-gence-city": "azga",
    "az-lenkeran": "azlan", "az-lenkeran-city": "azla", "az-mingecevir-city": "azmi",
    "az-naftalan-city": "aznaf", "az-naxcivan-city": "aznv", "az-sabran": "azsbn",
    "az-seki": "azsak", "az-seki-city": "azsa", "az-sumqayit-city": "azsm", "az-susa": "azsus",
    "az-susa-city": "azsus", "az-yevlax": "azyev", "az-yevlax-city": "azye", "az-sirvan": "azsr",
    "ge-racha-lechkhumi-kvemo-svaneti": "gerl", "ir-east-azarbaijan": "ir01",
    "ir-kordestan": "ir16",
}  # fmt: skip
KINDS = {"AM": "province", "AZ": "rayon", "GE": "region", "IR": "province", "TR": "province"}
CITIES = {"am-yerevan", "az-xankendi", "ge-tbilisi", "az-sirvan"}
AUTONOMOUS = {"ge-abkhazia", "ge-adjara"}
# Transliterations of our own, where neither CLDR nor a gazetteer has a name: id → language → name.
OWN = {
    "az-abseron": {"ka": "აბშერონი"}, "az-agcabedi": {"ka": "აღჯაბადი"},
    "az-agstafa": {"ka": "აღსტაფა"}, "az-babek": {"ka": "ბაბექი"},
    "az-balaken": {"hy": "Բալաքեն"}, "az-beyleqan": {"hy": "Բեյլաղան", "ka": "ბეილაგანი"},
    "az-bilesuvar": {"hy": "Բիլասուվար", "ka": "ბილასუვარი"},
    "az-celilabad": {"hy": "Ջալիլաբադ", "ka": "ჯალილაბადი"}, "az-daskesen": {"ka": "დაშქესანი"},
    "az-goycay": {"ka": "გოიჩაი"}, "az-goygol": {"ka": "გოიგოლი"},
    "az-haciqabul": {"ka": "ჰაჯიგაბული"},
    "az-ismayilli": {"hy": "Իսմայիլլի", "ka": "ისმაილლი"}, "az-kengerli": {"ka": "კენგერლი"},
    "az-kurdemir": {"hy": "Քյուրդամիր", "ka": "ქურდამირი"}, "az-lenkeran-city": {"hy": "Լենքորան"},
    "az-lerik": {"hy": "Լերիկ", "ka": "ლერიკი"}, "az-masalli": {"hy": "Մասալլի", "ka": "მასალლი"},
    "az-naftalan-city": {"hy": "Նաֆթալան", "ka": "ნაფტალანი", "tr": "Naftalan"},
    "az-neftcala": {"hy": "Նեֆտչալա", "ka": "ნეფტჩალა"}, "az-oguz": {"ka": "ოღუზი"},
    "az-qax": {"hy": "Կախ"}, "az-qazax": {"ka": "ყაზახი"},
    "az-qebele": {"hy": "Ղաբալա", "ka": "გაბალა"}, "az-qobustan": {"hy": "Ղոբուստան"},
    "az-qusar": {"hy": "Ղուսար", "ka": "ყუსარი"}, "az-saatli": {"hy": "Սաաթլի", "ka": "საათლი"},
    "az-sabirabad": {"ka": "საბირაბადი"}, "az-sabran": {"hy": "Շաբրան", "ka": "შაბრანი"},
    "az-sahbuz": {"ka": "შაჰბუზი"}, "az-salyan": {"hy": "Սալյան", "ka": "სალიანი"},
    "az-samux": {"hy": "Սամուխ", "ka": "სამუხი"}, "az-siyezen": {"hy": "Սիազան", "ka": "სიაზანი"},
    "az-terter": {"ka": "თერთერი"}, "az-tovuz": {"ka": "თოვუზი"},
    "az-ucar": {"hy": "Ուջար", "ka": "უჯარი"}, "az-xizi": {"hy": "Խըզի", "ka": "ხიზი"},
    "az-xocavend": {"ka": "ხოჯავენდი"}, "az-yardimli": {"hy": "Յարդիմլի", "ka": "იარდიმლი"},
    "az-zerdab": {"hy": "Զարդաբ", "ka": "ზარდაბი"}, "ir-alborz": {"hy": "Ալբորզ"},
    "ir-kordestan": {"hy": "Քորդեստան"},
    "tr-cankiri": {"hy": "Չանքըրը"}, "tr-kirikkale": {"az": "Kırıkkale"},
    "tr-zonguldak": {"hy": "Զոնգուլդակ"},
}  # fmt: skip
SCRIPT = {"hy": "ARMENIAN", "ka": "GEORGIAN", "fa": "ARABIC", "ru": "CYRILLIC"}


def cldr() -> dict[str, dict[str, str]]:
    """Return language → code → name; footnote signs and words for a rayon are taken off."""
    names: dict[str, dict[str, str]] = {}
    for code in LANGUAGES:
        path = debian_package(*CLDR[:3], f"{CLDR[3]}/{code}.xml")
        rows = ET.parse(path).getroot().iter("subdivision")
        names[code] = {
            str(row.get("type")): re.sub(r"[²³]| rayonu$| \((rayon|ил)\)$", "", row.text or "")
            for row in rows
        }
    return names


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _in_script(names: str, script: str) -> str:
    """Return the first of names separated by | whose letters are all of a script."""
    for name in names.split("|"):
        letters = [c for c in name if c.isalpha()]
        if letters and all(unicodedata.name(c, "").startswith(script) for c in letters):
            return name
    return ""


def town_names(country: str, name: str) -> dict[str, str]:
    """Return language → name of the town of this name, of the gazetteers of `data/`."""
    found: dict[str, str] = {}
    want = slug(name)
    for row in _rows("places.csv"):
        if row["country"] == country and slug(row["name_az"] or row["name"]) == want:
            found |= {code: row[f"name_{code}"] for code in SCRIPT if row[f"name_{code}"]}
            break
    for row in sorted(_rows("towns.csv"), key=lambda row: -int(row["population"] or 0)):
        names = [row["name"], *row["names"].split("|")]
        if row["country"] == country and want in map(slug, names):
            for code, script in SCRIPT.items():
                other = _in_script(row["names"], script)
                if other:
                    found.setdefault(code, other)
            break
    return found


def build() -> int:
    features = json.loads((DATA / "guides" / "provinces.geojson").read_text("utf-8"))["features"]
    names = cldr()
    districts = {row["provinces"]: row["name_hy"] for row in _rows("context/districts.csv")}
    rows: list[list[Any]] = []
    for feature in features:
        known = feature["properties"]
        key, country = known["id"], known["country"]
        code = CODES.get(key) or _code(key, names)
        told = {language: names[language].get(code, "") for language in LANGUAGES}
        told["en"] = told["en"] or known["name"]
        own = {"TR": "tr", "AZ": "az"}.get(country)
        if own:
            told[own] = known["name"]
        towns = {k: v for k, v in town_names(country, known["name"]).items() if not told[k]}
        told |= towns
        if key in districts:
            told["hy"] = districts[key]
            towns.pop("hy", None)
        ours = {k: v for k, v in OWN.get(key, {}).items() if not told[k]}
        told |= ours
        kind = "city" if key.endswith("-city") or key in CITIES else KINDS[country]
        kind = "autonomous republic" if key in AUTONOMOUS else kind
        iso = f"{code[:2]}-{code[2:]}".upper()
        rows.append([key, iso, kind, *told.values(), " ".join(sorted(towns)),
                     " ".join(sorted(ours)), "cldr"])  # fmt: skip
    return table(TARGET, HEADER, rows)


def _code(key: str, names: dict[str, dict[str, str]]) -> str:
    country, want = key[:2], key[3:].removesuffix("-city")
    codes = {
        code
        for language in ("en", "tr", "az")
        for code, name in names[language].items()
        if code.startswith(country) and slug(name) == want
    }
    if len(codes) != 1:
        raise ValueError(f"{key}: codes {sorted(codes)}; name it in CODES")
    return codes.pop()


if __name__ == "__main__":
    print(build())

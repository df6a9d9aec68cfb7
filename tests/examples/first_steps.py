from borders import boundary, place
from corridors import corridor, system, write
from maps import interactive, save

kars = boundary("kars-1921")
print([round(km / 1000) for km in (kars.length.value, kars.length.low, kars.length.high)], "km")
lachin = corridor("lachin-2020")
print(lachin.status("2022-08-29").status, lachin.status("2022-08-30").status, place("Xankəndi").id)
things = [kars, lachin, system("zangezur-tripp")]
save(interactive(*things, title="Three lines"), "three-lines.html")
print(write(things, "three-lines.gpkg"), "features")

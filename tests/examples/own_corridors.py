import geopandas
import pandas

from corridors import Scenario, compare, system, table, write
from maps import interactive, save, static

rail = Scenario.of("rail", open=["kars-gyumri"], set={"x-dogukapi-akhurik-rail.delay_h": 4})
path = [{"place": "Kars"}, {"place": "Ani"}, {"place": "Gyumri"}]
road = Scenario.of("road", build=[{"id": "ani-road", "mode": "road", "path": path}])
rows = compare([("Kars", "Yerevan")], ["status-quo", rail, road])
frame = pandas.DataFrame([row.row() | {"by": row.mode_set[0]} for row in rows])
print(frame[["by", "scenario", "km", "low_km", "high_km", "best"]].round().to_string(index=False))

ways = [row.way for row in rows if row.best]
write(ways, "ways.gpkg")  # one row a link; .geojson, .csv, .parquet … likewise
save(static(*ways, title="Kars–Yerevan"), "ways.pdf")

points = geopandas.points_from_xy([43.1, 46.7], [40.6, 40.7], crs="EPSG:4326")
depots = geopandas.GeoDataFrame({"depot": ["west", "east"]}, geometry=points)
depots.attrs["name"] = "Depots"  # what the legend calls it
lines = table([system("btk"), system("btc")], on="2026-01-01").to_crs(32638)[["name", "geometry"]]
near = depots.to_crs(32638).sjoin_nearest(lines, distance_col="away_m")
print(near[["depot", "name", "away_m"]].round(-2).to_string(index=False))
save(interactive(depots, system("btk"), title="Depots"), "depots.html")

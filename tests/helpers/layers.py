"""The bundled geometry, layer by layer, and its reviewable form."""

# layer of runtime.npz → the file that holds the same features, and their `kind` there if it holds
# others too
SOURCES = {
    "borders": ("guides/borders.geojson", None),
    "reaches": ("guides/reaches.geojson", None),
    "railways": ("guides/railways.geojson", None),
    "batum": ("guides/batum.geojson", None),
    "kgz-uzb": ("guides/kgz-uzb.geojson", None),
    "lakes": ("guides/lakes.geojson", None),
    "rivers": ("guides/rivers.geojson", None),
    "provinces": ("guides/provinces.geojson", None),
    "land": ("basemap.geojson", "land"),
    "country-borders": ("basemap.geojson", "country-border"),
    "land-beyond": ("basemap.geojson", "land-beyond"),
    "country-borders-beyond": ("basemap.geojson", "country-border-beyond"),
    "rivers-beyond": ("guides/rivers-beyond.geojson", None),
    "land-far": ("guides/far.geojson", "land-far"),
    "country-borders-far": ("guides/far.geojson", "country-border-far"),
    "river-chains": ("guides/river-chains.geojson", None),
    "shores": ("guides/shores.geojson", None),
}

from corridors import Terms, attribute, breakeven, read_scenario, route

both = read_scenario("tripp-open") + read_scenario("kars-dilucu-built")
way = route("Iğdır", "Baku", scenario=both, terms=Terms(modes=("rail",)))
print(round(way.length.value / 1000), "km,", round(way.unbuilt_m / 1000), "of them unbuilt")
print(f"{way.hours:.0f} h, {way.low_hours:.0f} to {way.high_hours:.0f} ({way.time.basis})")
for share in attribute("Nakhchivan", "Baku", "iran-road", terms=Terms(modes=("road",))):
    print(share.part, "saves", round(share.saving_m / 1000), "km")
for point in breakeven("Kars", "Baku", "delay_h.crossing.rail", (0, 40)):
    print("by road from", round(point.value, 1), "hours at each rail crossing on")

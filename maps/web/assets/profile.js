"use strict";
// The profile of a line below the map (maps/web/profile.py): heights, how far the line may lie to either
// side, status and countries. Who points at one, by mouse, finger or keys, sees the place on the other.
araxes.profile = function (app) {
  const { map, model } = app, { facts, state, word, number } = model, { el, svg } = araxes.elements;
  const line = facts.profile, count = line.at.length, last = line.at[count - 1], known = line.height && line.height.some((value) => value !== null);
  // The drawing in its own pixels: margins, and from the top heights, error, status, countries, axis.
  const LEFT = 58, RIGHT = 12, TOP = 6, TALL = known ? 88 : 0, ERROR = 22, STATUS = 9, COUNTRY = 15, GAP = 5, AXIS = 18, REACH = 24;
  const high = TOP + TALL + GAP + ERROR + GAP + STATUS + GAP + COUNTRY + AXIS;
  // Statuses with a look of their own.
  const CLASS = { open: "open", "in force": "open", closed: "closed", planned: "planned", construction: "planned" };
  const box = el("section", { id: "araxes-profile" }), head = el("p", { id: "araxes-profile-head" }), said = el("output", { id: "araxes-profile-said" });
  const chart = svg("svg", { id: "araxes-profile-chart", tabindex: 0, role: "slider", "aria-valuemin": 0, "aria-valuemax": Math.round(last / 1000) });
  box.append(el("div", { className: "araxes-profile-line" }, head, said), chart);
  map.getContainer().after(box);
  document.documentElement.classList.add("araxes-profile-page");
  const marker = L.circleMarker([0, 0], { radius: 7, weight: 3, color: "#1c1c1c", fillColor: "#ffd500", fillOpacity: 1, interactive: false, className: "araxes-profile-marker" });
  let at = null, wide = 0;

  const part = (n) => line.parts[line.part[n]];
  const country = (n) => line.countries[line.country[n]];
  const x = (metres) => LEFT + (wide - LEFT - RIGHT) * metres / last;
  // Runs of samples of one value: [value, first, last] in metres.
  function runs(of) {
    const found = [];
    for (let n = 0; n < count; n++) {
      const value = of(n), run = found[found.length - 1];
      if (run && run[0] === value) { run[2] = line.at[n]; } else {
        const start = run ? (run[2] + line.at[n]) / 2 : 0;
        if (run) { run[2] = start; }
        found.push([value, start, line.at[n]]);
      }
    }
    found[found.length - 1][2] = last;
    return found;
  }
  // Round steps of an axis, about so many.
  function steps(low, top, most) {
    const power = Math.pow(10, Math.floor(Math.log10((top - low || 1) / most))), step = [1, 2, 5, 10].map((k) => k * power).find((s) => (top - low) / s <= most) || 10 * power, found = [];
    for (let value = Math.ceil(low / step) * step; value <= top + 1e-9; value += step) { found.push(value); }
    return found;
  }
  const path = (points) => points.map(([a, b], n) => `${n ? "L" : "M"}${a.toFixed(1)} ${b.toFixed(1)}`).join("");
  const label = (a, b, text, anchor) => svg("text", { x: a, y: b, "text-anchor": anchor, direction: "ltr" }, text);

  function drawn(width) {
    wide = width;
    const parts = [];
    let y = TOP;
    if (known) {
      const values = [...line.low, ...line.high].filter((value) => value !== null), low = Math.min(...values), top = Math.max(Math.max(...values), low + 10);
      const at = (height) => y + TALL * (top - height) / (top - low);
      steps(low, top, 4).forEach((height) => parts.push(svg("path", { d: `M${LEFT} ${at(height).toFixed(1)}H${wide - RIGHT}`, class: "araxes-grid" }), label(LEFT - 5, at(height) + 4, `${number(height, 0)} ${word("m")}`, "end")));
      // A piece of line for each stretch with heights.
      for (let n = 0; n < count;) {
        if (line.height[n] === null) { n += 1; continue; }
        const first = n;
        while (n < count && line.height[n] !== null) { n += 1; }
        const own = [...Array(n - first).keys()].map((k) => first + k);
        parts.push(svg("path", { d: path([...own.map((k) => [x(line.at[k]), at(line.high[k])]), ...own.slice().reverse().map((k) => [x(line.at[k]), at(line.low[k])])]) + "Z", class: "araxes-across" }),
                   svg("path", { d: path(own.map((k) => [x(line.at[k]), at(line.height[k])])), class: "araxes-height" }));
      }
    }
    y += TALL + GAP;
    const most = Math.max(...line.parts.map(({ half }) => half), 1);
    parts.push(svg("path", { d: path([[x(0), y + ERROR], ...[...Array(count).keys()].map((n) => [x(line.at[n]), y + ERROR * (1 - part(n).half / most)]), [x(last), y + ERROR]]) + "Z", class: "araxes-error" }),
               label(LEFT - 5, y + ERROR / 2 + 6, `±${far(most).join(" ")}`, "end"));
    y += ERROR + GAP;
    runs((n) => part(n).status).forEach(([status, from, to]) => parts.push(svg("rect", { x: x(from), y, width: Math.max(0.5, x(to) - x(from)), height: STATUS, class: `araxes-status-${CLASS[status] || "other"}` })));
    y += STATUS + GAP;
    runs(country).forEach(function ([code, from, to], n) {
      parts.push(svg("rect", { x: x(from), y, width: Math.max(0.5, x(to) - x(from)), height: COUNTRY, class: n % 2 ? "araxes-land-b" : "araxes-land-a" }));
      if (x(to) - x(from) > 9 * code.length + 4) { parts.push(label((x(from) + x(to)) / 2, y + COUNTRY - 4, code, "middle")); }
    });
    y += COUNTRY;
    steps(0, last / 1000, Math.max(2, Math.floor(wide / 90))).forEach((km) => parts.push(svg("path", { d: `M${x(km * 1000).toFixed(1)} ${y}v4`, class: "araxes-tick" }), label(x(km * 1000), y + 15, number(km, km % 1 ? 1 : 0), "middle")));
    parts.push(label(LEFT - 12, y + 15, word("km"), "end"));
    return parts;
  }
  // A distance with its unit.
  const far = (metres) => (metres >= 1000 ? [number(metres / 1000, metres < 10000 ? 1 : 0), word("km")] : [number(metres, 0), word("m")]);

  const cursor = svg("path", { class: "araxes-cursor" });
  // What is known at a sample, in words.
  function told(n) {
    const { status, half } = part(n), codes = country(n).split(/([|–])/).map((code) => (facts.words[`country-${code}`] ? word(`country-${code}`) : code === "|" ? " | " : code));
    const height = known && line.height[n] !== null ? `${number(line.height[n], 0)} ${word("m")}${line.low[n] === line.high[n] ? "" : ` (${number(line.low[n], 0)}–${number(line.high[n], 0)})`}` : "";
    return [`${number(line.at[n] / 1000, 1)} ${word("km")}`, height, status ? word(status) : "", codes.join(""), half ? `±${far(half).join(" ")}` : ""].filter(Boolean).join(" · ");
  }
  // Shows a sample on the profile and on the map; null for none.
  function point(n) {
    at = n;
    if (n === null) {
      said.textContent = "";
      cursor.removeAttribute("d");
      marker.remove();
      return;
    }
    said.textContent = told(n);
    chart.setAttribute("aria-valuenow", Math.round(line.at[n] / 1000));
    chart.setAttribute("aria-valuetext", said.textContent);
    cursor.setAttribute("d", `M${x(line.at[n]).toFixed(1)} ${TOP}V${high - AXIS}`);
    marker.setLatLng([line.lat[n], line.lon[n]]);
    if (!map.hasLayer(marker)) { marker.addTo(map); }
  }
  // The sample nearest to a distance along the line.
  function nearest(metres) {
    let low = 0, top = count - 1;
    while (low < top) { const middle = (low + top) >> 1; if (line.at[middle] < metres) { low = middle + 1; } else { top = middle; } }
    return low && metres - line.at[low - 1] < line.at[low] - metres ? low - 1 : low;
  }
  function along(event) {
    const rect = chart.getBoundingClientRect();
    point(nearest(Math.max(0, Math.min(1, (event.clientX - rect.left - LEFT) / (wide - LEFT - RIGHT))) * last));
  }
  chart.addEventListener("pointerdown", function (event) { chart.setPointerCapture(event.pointerId); along(event); });
  chart.addEventListener("pointermove", along);
  chart.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse" && document.activeElement !== chart) { point(null); } });
  chart.addEventListener("keydown", function (event) {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 20, PageDown: -20, Home: -count, End: count }[event.key];
    if (event.key === "Escape") { point(null); return; }
    if (!step) { return; }
    event.preventDefault();
    point(Math.max(0, Math.min(count - 1, (at === null ? 0 : at) + step)));
    if (!map.getBounds().contains(marker.getLatLng())) { map.panTo(marker.getLatLng(), { animate: false }); }
  });
  chart.addEventListener("focus", () => { if (at === null) { point(0); } });
  // On the map: the sample nearest to the pointer, on the line itself and not beyond its reach.
  function over({ latlng, type }) {
    const here = map.latLngToLayerPoint(latlng);
    let least = REACH * REACH, best = null;
    for (let n = 0; n < count; n++) {
      const p = map.latLngToLayerPoint([line.lat[n], line.lon[n]]), a = p.x - here.x, b = p.y - here.y, d = a * a + b * b;
      if (d < least) { least = d; best = n; }
    }
    if (best !== null || (type === "mousemove" && at !== null && document.activeElement !== chart)) { point(best); }
  }
  let frame = null;
  map.on("mousemove", function (event) {
    if (frame) { cancelAnimationFrame(frame); }
    frame = requestAnimationFrame(() => over(event));
  });
  map.on("click", over);

  function draw() {
    const width = Math.round(chart.getBoundingClientRect().width) || 600;
    chart.setAttribute("viewBox", `0 0 ${width} ${high}`);
    chart.style.height = `${high}px`;
    chart.replaceChildren(...drawn(width), cursor);
    if (at !== null) { point(at); }
  }
  let language = null;
  function render() {
    if (language === state.language) { return; }
    language = state.language;
    box.dir = model.direction();
    head.textContent = `${word("profile-profile")}: ${model.text(line.names)}`;
    head.title = key();
    box.setAttribute("aria-label", word("profile-profile"));
    chart.setAttribute("aria-label", `${head.textContent}. ${word("profile-along")}`);
    chart.setAttribute("aria-valuenow", 0);
    draw();
  }
  // What is drawn, from the top.
  function key() { return [known ? word("profile-height") : "", known ? word("profile-across") : "", word("profile-error"), word("ui-status"), word("profile-countries")].filter(Boolean).join(" · "); }
  new ResizeObserver(draw).observe(chart);
  map.invalidateSize({ animate: false, pan: false });

  // For paper: the drawing with what it shows.
  function paper() {
    const now = wide, copy = svg("svg", { viewBox: `0 0 718 ${high}`, class: "araxes-profile-paper" }, ...drawn(718));
    wide = now;
    return el("div", { id: "araxes-profile-paper" }, el("p", { textContent: `${head.textContent}. ${key()}`, "@dir": "auto" }), copy);
  }
  return { render, paper, point, told };
};

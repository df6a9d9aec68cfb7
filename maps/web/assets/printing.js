"use strict";
// Sheets of paper: title, map, routes, legend, sources. The map is one SVG of lines, marks and names:
// whatever size a printer gives it, nothing in it moves against anything else.
araxes.printing = function (app) {
  const { map, model } = app, box = map.getContainer(), { el, svg, swatch } = araxes.elements;
  // A4 less margins of 10 mm, in pixels of 1/96 inch; the least and the most height of an upright
  // map; and what letters may need more on paper than on the screen. On paper that lies, the texts, or at
  // least the legend, stand beside the map in a column of one of these widths, if one is wide enough.
  const SHORT = 718, LONG = 1046, LEAST = 380, MOST = 680, SLACK = 14, STEP = 330, COLUMNS = [270, 340, 420], GAP = 16;
  // What the screen shows while the page is laid out for paper: centre and zoom.
  let before = null;

  // The size of the paper, of which a browser's dialog takes the orientation that was asked for.
  const size = el("style", { textContent: "@media (orientation: portrait) { @page { size: A4 portrait; } } @media (orientation: landscape) { @page { size: A4 landscape; } }" });
  document.head.append(size);
  // Who prints by the button chooses paper and orientation in the dialog, which a size would forbid.
  app.print = function () {
    size.disabled = true;
    window.addEventListener("afterprint", () => { size.disabled = false; }, { once: true });
    window.print();
  };

  // The view in which a map of some pixels shows the bounds of the screen.
  function viewOf(width, height, bounds) {
    const { worldX, worldY } = araxes.decode, west = worldX(bounds.getWest()), east = worldX(bounds.getEast());
    const north = worldY(bounds.getNorth()), south = worldY(bounds.getSouth());
    const side = Math.min(width / (east - west), height / (south - north));
    return { size: side, dx: (width - side * (west + east)) / 2, dy: (height - side * (north + south)) / 2, width, height };
  }

  // The longest round length of at most 140 pixels, true in the middle of the view, and its bar.
  function scaleBar(view) {
    const { lonLat } = araxes.decode, y = (view.height / 2 - view.dy) / view.size, x = (view.width / 2 - view.dx) / view.size;
    const metres = araxes.measure.distance(...lonLat(x, y), ...lonLat(x + 100 / view.size, y)) / 100, most = 140 * metres;
    const power = Math.pow(10, Math.floor(Math.log10(most))), length = [5, 3, 2, 1].find((n) => n * power <= most) * power;
    const wide = length / metres, low = view.height - 10;
    const text = length < 1000 ? `${length} ${model.word("m")}` : `${model.number(length / 1000, 0)} ${model.word("km")}`;
    return { box: [4, low - 26, wide + 20, view.height],
             drawn: svg("g", { class: "araxes-scale" },
                        svg("rect", { x: 6, y: low - 22, width: wide + 8, height: 28, fill: "#fff", "fill-opacity": 0.8 }),
                        svg("path", { d: `M10 ${low - 6}v6h${wide}v-6`, fill: "none", stroke: "#333", "stroke-width": 1.5 }),
                        svg("text", { x: 10 + wide / 2, y: low - 10, "text-anchor": "middle", direction: model.direction() }, text)) };
  }

  function nameOf({ kind, text, box: [x0, y0, x1, y1], dot, minor, sea, letters, colour }) {
    const name = svg("text", { x: (x0 + x1) / 2, y: (y0 + y1) / 2, "text-anchor": "middle", "dominant-baseline": "central",
                               direction: /^[^A-Za-z]*[\u0590-\u08ff]/.test(text) ? "rtl" : "ltr",
                               class: kind === "system" ? "araxes-system" : kind === "place" ? `araxes-label${minor ? " araxes-minor" : ""}` : `araxes-region${sea ? " araxes-sea" : ""}${letters < 13 ? " araxes-narrow" : ""}` }, text);
    if (colour) { name.style.fill = araxes.theme.letters(colour); }
    return dot ? [svg("circle", { cx: dot.x, cy: dot.y, r: 2.5, fill: "#333", stroke: "#fff", class: "araxes-dot" }), name] : [name];
  }

  // Lines, areas and circles of Leaflet: what was measured, and what folium added.
  function overlays(ink, view) {
    const at = ({ lat, lng }) => [araxes.decode.worldX(lng) * view.size + view.dx, araxes.decode.worldY(lat) * view.size + view.dy];
    const rings = (points) => (Array.isArray(points[0]) ? points.flatMap(rings) : [points]);
    map.eachLayer(function (layer) {
      if (!(layer instanceof L.Path)) { return; }
      const { options } = layer, area = layer instanceof L.Polygon;
      ink.beginPath();
      if (layer instanceof L.CircleMarker) {
        ink.arc(...at(layer.getLatLng()), layer instanceof L.Circle ? layer._radius * view.size / (256 * Math.pow(2, map.getZoom())) : layer.getRadius());
      } else {
        rings(layer.getLatLngs()).forEach(function (ring) {
          ring.forEach((point, n) => (n ? ink.lineTo(...at(point)) : ink.moveTo(...at(point))));
          if (area) { ink.closePath(); }
        });
      }
      if (options.fill) {
        Object.assign(ink, { fillStyle: options.fillColor || options.color, globalAlpha: options.fillOpacity });
        ink.fill(options.fillRule);
      }
      if (options.stroke) {
        Object.assign(ink, { strokeStyle: options.color, lineWidth: options.weight, lineCap: options.lineCap, lineJoin: options.lineJoin });
        ink.setLineDash(options.dashArray ? String(options.dashArray).split(/[ ,]+/) : []);
        ink.stroke();
      }
    });
  }

  // The map as one drawing, in the pixels of its view.
  function sheet(className, width, height, bounds) {
    const view = viewOf(width, height, bounds), bar = scaleBar(view), lines = svg("g", {}), names = svg("g", {});
    const ink = araxes.vector.context(lines);
    app.paint(ink, view);
    overlays(ink, view);
    app.labels.names(view, { blocked: [bar.box] }).forEach((name) => names.append(...nameOf(name)));
    return svg("svg", { class: `araxes-sheet ${className}`, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": model.word("ui-map") },
               lines, names, bar.drawn);
  }

  // The texts below the map; the panel's buttons and fields are of no use on paper.
  function paper() {
    const { facts, state, text } = model, list = el("ul", { className: "araxes-keys" });
    shown().forEach(function (layer) {
      list.append(el("li", {}, swatch(facts.styles[layer.w], model.legendEntry(layer).dash, araxes.legend.kindOf(layer)),
                     el("span", { textContent: text(layer.names), "@dir": "auto" })));
    });
    const line = [state.day ? model.filled("ui-status-on", model.date(state.day)) : "",
                        facts.scenarios.length && !model.asking() ? text(model.scenario().names) : ""].filter(Boolean).join(" · ");
    const changes = document.getElementById("araxes-changes");
    const keys = document.getElementById("araxes-styles"), routes = document.getElementById("araxes-ways");
    const legend = el("div", { className: "araxes-legend" }, line ? el("p", { textContent: line, "@dir": "auto" }) : "",
                      changes ? changes.cloneNode(true) : "",
                      app.answers ? app.answers.paper() || "" : "",
                      list, keys ? keys.cloneNode(true) : "");
    const fine = (text) => el("p", { className: "araxes-fine", "@dir": "auto", textContent: text });
    const said = el("div", { className: "araxes-said" }, routes ? fine(notes().join(" ")) : "", fine(facts.page.attributions.map(model.credit).join(model.between("; "))),
                    fine(document.getElementById("araxes-made").textContent));
    return el("div", { id: "araxes-paper", "@dir": model.direction() }, app.profile ? app.profile.paper() : "", legend,
              el("div", { className: "araxes-tables" }, ...(routes ? tablesOf(routes, state.pair) : [])), said);
  }
  // What is said of the routes: if they are of another day than the map, also what they mean.
  function notes() {
    const { filled, word } = model, of = model.date(model.facts.page.ways_on);
    const note = document.getElementById("araxes-ways-note").textContent, { pair } = model.state;
    const starred = model.facts.ways.some((route) => route.starred && (pair === null || route.pair === pair));
    return [note, ...(model.otherDay() ? [filled(`ui-ways-${model.facts.by}`, of), word("ui-hours")] : []),
            ...(starred ? [`* ${word("ui-best")}.`] : [])];
  }
  // Whose facts the map shows: every source, on as many sheets as it takes.
  function citations() {
    const keys = [...new Set(shown().flatMap((layer) => layer.sources))];
    if (!keys.length) { return el("div", { id: "araxes-cited" }); }
    const texts = keys.map((key) => model.facts.sources[key].citation).join("; ");
    return el("div", { id: "araxes-cited", className: "araxes-fine" }, el("div", { textContent: model.word("ui-sources"), "@dir": model.direction() }),
              el("div", { "@dir": "ltr" }, ...breakable(texts)));
  }
  // A text whose addresses may be broken at their signs, so that lines are filled.
  function breakable(text) {
    const parts = (word) => (word.includes("/") ? word.match(/[^/._=&-]+[/._=&-]*|[/._=&-]+/g) : [word]);
    return text.split(/(\s+)/).filter(Boolean).flatMap((word) => parts(word).flatMap((part, n) => (n ? [el("wbr", {}), part] : [part])));
  }
  function shown() {
    return model.shownLayers().filter((layer) => !layer.quiet && layer.id !== "places" && !model.legendEntry(layer).absent);
  }
  // The table of the routes, a table for each pair, or that of one pair.
  function tablesOf(routes, pair) {
    const bodies = [...routes.querySelectorAll("tbody")].filter((body) => pair === null || body.querySelector(`tr[data-way^="${pair}/"]`));
    return bodies.map(function (body) {
      const columns = el("colgroup", {}, ...[0, 1, 2, 3, 4].map(() => el("col", {})));
      const head = routes.querySelector("thead").cloneNode(true), last = head.querySelector("th:last-child");
      last.replaceChildren(el("span", { textContent: last.textContent }));
      const table = el("table", { className: "araxes-ways" }, columns, head, body.cloneNode(true));
      table.querySelectorAll("[id]").forEach((copy) => copy.removeAttribute("id"));
      return table;
    });
  }

  function begin() {
    if (before) { return; }
    const bounds = araxes.link.bounds(app);
    before = [map.getCenter(), map.getZoom(), araxes.theme.isDark()];
    araxes.theme.set(false);
    document.documentElement.classList.add("araxes-printing");
    const texts = paper(), cited = citations();
    document.body.append(texts, cited);
    // A story is printed step by step, each with its map; the sheet of the map alone is not.
    if (app.story) {
      box.after(app.story.paper(sheet, SHORT, STEP));
      document.documentElement.classList.add("araxes-telling");
      return;
    }
    // The map takes what the texts leave of the sheet, with the sources if they fit.
    const high = (element) => element.getBoundingClientRect().height;
    const left = LONG - SLACK - titleOn(SHORT) - high(texts), rest = left - high(cited);
    const height = Math.round(Math.min(MOST, Math.max(LEAST, rest >= LEAST ? rest : left)));
    // Texts that do not fit on the first sheet take the sources with them to the next.
    cited.classList.toggle("araxes-apart", rest < LEAST && left >= LEAST);
    // On paper that lies a profile stands below map and column, as wide as upright.
    const profile = document.getElementById("araxes-profile-paper"), below = profile ? high(profile) + GAP : 0;
    const lying = Math.round(SHORT - SLACK - titleOn(LONG)), column = columnFor(texts, cited, lying - below - SLACK);
    box.append(sheet("araxes-portrait", SHORT, height, bounds),
               sheet("araxes-landscape", LONG - (column ? column + GAP : 0), lying - (column ? below : 0), bounds));
  }
  // How high the title is on a sheet of some width, where it folds otherwise than in the window.
  function titleOn(width) {
    const title = document.getElementById("araxes-title");
    title.style.width = `${width}px`;
    const { height } = title.getBoundingClientRect();
    title.style.width = "";
    return height;
  }
  // The narrowest column that holds the texts and the sources, or else the texts, or the legend; 0 if
  // none does. What it does not hold stands below the map, or on the next sheet.
  function columnFor(texts, cited, most) {
    const root = document.documentElement, high = (element) => element.getBoundingClientRect().height;
    root.classList.add("araxes-column");
    for (const [kind, parts] of [["all", [texts, cited]], ["texts", [texts]], ["legend", [texts.querySelector(".araxes-legend"), texts.lastChild]]]) {
      for (const width of COLUMNS) {
        [texts, cited].forEach((element) => { element.style.width = `${width}px`; });
        const fits = parts.reduce((sum, part) => sum + high(part) + 8, 0) <= most + 8;
        [texts, cited].forEach((element) => { element.style.width = ""; });
        if (fits) {
          root.classList.remove("araxes-column");
          root.classList.add("araxes-aside", `araxes-aside-${kind}`);
          root.style.setProperty("--column", `${width}px`);
          root.style.setProperty("--beside", `${LONG - width - GAP}px`);
          return width;
        }
      }
    }
    root.classList.remove("araxes-column");
    return 0;
  }
  function end() {
    if (!before) { return; }
    box.querySelectorAll(".araxes-sheet").forEach((drawing) => drawing.remove());
    ["araxes-paper", "araxes-cited", "araxes-told"].forEach(function (id) { const part = document.getElementById(id); if (part) { part.remove(); } });
    document.documentElement.classList.remove("araxes-printing", "araxes-telling", ...["", "-all", "-texts", "-legend"].map((kind) => `araxes-aside${kind}`));
    map.invalidateSize({ animate: false, pan: false });
    const [centre, zoom, dark] = before;
    map.setView(centre, zoom, { animate: false });
    araxes.theme.set(dark);
    // The legend was last written for paper.
    app.redraw();
    app.updateLegend();
    before = null;
  }
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
};

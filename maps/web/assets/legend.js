"use strict";
// The legend of the page: a row for each layer, what dashes and marks stand for, and the colours of
// compared routes.
araxes.legend = (function () {
  const { el, svg, data, swatch, part } = araxes.elements;
  const GROUPS = ["borders", "corridors", "network", "documents", "tables", "base"];

  // What the map shows now: routes compared, layers, and what their dashes and marks stand for, below
  // the choices of what to show.
  function key(app) {
    const { facts, word } = app.model, list = el("div", {}), box = part("araxes-key", word("ui-legend"), true, presets(app), list);
    app.updateKey = function () {
      const tolerance = facts.page.tolerance
        ? el("p", { className: "araxes-fine", textContent: app.model.filled("ui-simplified", app.model.number(facts.page.tolerance, 0)) }) : "";
      list.replaceChildren(Object.assign(changes(app), { id: "araxes-changes" }), visible(app), styles(app), tolerance);
      box.querySelectorAll("[data-preset]").forEach((button, n) => button.setAttribute("aria-pressed", app.model.showsOnly(facts.page.presets[n][1])));
    };
    app.updateKey();
    return box;
  }
  function presets(app) {
    const { facts, word } = app.model, choices = facts.page.presets;
    if (choices.length < 2) { return null; }
    return el("div", { id: "araxes-presets", "@role": "group", "@aria-label": word("ui-presets") }, ...choices.map(function ([name, keys]) {
      const button = el("button", { type: "button", id: `araxes-${name}`, textContent: word(name), "@data-preset": name });
      button.addEventListener("click", function () { app.showOnly(keys); app.fitShown(); });
      return button;
    }));
  }
  // The layers that are on and of which something is drawn.
  function visibleLayers({ model }) {
    return model.shownLayers().filter((layer) => !layer.quiet && !model.legendEntry(layer).absent);
  }
  function visible(app) {
    const { model } = app, { facts, word, text } = model, list = el("ul", { className: "araxes-keys", id: "araxes-visible" });
    visibleLayers(app).forEach(function (layer) {
      const entry = model.legendEntry(layer), sample = swatch(facts.styles[layer.w], entry.dash, kindOf(layer));
      sample.style.opacity = layer.arcs ? 1 : Math.max(0.4, model.weight(layer));
      list.append(el("li", {}, sample, data("span", text(layer.names)), entry.note ? el("small", { textContent: word(entry.note) }) : ""));
    });
    // What does not stand as it did on the day chosen.
    model.shownLayers().filter((layer) => layer.id !== "places" && model.isTodays(layer)).forEach(function (layer) {
      list.append(el("li", {}, swatch(facts.styles[layer.w], facts.styles[layer.w].d), data("span", text(layer.names)), el("small", { textContent: word("ui-as-today") })));
    });
    return list;
  }
  // What the dashes and marks that are drawn stand for.
  function styles(app) {
    const { model } = app, { facts, word } = model, looks = new Set();
    visibleLayers(app).forEach(function (layer) {
      for (let n = 0; n < layer.count; n++) { looks.add(model.lookOf(layer, n)); }
    });
    looks.delete(null);
    const dashes = new Set([...looks].map(({ dash }) => String(dash))), marks = new Set([...looks].map(({ mark }) => mark));
    const list = el("ul", { className: "araxes-keys", id: "araxes-styles" });
    facts.page.states.filter(([, dash]) => dash.length && dashes.has(String(dash))).forEach(function ([words, dash]) {
      list.append(el("li", {}, swatch({ c: "#222222", w: 3, f: 0 }, dash), el("span", { textContent: words.map(word).join(" / ") })));
    });
    [["closed", "cross", "#b00020"], ["unknown", "ring", "#2d5d4b"]].forEach(function ([mark, kind, colour]) {
      if (marks.has(mark)) {
        list.append(el("li", {}, swatch({ c: colour, w: 2, f: 0 }, [], kind), el("span", { textContent: word(`ui-crossing-${mark}`) })));
      }
    });
    if (app.hasErrors && app.hasErrors()) {
      list.append(el("li", {}, swatch({ c: "#555555", w: 0.01, f: 0.25 }, []), el("span", { textContent: word("error-band") })));
    }
    if (model.shownLayers().some(({ arcs }) => arcs)) { list.append(el("li", { id: "araxes-arcs" }, el("span", { textContent: word("ui-arcs") }))); }
    if (app.beyond && app.beyond()) {
      list.append(el("li", { id: "araxes-beyond" }, el("span", { className: "araxes-void", "@aria-hidden": "true" }), el("span", { textContent: word("ui-beyond") })));
    }
    return list;
  }

  // Whether the page names anything: far from its gazetteer a switch of names would switch nothing.
  function names(facts) {
    const lines = facts.layers.filter(({ group }) => group === "borders" || group === "corridors");
    return lines.length > 1 || facts.places.some((place) => place.k);
  }
  // All layers by group, each with its switch.
  function layers(app) {
    const { facts, state, word } = app.model, parts = [];
    app.legendRows = [];
    app.updateLegend = function () {
      app.legendRows.forEach((update) => update());
      app.updateKey();
    };
    GROUPS.forEach(function (group) {
      const members = facts.layers.filter((layer) => layer.group === group && (layer.id !== "places" || names(facts)));
      const routes = group === "network" && (facts.ways.length || facts.network);
      if (!members.length && !routes) { return; }
      const rows = members.map((layer) => layerRow(app, layer));
      if (routes) {
        const box = el("input", { type: "checkbox", checked: !state.hidden.has("routes"), "@data-layer": "routes" });
        box.addEventListener("change", () => app.toggle("routes", box.checked));
        rows.unshift(el("li", {}, el("label", { className: "araxes-line" }, box, el("span", { className: "araxes-swatch" }, swatch(facts.changes.gained, [])), data("span", word("ui-ways")))));
      }
      parts.push(el("h2", { textContent: word(`ui-${group}`) }),
                 el("ul", { className: "araxes-layers" }, ...rows));
    });
    app.updateLegend();
    return part("araxes-legend", word("ui-layers"), true, ...parts);
  }

  // What the sample of a layer shows: a dot for points, or else a line or an area.
  function kindOf(layer) {
    const points = !layer.g[0][0] && !layer.g[1][0] && layer.g[2][0];
    return points || layer.id === "places" ? "dot" : "";
  }

  // The sign of a button that goes to a place.
  function aim() {
    return svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
               svg("path", { d: "M8 1v5M8 10v5M1 8h5M10 8h5M4 8a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", fill: "none", stroke: "currentColor", "stroke-width": 1.3 }));
  }
  // The sign of a button that shows one layer alone.
  function alone() {
    return svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
               svg("path", { d: "M2 8a6 6 0 1 0 12 0a6 6 0 1 0 -12 0", fill: "none", stroke: "currentColor", "stroke-width": 1.3 }),
               svg("circle", { cx: 8, cy: 8, r: 2.6, fill: "currentColor" }));
  }
  // A layer's switch, swatch, name and note, and the button that goes to it.
  function layerRow(app, layer) {
    const { model } = app, { facts, state, word, text } = model;
    const box = el("input", { type: "checkbox", checked: !state.hidden.has(layer.id), "@data-layer": layer.id });
    box.addEventListener("change", () => app.toggle(layer.id, box.checked));
    const kind = kindOf(layer);
    const drawn = el("span", { className: "araxes-swatch" }), note = el("small", {});
    const row = el("li", {}, el("label", { className: "araxes-line" }, box, drawn, data("span", text(layer.names)), note));
    app.legendRows.push(function () {
      const entry = model.legendEntry(layer);
      drawn.replaceChildren(swatch(facts.styles[layer.w], entry.dash, kind));
      note.textContent = entry.note ? word(entry.note) : "";
      row.classList.toggle("araxes-absent", entry.absent);
    });
    if (!layer.quiet) {
      const go = el("button", { type: "button", className: "araxes-go", id: `araxes-go-${layer.id}`, title: word("ui-go"),
                                "@aria-label": `${word("ui-go")}: ${text(layer.names)}` }, aim());
      go.addEventListener("click", () => app.go({ layer, features: null }, go));
      const only = el("button", { type: "button", className: "araxes-go", id: `araxes-only-${layer.id}`, title: word("ui-only"),
                                  "@aria-label": `${word("ui-only")}: ${text(layer.names)}` }, alone());
      only.addEventListener("click", () => app.showOnly([layer.id]));
      row.append(only, go);
    }
    return row;
  }

  // The colours of routes: of a single scenario by their modes, or else of links kept, gained and lost.
  function changes(app) {
    const { model } = app, { facts, word, text } = model, list = el("ul", { className: "araxes-keys" });
    const rows = model.changes(), single = model.single();
    if (!rows.length) { return list; }
    const line = (style, dash, words) => list.append(el("li", {}, swatch({ c: style.c, w: style.w, f: 0 }, dash), data("span", words)));
    if (single === null) {
      const shown = new Set(rows.map(([, change]) => change));
      ["gained", "kept", "lost"].filter((change) => shown.has(change)).forEach((change) => line(facts.changes[change], [], model.asking() ? app.answers.called(change) : word(`ui-${change}`)));
    } else {
      const drawn = new Set(rows.map(([link]) => model.links.get(link)).filter(Boolean).map(({ layer }) => layer));
      const scenario = model.asking() ? app.answers.name() : text(facts.scenarios[single].names), comma = model.between(", ");
      drawn.forEach((layer) => line(model.routeStyle("kept", layer), [], scenario + comma + word(`mode-${model.modeOf(layer)}`)));
    }
    if (rows.some(([, , unbuilt]) => unbuilt)) { line({ c: facts.changes.gained.c, w: 5 }, facts.states.planned, word("unbuilt")); }
    return list;
  }

  return { key, layers, changes, kindOf };
})();

"use strict";
// The panel beside the map: search, ways, scenarios, days, legend, sources. All text from the data
// enters the page as text.
araxes.panel = (function () {
  // An element with properties (or attributes, after "@") and children.
  function el(tag, props, ...children) {
    const made = document.createElement(tag);
    Object.entries(props || {}).forEach(function ([key, value]) {
      if (key.startsWith("@")) { made.setAttribute(key.slice(1), value); } else { made[key] = value; }
    });
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }
  const data = (tag, text) => el(tag, { "@dir": "auto", textContent: text });

  const SVG = "http://www.w3.org/2000/svg";
  function svg(tag, attributes, ...children) {
    const made = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  }
  function swatch(style, dash, kind) {
    const width = Math.min(style.w || 2, 5), made = svg("svg", { width: 34, height: 14, "aria-hidden": "true" });
    if (style.f && kind !== "line") {
      made.append(svg("rect", { x: 2, y: 1, width: 30, height: 12, fill: style.c,
                                "fill-opacity": Math.max(style.f, 0.12) }));
    }
    if (kind === "dot") {
      made.append(svg("circle", { cx: 17, cy: 7, r: 5, fill: style.c, stroke: "#fff" }));
    } else if (kind === "ring") {
      made.append(svg("circle", { cx: 17, cy: 7, r: 5, fill: "#fff", stroke: style.c, "stroke-width": 1.6 }));
    } else if (kind === "cross") {
      made.append(svg("circle", { cx: 17, cy: 7, r: 5, fill: "#fff", stroke: style.c, "stroke-width": 1.6 }),
                  svg("path", { d: "M13.5 3.5l7 7M13.5 10.5l7 -7", stroke: style.c, "stroke-width": 1.6 }));
    } else {
      made.append(svg("path", { d: "M1 7H33", stroke: style.c, "stroke-width": width, fill: "none",
                                "stroke-dasharray": dash.length ? dash.join(" ") : "none" }));
    }
    return made;
  }

  // A part of the panel that can be folded and keeps being so when it is made anew.
  const folded = new Map();
  function part(id, title, open, ...children) {
    const made = el("details", { id, open: folded.has(id) ? folded.get(id) : open },
                    el("summary", { textContent: title }), ...children);
    made.addEventListener("toggle", () => folded.set(id, made.open));
    return made;
  }

  function languages(app) {
    const { model } = app, { facts, state, word } = model;
    const select = el("select", { id: "araxes-language", "@aria-label": word("ui-language") });
    facts.page.languages.forEach(function ([code, name]) {
      select.append(el("option", { value: code, textContent: name, selected: code === state.language }));
    });
    select.addEventListener("change", () => app.change({ language: select.value }));
    return select;
  }

  // What a search has found: a place, or which layer's.
  function kindOf({ word, text }, { at, layer, features }) {
    return at ? word("ui-place") : features === null ? word(`ui-${layer.group}`) : text(layer.names);
  }
  function searchBox(app) {
    const { word } = app.model;
    const box = el("input", { type: "search", id: "araxes-search", placeholder: word("ui-search"),
                              autocomplete: "off", "@aria-label": word("ui-search"), "@dir": "auto" });
    const list = el("ul", { id: "araxes-found", "@aria-live": "polite" });
    box.addEventListener("input", function () {
      list.replaceChildren();
      if (!box.value.trim()) { return; }
      const found = app.find(box.value, 8);
      found.forEach(function (entry) {
        const button = el("button", { type: "button", "@dir": "auto", "@data-kind": kindOf(app.model, entry) });
        button.textContent = app.model.text(entry.names);
        button.addEventListener("click", function () {
          list.replaceChildren();
          app.go(entry, box);
        });
        list.append(el("li", {}, button));
      });
      if (!found.length) { list.append(el("li", { textContent: word("ui-nothing") })); }
    });
    box.addEventListener("keydown", function (event) {
      const first = list.querySelector("button");
      if (event.key === "Enter" && first) { first.click(); }
      if (event.key === "Escape") { box.value = ""; list.replaceChildren(); }
    });
    return el("div", { id: "araxes-searching", "@role": "search" }, box, list);
  }

  function picker(app) {
    const { facts, state, word, text } = app.model;
    const select = el("select", { id: "araxes-scenario" });
    facts.scenarios.forEach(function (one, n) {
      select.append(el("option", { value: n, textContent: text(one.names), selected: n === state.scenario }));
    });
    select.addEventListener("change", () => app.change({ scenario: Number(select.value) }));
    const views = el("div", { id: "araxes-view", "@role": "group", "@aria-label": word("ui-show") });
    ["before", "after", "difference"].forEach(function (view) {
      const button = el("button", { type: "button", id: `araxes-view-${view}`, textContent: word(`ui-${view}`), value: view,
                                    "@aria-pressed": state.view === view });
      button.addEventListener("click", () => app.change({ view }));
      views.append(button);
    });
    // The first scenario is what the others are compared with.
    const base = state.scenario === 0, more = base && facts.scenarios.length > 1 && facts.pairs.length;
    return [el("label", { htmlFor: "araxes-scenario", textContent: word("ui-scenario") }), select,
            facts.pairs.length && !base ? views : null, data("p", text(app.model.scenario().notes)),
            more ? el("p", { textContent: word("ui-choose") }) : null];
  }

  function legendOfChanges(app) {
    const { facts, state, word, text } = app.model, list = el("ul", { className: "araxes-keys" });
    // A way that is compared with none goes by the name of its scenario.
    const single = app.model.told() === 0 ? 0 : state.view === "after" ? state.scenario : null;
    const shown = new Set(app.model.changes().map((one) => one[1]));
    ["kept", "gained", "lost"].forEach(function (change) {
      if (!shown.has(change)) { return; }
      const style = facts.changes[change];
      list.append(el("li", {}, swatch({ c: style.c, w: style.w, f: 0 }, []),
                     el("span", { textContent: single === null ? word(`ui-${change}`) : text(facts.scenarios[single].names) })));
    });
    if (app.model.changes().some((one) => one[2])) {
      list.append(el("li", {}, swatch({ c: facts.changes.gained.c, w: 5, f: 0 }, facts.states.planned),
                     el("span", { textContent: word("unbuilt") })));
    }
    return list;
  }

  function signed(model, value, digits) {
    if (value === null) { return ""; }
    return (value > 0 ? "+" : "") + model.number(value, digits);
  }

  function table(app) {
    const { model } = app, { facts, state, word, text, number } = model;
    const head = ["ui-scenario", "km", "Δ km", "h", "ui-unbuilt-km"];
    const made = el("table", { id: "araxes-ways" },
                    el("thead", {}, el("tr", {}, ...head.map((key) => el("th", { "@scope": "col", textContent: word(key) })))));
    facts.pairs.forEach(function (pair, p) {
      const group = el("tbody", {}, el("tr", {}, el("th", { colSpan: 5, "@scope": "rowgroup", textContent: `${text(pair[0])} – ${text(pair[1])}` })));
      facts.scenarios.forEach(function (one, s) {
        const way = model.wayOf(p, s);
        if (!way) { return; }
        const chosen = model.told() === s && (state.pair === null || state.pair === p);
        const row = el("tr", { "@aria-selected": chosen, "@data-way": `${p}/${s}` });
        const button = el("button", { type: "button", id: `araxes-way-${p}-${s}`, textContent: text(one.names) });
        row.append(el("td", {}, button));
        if (way.links) {
          const cell = function (values, scale) {
            const [value, low, high] = values.map((one) => number(one / scale, 0));
            return el("td", {}, value, el("small", { textContent: `${low}–${high}` }));
          };
          row.append(cell(way.km, 1000), el("td", { textContent: signed(model, way.delta_km, 0) }),
                     cell(way.hours, 1),
                     el("td", { textContent: way.unbuilt_km ? number(way.unbuilt_km, 0) : "" }));
        } else {
          row.append(el("td", { colSpan: 4, className: "araxes-none", "@dir": "auto",
                                title: standing(model, way), textContent: word("no-way") }));
        }
        row.addEventListener("click", () => app.choose(p, s));
        group.append(row);
      });
      made.append(group);
    });
    return made;
  }

  function ways(app) {
    const { model } = app, { facts, word } = model;
    if (!facts.scenarios.length) { return null; }
    const all = el("button", { type: "button", textContent: word("ui-all-pairs"), id: "araxes-all-pairs" });
    all.addEventListener("click", () => app.change({ pair: null }));
    const said = facts.pairs.length ? el("p", { id: "araxes-chosen", "@aria-live": "polite", "@dir": "auto",
                                                textContent: chosen(model) }) : null;
    return part("araxes-comparison", word(facts.pairs.length ? "ui-ways" : "ui-scenario"), true, ...picker(app).filter(Boolean),
                ...(facts.pairs.length ? [legendOfChanges(app), said,
                  el("p", { id: "araxes-ways-note", className: "araxes-fine", textContent: model.filled("ui-ways-on", model.date(facts.page.ways_on)) + " " + word("ui-hours") }),
                  el("div", { className: "araxes-scroll", "@tabindex": 0 }, table(app)),
                  model.state.pair === null ? null : all] : []));
  }
  function countries(model, way) {
    const named = (code) => (model.facts.words[`country-${code}`] ? model.word(`country-${code}`) : code);
    return way.countries.map(named).join(model.state.language === "fa" ? " ← " : " → ");
  }
  // What stands in a way that there is not.
  function standing(model, way) {
    const said = way.stands.map(({ names, period }) => `${model.text(names)}: ${period ? model.period(period)
      : model.filled("ui-closed", model.text(model.facts.scenarios[way.scenario].names))}`);
    return said.length ? model.filled("ui-in-the-way", said.join(model.state.language === "fa" ? "؛ " : "; ")) : "";
  }
  // The way that is chosen, in a line.
  function chosen(model) {
    const { facts, state, text, word, number } = model;
    if (state.pair === null) { return ""; }
    const way = model.wayOf(state.pair, model.told()), pair = facts.pairs[state.pair].map(text).join(" – ");
    if (!way) { return ""; }
    if (!way.links) { return [`${pair}: ${word("no-way")}`, standing(model, way)].filter(Boolean).join(". "); }
    const parts = [model.interval(way.km, "km"), model.interval(way.hours, "h"), countries(model, way)];
    if (way.unbuilt_km) { parts.push(`${word("unbuilt")}: ${number(way.unbuilt_km, 0)} ${word("km")}`); }
    // No sum of errors makes one way shorter for sure.
    if (way.shorter !== null) { parts.push(model.filled("ui-shorter", (way.shorter > 0.99 ? ">\u00a0" : "") + number(Math.min(99, 100 * way.shorter), 0))); }
    return `${pair}: ${parts.join(state.language === "fa" ? "، " : ", ")}`;
  }

  const DAY = 86400000;
  const toNumber = (day) => Date.parse(`${day}T00:00:00Z`) / DAY;
  const toDay = (number) => new Date(number * DAY).toISOString().slice(0, 10);

  function time(app) {
    const { model } = app, { facts, state, word, text, date } = model;
    const days = [...app.events.keys()];
    if (!days.length) { return null; }
    const first = facts.page.first, last = facts.page.last;
    const day = state.day || last;
    const every = el("input", { type: "checkbox", id: "araxes-every-day", checked: state.day === null });
    const range = el("input", { type: "range", id: "araxes-time", min: toNumber(first), max: toNumber(last),
                                step: 1, value: toNumber(day), "@aria-label": word("ui-day"),
                                "@aria-valuetext": date(day), "@list": "araxes-days" });
    const exact = el("input", { type: "date", id: "araxes-day", min: first, max: last, value: day,
                                "@aria-label": word("ui-day") });
    const earlier = el("button", { type: "button", textContent: "◀", "@aria-label": word("ui-earlier"), title: word("ui-earlier") });
    const later = el("button", { type: "button", textContent: "▶", "@aria-label": word("ui-later"), title: word("ui-later") });
    const said = el("ul", { id: "araxes-events", "@aria-live": "polite" });
    const ticks = svg("svg", { class: "araxes-ticks", viewBox: "0 0 1000 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    days.forEach(function (one) {
      const x = 1000 * (toNumber(one) - toNumber(first)) / (toNumber(last) - toNumber(first));
      ticks.append(svg("path", { d: `M${x.toFixed(1)} 0V8`, stroke: "#555", "stroke-width": 2 }));
    });
    function tell() {
      const shown = state.day || last, before = days.filter((one) => one <= shown).pop();
      every.checked = state.day === null;
      range.value = toNumber(shown);
      range.setAttribute("aria-valuetext", date(shown));
      exact.value = shown;
      earlier.disabled = !days.some((one) => one < shown);
      later.disabled = state.day === null || !days.some((one) => one > shown);
      said.replaceChildren();
      if (state.day === null || !before) { return; }
      said.append(el("li", { className: "araxes-fine", textContent: model.filled("ui-last-change", date(before)) }));
      app.events.get(before).slice(0, 6).forEach(function ([title, status]) {
        said.append(el("li", {}, data("bdi", text(title)), ": ", word(status)));
      });
      const more = app.events.get(before).length - 6;
      if (more > 0) { said.append(el("li", { textContent: `+ ${more}` })); }
    }
    every.addEventListener("change", () => app.day(every.checked ? null : last));
    range.addEventListener("input", () => app.day(toDay(Number(range.value))));
    exact.addEventListener("change", function () {
      if (exact.value >= first && exact.value <= last) { app.day(exact.value); }
    });
    earlier.addEventListener("click", () => app.day(days.filter((one) => one < (state.day || last)).pop()));
    later.addEventListener("click", () => app.day(days.find((one) => one > state.day)));
    app.tellDay = tell;
    tell();
    return part("araxes-times", word("ui-time"), true,
                el("label", { className: "araxes-line" }, every, el("span", { textContent: word("ui-all-dates") })),
                el("div", { className: "araxes-line" }, earlier, exact, later), range, ticks, said);
  }

  const GROUPS = ["borders", "corridors", "network", "tables", "base"];
  function layerRow(app, layer) {
    const { model } = app, { facts, state, word, text } = model;
    const box = el("input", { type: "checkbox", checked: !state.hidden.has(layer.id), "@data-layer": layer.id });
    box.addEventListener("change", () => app.toggle(layer.id, box.checked));
    const points = !layer.g[0][0] && !layer.g[1][0] && layer.g[2][0], kind = points || layer.id === "places" ? "dot" : "";
    const drawn = el("span", { className: "araxes-swatch" }), note = el("small", {});
    const row = el("li", {}, el("label", { className: "araxes-line" }, box, drawn, data("span", text(layer.names)), note));
    app.legendRows.push(function () {
      const now = model.standing(layer);
      drawn.replaceChildren(swatch(facts.styles[layer.w], now.dash, kind));
      note.textContent = now.note ? `(${word(now.note)})` : "";
      row.classList.toggle("araxes-absent", now.absent);
    });
    if (!layer.quiet) {
      const go = el("button", { type: "button", className: "araxes-go", id: `araxes-go-${layer.id}`, textContent: "⌖", title: word("ui-go"),
                                "@aria-label": `${word("ui-go")}: ${text(layer.names)}` });
      go.addEventListener("click", () => app.go({ layer, features: null }, go));
      row.append(go);
    }
    return row;
  }
  function legend(app) {
    const { facts, word } = app.model, parts = [];
    app.legendRows = [];
    app.tellLegend = () => app.legendRows.forEach((tell) => tell());
    GROUPS.forEach(function (group) {
      const layers = facts.layers.filter((layer) => layer.group === group);
      if (!layers.length) { return; }
      parts.push(el("h3", { textContent: word(`ui-${group}`) }),
                 el("ul", { className: "araxes-layers" }, ...layers.map((layer) => layerRow(app, layer))));
    });
    const styles = el("ul", { className: "araxes-keys", id: "araxes-styles" });
    facts.page.states.forEach(function ([words, dash]) {
      styles.append(el("li", {}, swatch({ c: "#222", w: 3, f: 0 }, dash),
                       el("span", { textContent: words.map(word).join(" / ") })));
    });
    if (facts.layers.some((layer) => layer.id === "crossings")) {
      styles.append(el("li", {}, swatch({ c: "#b00020", w: 2, f: 0 }, [], "cross"),
                       el("span", { textContent: word("ui-crossing-closed") })),
                    el("li", {}, swatch({ c: "#2d5d4b", w: 2, f: 0 }, [], "ring"),
                       el("span", { textContent: word("ui-crossing-unknown") })));
    }
    app.tellLegend();
    const thin = facts.page.tolerance
      ? el("p", { className: "araxes-fine", textContent: app.model.filled("ui-simplified", app.model.number(facts.page.tolerance, 0)) }) : null;
    return part("araxes-legend", word("ui-legend"), true, ...parts, el("h3", { textContent: word("ui-styles") }),
                styles, ...[thin].filter(Boolean));
  }

  // What stands above the panel and the map; what was typed stays as long as the language does.
  let spoken = null;
  function head(app) {
    const { facts, state, word, text } = app.model, title = document.getElementById("araxes-title");
    if (spoken === state.language) { return; }
    spoken = state.language;
    if (facts.page.titles) { document.title = title.querySelector("h1").textContent = text(facts.page.titles); }
    title.querySelector("p").textContent = word("ui-hint");
    document.getElementById("araxes-top").replaceChildren(searchBox(app), languages(app));
  }

  function render(app, panel) {
    const { word } = app.model;
    const kept = panel.scrollTop, focus = document.activeElement && document.activeElement.id;
    head(app);
    panel.replaceChildren(...[ways(app), time(app), legend(app)].filter(Boolean));
    panel.scrollTop = kept;
    document.getElementById("araxes-sources").querySelector("summary").textContent = word("ui-sources");
    const again = focus && document.getElementById(focus);
    if (again) { again.focus({ preventScroll: true }); }
  }

  return { el, data, svg, render, swatch };
})();

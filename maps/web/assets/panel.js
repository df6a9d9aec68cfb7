"use strict";
// The panel beside the map: search, compared routes, days, legend, sources.
araxes.panel = (function () {
  const { el, data, svg, part } = araxes.elements;

  function render(app, panel) {
    const { word } = app.model;
    const scrolled = panel.scrollTop, focused = document.activeElement && document.activeElement.id;
    head(app);
    panel.replaceChildren(...[comparison(app), timeline(app), araxes.legend.layers(app)].filter(Boolean));
    panel.scrollTop = scrolled;
    document.getElementById("araxes-sources").querySelector("summary").textContent = word("ui-sources");
    const again = focused && document.getElementById(focused);
    if (again) { again.focus({ preventScroll: true }); }
  }

  // Title, search and languages; rendered again only in another language, so that a query typed
  // into the search stays.
  let renderedLanguage = null;
  function head(app) {
    const { facts, state, word, text } = app.model, title = document.getElementById("araxes-title");
    if (renderedLanguage === state.language) { return; }
    renderedLanguage = state.language;
    if (facts.page.titles) { document.title = title.querySelector("h1").textContent = text(facts.page.titles); }
    title.querySelector("p").textContent = word("ui-hint");
    document.getElementById("araxes-top").replaceChildren(searchBox(app), languages(app));
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

  function searchBox(app) {
    const { word } = app.model;
    const box = el("input", { type: "search", id: "araxes-search", placeholder: word("ui-search"),
                              autocomplete: "off", "@aria-label": word("ui-search"), "@dir": "auto" });
    const list = el("ul", { id: "araxes-found", "@aria-live": "polite" });
    box.addEventListener("input", function () {
      list.replaceChildren();
      if (!box.value.trim()) { return; }
      const entries = app.find(box.value, 8);
      entries.forEach(function (entry) {
        const button = el("button", { type: "button", "@dir": "auto", "@data-kind": kindOf(app.model, entry) });
        button.textContent = app.model.text(entry.names);
        button.addEventListener("click", function () {
          list.replaceChildren();
          app.go(entry, box);
        });
        list.append(el("li", {}, button));
      });
      if (!entries.length) { list.append(el("li", { textContent: word("ui-nothing") })); }
    });
    box.addEventListener("keydown", function (event) {
      const first = list.querySelector("button");
      if (event.key === "Enter" && first) { first.click(); }
      if (event.key === "Escape") { box.value = ""; list.replaceChildren(); }
    });
    return el("div", { id: "araxes-searching", "@role": "search" }, box, list);
  }

  // What kind of thing an entry of the search is: a place, a group of layers, or a layer.
  function kindOf({ word, text }, { at, layer, features }) {
    return at ? word("ui-place") : features === null ? word(`ui-${layer.group}`) : text(layer.names);
  }

  // The routes compared under scenarios: picker, key, the route chosen, and the table.
  function comparison(app) {
    const { model } = app, { facts, word } = model;
    if (!facts.scenarios.length) { return null; }
    const all = el("button", { type: "button", textContent: word("ui-all-pairs"), id: "araxes-all-pairs" });
    all.addEventListener("click", () => app.change({ pair: null }));
    const chosen = facts.pairs.length ? el("p", { id: "araxes-chosen", "@aria-live": "polite", "@dir": "auto",
                                                  textContent: chosenRoute(model) }) : null;
    return part("araxes-comparison", word(facts.pairs.length ? "ui-ways" : "ui-scenario"), true, ...scenarioPicker(app).filter(Boolean),
                ...(facts.pairs.length ? [araxes.legend.changes(app), chosen,
                  el("p", { id: "araxes-ways-note", className: "araxes-fine", textContent: model.filled("ui-ways-on", model.date(facts.page.ways_on)) + " " + word("ui-hours") }),
                  el("div", { className: "araxes-scroll", "@tabindex": 0 }, routeTable(app)),
                  model.state.pair === null ? null : all] : []));
  }

  function scenarioPicker(app) {
    const { facts, state, word, text } = app.model;
    const select = el("select", { id: "araxes-scenario" });
    facts.scenarios.forEach(function (scenario, n) {
      select.append(el("option", { value: n, textContent: text(scenario.names), selected: n === state.scenario }));
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
    const base = state.scenario === 0, hint = base && facts.scenarios.length > 1 && facts.pairs.length;
    return [el("label", { htmlFor: "araxes-scenario", textContent: word("ui-scenario") }), select,
            facts.pairs.length && !base ? views : null, data("p", text(app.model.scenario().notes)),
            hint ? el("p", { textContent: word("ui-choose") }) : null];
  }

  // The route that is chosen, in a line.
  function chosenRoute(model) {
    const { facts, state, text, word, number } = model;
    if (state.pair === null) { return ""; }
    const route = model.routeOf(state.pair, model.shownScenario()), pair = facts.pairs[state.pair].map(text).join(" – ");
    if (!route) { return ""; }
    if (!route.links) { return [`${pair}: ${word("no-way")}`, obstacles(model, route)].filter(Boolean).join(". "); }
    const parts = [model.interval(route.km, "km"), model.interval(route.hours, "h"), countries(model, route)];
    if (route.unbuilt_km) { parts.push(`${word("unbuilt")}: ${number(route.unbuilt_km, 0)} ${word("km")}`); }
    // Errors of lengths leave no probability of exactly 100 %, so above 99 % it reads "> 99 %".
    if (route.shorter !== null) { parts.push(model.filled("ui-shorter", (route.shorter > 0.99 ? ">\u00a0" : "") + number(Math.min(99, 100 * route.shorter), 0))); }
    return `${pair}: ${parts.join(state.language === "fa" ? "، " : ", ")}`;
  }

  function countries(model, route) {
    const named = (code) => (model.facts.words[`country-${code}`] ? model.word(`country-${code}`) : code);
    return route.countries.map(named).join(model.state.language === "fa" ? " ← " : " → ");
  }

  // Where there is no route: the links that would have to open, each with its status.
  function obstacles(model, route) {
    const texts = route.stands.map(({ names, period }) => `${model.text(names)}: ${period ? model.period(period)
      : model.filled("ui-closed", model.text(model.facts.scenarios[route.scenario].names))}`);
    return texts.length ? model.filled("ui-in-the-way", texts.join(model.state.language === "fa" ? "؛ " : "; ")) : "";
  }

  function routeTable(app) {
    const { model } = app, { facts, state, word, text, number } = model;
    const heads = ["ui-scenario", "km", "Δ km", "h", "ui-unbuilt-km"];
    const table = el("table", { id: "araxes-ways" },
                     el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { "@scope": "col", textContent: word(key) })))));
    facts.pairs.forEach(function (pair, p) {
      const group = el("tbody", {}, el("tr", {}, el("th", { colSpan: 5, "@scope": "rowgroup", textContent: `${text(pair[0])} – ${text(pair[1])}` })));
      facts.scenarios.forEach(function (scenario, s) {
        const route = model.routeOf(p, s);
        if (!route) { return; }
        const chosen = model.shownScenario() === s && (state.pair === null || state.pair === p);
        const row = el("tr", { "@aria-selected": chosen, "@data-way": `${p}/${s}` });
        const button = el("button", { type: "button", id: `araxes-way-${p}-${s}`, textContent: text(scenario.names) });
        row.append(el("td", {}, button));
        if (route.links) {
          const cell = function (values, scale) {
            const [value, low, high] = values.map((x) => number(x / scale, 0));
            return el("td", {}, value, el("small", { textContent: `${low}–${high}` }));
          };
          row.append(cell(route.km, 1000), el("td", { textContent: signed(model, route.delta_km, 0) }),
                     cell(route.hours, 1),
                     el("td", { textContent: route.unbuilt_km ? number(route.unbuilt_km, 0) : "" }));
        } else {
          row.append(el("td", { colSpan: 4, className: "araxes-none", "@dir": "auto",
                                title: obstacles(model, route), textContent: word("no-way") }));
        }
        row.addEventListener("click", () => app.choose(p, s));
        group.append(row);
      });
      table.append(group);
    });
    return table;
  }

  function signed(model, value, digits) {
    if (value === null) { return ""; }
    return (value > 0 ? "+" : "") + model.number(value, digits);
  }

  // Days as whole numbers since 1970, for the slider.
  const DAY_MS = 86400000;
  const toNumber = (day) => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
  const toDay = (number) => new Date(number * DAY_MS).toISOString().slice(0, 10);

  // The day that the map shows: slider, field, buttons, and the last change of a status.
  function timeline(app) {
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
    const events = el("ul", { id: "araxes-events", "@aria-live": "polite" });
    const ticks = svg("svg", { class: "araxes-ticks", viewBox: "0 0 1000 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    days.forEach(function (event) {
      const x = 1000 * (toNumber(event) - toNumber(first)) / (toNumber(last) - toNumber(first));
      ticks.append(svg("path", { d: `M${x.toFixed(1)} 0V8`, stroke: "#555", "stroke-width": 2 }));
    });
    function update() {
      const shown = state.day || last, before = days.filter((event) => event <= shown).pop();
      every.checked = state.day === null;
      range.value = toNumber(shown);
      range.setAttribute("aria-valuetext", date(shown));
      exact.value = shown;
      earlier.disabled = !days.some((event) => event < shown);
      later.disabled = state.day === null || !days.some((event) => event > shown);
      events.replaceChildren();
      if (state.day === null || !before) { return; }
      events.append(el("li", { className: "araxes-fine", textContent: model.filled("ui-last-change", date(before)) }));
      app.events.get(before).slice(0, 6).forEach(function ([title, status]) {
        events.append(el("li", {}, data("bdi", text(title)), ": ", word(status)));
      });
      const rest = app.events.get(before).length - 6;
      if (rest > 0) { events.append(el("li", { textContent: `+ ${rest}` })); }
    }
    every.addEventListener("change", () => app.day(every.checked ? null : last));
    range.addEventListener("input", () => app.day(toDay(Number(range.value))));
    exact.addEventListener("change", function () {
      if (exact.value >= first && exact.value <= last) { app.day(exact.value); }
    });
    earlier.addEventListener("click", () => app.day(days.filter((event) => event < (state.day || last)).pop()));
    later.addEventListener("click", () => app.day(days.find((event) => event > state.day)));
    app.updateDay = update;
    update();
    return part("araxes-times", word("ui-time"), true,
                el("label", { className: "araxes-line" }, every, el("span", { textContent: word("ui-all-dates") })),
                el("div", { className: "araxes-line" }, earlier, exact, later), range, ticks, events);
  }

  return { render };
})();

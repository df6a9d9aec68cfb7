"use strict";
// The panel beside the map: search, compared routes, days, legend, sources.
araxes.panel = (function () {
  const { el, data, svg, part } = araxes.elements;

  function render(app, panel) {
    const { word } = app.model;
    const scrolled = panel.scrollTop, focused = document.activeElement && document.activeElement.id;
    head(app);
    panel.replaceChildren(...[araxes.legend.key(app), app.answers ? app.answers.render() : onlyDrawn(app.model), comparison(app), timeline(app), araxes.legend.layers(app)].filter(Boolean));
    panel.scrollTop = scrolled;
    document.getElementById("araxes-sources").querySelector("summary").textContent = word("ui-sources");
    const again = focused && document.getElementById(focused);
    if (again) { again.focus({ preventScroll: true }); }
  }

  // That a network is too large for the page to answer questions on it.
  function onlyDrawn(model) {
    const { only_drawn: sizes } = model.facts.page;
    return sizes ? el("p", { id: "araxes-only-drawn", "@dir": "auto", textContent: model.filled("ui-only-drawn", ...sizes.map((n) => model.number(n, 0))) }) : null;
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
    document.querySelectorAll("#araxes-sources p").forEach((said) => credit(app.model, said));
    const top = document.getElementById("araxes-top"), heading = title.querySelector("h1");
    top.setAttribute("aria-label", word("ui-search"));
    top.replaceChildren(searchBox(app), languages(app));
    // Who cannot point scrolls a very long title by keyboard.
    if (heading.scrollHeight > heading.clientHeight) { heading.tabIndex = 0; } else { heading.removeAttribute("tabindex"); }
  }

  // A line of the sources; only one whose noun has a word in the reader's language leaves English.
  const english = new Map();
  function credit(model, said) {
    if (!english.has(said)) { english.set(said, said.textContent); }
    const text = english.get(said), known = model.isCredit(text);
    said.textContent = known ? model.credit(text) : text;
    if (known) { said.lang = model.state.language; }
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
    return el("div", { id: "araxes-searching" }, box, list);
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
    const note = el("p", { id: "araxes-ways-note", className: "araxes-fine", "@aria-live": "polite" });
    app.updateWays = function () {
      const { state } = model, of = model.date(facts.page.ways_on);
      note.textContent = model.otherDay() ? model.filled("ui-other-day", of, model.date(state.day))
        : model.filled(`ui-ways-${facts.by}`, of) + " " + word("ui-hours");
      note.classList.toggle("araxes-warning", model.otherDay());
    };
    app.updateWays();
    const best = facts.ways.some((route) => route.starred)
      ? el("p", { className: "araxes-fine", textContent: `* ${word("ui-best")}` }) : null;
    return part("araxes-comparison", word(facts.pairs.length ? "ui-ways" : "ui-scenario"), true, ...scenarioPicker(app).filter(Boolean),
                ...(facts.pairs.length ? [chosen, el("div", { id: "araxes-hours" }, ...[bar(model)].filter(Boolean)), note,
                  el("div", { className: "araxes-scroll", "@tabindex": 0 }, routeTable(app)), best,
                  model.state.pair === null ? null : all].filter(Boolean) : []));
  }

  function scenarioPicker(app) {
    const { facts, state, word, text } = app.model;
    const select = el("select", { id: "araxes-scenario" });
    facts.scenarios.forEach(function (scenario, n) {
      select.append(el("option", { value: n, textContent: text(scenario.names), selected: n === state.scenario }));
    });
    select.addEventListener("change", () => app.change({ asking: false, scenario: Number(select.value) }));
    const views = el("div", { id: "araxes-view", "@role": "group", "@aria-label": word("ui-show") });
    ["before", "after", "difference"].forEach(function (view) {
      const button = el("button", { type: "button", id: `araxes-view-${view}`, textContent: word(`ui-${view}`), value: view,
                                    "@aria-pressed": state.view === view });
      button.addEventListener("click", () => app.change({ asking: false, view }));
      views.append(button);
    });
    // The first scenario is what the others are compared with.
    const base = state.scenario === 0, hint = base && facts.scenarios.length > 1 && facts.pairs.length;
    return [el("label", { htmlFor: "araxes-scenario", textContent: word("ui-scenario") }), select,
            facts.pairs.length && !base ? views : null, note(app.model),
            hint ? el("p", { textContent: word("ui-choose") }) : null];
  }

  // What a scenario says of itself; one that a user wrote keeps its language.
  function note({ scenario, state, facts, text }) {
    const { notes } = scenario(), paragraph = data("p", text(notes));
    if (!notes[state.language]) { paragraph.lang = facts.page.written; }
    return paragraph;
  }

  // The route that is chosen, in a line.
  function chosenRoute(model) {
    const { state, word, number } = model;
    if (state.pair === null) { return ""; }
    const route = model.routeOf(state.pair, model.shownScenario()), pair = model.pairTitle(state.pair);
    if (!route) { return ""; }
    if (!route.links) { return [`${pair}: ${word("no-way")}`, obstacles(model, route)].filter(Boolean).join(". "); }
    const parts = [model.interval(route.km, "km"), model.interval(route.hours, "h"), countries(model, route)];
    if (route.unbuilt_km) { parts.push(`${word("unbuilt")}: ${number(route.unbuilt_km, 0)} ${word("km")}`); }
    // Errors of lengths leave no probability of exactly 100 %, so above 99 % it reads "> 99 %".
    if (route.shorter !== null) { parts.push(model.filled("ui-shorter", (route.shorter > 0.99 ? ">\u00a0" : "") + number(Math.min(99, 100 * route.shorter), 0))); }
    return `${pair}: ${parts.join(model.between(", "))}`;
  }

  // What the hours of the route that is chosen are made of: a bar, and its parts in words.
  function bar(model) {
    const { state } = model, route = state.pair === null ? null : model.routeOf(state.pair, model.shownScenario());
    if (!route || !route.links) { return null; }
    return hoursOf(model, route.parts);
  }
  // Parts may name the borders where one waits: [part, hours, [[names, hours], …]].
  function hoursOf(model, parts) {
    const { state, word, number } = model, sum = parts.reduce((total, [, hours]) => total + hours, 0), [unit, share] = model.timeUnit(sum);
    const list = el("ul", { className: "araxes-keys" }, ...parts.map(function ([what, hours, waits = []]) {
      const where = waits.map(([names, wait]) => `${model.text(names)} ${number(share * wait, 1)}`).join(model.between(", "));
      return el("li", {}, el("span", { className: `araxes-part araxes-part-${what}` }),
                el("span", { textContent: `${word(`part-${what}`)}: ${number(share * hours, 1)} ${word(unit)}` },
                   where ? el("small", { textContent: where }) : ""));
    }));
    return el("div", { className: "araxes-hours", "@role": "group", "@aria-label": word("ui-made-of") }, strip(parts, sum), list);
  }
  // A bar of parts of hours, as long as its share of the most.
  function strip(parts, most) {
    return el("div", { className: "araxes-strip", "@aria-hidden": "true" }, ...parts.map(function ([what, hours]) {
      const piece = el("span", { className: `araxes-part-${what}` });
      piece.style.width = `${(100 * hours / most).toFixed(2)}%`;
      return piece;
    }));
  }

  function countries(model, route) {
    const named = (code) => (model.facts.words[`country-${code}`] ? model.word(`country-${code}`) : code);
    return route.countries.map(named).join(model.between(" → "));
  }

  // Where there is no route: the links that would have to open, each with its status.
  function obstacles(model, route) {
    const texts = route.stands.map(({ names, period }) => `${model.text(names)}: ${period ? model.period(period)
      : model.filled("ui-closed", model.text(model.facts.scenarios[route.scenario].names))}`);
    return texts.length ? model.filled("ui-in-the-way", texts.join(model.between("; "))) : "";
  }

  // The routes of all pairs. Pairs come first for which a scenario makes a difference; scenarios that
  // make none stand together in a line, which a click unfolds.
  const unfolded = new Set();
  function routeTable(app) {
    const { model } = app, { facts, word } = model;
    const heads = ["ui-scenario", "km", "Δ km", "h", "ui-unbuilt-km"];
    const table = el("table", { id: "araxes-ways" },
                     el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { "@scope": "col", textContent: word(key) })))));
    const most = Math.max(...facts.ways.map((route) => (route.links ? route.hours[0] : 0)));
    const bodies = facts.pairs.map((_, pair) => pairRows(app, pair, most));
    const first = (body) => body.differing ? 0 : 1;
    table.append(...bodies.sort((a, b) => first(a) - first(b)).map(({ group }) => group));
    return table;
  }
  function pairRows(app, pair, most) {
    const { model } = app, { facts, state, text } = model;
    const group = el("tbody", {}, el("tr", {}, el("th", { colSpan: 5, "@scope": "rowgroup", textContent: model.pairTitle(pair) })));
    const routes = facts.scenarios.map((_, s) => model.routeOf(pair, s)).filter(Boolean);
    const chosen = (route) => model.shownScenario() === route.scenario && (state.pair === null || state.pair === pair);
    const differing = routes.filter((route) => route.scenario !== 0 && model.differs(route));
    const same = routes.filter((route) => route.scenario !== 0 && !model.differs(route));
    routes.filter((route) => !same.includes(route)).forEach((route) => group.append(routeRow(app, route, chosen(route), most)));
    if (same.length) {
      const key = `${pair}`, open = unfolded.has(key);
      const names = same.map((route) => text(facts.scenarios[route.scenario].names)).join(model.between(", "));
      const fold = el("button", { type: "button", id: `araxes-same-${pair}`, className: "araxes-same", "@aria-expanded": open, "@dir": "auto", textContent: model.filled("ui-same", names) });
      const rows = same.map((route) => routeRow(app, route, chosen(route), most));
      const hide = () => rows.forEach((row) => { row.hidden = !unfolded.has(key) && row.getAttribute("aria-selected") === "false"; });
      fold.addEventListener("click", function () {
        if (!unfolded.delete(key)) { unfolded.add(key); }
        fold.setAttribute("aria-expanded", unfolded.has(key));
        hide();
      });
      hide();
      group.append(el("tr", {}, el("td", { colSpan: 5 }, fold)), ...rows);
    }
    return { group, differing: differing.length };
  }
  function routeRow(app, route, chosen, most) {
    const { model } = app, { facts, word, text, number } = model, { pair: p, scenario: s } = route;
    const row = el("tr", { "@aria-selected": chosen, "@data-way": `${p}/${s}` });
    const button = el("button", { type: "button", id: `araxes-way-${p}-${s}`, textContent: text(facts.scenarios[s].names) + (route.starred ? "\u00a0*" : "") });
    row.append(el("td", {}, button));
    if (route.links) {
      const cell = function (values, scale, ...more) {
        // Of few kilometres or hours the tenths count.
        const digits = model.decimals(values[0] / scale, values[0] < 10 * scale ? 1 : 0), [value, low, high] = values.map((x) => number(x / scale, digits));
        return el("td", {}, value, el("small", { textContent: `${low}–${high}` }), ...more);
      };
      row.append(cell(route.km, 1000), el("td", { textContent: signed(model, route.delta_km, 0) }),
                 cell(route.hours, 1, strip(route.parts, most)),
                 el("td", { textContent: route.unbuilt_km ? number(route.unbuilt_km, 0) : "" }));
    } else {
      row.append(el("td", { colSpan: 4, className: "araxes-none", "@dir": "auto",
                            title: obstacles(model, route), textContent: word("no-way") }));
    }
    row.addEventListener("click", () => app.choose(p, s));
    return row;
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
                                "@aria-valuetext": date(day) });
    const exact = el("input", { type: "date", id: "araxes-day", min: first, max: last, value: day,
                                "@aria-label": word("ui-day") });
    const earlier = el("button", { type: "button", textContent: "◀", "@aria-label": word("ui-earlier"), title: word("ui-earlier") });
    const later = el("button", { type: "button", textContent: "▶", "@aria-label": word("ui-later"), title: word("ui-later") });
    const events = el("ul", { id: "araxes-events", "@aria-live": "polite" });
    const ticks = svg("svg", { class: "araxes-ticks", viewBox: "0 0 1000 8", preserveAspectRatio: "none", "aria-hidden": "true" });
    days.forEach(function (event) {
      const x = 1000 * (toNumber(event) - toNumber(first)) / (toNumber(last) - toNumber(first));
      ticks.append(svg("path", { d: `M${x.toFixed(1)} 0V8`, stroke: "currentColor", "stroke-width": 2 }));
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
    // The keys of pages go from change to change.
    range.addEventListener("keydown", function (event) {
      const to = { PageUp: later, PageDown: earlier }[event.key];
      if (to) { event.preventDefault(); to.click(); }
    });
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

  // The route that is chosen, for the card of a link of it: in a line, and its bar.
  function routeOver(model, link) {
    const { state } = model, route = link && !model.asking() && state.pair !== null && model.routeOf(state.pair, model.shownScenario());
    if (!route || !route.links || !route.links.includes(link)) { return []; }
    return [el("p", { textContent: chosenRoute(model), "@dir": "auto" }), bar(model)];
  }

  return { render, routeOver, hours: hoursOf };
})();

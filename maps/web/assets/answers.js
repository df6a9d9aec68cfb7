"use strict";
// The part of the panel that answers the reader's own questions on the network of the page: from, to,
// terms, what is open, closed and how long it takes; the answer, the cases kept, and a scenario file.
araxes.answers = function (app) {
  const { model } = app, { facts, state, word, text, number } = model, { el, svg, part } = araxes.elements;
  const router = araxes.router(facts.network), { net, placeOf } = router;
  const BY = ["km", "hours", "cost"], SCALE = { km: 1000, hours: 1, cost: 1 }, UNIT = { km: "km", hours: "h", cost: "ask-usd-t" }, NOUN = { km: "ui-length", hours: "ask-time", cost: "ask-cost" };
  const MODES = [null, ["road"], ["rail"], ["road", "ferry"], ["rail", "ferry"], ["rail", "road"], ["rail", "road", "ferry"]];
  const DELAYS = { road: "delay_h.crossing.road", rail: "delay_h.crossing.rail", ferry: "delay_h.crossing.ferry", gauge: "delay_h.transfer.gauge", mode: "delay_h.transfer.mode" };
  const LONGEST_H = 120;
  const groups = net.groups.map(([key, kind, names, ranks]) => ({ key, kind, names, ranks }));

  const blank = () => ({ from: null, to: null, via: [], avoid: [], by: "km", users: "freight", modes: null, day: net.day, at: null, scenario: null, switches: {}, set: {} });
  // What the reader asks; whether the map shows it; the cases kept; the answer and that of today.
  Object.assign(state, { asked: blank(), asking: false, cases: [] });
  let answer = null, today = null, copied = "", remark = "";
  const comma = () => model.between(", ");

  // The places of the network by the names that the page's search knows, and those without a name. On a
  // network of an extract, which has nodes everywhere, places and coordinates stand for the nearest point
  // of a road, or for a node; elsewhere a way begins at a place of the network.
  let index = null;
  const positions = new Map(), entryOf = new Map(), between = Boolean(net.between);
  facts.places.forEach(function (place) { if (place.i) { positions.set(place.i, [place.y, place.x]); entryOf.set(place.i, place); } });
  net.places.forEach(function ([key, , , , , lon, lat]) {
    if (!entryOf.has(key) && lon !== undefined) { positions.set(key, [lat, lon]); entryOf.set(key, { n: key, o: [], i: key }); }
  });
  (net.named || []).forEach(function ([of, key, lon, lat]) {
    const { n, o } = typeof of === "number" ? facts.places[of] : { n: of, o: [] }, id = key || `${lat},${lon}`;
    if (!entryOf.has(id)) { positions.set(id, [lat, lon]); entryOf.set(id, { n, o, i: id }); }
  });
  const keyAt = new Map((net.named || []).filter(([of]) => typeof of === "number").map(([of, key, lon, lat]) => [facts.places[of], key || `${lat},${lon}`]));
  // The place of the network nearest to a position, by the modes asked for, and how far away it is in metres.
  function nearestPlace(lat, lon) {
    const wide = Math.cos(lat * Math.PI / 180), near = [...positions].filter(([key]) => router.serves(key, state.asked.modes)).map(([key, [y, x]]) => [((x - lon) * wide) ** 2 + (y - lat) ** 2, key]).sort((a, b) => a[0] - b[0]).slice(0, 16);
    return near.map(([, key]) => [key, araxes.measure.distance(lon, lat, positions.get(key)[1], positions.get(key)[0])]).sort((a, b) => a[1] - b[1])[0];
  }
  const far = (metres) => (metres < 1000 ? `${number(metres, 0)} ${word("m")}` : `${number(metres / 1000, metres < 1e4 ? 1 : 0)} ${word("km")}`);
  // An end of a way for what a reader names or points at: {key, names, said}; what is said of it is how
  // far the network is, or what place of the network stands for it.
  function endAt({ key, names, lat, lon }) {
    if (key && router.placeOf.has(key)) { return { key, names, said: "" }; }
    if (between) { return key ? { key, names, said: saidOf(router.meantBy(key, state.asked)) } : null; }
    const nearest = lat === undefined ? undefined : nearestPlace(lat, lon);
    return nearest ? { key: nearest[0], names, said: model.filled("ask-nearest", text(entryOf.get(nearest[0]).n), far(nearest[1])) } : null;
  }
  function saidOf({ far: tooFar, away, modes }) {
    if (!tooFar) { return model.filled("ask-away", far(away)); }
    return Number.isFinite(away) ? model.filled("ask-far", far(away), modes.map((mode) => word(`ask-${mode}`)).join(comma()), far(net.between.limit)) : word("ui-nothing");
  }
  // A point that a reader writes as latitude and longitude, or points at.
  function pointEnd({ key, lat, lon }) { return endAt({ key: between ? key : "", names: key, lat, lon }); }
  function findPlaces(query) {
    const point = araxes.search.coordinates(query);
    if (point) { return [pointEnd(point)]; }
    index = index || places().map(function (place) {
      const { n, o, i, x, y } = place, names = typeof n === "string" ? [n] : Object.values(n);
      return { names: n, key: i, lat: y, lon: x, at: true, keys: [...new Set([...names, ...o, ...(i ? [i] : [])].map(araxes.search.fold))] };
    });
    return araxes.search.find(index, query, 6).map(endAt).filter(Boolean);
  }
  // What may be named: places of the network first, and on a network of places also those beside it.
  function places() {
    return [...entryOf.values(), ...(between ? [] : facts.places.filter(({ i }) => !i))];
  }
  // The buttons of a place's card that make it an end of the way.
  function endButtons({ key, at: [lat, lon], place, names }, done) {
    const end = endAt({ key: between ? keyAt.get(place) : key, names, lat, lon });
    return end ? ["from", "to"].map(function (which) {
      const button = el("button", { type: "button", className: "araxes-only", textContent: word(`ask-here-${which}`) });
      button.addEventListener("click", function () {
        done();
        document.getElementById("araxes-ask").open = true;
        take(which, end);
        look();
        reveal();
      });
      return button;
    }) : [];
  }
  // Scrolls to the question where it stands beside the map, below the legend.
  function reveal() {
    const part = document.getElementById("araxes-ask");
    if (getComputedStyle(part.parentElement).overflowY === "auto") { part.scrollIntoView({ block: "start" }); }
  }
  const nameOf = (key) => (entryOf.has(key) ? text(entryOf.get(key).n) : key);

  function compute() {
    const { asked } = state, ready = asked.from && asked.to && asked.from !== asked.to;
    answer = ready ? router.ask(asked) : null;
    today = ready ? asToday(asked) : null;
  }
  // The answers to cases kept and the same as things stand today, by the case in the address: the
  // network does not change, so neither do they.
  let answered = new Map();
  function answerOf(asked) {
    const key = encoded(asked), pair = answered.get(key) || [router.ask(asked), asToday(asked)];
    return answered.set(key, pair).get(key);
  }
  // The same question as things stand today.
  const asToday = (asked) => router.ask({ ...asked, day: net.day, scenario: null, switches: {}, set: {} });
  const found = () => Boolean(answer && answer.steps);
  // Whether the answer is that of today.
  const same = () => found() && Boolean(today.steps) && String(today.links) === String(answer.links);

  // What the map draws: links as [link, change, unbuilt], those of today alone first.
  function changes() {
    if (!answer) { return []; }
    const rows = [], has = (of, link) => Boolean(of.steps && of.links.includes(link)), built = new Set((answer.unbuilt || []).map((k) => router.links.id[k]));
    [answer, today].forEach(drawMore);
    if (today.steps) { today.links.forEach((link) => { if (!has(answer, link)) { rows.push([link, "lost", false]); } }); }
    (answer.links || []).forEach((link) => rows.push([link, has(today, link) ? "kept" : "gained", built.has(link)]));
    return rows;
  }
  // Parts of links, and links of classes that the map leaves out, are drawn by their courses.
  function drawMore({ steps }) {
    (net.courses ? steps || [] : []).forEach(function ([k]) {
      const { links, whole } = router, id = links.id[k], of = net.links.id[whole(k)];
      if (!model.links.has(id) && links.mode[k] < 3) { model.links.set(id, araxes.ends.drawn(facts, model.links.get(of), of, net.modes[links.mode[k]], router.courseOf(k))); }
    });
  }
  // What the case forces on a link: [status, whether it opens it].
  function forcedOn(link) {
    const k = router.rankOf.get(link), at = (answer && answer.state) || shownState(), value = k === undefined ? 0 : at.forced[k];
    if (!value) { return undefined; }
    const held = at.status(k, true), planned = ["construction", "planned", "dismantled"].includes(held);
    return value > 0 ? [planned ? held : "open", true] : [held === "open" ? "closed" : held, false];
  }
  let known = null, knownOf = "";
  function shownState() {
    const key = JSON.stringify(state.asked);
    if (key !== knownOf) { known = router.stateOf(state.asked); knownOf = key; }
    return known;
  }

  function positionOf(key) {
    const at = key && (router.placed(key) || positions.get(key));
    return at && (Array.isArray(at) ? at : onMap(at));
  }
  // On the side of the meridian of 180° on which the page draws it.
  const [[, west], [, east]] = facts.page.bounds, onMap = ({ lat, lon }) => [lat, east > 180 && lon < west ? lon + 360 : lon];
  // The two ends, on the map.
  const ends = L.layerGroup().addTo(app.map);
  function markEnds() {
    ends.clearLayers();
    if (!state.asking) { return; }
    ["from", "to"].forEach(function (end) {
      const key = state.asked[end], at = positionOf(key), stop = answer && answer.stops.find((one) => one.key === key);
      // From what was asked for to the road.
      if (at && stop && stop.point) { L.polyline([at, onMap(stop.point)], { color: araxes.theme.shade("#1c1c1c"), weight: 2, dashArray: "3 4", interactive: false }).addTo(ends); }
      if (at) { L.circleMarker(at, { radius: 7, color: araxes.theme.shade("#1c1c1c"), weight: 3, fillColor: araxes.theme.shade(end === "from" ? "#ffffff" : "#ffd500"), fillOpacity: 1, interactive: false }).addTo(ends); }
    });
  }

  // Asks anew, draws, and writes the answer.
  let updates = [];
  function show() {
    compute();
    app.updateLegend();
    app.updateWays();
    app.redraw();
    markEnds();
    updates.forEach((update) => update());
    araxes.link.write(app);
  }
  function change(values, said = "") {
    const whole = app.showsLinks(drawnLinks());
    Object.assign(state.asked, values);
    state.asking = true;
    copied = "";
    remark = said;
    show();
    // Who saw the whole way sees the whole of the other one; who looks at a detail stays there.
    if (whole && !app.showsLinks(drawnLinks())) { look(); }
  }
  // Takes an end of the way; where a place of the network stands for it, that is said below.
  function take(which, { key, names, said }) { change({ [which]: key }, between || !said ? "" : `${model.isolated(text(names))}: ${said}`); }
  // Where the links of the way, and of that of today, are on the map.
  function drawnLinks() { return changes().map(([link]) => model.links.get(link)).filter(Boolean); }
  // Goes to the whole way, so that the reader sees what was drawn.
  function look() {
    const links = drawnLinks();
    if (links.length) { app.fitLinks(links); }
  }

  // "kilometres (interval)" and the like.
  function amount(values, by) {
    const [unit, share] = by === "hours" ? model.timeUnit(values[0]) : [UNIT[by], 1], own = values.map((x) => share * x / SCALE[by]);
    const digits = model.decimals(own[0], own[0] < 100 && unit !== "min" ? 1 : 0), [value, low, high] = own.map((x) => number(x, digits));
    return low === high ? [`${value} ${word(unit)}`, ""] : [`${value} ${word(unit)}`, `${low}–${high}`];
  }
  function signedAmount(values, by) {
    const digits = Math.abs(values[0]) / SCALE[by] < 100 ? 1 : 0, of = (x) => (x > 0 ? "+" : "") + number(x / SCALE[by], digits);
    const [value, low, high] = values.map(of);
    return `${value} ${word(UNIT[by])} (${low} … ${high})`;
  }
  function changed(asked) { return Object.keys(asked.switches).length + Object.keys(asked.set).length; }
  function modesText(modes) { return modes ? modes.map((mode) => word(`ask-${mode}`)).join(" + ") : word("ask-modes-any"); }
  // Coordinates keep their order in text from right to left.
  const nameWithin = (key) => (araxes.search.coordinates(key) ? model.isolated(key) : nameOf(key));
  function endsOf(asked) { return [asked.from, asked.to].map(nameWithin).join(model.between(" → ")); }
  function title(asked) {
    const n = changed(asked);
    const named = (which) => (asked[which].length ? model.filled(which === "via" ? "said-via" : "said-avoiding", asked[which].map(stopName).join(comma())) : "");
    return [endsOf(asked), named("via"), named("avoid"), word(`ask-by-${asked.by}`), word(`ask-users-${asked.users}`), asked.modes ? modesText(asked.modes) : "", model.date(asked.day), asked.at ? model.filled("ask-at-said", model.localized(asked.at)) : "",
            asked.scenario === null ? "" : text(facts.scenarios[asked.scenario].names), n ? model.filled("ask-changes", number(n, 0)) : ""].filter(Boolean).join(comma());
  }

  // A field in which a name is typed, with what is found below it.
  function searchField(id, label, { find, take, shown, clear, hint = "" }) {
    const box = el("input", { type: "search", id, autocomplete: "off", placeholder: hint, "@dir": "auto", "@role": "combobox", "@aria-expanded": "false",
                              "@aria-controls": `${id}-found`, value: shown() });
    const list = el("ul", { id: `${id}-found`, className: "araxes-offers", "@role": "listbox", "@aria-label": label });
    let offers = [], at = -1;
    function close() { list.replaceChildren(); offers = []; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); }
    function mark(n) {
      at = n;
      [...list.children].forEach((item, m) => item.setAttribute("aria-selected", m === at));
      if (list.children[at]) { box.setAttribute("aria-activedescendant", list.children[at].id); list.children[at].scrollIntoView({ block: "nearest" }); }
    }
    function choose(entry) {
      close();
      take(entry);
      box.value = shown();
      look();
    }
    box.addEventListener("input", function () {
      close();
      if (!box.value.trim()) { clear(); return; }
      offers = find(box.value);
      list.append(...offers.map(function (entry, n) {
        const item = el("li", { id: `${id}-${n}`, "@role": "option", "@dir": "auto", "@aria-selected": "false" }, text(entry.names), entry.said ? el("small", { textContent: entry.said, "@dir": "auto" }) : null);
        // Before the field loses the focus.
        item.addEventListener("pointerdown", function (event) { event.preventDefault(); choose(entry); });
        return item;
      }));
      if (!offers.length) { list.append(el("li", { className: "araxes-fine", "@role": "option", "@aria-selected": "false", "@aria-disabled": "true", textContent: word("ui-nothing") })); }
      box.setAttribute("aria-expanded", "true");
      if (offers.length) { mark(0); }
    });
    box.addEventListener("keydown", function (event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && offers.length) { event.preventDefault(); mark((at + step + offers.length) % offers.length); }
      if (event.key === "Enter" && offers[at]) { event.preventDefault(); choose(offers[at]); }
      if (event.key === "Escape") { event.stopPropagation(); close(); }
    });
    box.addEventListener("blur", function () {
      close();
      box.value = shown();
    });
    updates.push(function () { if (document.activeElement !== box) { box.value = shown(); } });
    return el("div", { className: "araxes-field" }, el("label", { htmlFor: box.id, textContent: label }), box, list);
  }
  function placeField(end, label) {
    return searchField(`araxes-ask-${end}`, label, {
      find: findPlaces, clear: () => change({ [end]: null }),
      shown: () => (state.asked[end] ? nameOf(state.asked[end]) : ""),
      take: (entry) => take(end, entry), hint: word("ask-name-or-point")
    });
  }
  // Takes an end from the map: where the reader clicks, or by Enter the middle, to which arrow keys move.
  let picking = null;
  const mark = () => svg("svg", { viewBox: "0 0 16 16", width: 15, height: 15, "aria-hidden": "true" }, svg("path", { d: "M8 0v5M8 11v5M0 8h5M11 8h5M3 8a5 5 0 1 0 10 0a5 5 0 1 0-10 0", fill: "none", stroke: "currentColor", "stroke-width": 1.4 }));
  function pickButton(end) {
    const label = `${word(end === "from" ? "From" : "To")}: ${word("ask-pick")}`;
    const button = el("button", { type: "button", id: `araxes-pick-${end}`, className: `araxes-go araxes-pick araxes-pick-${end}`, title: label, "@aria-label": label, "@aria-pressed": picking === end }, mark());
    button.addEventListener("click", () => (picking === end ? stopPicking() : startPicking(end)));
    updates.push(() => button.setAttribute("aria-pressed", picking === end));
    return button;
  }
  const mapBox = app.map.getContainer(), how = el("p", { id: "araxes-picking", "@role": "status" });
  function startPicking(end) {
    stopPicking();
    picking = end;
    how.textContent = word("ask-picking");
    how.dir = model.direction();
    mapBox.append(how);
    mapBox.classList.add("araxes-picking");
    mapBox.focus();
    app.map.on("click", pickClicked);
    mapBox.addEventListener("keydown", pickKey);
    updates.forEach((update) => update());
  }
  function stopPicking() {
    picking = null;
    how.remove();
    mapBox.classList.remove("araxes-picking");
    app.map.off("click", pickClicked);
    mapBox.removeEventListener("keydown", pickKey);
    updates.forEach((update) => update());
  }
  function pickClicked({ latlng }) { pickAt(latlng); }
  function pickKey(event) {
    // Enter on a button of the map presses that.
    if (event.key === "Enter" && event.target === mapBox && !event.repeat) { event.preventDefault(); pickAt(app.map.getCenter()); }
    if (event.key === "Escape") { leave(picking); }
  }
  function pickAt(latlng) {
    const { lat, lng: lon } = latlng.wrap(), end = picking, point = pointEnd(araxes.search.coordinates(`${lat.toFixed(5)},${lon.toFixed(5)}`));
    leave(end);
    if (point) { take(end, point); }
  }
  // Ends picking; who began it by keyboard is back at the button.
  function leave(end) {
    stopPicking();
    document.getElementById(`araxes-pick-${end}`).focus({ preventScroll: true });
  }
  // What the way goes through, in order, or must not use: places or countries, crossings, corridors.
  let passages = null;
  function findAmong(which, query) {
    const folded = (names, key) => ({ names, key, at: true, keys: [...new Set([...(typeof names === "string" ? [names] : Object.values(names)), key].map(araxes.search.fold))] });
    passages = passages || {
      groups: groups.filter(({ key }) => !placeOf.has(key)).map(({ key, names }) => folded(names, key)),
      countries: [...new Set(net.links.nations.flat())].filter(Boolean).map((code) => folded(facts.words[`country-${code}`] || code, code))
    };
    const others = which === "via" ? findPlaces(query) : araxes.search.find(passages.countries, query, 3);
    return [...others.slice(0, 4), ...araxes.search.find(passages.groups, query, 6)].slice(0, 7);
  }
  function stopName(key) {
    return isPlace(key) ? nameWithin(key) : router.groupOf.has(key) ? text(router.groupOf.get(key)[2]) : facts.words[`country-${key}`] ? word(`country-${key}`) : router.rankOf.has(key) ? linkName(router.rankOf.get(key)) : key;
  }
  function listField(which) {
    const label = word(`ask-${which}`), chips = el("ul", { className: "araxes-chips", "@aria-label": label });
    const field = searchField(`araxes-ask-${which}`, label, {
      find: (query) => findAmong(which, query), shown: () => "", clear: () => {},
      take: function (entry) {
        const { asked } = state, before = asked[which], last = before.length ? before[before.length - 1] : asked.from;
        if (which === "via" ? entry.key === last : before.includes(entry.key)) { return; }
        change({ [which]: [...before, entry.key] });
      }
    });
    updates.push(() => chips.replaceChildren(...state.asked[which].map(function (key, n) {
      const drop = el("button", { type: "button", className: "araxes-go", id: `araxes-drop-${which}-${n}`, textContent: "×", title: word("ask-drop"), "@aria-label": `${word("ask-drop")}: ${stopName(key)}` });
      drop.addEventListener("click", function () {
        change({ [which]: state.asked[which].filter((_, m) => m !== n) });
        document.getElementById(`araxes-ask-${which}`).focus();
      });
      return el("li", {}, el("span", { textContent: stopName(key), "@dir": "auto" }), drop);
    })));
    field.append(chips);
    return field;
  }
  function choice(id, label, options, value, take) {
    const select = el("select", { id }, ...options.map(([key, name]) => el("option", { value: key, textContent: name, selected: key === value() })));
    select.addEventListener("change", () => take(select.value));
    updates.push(() => { select.value = value(); });
    return el("div", { className: "araxes-field" }, el("label", { htmlFor: id, textContent: label }), select);
  }
  function question() {
    const { asked } = state, swap = el("button", { type: "button", id: "araxes-ask-swap", className: "araxes-go", textContent: "⇅", title: word("ask-swap"), "@aria-label": word("ask-swap") });
    swap.addEventListener("click", () => change({ from: asked.to, to: asked.from }));
    const noted = el("p", { id: "araxes-ask-note", className: "araxes-fine", "@role": "status", "@dir": "auto" });
    updates.push(() => { noted.textContent = remark; });
    const day = el("input", { type: "date", id: "araxes-ask-day", min: facts.page.first, max: facts.page.last, value: asked.day });
    day.addEventListener("change", function () { if (day.value >= facts.page.first && day.value <= facts.page.last) { state.asking = true; app.day(day.value === net.day ? null : day.value); } });
    updates.push(() => { day.value = asked.day; });
    // Where all is open day and night, no time of day matters.
    const at = el("input", { type: "time", id: "araxes-ask-at", value: asked.at || "" });
    at.addEventListener("change", () => change({ at: at.value.slice(0, 5) || null }));
    updates.push(() => { if (document.activeElement !== at) { at.value = asked.at || ""; } });
    const scenarios = facts.scenarios.map((scenario, n) => [String(n), text(scenario.names)]).filter((_, n) => !plain(n));
    return el("div", { className: "araxes-question" },
              el("div", { className: "araxes-ends" }, placeField("from", word("From")), placeField("to", word("To")), swap, pickButton("from"), pickButton("to"), noted),
              choice("araxes-ask-by", word("ask-by"), BY.map((by) => [by, word(`ask-by-${by}`)]), () => asked.by, (by) => change({ by })),
              choice("araxes-ask-users", word("ask-users"), net.users.map((users) => [users, word(`ask-users-${users}`)]), () => asked.users, (users) => change({ users })),
              el("div", { className: net.hours.length ? "araxes-wide" : "" }, choice("araxes-ask-modes", word("ask-modes"), MODES.map((modes) => [String(modes || ""), modesText(modes)]), () => String(asked.modes || ""),
                                                                                     (modes) => change({ modes: modes ? modes.split(",") : null }))),
              el("div", { className: "araxes-field" }, el("label", { htmlFor: day.id, textContent: word("ui-day") }), day),
              net.hours.length ? el("div", { className: "araxes-field" }, el("label", { htmlFor: at.id, textContent: word("ask-at") }), at) : null,
              listField("via"), listField("avoid"),
              scenarios.length ? el("div", { className: "araxes-wide" }, choice("araxes-ask-scenario", word("ui-scenario"), [["", word("ask-today")], ...scenarios], () => (asked.scenario === null ? "" : String(asked.scenario)), choose)) : null);
  }
  // A scenario brings its own day.
  function choose(value) {
    const scenario = value === "" ? null : Number(value), day = scenario === null ? net.day : net.scenarios[scenario].on;
    const moved = day !== state.asked.day;
    change({ scenario });
    if (moved) { app.day(day === net.day ? null : day); }
  }
  // Whether a scenario of the page is how things stand.
  function plain(n) {
    const { on, open, close, build, set, hours } = net.scenarios[n];
    return on === net.day && !(open.length || close.length || build.length || hours.length || Object.keys(set).length);
  }

  // The answer, as one block that is spoken when it changes.
  function answerBox() {
    const box = el("div", { id: "araxes-answer", "@aria-live": "polite", "@dir": "auto" });
    updates.push(() => box.replaceChildren(...answerParts().filter(Boolean)));
    return box;
  }
  function answerParts() {
    if (!answer) { return [el("p", { className: "araxes-fine", textContent: word("ask-choose") })]; }
    if (answer.refused) {
      const { far: stop } = answer.refused;
      return [el("p", { className: "araxes-none", textContent: word("no-way") }), stop ? snappedLine(stop) : el("p", { textContent: word("ask-twice") })];
    }
    if (!found()) {
      const listed = (router.obstacles(state.asked) || []).map(([k, status]) => `${linkName(k)} (${word(answer.state.forced[k] < 0 ? "closed" : status)})`);
      const parts = [el("p", { className: "araxes-none", textContent: word("no-way") })];
      if (listed.length) { parts.push(el("p", { textContent: model.filled("ui-in-the-way", [...new Set(listed)].join(model.between("; "))) })); }
      else if (state.asked.at && router.ask({ ...state.asked, at: null }).steps) { parts.push(el("p", { textContent: model.filled("ask-late", model.localized(state.asked.at)) })); }
      if (today.steps) { parts.push(el("p", { textContent: `${word("ask-today")}: ${BY.map((by) => amount(today[by], by)).map(([value, interval]) => (interval ? `${value} (${interval})` : value)).join(comma())}` })); }
      return parts;
    }
    const sums = el("dl", { className: "araxes-sums" }, ...BY.flatMap(function (by) {
      const [value, interval] = amount(answer[by], by), chosen = by === state.asked.by ? " araxes-least" : "";
      return [el("div", { className: `araxes-sum${chosen}` }, el("dt", { textContent: word(NOUN[by]) }), el("dd", {}, value, el("small", { textContent: interval })))];
    }));
    const rows = [countriesOf(answer)];
    if (answer.unbuilt_m) { rows.push(`${word("unbuilt")}: ${amount([answer.unbuilt_m, answer.unbuilt_m, answer.unbuilt_m], "km")[0]}`); }
    return [sums, costText([answer]), unknownText([answer]), araxes.panel.hours(model, answer.parts), ...rows.map((row) => el("p", { textContent: row })), ...answer.stops.map(snappedLine), el("p", { id: "araxes-ask-difference", textContent: differenceText() })];
  }
  // What stands for a name or coordinates, and how far away it lies.
  function snappedText({ key, meant }) { return `${model.isolated(nameOf(key))}: ${saidOf(meant)}`; }
  const snappedLine = (stop) => el("p", { className: "araxes-snapped", textContent: snappedText(stop), "@dir": model.direction() });
  // What the costs of answers rest on, and of which years their money is.
  function costText(answers) {
    const { states, years } = router.costBasis(answers), said = states.map((key) => word(`basis-${key}`)).join(comma());
    const span = years && model.localized([...new Set(years)].join("–"));
    return states.length ? el("p", { className: "araxes-fine araxes-cost-basis", textContent: span ? model.filled("ask-cost-of", span, said) : model.filled("ask-cost-undated", said) }) : null;
  }
  // By the clock: of which crossings of answers nobody knows the hours.
  function unknownText(answers) {
    const keys = [...new Set(answers.flatMap(({ unknown }) => unknown))], names = keys.map((key) => text(router.groupOf.get(key)[2]));
    return keys.length ? el("p", { className: "araxes-fine araxes-unknown-hours", textContent: model.filled("ask-unknown-hours", names.join(model.between("; "))) }) : null;
  }
  // What stands below the table of cases.
  function underCases() {
    const answers = state.cases.map((asked) => answerOf(asked)[0]).filter(({ steps }) => steps);
    return [costText(answers), unknownText(answers)].filter(Boolean);
  }
  function differenceText() {
    if (!today.steps) { return word("ask-none-today"); }
    if (same() && BY.every((by) => Math.abs(answer[by][0] - today[by][0]) < 1e-6 * SCALE[by])) { return word("ask-same"); }
    return model.filled("ask-difference", BY.map((by) => signedAmount(router.difference(by, answer, today), by)).join(model.between("; ")));
  }
  function countriesOf({ countries }) {
    return countries.map((code) => (facts.words[`country-${code}`] ? word(`country-${code}`) : code)).join(model.between(" → "));
  }
  function linkName(k) {
    const { links } = router;
    if (net.modes[links.mode[k]] === "transfer") { return `${word(links.flags[k] & 8 ? "ask-delay-gauge" : "ask-delay-mode")}${comma()}${nameOf(net.places[net.at[links.a[k]]][0])}`; }
    const group = router.groupOf.get(links.crossing[k]) || router.groupOf.get(links.corridor[k]), id = net.links.id[router.whole(k)], at = model.links.get(id);
    return group ? text(group[2]) : at ? model.titleOf(at.layer, at.feature) : id;
  }

  // Switches of crossings and corridors: those of the answer, or in its way, first.
  function switches() {
    const near = el("ul", { className: "araxes-switches" }), rest = el("ul", { className: "araxes-switches" });
    const filter = el("input", { type: "search", id: "araxes-ask-filter", placeholder: word("ask-filter"), "@aria-label": word("ask-filter"), "@dir": "auto" });
    const nearTitle = el("h2", { textContent: word("ask-on-way") });
    const rows = groups.concat(Object.keys(net.builds).map((key) => ({ key, kind: "build", names: linkName(router.rankOf.get(key)), ranks: [router.rankOf.get(key)] })).filter(({ key }) => !router.groupOf.has(key)))
      .sort((a, b) => text(a.names).localeCompare(text(b.names), state.language));
    const sift = function () {
      const wanted = araxes.search.fold(filter.value);
      [...rest.children].forEach((item) => { item.hidden = Boolean(wanted) && !item.dataset.name.includes(wanted); });
    };
    filter.addEventListener("input", sift);
    function update() {
      const ranks = new Set(found() ? answer.steps.map(([k]) => k) : answer ? (router.obstacles(state.asked) || []).map(([k]) => k) : []);
      const focus = document.activeElement && document.activeElement.id, isNear = ({ key, ranks: own }) => own.some((k) => ranks.has(k)) || key in state.asked.switches || `${key}.delay_h` in state.asked.set;
      near.replaceChildren(...rows.filter(isNear).map((row) => switchRow(row, false)));
      rest.replaceChildren(...rows.filter((row) => !isNear(row)).map((row) => switchRow(row, true)));
      nearTitle.hidden = !near.children.length;
      sift();
      const again = focus && document.getElementById(focus);
      if (again && again !== document.activeElement) { again.focus({ preventScroll: true }); }
    }
    updates.push(update);
    return part("araxes-ask-switches", word("ask-switches"), false, nearTitle, near, el("h2", { textContent: word("ask-others") }), filter, rest);
  }
  // A crossing or corridor: open, closed, or as on that day; and how long one waits there.
  function switchRow({ key, kind, names, ranks }, brief) {
    const { asked } = state, plainState = shownState(), id = `araxes-switch-${key}`, name = text(names), value = router.switched(asked, key);
    const held = [...new Set(ranks.map((k) => plainState.status(k, true)))].map(word).join(" / ");
    const select = el("select", { id, "@aria-label": name }, ...[["day", model.filled("ask-as-on-day", held)], ["open", word("open")], ["closed", word("closed")]]
      .map(([option, said]) => el("option", { value: option, textContent: said, selected: option === value })));
    select.addEventListener("change", function () {
      const { [key]: dropped, ...others } = asked.switches, without = router.switched({ ...asked, switches: others }, key);
      change({ switches: select.value === without ? others : { ...others, [key]: select.value } });
    });
    const row = el("li", { "@data-name": araxes.search.fold(name + " " + key) }, el("span", { textContent: name, "@dir": "auto" }), select);
    if (kind === "crossing" && !brief) {
      const setting = `${key}.delay_h`, field = el("input", { type: "number", id: `${id}-h`, min: 0, max: 1000, step: "any", value: setting in asked.set ? asked.set[setting] : "",
                                                            placeholder: "–", "@aria-label": `${name}: ${word("part-border")}, ${word("h")}` });
      field.addEventListener("change", function () { setDelay(setting, field.value === "" ? null : Number(field.value)); });
      row.append(el("span", { className: "araxes-wait" }, el("span", { textContent: word("ask-wait") }), field, el("span", { textContent: word("h") })));
    }
    return row;
  }
  function setDelay(key, hours) {
    const { [key]: dropped, ...others } = state.asked.set;
    change({ set: hours === null || !(hours >= 0 && hours <= 1e6) ? others : { ...others, [key]: hours } });
  }
  // The usual wait of the data, at which a slider stands before the reader moves it.
  function usual(key) {
    const known = [`${key}.${state.asked.users}`, key].map((one) => net.assumptions.find(([name]) => name === one)).find(Boolean);
    return known ? known[1] : 0;
  }
  function delays() {
    const rows = Object.entries(DELAYS).map(function ([what, key]) {
      const range = el("input", { type: "range", id: `araxes-delay-${what}`, min: 0, max: LONGEST_H, step: 0.5 }), said = el("output", { htmlFor: range.id });
      const undo = el("button", { type: "button", className: "araxes-go", id: `araxes-undo-${what}`, textContent: "↺", title: word("ask-in-data"), "@aria-label": `${word(`ask-delay-${what}`)}: ${word("ask-in-data")}` });
      range.addEventListener("input", () => setDelay(key, Number(range.value)));
      undo.addEventListener("click", function () { setDelay(key, null); range.focus(); });
      updates.push(function () {
        const isSet = key in state.asked.set, own = router.scenarioOf(state.asked).set, value = isSet ? state.asked.set[key] : own[key];
        range.value = value === undefined ? usual(key) : value;
        range.classList.toggle("araxes-unset", value === undefined);
        said.textContent = value === undefined ? word("ask-in-data") : `${number(value, 1)} ${word("h")}`;
        range.setAttribute("aria-valuetext", said.textContent);
        undo.hidden = !isSet;
      });
      return el("div", { className: "araxes-delay" }, el("label", { htmlFor: range.id, textContent: word(`ask-delay-${what}`) }), said, range, undo);
    });
    return part("araxes-ask-delays", word("ask-delays"), false, ...rows);
  }

  // Buttons: keep the case, copy it, undo, go back.
  function actions() {
    const button = (id, key, act) => { const made = el("button", { type: "button", id, textContent: word(key) }); made.addEventListener("click", act); return made; };
    const keep = button("araxes-ask-keep", "ask-keep", function () {
      const key = encoded(state.asked);
      if (!state.cases.some((one) => encoded(one) === key)) { state.cases = [...state.cases, copyOf(state.asked)]; }
      show();
    });
    const copy = button("araxes-ask-toml", "ask-toml", function () {
      copied = toml();
      show();
      const area = document.getElementById("araxes-ask-file");
      area.focus();
      area.select();
      area.scrollTop = 0;
      if (navigator.clipboard) { navigator.clipboard.writeText(copied).then(() => { document.getElementById("araxes-ask-said").textContent = word("ask-copied"); }, () => {}); }
    });
    const reset = button("araxes-ask-reset", "ask-reset", () => change({ switches: {}, set: {} }));
    const end = button("araxes-ask-end", "ask-end", function () { state.asking = false; copied = ""; app.change({}); });
    const file = el("div", {});
    updates.push(function () {
      keep.disabled = copy.disabled = !answer;
      reset.hidden = !changed(state.asked);
      end.hidden = !state.asking || !facts.ways.length;
      if (!copied) { file.replaceChildren(); return; }
      file.replaceChildren(el("label", { htmlFor: "araxes-ask-file", className: "araxes-fine", textContent: word("ask-toml-how") }),
                           el("textarea", { id: "araxes-ask-file", readOnly: true, rows: 9, value: copied, spellcheck: false, "@dir": "ltr" }),
                           el("p", { id: "araxes-ask-said", className: "araxes-fine", "@role": "status" }));
    });
    return el("div", {}, el("div", { className: "araxes-actions" }, keep, copy, reset, end), file);
  }
  function toml() {
    const { asked } = state, quoted = (key) => (/^[\w.-]+$/.test(key) ? key : `'${key.replace(/'/g, "'\\''")}'`);
    const command = ["araxes route", quoted(asked.from), quoted(asked.to), "--scenario case.toml", asked.at ? `--at ${asked.at}` : "", `--by ${asked.by}`, `--users ${asked.users}`, asked.modes ? `--modes ${asked.modes.join(",")}` : "", ...asked.via.map((key) => `--via ${quoted(key)}`), ...asked.avoid.map((key) => `--avoid ${quoted(key)}`), net.bundled ? "" : "--network …"];
    return router.toml(asked, "case", title(asked).replace(/[\u2066-\u2069]/g, ""), [command.filter(Boolean).join(" ")]);
  }

  // The cases kept, each with its answer and what it differs from today.
  function cases() {
    const box = el("div", { id: "araxes-cases" });
    updates.push(() => box.replaceChildren(...(state.cases.length ? [el("h2", { textContent: word("ask-cases") }), el("div", { className: "araxes-scroll", "@tabindex": 0, "@role": "region", "@aria-label": word("ask-cases") }, caseTable(true)), ...underCases()] : [])));
    return box;
  }
  function caseTable(live) {
    answered = new Map(state.cases.map((asked) => [encoded(asked), answerOf(asked)]));
    const heads = ["km", "h", "ask-usd-t", "ui-unbuilt-km"];
    return el("table", { className: "araxes-case-table", id: live ? "araxes-case-table" : "" }, el("thead", {}, el("tr", {}, ...heads.map((key) => el("th", { "@scope": "col", textContent: word(key) })))),
              ...state.cases.map((asked, n) => caseRows(asked, n, live)));
  }
  function caseRows(asked, n, live) {
    const [own, now] = answerOf(asked), shown = state.asking && encoded(asked) === encoded(state.asked);
    const away = own.stops.length ? el("small", { textContent: own.stops.map(snappedText).join(model.between("; ")), "@dir": model.direction() }) : null;
    const name = live ? el("button", { type: "button", id: `araxes-case-${n}`, "@dir": model.direction(), textContent: title(asked) }) : el("span", { textContent: title(asked) });
    const drop = live ? el("button", { type: "button", className: "araxes-go", id: `araxes-drop-${n}`, textContent: "×", title: word("ask-drop"), "@aria-label": `${word("ask-drop")}: ${title(asked)}` }) : null;
    if (live) {
      name.addEventListener("click", () => load(asked));
      drop.addEventListener("click", function () { state.cases = state.cases.filter((_, m) => m !== n); show(); });
    }
    const cell = function (by) {
      const [value, interval] = amount(own[by], by), delta = now.steps ? router.difference(by, own, now)[0] : null, digits = Math.abs(delta) / SCALE[by] < 100 ? 1 : 0;
      const plainValue = value.replace(` ${word(UNIT[by])}`, "");
      return el("td", {}, plainValue, el("small", { textContent: interval }), delta === null || Math.abs(delta) < 0.05 * SCALE[by] ? null : el("small", { className: "araxes-delta", textContent: `Δ ${delta > 0 ? "+" : ""}${number(delta / SCALE[by], digits)}` }));
    };
    return el("tbody", {}, el("tr", { "@aria-selected": shown }, el("th", { colSpan: 4, "@scope": "rowgroup" }, el("div", { className: "araxes-case" }, name, drop), away)),
              own.steps ? el("tr", { "@aria-selected": shown }, cell("km"), cell("hours"), cell("cost"), el("td", { textContent: own.unbuilt_m ? number(own.unbuilt_m / 1000, 0) : "" }))
                : el("tr", { "@aria-selected": shown }, el("td", { colSpan: 4, className: "araxes-none", textContent: word("no-way") })));
  }
  const copyOf = (asked) => JSON.parse(JSON.stringify(asked));
  function load(asked) {
    const day = state.day;
    Object.assign(state.asked, copyOf(asked));
    state.asking = true;
    copied = "";
    if ((day || net.day) === asked.day) { show(); } else { app.day(asked.day === net.day ? null : asked.day); }
    look();
  }

  // A case in the address: its parts between asterisks; of a switch or a wait the first letter is
  // what it is: o(pen), c(losed), as on that d(ay), w(ait) and at the end the hours; v(ia), a(void);
  // t(ime of departure).
  const safe = (value) => encodeURIComponent(value).replace(/\*/g, "%2A"), LETTER = { open: "o", closed: "c", day: "d" };
  function encoded(asked) {
    const { from, to, via, avoid, by, users, modes, day, at, scenario, switches, set } = asked;
    return [from || "", to || "", by, users, (modes || []).join("."), day, scenario === null ? "" : facts.scenarios[scenario].id].map(safe)
      .concat(Object.entries(switches).map(([key, value]) => LETTER[value] + safe(key)), Object.entries(set).map(([key, value]) => `w${safe(key)}_${value}`),
              via.map((key) => `v${safe(key)}`), avoid.map((key) => `a${safe(key)}`), at ? [`t${at.replace(":", "")}`] : []).join("*");
  }
  const isPlace = (key) => placeOf.has(key) || Boolean(router.placed(key));
  // The case that a text of the address says; what the page does not know is left out.
  function decoded(said) {
    const parts = said.split("*"), asked = blank();
    let plainParts;
    try { plainParts = parts.map(decodeURIComponent); } catch (error) { return null; }
    const [from, to, by, users, modes, day, scenario] = plainParts;
    if (isPlace(from)) { asked.from = from; }
    if (isPlace(to)) { asked.to = to; }
    if (BY.includes(by)) { asked.by = by; }
    if (net.users.includes(users)) { asked.users = users; }
    const known = MODES.find((one) => one && one.join(".") === modes);
    if (known) { asked.modes = known; }
    if (/^\d{4}-\d\d-\d\d$/.test(day) && day >= facts.page.first && day <= facts.page.last) { asked.day = day; }
    const n = facts.scenarios.findIndex(({ id }) => id === scenario);
    if (n >= 0 && !plain(n)) { asked.scenario = n; }
    plainParts.slice(7).forEach(function (one) {
      const key = one.slice(1), value = Object.keys(LETTER).find((name) => LETTER[name] === one[0]);
      if (value && (router.groupOf.has(key) || router.rankOf.has(key))) { asked.switches[key] = value; }
      const linked = router.groupOf.has(key) || router.rankOf.has(key);
      if (one[0] === "v" && (isPlace(key) || linked)) { asked.via.push(key); }
      if (one[0] === "a" && (linked || net.links.nations.flat().includes(key))) { asked.avoid.push(key); }
      if (net.hours.length && /^t([01]\d|2[0-3])[0-5]\d$/.test(one)) { asked.at = `${one.slice(1, 3)}:${one.slice(3)}`; }
      const at = one.lastIndexOf("_"), hours = Number(one.slice(at + 1)), setting = one.slice(1, at);
      const of = setting.replace(/\.delay_h$/, "");
      if (one[0] === "w" && at > 0 && hours >= 0 && hours <= 1e6 && (Object.values(DELAYS).includes(setting) || router.groupOf.has(of))) { asked.set[setting] = hours; }
    });
    return asked;
  }
  function write(parts) {
    if (state.asking) { parts.set("ask", encoded(state.asked)); }
    state.cases.forEach((asked) => parts.append("case", encoded(asked)));
  }
  function read(parts) {
    const said = parts.has("ask") ? decoded(parts.get("ask")) : null;
    state.cases = parts.getAll("case").map(decoded).filter((asked) => asked && asked.from && asked.to);
    Object.assign(state.asked, said || blank());
    state.asking = Boolean(said);
    if (said) { state.day = said.day === net.day ? state.day : said.day; }
    compute();
  }

  // The part of the panel.
  function render() {
    updates = [];
    const box = part("araxes-ask", word("ask-title"), state.asking || state.cases.length > 0 || !facts.pairs.length, question(), answerBox(), actions(), switches(), delays(), cases());
    compute();
    markEnds();
    updates.forEach((update) => update());
    return box;
  }
  // For paper: the question, its answer, and the cases kept.
  function paper() {
    if (!state.asking && !state.cases.length) { return null; }
    const lines = state.asking && answer ? [el("p", { className: "araxes-asked", textContent: title(state.asked) }), ...answerParts().filter((one) => one && one.tagName !== "DIV")] : [];
    const changed = state.asking ? [...Object.entries(state.asked.switches).map(([key, value]) => `${router.groupOf.has(key) ? text(router.groupOf.get(key)[2]) : key}: ${value === "day" ? model.date(state.asked.day) : word(value)}`),
      ...Object.entries(state.asked.set).map(([key, value]) => `${settingName(key)}: ${number(value, 1)} ${word("h")}`)] : [];
    lines.forEach((line) => line.removeAttribute("id"));
    return el("div", { id: "araxes-asked" }, ...lines, changed.length ? el("p", { textContent: changed.join("; ") }) : null, ...(state.cases.length ? [caseTable(false), ...underCases()] : []));
  }
  function settingName(key) {
    const what = Object.keys(DELAYS).find((one) => DELAYS[one] === key), of = key.replace(/\.delay_h$/, "");
    return what ? word(`ask-delay-${what}`) : router.groupOf.has(of) ? text(router.groupOf.get(of)[2]) : key;
  }

  compute();
  return {
    router, endButtons, reveal, picking: () => picking !== null, render, changes, forcedOn, paper, write, read,
    // What a colour of routes stands for.
    called: (change) => word(change === "kept" ? "ui-kept" : `ask-${change}`),
    single: () => found() && (same() || !today.steps),
    day: () => state.asked.day,
    setDay: (day) => { state.asked.day = day || net.day; copied = ""; compute(); markEnds(); updates.forEach((update) => update()); },
    name: () => endsOf(state.asked)
  };
};

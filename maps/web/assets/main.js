"use strict";
// Puts the page together: map, panel, cards, and the actions that change the state.

// Keeps the page loading until the function returned is called: who prints or pictures a page as soon
// as it has loaded would otherwise get it without its map. An open document in a frame does that.
araxes.holdLoad = function () {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  document.body.append(frame);
  const held = frame.contentDocument;
  if (!held || document.readyState === "complete") { frame.remove(); return () => {}; }
  held.open();
  return function () { held.close(); frame.remove(); };
};

// What can begin while the browser still takes in the lines, which follow on the page.
araxes.begin = function () {
  araxes.release = araxes.holdLoad();
  araxes.decode.begin();
  document.fonts.forEach((face) => face.load());
};

araxes.start = async function (map) {
  const { el, data } = araxes.elements;
  const panel = document.getElementById("araxes-panel");
  let facts, relief;
  try {
    // Names are measured before they are placed, so the letters must be there.
    [facts, relief] = await Promise.all([araxes.decode.load(), araxes.decode.relief(), ...[...document.fonts].map((face) => face.load())]);
  } catch (error) {
    panel.textContent = panel.dataset.old;
    araxes.release();
    throw error;
  }
  const model = araxes.model(facts), { state, word } = model, dark = window.matchMedia("(prefers-color-scheme: dark)");
  araxes.theme.base(facts.page.dark);
  araxes.theme.set(dark.matches);
  const app = { model, map, events: model.events(), updateDay: () => {}, updateLegend: () => {}, updateKey: () => {}, updateWays: () => {} };

  // Folding the names of a large map takes a while, so it waits for the first search.
  let index = null;
  app.find = function (query, most) {
    index = index || araxes.search.index(model);
    return araxes.search.find(index, query, most);
  };

  // Layers are listed top first and drawn bottom first.
  const bottomFirst = () => model.shownLayers().slice().reverse();
  function* paintBase(ink, view) {
    for (const layer of bottomFirst().filter(({ quiet }) => quiet)) {
      yield* araxes.canvas.drawLayer(ink, view, layer, (n) => model.lookOf(layer, n), model.isTodays(layer) ? 0.5 : 1);
      if (layer.id === "land" && relief) { araxes.canvas.drawRelief(ink, view, relief); }
    }
  }
  // Whether the base map ends within the view.
  let pastEnd = false;
  app.beyond = function () {
    const land = facts.layers.find(({ id }) => id === "land");
    if (!land || state.hidden.has("land")) { return false; }
    const [west, north, east, south] = araxes.canvas.boxOf(land, null), seen = map.getBounds(), { worldX, worldY } = araxes.decode;
    return worldX(seen.getWest()) < west || worldX(seen.getEast()) > east || worldY(seen.getNorth()) < north || worldY(seen.getSouth()) > south;
  };
  // Whether the bands of errors were drawn.
  let erring = false;
  app.hasErrors = () => erring;
  function* paint(ink, view) {
    const drawn = bottomFirst().filter((layer) => !layer.quiet), marks = drawn.filter((layer) => layer.id === "crossings");
    const draw = (layer) => araxes.canvas.drawLayer(ink, view, layer, (n) => model.lookOf(layer, n), model.weight(layer));
    const routes = model.routeLinks();
    // The network stands back behind its routes, and so do its errors.
    const before = erring;
    erring = false;
    // Where the band of a border is a layer of its own that is on, another would lie in it.
    const banded = (layer) => drawn.some(({ id }) => id === `${layer.id}-band`);
    for (const layer of drawn.filter((one) => !marks.includes(one) && !banded(one))) {
      const network = layer.group === "network", kept = routes.size && network ? routes.get(layer) : null;
      const lookOf = (n) => (kept && !kept.has(n) ? null : model.lookOf(layer, n));
      if (kept !== undefined && (yield* araxes.canvas.drawErrors(ink, view, layer, lookOf, network && !kept ? 14 : 3))) { erring = true; }
    }
    if (erring !== before) { app.updateKey(); }
    for (const layer of drawn.filter((one) => !marks.includes(one))) { yield* draw(layer); }
    const strokes = new Map();
    model.changes().forEach(function ([link, change, unbuilt]) {
      const at = model.links.get(link), key = `${change}|${unbuilt}`;
      if (!at) { return; }
      if (!strokes.has(key)) { strokes.set(key, { change, unbuilt, layers: new Map() }); }
      const layers = strokes.get(key).layers;
      if (!layers.has(at.layer)) { layers.set(at.layer, []); }
      layers.get(at.layer).push(at.feature);
    });
    for (const edge of [true, false]) {
      for (const { change, unbuilt, layers } of strokes.values()) {
        for (const [layer, features] of layers) {
          const style = model.routeStyle(change, layer);
          yield* araxes.canvas.drawOver(ink, view, layer, features, edge ? { c: "#fff", w: style.w + 3 } : style,
                                        unbuilt && !edge ? facts.states.planned : []);
        }
      }
    }
    // A corridor that cannot be gone through yet is no part of a route, but what the page is about: its
    // dashes lie on the route beside it.
    if (strokes.size && model.single() !== null && ![...strokes.values()].some(({ unbuilt }) => unbuilt)) {
      for (const layer of drawn.filter(({ group }) => group === "corridors")) {
        for (let n = 0; n < layer.count; n++) {
          const look = model.lookOf(layer, n);
          if (!look || !look.dash.length) { continue; }
          for (const style of [{ c: "#fff", w: look.style.w + 2.5 }, look.style]) {
            yield* araxes.canvas.drawOver(ink, view, layer, [n], style, look.dash);
          }
        }
      }
    }
    // The arcs of the town chosen stand out of all.
    if (state.selected && state.selected.town) {
      for (const style of [{ c: "#fff", w: 4 }, null]) {
        for (const [layer, features] of model.arcsAt(state.selected.town)) {
          yield* araxes.canvas.drawOver(ink, view, layer, features, style || { c: facts.styles[layer.w].c, w: 2 }, []);
        }
      }
    }
    // Crossings come last: a route must not hide that a crossing on it is closed.
    for (const layer of marks) { yield* draw(layer); }
    if (state.selected && !state.selected.town) {
      const { layer, feature } = state.selected;
      const look = model.lookOf(layer, feature);
      if (look && !state.hidden.has(layer.id)) {
        yield* araxes.canvas.drawOver(ink, view, layer, [feature], { c: "#ffd500", w: look.style.w + 6 }, []);
        yield* araxes.canvas.drawOver(ink, view, layer, [feature], { c: look.style.c, w: Math.max(look.style.w, 2) }, look.dash);
      }
    }
  }

  map.createPane("araxes-base").style.zIndex = 210;
  // Below what measuring or another program adds, which Leaflet puts at 400.
  map.createPane("araxes-lines").style.zIndex = 399;
  map.createPane("regions").style.zIndex = 405;
  map.getPane("regions").style.pointerEvents = "none";
  map.createPane("labels").style.zIndex = 610;
  map.getPane("labels").style.pointerEvents = "none";
  // They are put on the map when it stands where the page begins: until then nothing is drawn.
  const base = new araxes.canvas.Canvas(paintBase, { pane: "araxes-base" });
  const slow = () => model.shownLayers().some(({ groups }) => groups[1].parts > araxes.canvas.CROWD);
  const lines = new araxes.canvas.Canvas(paint, { pane: "araxes-lines", slow });
  app.redraw = () => { base.redraw(); lines.redraw(); };
  // Draws what is in view while the map moves.
  app.follow = () => { base._update(); lines._update(); };
  // All that the map shows, for paper.
  app.paint = (ink, view) => [paintBase, paint].forEach((part) => araxes.canvas.finish(part(ink, view)));
  const labels = app.labels = araxes.labels(map, model, slow);

  // A position in the unit square; east of it where the page reaches over the meridian of 180°.
  const [[, west], [, east]] = facts.page.bounds, middle = east > 180 ? (west + east) / 2 : 0;
  function unit({ lat, lng }) {
    return [araxes.decode.worldX(lng - 360 * Math.round((lng - middle) / 360)), araxes.decode.worldY(lat)];
  }
  app.pick = function (latlng, pixels) {
    const reach = pixels / (256 * Math.pow(2, map.getZoom()));
    const layers = model.shownLayers().filter((layer) => !layer.quiet);
    return araxes.canvas.pick(layers, (layer, n) => model.lookOf(layer, n), ...unit(latlng), reach);
  };

  // Points on the lines and areas that the page is about as it is shown, close enough together that
  // none crosses a button between two of them; in the unit square. So many at most.
  const MOST_POINTS = 20000;
  app.subject = function () {
    const points = [], routes = model.routeLinks();
    const [[south, west], [north, east]] = facts.page.bounds, wide = Math.max(araxes.decode.worldX(east) - araxes.decode.worldX(west), araxes.decode.worldY(south) - araxes.decode.worldY(north));
    const step = wide / 100 || 1;
    for (const layer of model.shownLayers().filter(({ quiet }) => !quiet)) {
      const kept = layer.group === "network" && routes.size ? routes.get(layer) || new Set() : null;
      for (const g of layer.groups) {
        for (let p = 0; p < g.parts && points.length < MOST_POINTS; p++) {
          if (kept ? !kept.has(g.owner[p]) : model.lookOf(layer, g.owner[p]) === null) { continue; }
          for (let n = g.start[p]; n < g.start[p + 1]; n++) {
            const before = n > g.start[p] ? n - 1 : n, dx = g.x[n] - g.x[before], dy = g.y[n] - g.y[before], pieces = Math.min(100, Math.ceil(Math.hypot(dx, dy) / step)) || 1;
            for (let k = 1; k <= pieces; k++) { points.push([g.x[before] + dx * k / pieces, g.y[before] + dy * k / pieces]); }
          }
        }
      }
    }
    return points;
  };

  // The link of a route shown, on top of all lines, at a point.
  app.pickRoute = function (latlng, pixels) {
    const links = model.routeLinks();
    const reach = pixels / (256 * Math.pow(2, map.getZoom()));
    return araxes.canvas.pick([...links.keys()], (layer, n) => (links.get(layer).has(n) ? layer : null), ...unit(latlng), reach);
  };

  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) { araxes.still(map); }
  // The most of the map's height that a card takes.
  const SHARE = 0.45;
  const popup = L.popup({ className: "araxes-popup" });
  const card = (...parts) => el("div", { className: "araxes-card", "@dir": model.direction(), "@tabindex": -1 }, ...parts);
  // The other arcs of a town, by name.
  function alsoFrom(layer, feature, town) {
    const names = model.arcsAt(town).flatMap(([other, features]) => features.filter((n) => other !== layer || n !== feature).map((n) => model.titleOf(other, n)));
    return names.length ? [el("dt", { textContent: word("ui-arcs-also"), "@dir": "auto" }), data("dd", [...new Set(names)].sort().join(model.between("; ")))] : [];
  }
  function cardOf({ layer, feature, town }) {
    const list = el("dl", {});
    model.card(layer, feature).forEach(function ([label, value, language]) {
      const text = data("dd", value), other = language && language !== state.language;
      if (other) {
        text.lang = language;
        text.prepend(el("small", { className: "araxes-tongue", textContent: model.facts.page.languages.find(([code]) => code === language)[1] }));
      }
      list.append(el("dt", { textContent: label, "@dir": "auto" }), text);
    });
    if (town) { list.append(...alsoFrom(layer, feature, town)); }
    const only = el("button", { type: "button", className: "araxes-only", textContent: word("ui-only") });
    only.addEventListener("click", () => app.showOnly([layer.id]));
    return card(data("h2", model.titleOf(layer, feature)), list, ...araxes.panel.routeOver(model, layer.k(feature)), only);
  }
  function updateCard() {
    if (!state.selected || !map.hasLayer(popup)) { return; }
    const hadFocus = popup.getElement().contains(document.activeElement);
    popup.setContent(cardOf(state.selected));
    if (hadFocus) { popup.getElement().querySelector(".araxes-card").focus(); }
  }
  // A card opened from the panel takes the focus; when it closes, its opener gets it back.
  let openerId = null;
  function show(content, latlng, from) {
    popup.setLatLng(latlng).setContent(content).openOn(map);
    openerId = from && from.id;
    if (openerId) { content.focus({ preventScroll: true }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && map.hasLayer(popup)) { map.closePopup(popup); }
  });
  app.open = function (selected, latlng, from) {
    state.selected = selected.layer.arcs ? { ...selected, town: model.endOf(selected, from ? null : unit(latlng)) } : selected;
    // On wide screens the card keeps clear of the buttons.
    const aside = map.getSize().x > 500 ? 56 : 6;
    popup.options.autoPanPaddingTopLeft = [aside, 12];
    // The attribution lies below the card, on narrow screens over the whole width.
    const below = 12 + map.attributionControl.getContainer().offsetHeight;
    popup.options.autoPanPaddingBottomRight = [aside, below];
    popup.options.maxHeight = Math.max(90, Math.min(320, map.getSize().y - below - 70, SHARE * map.getSize().y));
    popup.options.maxWidth = Math.min(400, map.getSize().x - 72);
    popup.options.minWidth = Math.min(260, popup.options.maxWidth);
    map.getContainer().classList.toggle("araxes-carded", map.getSize().x <= 500);
    show(cardOf(state.selected), latlng, from);
    lines.redraw();
  };
  popup.on("remove", function () {
    state.selected = null;
    map.getContainer().classList.remove("araxes-carded");
    const opener = openerId && document.getElementById(openerId);
    openerId = null;
    if (opener) { opener.focus({ preventScroll: true }); }
    lines.redraw();
  });

  const tip = L.tooltip({ direction: "top", offset: [0, -8] });
  let frame = null;
  map.on("mousemove", function (event) {
    app.updatePosition(event.latlng);
    if (frame) { cancelAnimationFrame(frame); }
    frame = requestAnimationFrame(function () {
      const picked = pointing() ? null : app.pick(event.latlng, 7);
      map.getContainer().classList.toggle("araxes-over", Boolean(picked));
      if (!picked) { tip.remove(); return; }
      tip.setLatLng(event.latlng).setContent(data("span", model.tip(picked.layer, picked.feature)));
      if (!map.hasLayer(tip)) { tip.addTo(map); }
    });
  });
  map.on("mouseout", () => tip.remove());
  const pointing = () => measuring.active() || Boolean(app.answers && app.answers.picking());
  map.on("click", function (event) {
    if (pointing()) { return; }
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const reach = touch ? 14 : 8, onRoute = app.pickRoute(event.latlng, reach), picked = app.pick(event.latlng, reach) || onRoute;
    if (!picked) { return; }
    tip.remove();
    const link = (onRoute || picked).layer.k((onRoute || picked).feature), pair = link && !model.asking() ? model.pairOver(link) : null;
    app.open(picked, event.latlng);
    if (pair !== null) { app.showRow(pair); }
  });

  // Shows a box of the unit square.
  function fit(box) {
    if (!Number.isFinite(box[0])) { return; }
    app.untouched = false;
    const [west, north] = araxes.decode.lonLat(box[0], box[1]);
    const [east, south] = araxes.decode.lonLat(box[2], box[3]);
    map.fitBounds([[south, west], [north, east]], { padding: [30, 30], maxZoom: 12, animate: false });
  }
  // The box around boxes.
  function joined(boxes) {
    return boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]),
                                   Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  }
  // Goes to a place, a layer or a feature that was searched for.
  app.go = function (entry, from) {
    app.untouched = false;
    if (entry.at) {
      map.setView(entry.at, Math.max(map.getZoom(), 9), { animate: false });
      const at = el("p", { textContent: araxes.position(model, entry.at), "@dir": "ltr" });
      const asks = app.answers ? app.answers.endButtons(entry, () => map.closePopup(popup)) : [];
      show(card(data("h2", model.text(entry.names)), at, ...asks), entry.at, from);
      return;
    }
    if (state.hidden.has(entry.layer.id)) { app.toggle(entry.layer.id, true); renderPanel(); }
    const single = entry.features !== null;
    fit(araxes.canvas.boxOf(entry.layer, single ? new Set([entry.features]) : null));
    const lines = entry.layer.groups[1];
    const feature = single ? entry.features : lines.parts ? lines.owner[0] : 0, at = araxes.canvas.pointOn(entry.layer, feature);
    if (at) {
      const [lon, lat] = araxes.decode.lonLat(...at);
      app.open({ layer: entry.layer, feature }, L.latLng(lat, lon), from);
    }
  };

  function renderPanel() { araxes.panel.render(app, panel); }
  function renderAll() {
    document.documentElement.lang = state.language;
    Object.assign(skip, { textContent: word("ui-skip"), dir: model.direction() });
    ["panel", "sources", "top"].forEach(function (part) {
      document.getElementById(`araxes-${part}`).dir = model.direction();
    });
    renderPanel();
    if (app.story) { app.story.render(); }
    if (app.profile) { app.profile.render(); }
    app.updateTools();
    app.redraw();
    labels.arrange();
    updateCard();
    araxes.link.write(app);
  }
  app.change = function (values) { Object.assign(state, values); renderAll(); };
  app.day = function (day) {
    state.day = day || null;
    if (model.asking()) { app.answers.setDay(day); }
    app.updateDay();
    app.updateLegend();
    app.updateWays();
    app.redraw();
    updateCard();
    araxes.link.write(app);
  };
  // Shows all that is on, as far as the base map reaches; a network only by its routes.
  app.fitShown = function () {
    const shown = model.shownLayers().filter((layer) => !layer.quiet && layer.group !== "network" && layer.count);
    const boxes = shown.map((layer) => araxes.canvas.boxOf(layer, null));
    model.routeLinks().forEach((features, layer) => boxes.push(araxes.canvas.boxOf(layer, features)));
    const land = facts.layers.find(({ id }) => id === "land"), [west, north, east, south] = land ? araxes.canvas.boxOf(land, null) : [0, 0, 1, 1];
    if (boxes.length) {
      const box = joined(boxes);
      fit([Math.max(west, box[0]), Math.max(north, box[1]), Math.min(east, box[2]), Math.min(south, box[3])]);
    }
  };
  // Shows some layers and no others.
  app.showOnly = function (keys) {
    model.showOnly(keys);
    if (state.selected && state.hidden.has(state.selected.layer.id)) { map.closePopup(popup); }
    renderAll();
  };
  app.toggle = function (id, on) {
    if (on) { state.hidden.delete(id); } else { state.hidden.add(id); }
    if (!on && state.selected && state.selected.layer.id === id) { map.closePopup(popup); }
    app.updateLegend();
    app.updateWays();
    app.redraw();
    labels.arrange();
    araxes.link.write(app);
  };
  // Shows the route of a row of the table.
  app.choose = function (pair, scenario) {
    // The view "before" shows only the routes of the first scenario.
    app.change({ asking: false, pair, scenario, view: scenario > 0 && state.view === "before" ? "difference" : state.view });
    const links = model.changes().map(([link]) => model.links.get(link)).filter(Boolean);
    if (links.length) { app.fitLinks(links); }
  };
  // Chooses a pair and scrolls the table to its row, where the table stands beside the map: below it,
  // on a narrow screen, the map would scroll away from under the finger.
  app.showRow = function (pair) {
    if (state.pair !== pair) { app.change({ pair }); }
    const row = panel.querySelector(`tr[data-way="${pair}/${model.shownScenario()}"]`);
    if (row && getComputedStyle(panel).overflowY === "auto") { row.scrollIntoView({ block: "nearest" }); }
  };

  const boxOfLinks = (links) => joined(links.map((at) => araxes.canvas.boxOf(at.layer, new Set([at.feature]))));
  app.fitLinks = (links) => fit(boxOfLinks(links));
  // Tells whether the map shows all of some links; false of none.
  app.showsLinks = function (links) {
    if (!links.length) { return false; }
    const [left, top, right, bottom] = boxOfLinks(links), [west, north] = araxes.decode.lonLat(left, top), [east, south] = araxes.decode.lonLat(right, bottom);
    return map.getBounds().contains([[south, west], [north, east]]);
  };
  if (facts.network) {
    app.answers = araxes.answers(app);
    model.answer(app.answers);
  }
  const measuring = araxes.furnish(app), skip = document.getElementById("araxes-skip");
  if (facts.story) { app.story = araxes.story(app); }
  if (facts.profile) { app.profile = araxes.profile(app); }
  skip.href = `#${map.getContainer().id}`;
  skip.addEventListener("click", function (event) {
    event.preventDefault();
    map.getContainer().focus();
  });
  araxes.link.read(app);
  araxes.link.place(app);
  renderAll();
  base.addTo(map);
  lines.addTo(map);
  labels.follow();
  if (model.asking()) { app.answers.reveal(); }
  araxes.printing(app);
  dark.addEventListener("change", function () {
    araxes.theme.set(dark.matches);
    renderAll();
  });
  ["pointerdown", "wheel", "keydown"].forEach((kind) => map.getContainer().addEventListener(kind, () => { app.untouched = false; }, { passive: true }));
  map.on("resize", function () {
    if (app.untouched && !document.documentElement.classList.contains("araxes-printing")) { araxes.link.open(app); }
  });
  map.setMaxZoom(facts.page.nearest);
  map.on("moveend", () => araxes.link.write(app));
  map.on("moveend resize", function () {
    const now = app.beyond();
    if (now !== pastEnd) { pastEnd = now; app.updateKey(); }
  });
  window.addEventListener("hashchange", function () { if (araxes.link.read(app)) { araxes.link.place(app); renderAll(); } });
  araxes.app = app;
  document.documentElement.classList.add("araxes-ready");
  araxes.release();
};

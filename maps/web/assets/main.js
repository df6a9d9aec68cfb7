"use strict";
// Puts the page together: the map, the panel, and what they do to one another.
araxes.start = async function (map) {
  const { el, data } = araxes.panel;
  const panel = document.getElementById("araxes-panel");
  let facts;
  try {
    facts = await araxes.decode.load();
  } catch (error) {
    panel.textContent = "This browser is too old for this page: it lacks DecompressionStream.";
    throw error;
  }
  const model = araxes.model(facts), { state, word } = model;
  const app = { model, map, events: model.events(), tellDay: () => {}, tellLegend: () => {} };

  // Folding the names of a large map takes a while, so it waits for the first search.
  let index = null;
  app.find = function (query, most) {
    index = index || araxes.search.index(model);
    return araxes.search.find(index, query, most);
  };

  // Layers are listed top first and drawn bottom first.
  const upwards = () => model.shown().slice().reverse();
  function paintBase(ink, view) {
    upwards().filter((layer) => layer.quiet).forEach(function (layer) {
      araxes.sheet.drawLayer(ink, view, layer, (n) => model.looks(layer, n));
    });
  }
  function paint(ink, view) {
    // On paper all is one drawing: Chromium loses a canvas that lies below another.
    if (app.printing) { paintBase(ink, view); }
    const drawn = upwards().filter((layer) => !layer.quiet), marks = drawn.filter((layer) => layer.id === "crossings");
    const draw = (layer) => araxes.sheet.drawLayer(ink, view, layer, (n) => model.looks(layer, n));
    drawn.filter((layer) => !marks.includes(layer)).forEach(draw);
    const strokes = new Map();
    model.changes().forEach(function ([link, change, unbuilt]) {
      const at = model.links.get(link), key = `${change}|${unbuilt}`;
      if (!at) { return; }
      if (!strokes.has(key)) { strokes.set(key, { change, unbuilt, layers: new Map() }); }
      const layers = strokes.get(key).layers;
      if (!layers.has(at.layer)) { layers.set(at.layer, []); }
      layers.get(at.layer).push(at.feature);
    });
    [true, false].forEach(function (edge) {
      strokes.forEach(function ({ change, unbuilt, layers }) {
        const style = facts.changes[change];
        layers.forEach(function (features, layer) {
          araxes.sheet.drawOver(ink, view, layer, features, edge ? { c: "#fff", w: style.w + 3 } : style,
                                unbuilt && !edge ? facts.states.planned : []);
        });
      });
    });
    // A way must not hide that a crossing on it is closed.
    marks.forEach(draw);
    if (state.selected) {
      const { layer, feature } = state.selected;
      const look = model.looks(layer, feature);
      if (look && !state.hidden.has(layer.id)) {
        araxes.sheet.drawOver(ink, view, layer, [feature], { c: "#ffd500", w: look.style.w + 6 }, []);
        araxes.sheet.drawOver(ink, view, layer, [feature], { c: look.style.c, w: Math.max(look.style.w, 2) }, look.dash);
      }
    }
  }

  map.createPane("araxes-base").style.zIndex = 210;
  map.createPane("araxes-lines").style.zIndex = 400;
  map.createPane("grounds").style.zIndex = 405;
  map.getPane("grounds").style.pointerEvents = "none";
  map.createPane("labels").style.zIndex = 610;
  map.getPane("labels").style.pointerEvents = "none";
  const base = new araxes.sheet.Sheet(paintBase, { pane: "araxes-base" }).addTo(map);
  const lines = new araxes.sheet.Sheet(paint, { pane: "araxes-lines" }).addTo(map);
  app.redraw = () => { base.redraw(); lines.redraw(); };
  const labels = araxes.labels(map, model);

  function unit(latlng) {
    const at = latlng.wrap();
    return [araxes.decode.worldX(at.lng), araxes.decode.worldY(at.lat)];
  }
  app.pick = function (latlng, pixels) {
    const reach = pixels / (256 * Math.pow(2, map.getZoom()));
    const layers = model.shown().filter((layer) => !layer.quiet);
    return araxes.sheet.pick(layers, (layer, n) => model.looks(layer, n), ...unit(latlng), reach);
  };

  // The link of a way, as it is shown on top of all lines, at a point.
  app.pickWay = function (latlng, pixels) {
    const over = new Map();
    model.changes().forEach(function ([link]) {
      const at = model.links.get(link);
      if (!at) { return; }
      if (!over.has(at.layer)) { over.set(at.layer, new Set()); }
      over.get(at.layer).add(at.feature);
    });
    const reach = pixels / (256 * Math.pow(2, map.getZoom()));
    return araxes.sheet.pick([...over.keys()], (layer, n) => (over.get(layer).has(n) ? layer : null), ...unit(latlng), reach);
  };

  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) { araxes.still(map); }
  const popup = L.popup({ className: "araxes-popup" });
  const card = (...parts) => el("div", { className: "araxes-card", "@dir": model.direction(), "@tabindex": -1 }, ...parts);
  function cardOf({ layer, feature }) {
    const list = el("dl", {});
    model.card(layer, feature).forEach(function ([label, value]) {
      list.append(el("dt", { textContent: label, "@dir": "auto" }), data("dd", value));
    });
    return card(data("h2", model.titleOf(layer, feature)), list);
  }
  function tellCard() {
    if (!state.selected || !map.hasLayer(popup)) { return; }
    const held = popup.getElement().contains(document.activeElement);
    popup.setContent(cardOf(state.selected));
    if (held) { popup.getElement().querySelector(".araxes-card").focus(); }
  }
  // A card asked for from the panel takes the focus, and gives it back.
  let asker = null;
  function show(content, latlng, from) {
    popup.setLatLng(latlng).setContent(content).openOn(map);
    asker = from && from.id;
    if (asker) { content.focus({ preventScroll: true }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && map.hasLayer(popup)) { map.closePopup(popup); }
  });
  app.open = function (found, latlng, from) {
    state.selected = found;
    // Clear of the buttons, where there is room.
    const aside = map.getSize().x > 500 ? 56 : 6;
    popup.options.autoPanPaddingTopLeft = [aside, 12];
    // The attribution lies below, on narrow screens over the whole width.
    const below = 12 + map.attributionControl.getContainer().offsetHeight;
    popup.options.autoPanPaddingBottomRight = [aside, below];
    popup.options.maxHeight = Math.max(90, Math.min(320, map.getSize().y - below - 70));
    popup.options.maxWidth = Math.min(400, map.getSize().x - 72);
    popup.options.minWidth = Math.min(260, popup.options.maxWidth);
    map.getContainer().classList.toggle("araxes-carded", map.getSize().x <= 500);
    show(cardOf(found), latlng, from);
    lines.redraw();
  };
  popup.on("remove", function () {
    state.selected = null;
    map.getContainer().classList.remove("araxes-carded");
    const again = asker && document.getElementById(asker);
    asker = null;
    if (again) { again.focus({ preventScroll: true }); }
    lines.redraw();
  });

  const tip = L.tooltip({ direction: "top", offset: [0, -8] });
  let waiting = null;
  map.on("mousemove", function (event) {
    app.tellPosition(event.latlng);
    if (waiting) { cancelAnimationFrame(waiting); }
    waiting = requestAnimationFrame(function () {
      const found = measuring.active() ? null : app.pick(event.latlng, 7);
      map.getContainer().classList.toggle("araxes-over", Boolean(found));
      if (!found) { tip.remove(); return; }
      tip.setLatLng(event.latlng).setContent(data("span", model.titleOf(found.layer, found.feature)));
      if (!map.hasLayer(tip)) { tip.addTo(map); }
    });
  });
  map.on("mouseout", () => tip.remove());
  map.on("click", function (event) {
    if (measuring.active()) { return; }
    const touch = window.matchMedia("(pointer: coarse)").matches;
    const reach = touch ? 14 : 8, way = app.pickWay(event.latlng, reach), found = app.pick(event.latlng, reach) || way;
    if (!found) { return; }
    tip.remove();
    const link = (way || found).layer.k((way || found).feature), pair = link ? model.pairOver(link) : null;
    app.open(found, event.latlng);
    if (pair !== null) { app.mark(pair); }
  });

  function fit(box) {
    if (!Number.isFinite(box[0])) { return; }
    const [west, north] = araxes.decode.lonLat(box[0], box[1]);
    const [east, south] = araxes.decode.lonLat(box[2], box[3]);
    map.fitBounds([[south, west], [north, east]], { padding: [30, 30], maxZoom: 12, animate: false });
  }
  function joined(boxes) {
    return boxes.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]),
                                   Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  }
  // Goes to a place, a layer or a feature that was searched for.
  app.go = function (entry, from) {
    if (entry.at) {
      map.setView(entry.at, Math.max(map.getZoom(), 9), { animate: false });
      const at = el("p", { textContent: araxes.position(model, entry.at), "@dir": "ltr" });
      show(card(data("h2", model.text(entry.names)), at), entry.at, from);
      return;
    }
    if (state.hidden.has(entry.layer.id)) { app.toggle(entry.layer.id, true); panelAnew(); }
    const one = entry.features !== null;
    fit(araxes.sheet.boxOf(entry.layer, one ? new Set([entry.features]) : null));
    const lines = entry.layer.groups[1];
    const feature = one ? entry.features : lines.parts ? lines.owner[0] : 0, at = araxes.sheet.pointOn(entry.layer, feature);
    if (at) {
      const [lon, lat] = araxes.decode.lonLat(...at);
      app.open({ layer: entry.layer, feature }, L.latLng(lat, lon), from);
    }
  };

  function panelAnew() { araxes.panel.render(app, panel); }
  function anew() {
    document.documentElement.lang = state.language;
    ["panel", "sources", "top"].forEach(function (part) {
      document.getElementById(`araxes-${part}`).dir = model.direction();
    });
    panelAnew();
    app.tellTools();
    app.redraw();
    labels.arrange();
    tellCard();
    araxes.link.write(app);
  }
  app.change = function (values) { Object.assign(state, values); anew(); };
  app.day = function (day) {
    state.day = day || null;
    app.tellDay();
    app.tellLegend();
    app.redraw();
    tellCard();
    araxes.link.write(app);
  };
  app.toggle = function (id, on) {
    if (on) { state.hidden.delete(id); } else { state.hidden.add(id); }
    if (!on && state.selected && state.selected.layer.id === id) { map.closePopup(popup); }
    app.redraw();
    labels.arrange();
    araxes.link.write(app);
  };
  // Shows the way of a row of the table.
  app.choose = function (pair, scenario) {
    // The view of before shows the first scenario's ways alone.
    app.change({ pair, scenario, view: scenario > 0 && state.view === "before" ? "difference" : state.view });
    const links = model.changes().map((one) => model.links.get(one[0])).filter(Boolean);
    if (links.length) {
      fit(joined(links.map((at) => araxes.sheet.boxOf(at.layer, new Set([at.feature])))));
    }
  };
  app.mark = function (pair) {
    if (state.pair !== pair) { app.change({ pair }); }
    const row = panel.querySelector(`tr[data-way="${pair}/${model.told()}"]`);
    if (row) { row.scrollIntoView({ block: "nearest" }); }
  };

  const measuring = araxes.furnish(app);
  araxes.link.read(app);
  araxes.link.place(app);
  anew();
  araxes.printing(app, [base, lines]);
  map.on("moveend", () => araxes.link.write(app));
  window.addEventListener("hashchange", function () { if (araxes.link.read(app)) { araxes.link.place(app); anew(); } });
  araxes.app = app;
  document.documentElement.classList.add("araxes-ready");
};

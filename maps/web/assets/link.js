"use strict";
// The state of the page in the address, after "#": a link shows another reader the same.
araxes.link = (function () {
  let written = null, opened = null;
  const position = (map) => `${map.getZoom()}/${map.getCenter()}`;

  function write(app) {
    const { model, map } = app, { state, facts } = model, at = map.getCenter();
    const parts = new URLSearchParams();
    parts.set("map", `${map.getZoom().toFixed(2)}/${at.lat.toFixed(4)}/${at.lng.toFixed(4)}`);
    if (state.day) { parts.set("on", state.day); }
    if (facts.scenarios.length) {
      parts.set("scenario", model.scenario().id);
      parts.set("view", state.view);
    }
    if (state.pair !== null) { parts.set("pair", state.pair); }
    if (app.answers) { app.answers.write(parts); }
    if (app.story) { app.story.write(parts); }
    if (state.language !== facts.page.language) { parts.set("lang", state.language); }
    const isDefault = (layer) => layer.show === !state.hidden.has(layer.id);
    model.switches.forEach(function (layer) {
      if (!isDefault(layer)) { parts.append(state.hidden.has(layer.id) ? "hide" : "show", layer.id); }
    });
    written = "#" + parts.toString();
    // A page inside a notebook has no address of its own to write to.
    try { history.replaceState(null, "", written); } catch (error) { written = null; }
  }

  // Takes from the address the values that the page knows; returns false if there is no new address.
  function read(app) {
    if (!location.hash || location.hash === written) { return false; }
    const { state, facts, defaults } = app.model, parts = new URLSearchParams(location.hash.slice(1));
    // A link that holds the map's position was written by a page, and lacks only default values.
    if (parts.has("map")) { Object.assign(state, defaults()); }
    const day = parts.get("on"), pair = Number(parts.get("pair")), scenario = parts.get("scenario");
    state.day = /^\d{4}-\d\d-\d\d$/.test(day) && !isNaN(Date.parse(day)) ? day : parts.has("map") ? null : state.day;
    const n = facts.scenarios.findIndex(({ id }) => id === scenario);
    if (n >= 0) { state.scenario = n; }
    if (["before", "after", "difference"].includes(parts.get("view"))) { state.view = parts.get("view"); }
    if (parts.has("pair") && facts.pairs[pair]) { state.pair = pair; }
    if (app.answers) { app.answers.read(parts); }
    if (facts.page.languages.some(([code]) => code === parts.get("lang"))) { state.language = parts.get("lang"); }
    app.model.switches.forEach(function (layer) {
      if (parts.getAll("hide").includes(layer.id)) { state.hidden.add(layer.id); }
      if (parts.getAll("show").includes(layer.id)) { state.hidden.delete(layer.id); }
    });
    return true;
  }

  // Moves the map to the place in the address, or to all that the page shows.
  function place(app) {
    const parts = new URLSearchParams(location.hash.slice(1));
    if (app.story && app.story.place(parts)) { return; }
    const [zoom, lat, lon] = (parts.get("map") || "").split("/").map(Number);
    if (parts.has("map") && [zoom, lat, lon].every(Number.isFinite)) {
      app.map.setView([lat, lon], zoom, { animate: false });
    } else { open(app); }
  }
  // Pixels left free around what is shown: a little, or what the buttons take at the left, at the right,
  // at both sides, or above.
  const ROOM = [[20, 20, 20], [54, 20, 20], [20, 20, 58], [54, 20, 58], [20, 160, 20]];
  // Shows all that the page is about, no line of it under a button where that can be; it stays so in a
  // window of another size until the reader acts.
  function open(app) {
    const { bounds: shown, nearest } = app.model.facts.page, { map } = app, points = app.subject();
    const views = ROOM.map(function ([left, top, right]) {
      // One step before the nearest zoom: the reader sees how sure a line is, and can go nearer.
      const options = { paddingTopLeft: [left, top], paddingBottomRight: [right, 20], maxZoom: nearest - 1 };
      return map._getBoundsCenterZoom(L.latLngBounds(shown), options);
    });
    const boxes = app.labels.controls(), nearestFirst = views.slice().sort((a, b) => b.zoom - a.zoom);
    const { center, zoom } = nearestFirst.find((view) => !underButtons(map, view, points, boxes)) || views[0];
    map.setView(center, zoom, { animate: false });
    opened = position(map);
    app.untouched = true;
  }

  // Whether a view has lines of the page's subject under the buttons of the map.
  function underButtons(map, { center, zoom }, points, boxes) {
    const size = 256 * Math.pow(2, zoom), middle = map.project(center, zoom), half = map.getSize().divideBy(2);
    const [dx, dy] = [half.x - middle.x, half.y - middle.y];
    return points.some(([x, y]) => boxes.some(([x0, y0, x1, y1]) => x * size + dx > x0 && x * size + dx < x1 && y * size + dy > y0 && y * size + dy < y1));
  }

  // What the map is meant to show: all that the page is about until the reader moves the map, so
  // that paper need not have the shape of a window.
  function bounds(app) {
    const { page } = app.model.facts;
    return position(app.map) === opened ? L.latLngBounds(page.bounds).pad(0.04) : app.map.getBounds();
  }

  return { write, read, place, open, bounds };
})();

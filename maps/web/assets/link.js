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
  // Shows all that the page is about; it stays so in a window of another size until the reader acts.
  function open(app) {
    const { bounds: shown, nearest } = app.model.facts.page;
    // One step before the nearest zoom: the reader sees how sure a line is, and can go nearer.
    app.map.fitBounds(shown, { padding: [20, 20], maxZoom: nearest - 1, animate: false });
    opened = position(app.map);
    app.untouched = true;
  }

  // What the map is meant to show: all that the page is about until the reader moves the map, so
  // that paper need not have the shape of a window.
  function bounds(app) {
    const { page } = app.model.facts;
    return position(app.map) === opened ? L.latLngBounds(page.bounds).pad(0.04) : app.map.getBounds();
  }

  return { write, read, place, open, bounds };
})();

"use strict";
// The state of the page in the address, after "#": a link shows another reader the same.
araxes.link = (function () {
  let written = null;

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
    if (state.language !== facts.page.language) { parts.set("lang", state.language); }
    const isDefault = (layer) => layer.show === !state.hidden.has(layer.id);
    facts.layers.forEach(function (layer) {
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
    if (facts.page.languages.some(([code]) => code === parts.get("lang"))) { state.language = parts.get("lang"); }
    facts.layers.forEach(function (layer) {
      if (parts.getAll("hide").includes(layer.id)) { state.hidden.add(layer.id); }
      if (parts.getAll("show").includes(layer.id)) { state.hidden.delete(layer.id); }
    });
    return true;
  }

  // Moves the map to the place in the address, or to all that the page shows.
  function place(app) {
    const parts = new URLSearchParams(location.hash.slice(1));
    const [zoom, lat, lon] = (parts.get("map") || "").split("/").map(Number);
    if (parts.has("map") && [zoom, lat, lon].every(Number.isFinite)) {
      app.map.setView([lat, lon], zoom, { animate: false });
    } else {
      app.map.fitBounds(app.model.facts.page.bounds, { padding: [20, 20], animate: false });
    }
  }

  return { write, read, place };
})();

"use strict";
// One A4 page: title, map, routes, legend, sources.
araxes.printing = function (app, canvases) {
  const { map, model } = app, box = map.getContainer(), { el, swatch } = araxes.elements;
  // The bounds shown on the screen, while the page is laid out for paper.
  let before = null;

  // The texts below the map; the panel's buttons and fields are of no use on paper.
  function paper() {
    const { facts, state, word, text } = model, list = el("ul", { className: "araxes-keys" });
    const shown = model.shownLayers().filter((layer) => !layer.quiet && layer.id !== "places" && !model.legendEntry(layer).absent);
    shown.slice(0, 24).forEach(function (layer) {
      list.append(el("li", {}, swatch(facts.styles[layer.w], model.legendEntry(layer).dash, layer.id === "crossings" ? "dot" : ""),
                     el("span", { textContent: text(layer.names), "@dir": "auto" })));
    });
    const line = [state.day ? model.filled("ui-status-on", model.date(state.day)) : "",
                        facts.scenarios.length ? text(model.scenario().names) : ""].filter(Boolean).join(" · ");
    const changes = document.querySelector("#araxes-comparison .araxes-keys");
    const keys = document.getElementById("araxes-styles"), routes = document.getElementById("araxes-ways");
    const cited = [...new Set(shown.flatMap((layer) => layer.sources))].map((key) => facts.sources[key].citation);
    const most = 10, rest = cited.length > most ? ` … (+ ${cited.length - most})` : "";
    return el("div", { id: "araxes-paper", "@dir": model.direction() }, el("p", { textContent: line, "@dir": "auto" }),
              routes && state.pair !== null ? rowsOf(routes, state.pair) : "",
              routes ? el("p", { className: "araxes-fine", "@dir": "auto", textContent: document.getElementById("araxes-ways-note").textContent }) : "",
              changes ? changes.cloneNode(true) : "", list, keys ? keys.cloneNode(true) : "",
              el("p", { className: "araxes-fine", "@dir": "auto", textContent: `${word("ui-sources")}: ${facts.page.attributions.join("; ")}; ${cited.slice(0, most).join("; ")}${rest}` }),
              el("p", { className: "araxes-fine", "@dir": "auto", textContent: document.getElementById("araxes-made").textContent }));
  }
  // The table of the routes with the rows of one pair.
  function rowsOf(routes, pair) {
    const copy = routes.cloneNode(true);
    copy.querySelectorAll("tbody").forEach((body, n) => { if (n !== pair) { body.remove(); } });
    return copy;
  }
  function begin() {
    if (before) { return; }
    before = { bounds: map.getBounds() };
    document.documentElement.classList.add("araxes-printing");
    document.body.append(paper());
    app.printing = true;
    canvases.forEach((canvas) => { canvas.fine = 3; });
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.bounds, { animate: false });
    app.redraw();
  }
  function end() {
    if (!before) { return; }
    document.documentElement.classList.remove("araxes-printing");
    document.getElementById("araxes-paper").remove();
    app.printing = false;
    canvases.forEach((canvas) => { canvas.fine = 1; });
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.bounds, { animate: false });
    before = null;
    app.redraw();
  }
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return box;
};

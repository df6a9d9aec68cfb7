"use strict";
// One clean A4 page: title, map, ways, legend, sources.
araxes.printing = function (app, sheets) {
  const { map, model } = app, box = map.getContainer(), { el } = araxes.panel;
  let before = null;

  // What the paper says besides the map; the panel's buttons and fields are of no use there.
  function paper() {
    const { facts, state, word, text } = model, list = el("ul", { className: "araxes-keys" });
    const shown = model.shown().filter((layer) => !layer.quiet && layer.id !== "places" && !model.standing(layer).absent);
    shown.slice(0, 24).forEach(function (layer) {
      list.append(el("li", {}, araxes.panel.swatch(facts.styles[layer.w], model.standing(layer).dash, layer.id === "crossings" ? "dot" : ""),
                     el("span", { textContent: text(layer.names), "@dir": "auto" })));
    });
    const line = [state.day ? model.filled("ui-status-on", model.date(state.day)) : "",
                        facts.scenarios.length ? text(model.scenario().names) : ""].filter(Boolean).join(" · ");
    const changes = document.querySelector("#araxes-comparison .araxes-keys");
    const keys = document.getElementById("araxes-styles"), ways = document.getElementById("araxes-ways");
    const cited = [...new Set(shown.flatMap((layer) => layer.sources))].map((key) => facts.sources[key].citation);
    const most = 10, more = cited.length > most ? ` … (+ ${cited.length - most})` : "";
    return el("div", { id: "araxes-paper", "@dir": model.direction() }, el("p", { textContent: line, "@dir": "auto" }),
              ways && state.pair !== null ? rowsOf(ways, state.pair) : "",
              ways ? el("p", { className: "araxes-fine", "@dir": "auto", textContent: document.getElementById("araxes-ways-note").textContent }) : "",
              changes ? changes.cloneNode(true) : "", list, keys ? keys.cloneNode(true) : "",
              el("p", { className: "araxes-fine", "@dir": "auto", textContent: `${word("ui-sources")}: ${facts.page.attributions.join("; ")}; ${cited.slice(0, most).join("; ")}${more}` }),
              el("p", { className: "araxes-fine", "@dir": "auto", textContent: document.getElementById("araxes-made").textContent }));
  }
  // The table of the ways with the rows of one pair.
  function rowsOf(ways, pair) {
    const copy = ways.cloneNode(true);
    copy.querySelectorAll("tbody").forEach((body, n) => { if (n !== pair) { body.remove(); } });
    return copy;
  }
  function begin() {
    if (before) { return; }
    before = { bounds: map.getBounds() };
    document.documentElement.classList.add("araxes-printing");
    document.body.append(paper());
    app.printing = true;
    sheets.forEach((one) => { one.fine = 3; });
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.bounds, { animate: false });
    app.redraw();
  }
  function end() {
    if (!before) { return; }
    document.documentElement.classList.remove("araxes-printing");
    document.getElementById("araxes-paper").remove();
    app.printing = false;
    sheets.forEach((one) => { one.fine = 1; });
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(before.bounds, { animate: false });
    before = null;
    app.redraw();
  }
  window.addEventListener("beforeprint", begin);
  window.addEventListener("afterprint", end);
  return box;
};

"use strict";
// The legend of the page: a row for each layer, what dashes and marks stand for, and the colours of
// compared routes.
araxes.legend = (function () {
  const { el, data, swatch, part } = araxes.elements;
  const GROUPS = ["borders", "corridors", "network", "tables", "base"];

  // All layers by group, each with its switch, and the key of dashes and marks.
  function layers(app) {
    const { facts, word } = app.model, parts = [];
    app.legendRows = [];
    app.updateLegend = () => app.legendRows.forEach((update) => update());
    GROUPS.forEach(function (group) {
      const members = facts.layers.filter((layer) => layer.group === group);
      if (!members.length) { return; }
      parts.push(el("h3", { textContent: word(`ui-${group}`) }),
                 el("ul", { className: "araxes-layers" }, ...members.map((layer) => layerRow(app, layer))));
    });
    const styles = el("ul", { className: "araxes-keys", id: "araxes-styles" });
    facts.page.states.forEach(function ([words, dash]) {
      styles.append(el("li", {}, swatch({ c: "#222", w: 3, f: 0 }, dash),
                       el("span", { textContent: words.map(word).join(" / ") })));
    });
    if (facts.layers.some((layer) => layer.id === "crossings")) {
      styles.append(el("li", {}, swatch({ c: "#b00020", w: 2, f: 0 }, [], "cross"),
                       el("span", { textContent: word("ui-crossing-closed") })),
                    el("li", {}, swatch({ c: "#2d5d4b", w: 2, f: 0 }, [], "ring"),
                       el("span", { textContent: word("ui-crossing-unknown") })));
    }
    app.updateLegend();
    const tolerance = facts.page.tolerance
      ? el("p", { className: "araxes-fine", textContent: app.model.filled("ui-simplified", app.model.number(facts.page.tolerance, 0)) }) : null;
    return part("araxes-legend", word("ui-legend"), true, ...parts, el("h3", { textContent: word("ui-styles") }),
                styles, ...[tolerance].filter(Boolean));
  }

  // A layer's switch, swatch, name and note, and the button that goes to it.
  function layerRow(app, layer) {
    const { model } = app, { facts, state, word, text } = model;
    const box = el("input", { type: "checkbox", checked: !state.hidden.has(layer.id), "@data-layer": layer.id });
    box.addEventListener("change", () => app.toggle(layer.id, box.checked));
    const points = !layer.g[0][0] && !layer.g[1][0] && layer.g[2][0], kind = points || layer.id === "places" ? "dot" : "";
    const drawn = el("span", { className: "araxes-swatch" }), note = el("small", {});
    const row = el("li", {}, el("label", { className: "araxes-line" }, box, drawn, data("span", text(layer.names)), note));
    app.legendRows.push(function () {
      const entry = model.legendEntry(layer);
      drawn.replaceChildren(swatch(facts.styles[layer.w], entry.dash, kind));
      note.textContent = entry.note ? `(${word(entry.note)})` : "";
      row.classList.toggle("araxes-absent", entry.absent);
    });
    if (!layer.quiet) {
      const go = el("button", { type: "button", className: "araxes-go", id: `araxes-go-${layer.id}`, textContent: "⌖", title: word("ui-go"),
                                "@aria-label": `${word("ui-go")}: ${text(layer.names)}` });
      go.addEventListener("click", () => app.go({ layer, features: null }, go));
      row.append(go);
    }
    return row;
  }

  // The colours of links kept, gained and lost, as far as they are shown.
  function changes(app) {
    const { model } = app, { facts, state, word, text } = model, list = el("ul", { className: "araxes-keys" });
    // A route that is compared with none goes by the name of its scenario.
    const single = model.shownScenario() === 0 ? 0 : state.view === "after" ? state.scenario : null;
    const shown = new Set(model.changes().map(([, change]) => change));
    ["kept", "gained", "lost"].forEach(function (change) {
      if (!shown.has(change)) { return; }
      const style = facts.changes[change];
      list.append(el("li", {}, swatch({ c: style.c, w: style.w, f: 0 }, []),
                     el("span", { textContent: single === null ? word(`ui-${change}`) : text(facts.scenarios[single].names) })));
    });
    if (model.changes().some(([, , unbuilt]) => unbuilt)) {
      list.append(el("li", {}, swatch({ c: facts.changes.gained.c, w: 5, f: 0 }, facts.states.planned),
                     el("span", { textContent: word("unbuilt") })));
    }
    return list;
  }

  return { layers, changes };
})();

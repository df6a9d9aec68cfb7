"use strict";
// Names on the map. A name stands where it covers the fewest lines and marks, and is left out where
// it would touch another name.
araxes.labels = function (map, model) {
  const { facts } = model, { el } = araxes.elements, layer = facts.layers.find(({ id }) => id === "places");
  const group = L.layerGroup().addTo(map), ink = document.createElement("canvas").getContext("2d");
  const ranked = facts.places.filter((place) => place.k).sort((a, b) => a.k - b.k);
  // Pixels of a cell; pixels around the view that are looked at; parts from which a layer is not
  // looked at; cost of a region's name a pixel of its half width above which it is left out; and
  // the sides of a dot on which a name may stand, the best first.
  const CELL = 5, MARGIN = 120, MANY = 3000, CROWDED = 1, SIDES = ["right", "left", "above", "below"];

  // The part of a step from a by d that lies between 0 and most, as shares; none if the first is larger.
  function inside(a, d, most, [from, to]) {
    if (d === 0) { return a >= 0 && a <= most ? [from, to] : [1, 0]; }
    const t = -a / d, u = (most - a) / d;
    return [Math.max(from, Math.min(t, u)), Math.min(to, Math.max(t, u))];
  }

  // Cells of the view that hold a line or a mark, counted from the corner of the world, so that
  // names keep their sides while the map is moved.
  function crowded() {
    const view = map.getPixelBounds(), size = 256 * Math.pow(2, map.getZoom());
    const west = Math.floor((view.min.x - MARGIN) / CELL), north = Math.floor((view.min.y - MARGIN) / CELL);
    const wide = Math.ceil((view.max.x + MARGIN) / CELL) - west, high = Math.ceil((view.max.y + MARGIN) / CELL) - north;
    const cells = new Uint8Array(wide * high);
    function mark(x, y, weight) {
      const at = Math.floor(y) * wide + Math.floor(x);
      if (x >= 0 && y >= 0 && x < wide && y < high && cells[at] < weight) { cells[at] = weight; }
    }
    const column = (x) => x * size / CELL - west, row = (y) => y * size / CELL - north;
    function line(g, p, weight) {
      for (let n = g.start[p] + 1; n < g.start[p + 1]; n++) {
        const x = column(g.x[n - 1]), y = row(g.y[n - 1]), dx = column(g.x[n]) - x, dy = row(g.y[n]) - y;
        const [from, to] = inside(y, dy, high, inside(x, dx, wide, [0, 1])), steps = Math.ceil((to - from) * Math.hypot(dx, dy));
        for (let s = 0; from <= to && s <= steps; s++) {
          const t = from + (to - from) * s / (steps || 1);
          mark(x + t * dx, y + t * dy, weight);
        }
      }
    }
    function dot(g, p) {
      for (let n = g.start[p]; n < g.start[p + 1]; n++) {
        for (let i = -1; i <= 1; i++) {
          for (let j = -1; j <= 1; j++) { mark(column(g.x[n]) + i, row(g.y[n]) + j, 6); }
        }
      }
    }
    model.shownLayers().forEach(function (drawn) {
      if (drawn.quiet && drawn.id !== "country-borders") { return; }
      drawn.groups.forEach(function (g, kind) {
        if (g.parts > MANY) { return; }
        for (let p = 0; p < g.parts; p++) {
          if (model.lookOf(drawn, g.owner[p]) === null) { continue; }
          if (kind === 2) { dot(g, p); } else { line(g, p, drawn.quiet ? 1 : 2); }
        }
      });
    });
    const left = view.min.x / CELL - west, top = view.min.y / CELL - north;
    // How much a box, in pixels of the view, would cover.
    return function ([x0, y0, x1, y1]) {
      let sum = 0;
      for (let y = Math.floor(y0 / CELL + top); y <= y1 / CELL + top; y++) {
        for (let x = Math.floor(x0 / CELL + left); x <= x1 / CELL + left; x++) {
          if (x >= 0 && y >= 0 && x < wide && y < high) { sum += cells[y * wide + x]; }
        }
      }
      return sum;
    };
  }

  const family = getComputedStyle(document.body).fontFamily;
  function width(text, font) {
    ink.font = `${font} ${family}`;
    return ink.measureText(text).width + 4;
  }
  function beside(at, wide, side) {
    const x = side === "right" ? at.x + 6 : side === "left" ? at.x - 6 - wide : at.x - wide / 2;
    const y = side === "above" ? at.y - 21 : side === "below" ? at.y + 5 : at.y - 8;
    return [x, y, x + wide, y + 16];
  }
  // The cheapest box that is free; each box costs a step more than the one before it.
  function cheapest(boxes, free, cost, step) {
    let best = null;
    boxes.forEach(function (box, n) {
      const price = free(box) ? cost(box) + step * n : Infinity;
      if (price < Infinity && (best === null || price < best.price)) { best = { box, n, price }; }
    });
    return best;
  }

  function places(free, take, cost) {
    const zoom = map.getZoom(), size = map.getSize(), paper = document.documentElement.classList.contains("araxes-printing");
    // On paper nobody can move a name into view that the edge has cut.
    const whole = (box) => !paper || (box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y);
    ranked.forEach(function (place) {
      if (zoom < 4 + 1.5 * place.k) { return; }
      const at = map.latLngToContainerPoint([place.y, place.x]), dot = [at.x - 4, at.y - 4, at.x + 4, at.y + 4];
      if (at.x < -100 || at.y < -20 || at.x > size.x + 20 || at.y > size.y + 20 || !free(dot)) { return; }
      const minor = place.k > 1, name = model.text(place.n), wide = width(name, minor ? "400 11px" : "600 12px");
      const label = cheapest(SIDES.map((side) => beside(at, wide, side)), (box) => whole(box) && free(box), cost, 3);
      if (!label) { return; }
      take(dot);
      take(label.box);
      const text = el("span", { textContent: name, "@dir": "auto",
                                className: `araxes-label araxes-${SIDES[label.n]}${minor ? " araxes-minor" : ""}` });
      const icon = L.divIcon({ className: "araxes-place", html: text, iconSize: [6, 6] });
      L.marker([place.y, place.x], { icon, interactive: false, keyboard: false, pane: "labels" }).addTo(group);
    });
  }
  // Countries and seas: at the emptiest anchor in view that is clear of names and buttons.
  function regions(free, take, cost) {
    const size = map.getSize();
    facts.anchors.forEach(function (anchor) {
      const name = model.word(anchor.w), half = 0.55 * width(name, "400 13px") + 4, boxes = [], positions = [];
      for (let n = 0; n < anchor.p.length; n += 2) {
        const latlng = [anchor.p[n + 1], anchor.p[n]], at = map.latLngToContainerPoint(latlng);
        const box = [at.x - half, at.y - 10, at.x + half, at.y + 10];
        if (box[0] < 56 || box[1] < 12 || box[2] > size.x - 56 || box[3] > size.y - 64) { continue; }
        boxes.push(box);
        positions.push(latlng);
      }
      const label = cheapest(boxes, free, (box) => 3 * cost(box), 1);
      // A name covered by lines could not be read.
      if (!label || cost(label.box) > CROWDED * half) { return; }
      take(label.box);
      const text = el("span", { textContent: name, "@dir": "auto" });
      const icon = L.divIcon({ className: "araxes-region" + (anchor.s ? " araxes-sea" : ""), html: text, iconSize: [2 * half, 20] });
      L.marker(positions[label.n], { icon, interactive: false, keyboard: false, pane: "regions" }).addTo(group);
    });
  }
  function arrange() {
    group.clearLayers();
    if (model.state.hidden.has(layer.id)) { return; }
    const taken = [], cost = crowded();
    const free = (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
    const take = (box) => taken.push(box);
    places(free, take, cost);
    regions(free, take, cost);
  }
  map.on("zoomend moveend resize", arrange);
  return { arrange };
};

"use strict";
// Names on the map. The towns at which a border or corridor ends come first, then countries and seas:
// each stands within the part of its own area that is in view, near the middle of it, where it covers
// the fewest lines and towns. The other towns follow, those by the lines shown before others, each
// where it covers the fewest lines and marks, and are left out where they would touch another name.
// In the room that is left, borders and corridors are named beside their lines, in their colours.
araxes.labels = function (map, model, slow) {
  const { facts } = model, { el } = araxes.elements, layer = facts.layers.find(({ id }) => id === "places");
  const group = L.layerGroup().addTo(map), ink = document.createElement("canvas").getContext("2d");
  const ranked = facts.places.filter((place) => place.k).sort((a, b) => a.k - b.k);
  // Whose ground a place is: a picture of the base map in which each country and sea is filled from its
  // anchors up to borders and shores. Made once, when the first names are placed.
  const FINE = 1000;
  let picture = null;
  function ground() {
    if (picture) { return picture; }
    const land = facts.layers.find(({ id }) => id === "land"), borders = facts.layers.find(({ id }) => id === "country-borders");
    // A study of its own has no base map, and so no ground that is anyone's.
    if (!land) { picture = () => 0; return picture; }
    const [west, north, east, south] = araxes.canvas.boxOf(land, null), size = FINE / (east - west), high = Math.ceil(size * (south - north));
    const canvas = document.createElement("canvas"), paint = canvas.getContext("2d", { willReadFrequently: true });
    Object.assign(canvas, { width: FINE, height: high });
    const trace = function (g, keep) {
      paint.beginPath();
      for (let p = 0; p < g.parts; p++) {
        if (!keep(g.owner[p])) { continue; }
        for (let n = g.start[p]; n < g.start[p + 1]; n++) {
          const x = (g.x[n] - west) * size, y = (g.y[n] - north) * size;
          if (n === g.start[p]) { paint.moveTo(x, y); } else { paint.lineTo(x, y); }
        }
      }
    };
    // The first shape of the layer is the sea.
    trace(land.groups[0], (n) => n > 0);
    paint.fillStyle = "#0000ff";
    paint.fill("evenodd");
    trace(borders.groups[1], () => true);
    Object.assign(paint, { strokeStyle: "#ff0000", lineWidth: 1.2 });
    paint.stroke();
    const pixels = new Uint32Array(paint.getImageData(0, 0, FINE, high).data.buffer), wide = FINE + 2;
    // 1 for land, 2 for sea, 0 for a border and for the edge around the picture. Red holds a border;
    // where blue is faint it is sea.
    const kind = new Uint8Array(wide * (high + 2)), owner = new Uint8Array(kind.length), queue = new Int32Array(kind.length);
    for (let y = 0, from = 0; y < high; y++) {
      for (let x = 0, to = (y + 1) * wide + 1; x < FINE; x++, from++, to++) {
        const pixel = pixels[from];
        kind[to] = (pixel & 255) > 60 ? 0 : ((pixel >> 16) & 255) < 128 ? 2 : 1;
      }
    }
    let last = 0;
    const cellOf = (x, y) => (Math.round((y - north) * size) + 1) * wide + Math.round((x - west) * size) + 1;
    facts.anchors.forEach(function (anchor, n) {
      for (let i = 0; i < anchor.p.length; i += 2) {
        const at = cellOf(araxes.decode.worldX(anchor.p[i]), araxes.decode.worldY(anchor.p[i + 1]));
        if (kind[at] === (anchor.s ? 2 : 1) && !owner[at]) { owner[at] = n + 1; queue[last++] = at; }
      }
    });
    for (let first = 0; first < last; first++) {
      const at = queue[first], n = owner[at], own = kind[at], left = at - 1, right = at + 1, up = at - wide, down = at + wide;
      if (kind[left] === own && owner[left] === 0) { owner[left] = n; queue[last++] = left; }
      if (kind[right] === own && owner[right] === 0) { owner[right] = n; queue[last++] = right; }
      if (kind[up] === own && owner[up] === 0) { owner[up] = n; queue[last++] = up; }
      if (kind[down] === own && owner[down] === 0) { owner[down] = n; queue[last++] = down; }
    }
    // The number of an anchor at a point of the unit square, from 1; 0 if nobody's.
    picture = (x, y) => (x > west && x < east && y > north && y < south ? owner[cellOf(x, y)] : 0);
    return picture;
  }

  // Pixels of a cell; pixels around the view that are looked at; parts from which a layer is not
  // looked at; the sides of a dot on which a name may stand, the best first; the letters of a region's
  // name, the best first; pixels that such a name keeps from the edge; what a region's name costs that
  // covers a town of rank 1, 2, 3, 4 or its name; what it costs a pixel away from the middle; the pixels
  // between places tried for it, the share of its box that must be its own ground, and what a box
  // costs that is wholly another's.
  // The weight of a cell on a line that the map is about, how many cells from one a town lies by it,
  // and within how many pixels of its end it lies at that.
  const SUBJECT = 4, BESIDE = 2, END = 12;
  // Groups of layers whose lines end somewhere, and the last rank of the towns that may come first.
  const SYSTEMS = ["borders", "corridors"], KNOWN = 2;
  const CELL = 5, MARGIN = 120, MANY = 3000, SIDES = ["right", "left", "above", "below"];
  const LETTERS = [13, 11], EDGE = 4, TOWN = [60, 60, 20, 5, 2], AWAY = 0.12, STEP = 12, OWN = 0.35, FOREIGN = 60;

  // The part of a step from a by d that lies between 0 and most, as shares; none if the first is larger.
  function inside(a, d, most, [from, to]) {
    if (d === 0) { return a >= 0 && a <= most ? [from, to] : [1, 0]; }
    const t = -a / d, u = (most - a) / d;
    return [Math.max(from, Math.min(t, u)), Math.min(to, Math.max(t, u))];
  }

  // Cells of a view that hold a line or a mark, counted from the corner of the world, so that
  // names keep their sides while the map is moved.
  function crowded({ size, dx, dy, width, height }) {
    const west = Math.floor((-dx - MARGIN) / CELL), north = Math.floor((-dy - MARGIN) / CELL);
    const wide = Math.ceil((width - dx + MARGIN) / CELL) - west, high = Math.ceil((height - dy + MARGIN) / CELL) - north;
    const cells = new Uint8Array(wide * high), routes = model.routeLinks(), ends = [];
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
          const subject = routes.has(drawn) ? routes.get(drawn).has(g.owner[p]) : drawn.group !== "network";
          if (kind === 2) { dot(g, p); } else { line(g, p, drawn.quiet ? 1 : subject ? SUBJECT : 2); }
          // Under routes, which have towns of their own, corridors are but a part of the picture.
          if (kind === 1 && !routes.size && SYSTEMS.includes(drawn.group)) { ends.push([g.x[g.start[p]], g.y[g.start[p]]], [g.x[g.start[p + 1] - 1], g.y[g.start[p + 1] - 1]]); }
        }
      });
    });
    const left = -dx / CELL - west, top = -dy / CELL - north;
    const each = function ([x0, y0, x1, y1], look) {
      for (let y = Math.floor(y0 / CELL + top); y <= y1 / CELL + top; y++) {
        for (let x = Math.floor(x0 / CELL + left); x <= x1 / CELL + left; x++) {
          if (x >= 0 && y >= 0 && x < wide && y < high) { look(cells[y * wide + x]); }
        }
      }
    };
    // Whether a point lies at the end of a border or corridor; how much a box, in pixels of the view,
    // would cover; how many cells of it lie on what the map is about; and whether a point lies by a
    // line shown.
    return {
      ending: ({ x, y }) => ends.some((end) => Math.hypot(end[0] * size + dx - x, end[1] * size + dy - y) < END),
      onSubject(box) { let count = 0; each(box, (weight) => { count += weight >= SUBJECT; }); return count; },
      cost(box) { let sum = 0; each(box, (weight) => { sum += weight; }); return sum; },
      beside({ x, y }) {
        const reach = BESIDE * CELL;
        let found = false;
        each([x - reach, y - reach, x + reach, y + reach], (weight) => { found = found || weight === SUBJECT; });
        return found;
      }
    };
  }

  const family = getComputedStyle(document.body).fontFamily;
  function width(text, font) {
    ink.font = `${font} ${family}`;
    return ink.measureText(text).width + 4;
  }
  function pixel(view, lat, lon) {
    return { x: araxes.decode.worldX(lon) * view.size + view.dx, y: araxes.decode.worldY(lat) * view.size + view.dy };
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

  // The points in view that are each anchor's ground, STEP pixels apart and counted from the corner of
  // the world, so that names stay where they are while the map is moved.
  function grounds(view) {
    const whose = ground(), own = new Map();
    const from = (d) => d - Math.floor(d / STEP) * STEP;
    for (let y = from(view.dy); y < view.height; y += STEP) {
      for (let x = from(view.dx); x < view.width; x += STEP) {
        const n = whose((x - view.dx) / view.size, (y - view.dy) / view.size);
        if (!n) { continue; }
        if (!own.has(n - 1)) { own.set(n - 1, []); }
        own.get(n - 1).push([x, y]);
      }
    }
    return own;
  }
  // Countries and seas of which a part is in view.
  function regions(view, { free, take, cost }, towns) {
    const whose = ground(), own = grounds(view);
    const burden = (box) => towns.reduce((sum, { at, k }) => sum +
      (at.x + 60 > box[0] && at.x - 6 < box[2] && at.y + 9 > box[1] && at.y - 9 < box[3] ? TOWN[Math.floor(k)] : 0), 0);
    // The share of a box that is an anchor's own ground.
    const share = function ([x0, y0, x1, y1], n) {
      let count = 0;
      for (let i = 0; i <= 6; i++) {
        for (let j = 0; j <= 2; j++) {
          count += whose((x0 + (x1 - x0) * i / 6 - view.dx) / view.size, (y0 + (y1 - y0) * j / 2 - view.dy) / view.size) === n + 1;
        }
      }
      return count / 21;
    };
    // Those with the least room choose first.
    return [...own].sort((a, b) => a[1].length - b[1].length).map(function ([n, points]) {
      const anchor = facts.anchors[n], text = model.word(anchor.w);
      const middle = [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
      const away = (box) => AWAY * Math.hypot((box[0] + box[2]) / 2 - middle[0], (box[1] + box[3]) / 2 - middle[1]);
      const near = points.map(([x, y]) => [x, y, Math.hypot(x - middle[0], y - middle[1])]).sort((a, b) => a[2] - b[2]);
      // Many are enough for a choice; all would take a while.
      const tried = near.filter((_, i) => i % Math.ceil(near.length / 240) === 0);
      for (const letters of LETTERS) {
        const half = 0.55 * width(text, `400 ${letters}px`) + 4, high = letters * 0.77;
        const boxes = tried.map(function ([px, py]) {
          const x = Math.max(half + EDGE, Math.min(view.width - half - EDGE, px)), y = Math.max(high + EDGE, Math.min(view.height - high - EDGE, py));
          return [x - half, y - high, x + half, y + high];
        });
        const label = cheapest(boxes, (box) => free(box) && share(box, n) >= OWN,
                               (box) => 3 * cost(box) + burden(box) + away(box) + FOREIGN * (1 - share(box, n)), 0);
        if (!label) { continue; }
        take(label.box);
        return { kind: "region", text, box: label.box, letters, sea: anchor.s };
      }
      return null;
    });
  }
  // Towns that a view of this size names, if there is room. A town by a line shown counts as one of
  // the rank above, a village nearly so; in another script, villages are named only where their name in it is known.
  const LATIN = ["en", "tr", "az"];
  function townsIn(view, { beside }) {
    const zoom = Math.log2(view.size / 256), { language } = model.state;
    return ranked.filter((place) => zoom >= 2.5 + 1.5 * place.k && (place.k < 4 || LATIN.includes(language) || place.n[language]))
      .map((place) => ({ place, at: pixel(view, place.y, place.x) }))
      .filter(({ at }) => at.x >= -100 && at.y >= -20 && at.x <= view.width + 20 && at.y <= view.height + 20)
      .map(({ place, at }) => ({ place, at, k: place.k - (beside(at) ? (place.k < 4 ? 1 : 0.4) : 0) }))
      .filter(({ k }) => zoom >= 4 + 1.5 * k).sort((a, b) => a.k - b.k);
  }
  function places(view, { free, take, cost }, towns) {
    const inside = (box) => (box[0] >= 0 && box[1] >= 0 && box[2] <= view.width && box[3] <= view.height);
    return towns.map(function ({ place, at }) {
      const dot = [at.x - 4, at.y - 4, at.x + 4, at.y + 4];
      if (!free(dot)) { return null; }
      const minor = place.k > 1, text = model.text(place.n), wide = width(text, minor ? "400 11px" : "600 12px");
      const label = cheapest(SIDES.map((side) => beside(at, wide, side)), (box) => inside(box) && free(box), cost, 3);
      if (!label) { return null; }
      take(dot);
      take(label.box);
      return { kind: "place", text, box: label.box, dot: at, side: SIDES[label.n], minor, at: [place.y, place.x] };
    });
  }

  // Borders and corridors that have lines, if there are several: one alone is what the title names.
  // Notes in brackets are left to the legend, unless two would be called alike.
  // So many at most; pixels between places tried along a line, and from it to its name; what a place
  // costs at which another line runs beside it.
  const MOST = 12, EVERY = 24, NEAR = 9, SHARED = 12;
  function systemsShown() {
    const shown = model.shownLayers().filter((drawn) => SYSTEMS.includes(drawn.group) && !drawn.id.endsWith("-band") && drawn.groups[1].parts && !model.legendEntry(drawn).absent);
    if (shown.length < 2 || shown.length > MOST) { return []; }
    const plain = (drawn) => model.text(drawn.names).replace(/ *\([^)]*\)$/, ""), called = shown.map(plain);
    return shown.map((drawn, n) => ({ drawn, text: called.indexOf(called[n]) === called.lastIndexOf(called[n]) ? called[n] : model.text(drawn.names) }));
  }
  // The points of the lines of a layer in view, EVERY pixels apart.
  function along(drawn, view) {
    const g = drawn.groups[1], points = [];
    for (let p = 0; p < g.parts; p++) {
      if (model.lookOf(drawn, g.owner[p]) === null) { continue; }
      for (let n = g.start[p], since = EVERY; n < g.start[p + 1]; n++) {
        const x = g.x[n] * view.size + view.dx, y = g.y[n] * view.size + view.dy;
        const before = n > g.start[p] ? [g.x[n - 1] * view.size + view.dx, g.y[n - 1] * view.size + view.dy] : [x, y];
        const long = Math.hypot(x - before[0], y - before[1]);
        for (let at = EVERY - since; at <= long && points.length < 400; at += EVERY) {
          const t = long ? at / long : 0, point = [before[0] + t * (x - before[0]), before[1] + t * (y - before[1])];
          if (point[0] > 0 && point[1] > 0 && point[0] < view.width && point[1] < view.height) { points.push(point); }
        }
        since = (since + long) % EVERY;
      }
    }
    return points;
  }
  // Those with the least of a line choose first, where no other line runs beside theirs.
  function systems(view, { free, take, cost, onSubject }) {
    const inside = (box) => (box[0] >= EDGE && box[1] >= EDGE && box[2] <= view.width - EDGE && box[3] <= view.height - EDGE);
    const shown = systemsShown().map((system) => ({ ...system, points: along(system.drawn, view) })).filter(({ points }) => points.length);
    const shared = ([x, y], own) => shown.filter(({ points }) => points !== own && points.some((other) => Math.hypot(other[0] - x, other[1] - y) < EVERY)).length;
    return shown.sort((a, b) => a.points.length - b.points.length).map(function ({ drawn, text, points }) {
      const wide = width(text, "600 11px"), middle = points[points.length >> 1];
      const boxes = points.flatMap(function ([x, y]) {
        const price = SHARED * shared([x, y], points) + AWAY * Math.hypot(x - middle[0], y - middle[1]);
        return [[x + NEAR, y - 8], [x - NEAR - wide, y - 8], [x - wide / 2, y - NEAR - 16], [x - wide / 2, y + NEAR]].map(([left, top]) => Object.assign([left, top, left + wide, top + 16], { price }));
      });
      const label = cheapest(boxes, (box) => inside(box) && free(box) && onSubject(box) <= 1, (box) => cost(box) + box.price, 0);
      if (!label) { return null; }
      take(label.box);
      return { kind: "system", text, box: label.box, colour: facts.styles[drawn.w].c };
    });
  }

  // The names of a view, each with its text and its box in pixels: regions first, then towns.
  // blocked are boxes that stay free.
  function names(view, { blocked }) {
    if (model.state.hidden.has(layer.id)) { return []; }
    const lines = crowded(view), taken = blocked.slice(), towns = townsIn(view, lines);
    const room = {
      free: (box) => taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]),
      take: (box) => taken.push(box), cost: lines.cost, onSubject: lines.onSubject
    };
    const last = towns.filter(({ place, at }) => place.k <= KNOWN && lines.ending(at)), others = towns.filter((town) => !last.includes(town));
    return [...places(view, room, last), ...regions(view, room, others), ...places(view, room, others), ...systems(view, room)].filter(Boolean);
  }

  // The boxes of the buttons over the map.
  function controls() {
    const frame = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((e) => e.getBoundingClientRect()).filter((r) => r.width && r.height)
      .map((r) => [r.left - frame.left - 2, r.top - frame.top - 2, r.right - frame.left + 2, r.bottom - frame.top + 2]);
  }
  function mark(name) {
    const text = el("span", { textContent: name.text, "@dir": "auto" }), [x0, y0, x1, y1] = name.box;
    if (name.kind === "place") {
      text.className = `araxes-label araxes-${name.side}${name.minor ? " araxes-minor" : ""}`;
      return L.marker(name.at, { icon: L.divIcon({ className: "araxes-place", html: text, iconSize: [6, 6] }), interactive: false, keyboard: false, pane: "labels" });
    }
    if (name.kind === "system") {
      text.style.color = araxes.theme.letters(name.colour);
      const icon = L.divIcon({ className: "araxes-system", html: text, iconSize: [x1 - x0, y1 - y0] });
      return L.marker(map.containerPointToLatLng([(x0 + x1) / 2, (y0 + y1) / 2]), { icon, interactive: false, keyboard: false, pane: "regions" });
    }
    const className = `araxes-region${name.sea ? " araxes-sea" : ""}${name.letters < LETTERS[0] ? " araxes-narrow" : ""}`;
    const icon = L.divIcon({ className, html: text, iconSize: [x1 - x0, y1 - y0] });
    return L.marker(map.containerPointToLatLng([(x0 + x1) / 2, (y0 + y1) / 2]), { icon, interactive: false, keyboard: false, pane: "regions" });
  }
  let following = false;
  function arrange() {
    if (!following) { return; }
    group.clearLayers();
    const { min, max } = map.getPixelBounds();
    const view = { size: 256 * Math.pow(2, map.getZoom()), dx: -min.x, dy: -min.y, width: max.x - min.x, height: max.y - min.y };
    names(view, { blocked: controls() }).forEach((name) => mark(name).addTo(group));
  }
  // Places the names, now and whenever the map has moved; after every zoom comes a move. Where drawing
  // the lines fills a frame, names wait for the next one.
  let frame = null;
  function follow() {
    following = true;
    arrange();
    map.on("moveend resize", function () {
      if (!slow()) { arrange(); return; }
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(arrange);
    });
  }
  return { arrange, follow, names, controls };
};

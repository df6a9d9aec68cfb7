"use strict";
// Draws packed layers on one canvas and finds the feature under the pointer. Throughout, ink is the
// 2-D context of the canvas, g a group of parts of one kind as decode.js makes it, p the index of
// a part in it, and lookOf a function: feature → {style, dash, mark}, one object for all features
// that look alike, or null for one that is not drawn. What draws much is a generator, which yields
// after each some hundreds of strokes, so that a picture may take several frames.
araxes.canvas = (function () {
  const AREAS = 0, LINES = 1, POINTS = 2;
  // Strokes to a path; parts whose looks are asked at once; milliseconds of drawing to a frame; strokes
  // of one style in view from which they are drawn as hairlines; pixels of the shortest step drawn, in
  // such a crowd, and in the largest; the colour of closed crossings; how opaque the light edge of a
  // line is, and the width from which a line has one; how opaque the band of its error is, and the
  // widest half of a band in pixels.
  const STROKES = 200, LOOKS = 5000, SLICE = 10, CROWD = 4000, STEP = 0.5, COARSE = 0.8, COARSEST = 4, CLOSED = "#b00020", EDGE = 0.75, CASED = 1.8, FAINT = 0.13, WIDEST = 700;
  // Of a normal error, 95 % lie within so many standard errors; metres around the equator.
  const Z95 = 1.96, EQUATOR = 40075016.7;

  // The radius of a dot in pixels: smaller in a view of a larger area, so that dots do not hide it.
  function radius(view) { return Math.max(3, Math.min(5, Math.log2(view.size / 256) - 2.5)); }

  // The scale and shift from the unit square to pixels of the canvas, and the canvas's size.
  function viewOf(map, bounds, zoom) {
    const size = 256 * Math.pow(2, zoom), origin = map.getPixelOrigin();
    return {
      size, dx: -origin.x - bounds.min.x, dy: -origin.y - bounds.min.y,
      width: bounds.max.x - bounds.min.x, height: bounds.max.y - bounds.min.y
    };
  }

  // Whether a part lies more than some pixels outside the view.
  function outside(view, box, p, pad) {
    const s = view.size;
    return box[4 * p] * s + view.dx > view.width + pad || box[4 * p + 2] * s + view.dx < -pad ||
      box[4 * p + 1] * s + view.dy > view.height + pad || box[4 * p + 3] * s + view.dy < -pad;
  }

  // The part of a step inside a box, as shares of the step; null if it is outside (Liang and Barsky).
  function clip(px, py, ax, ay, low, wide, high) {
    let t0 = 0, t1 = 1;
    const cut = function (d, q) {
      if (d === 0) { return q >= 0; }
      const t = q / d;
      if (d < 0) { if (t > t1) { return false; } if (t > t0) { t0 = t; } }
      else { if (t < t0) { return false; } if (t < t1) { t1 = t; } }
      return true;
    };
    return cut(-ax, px - low) && cut(ax, wide - px) && cut(-ay, py - low) && cut(ay, high - py) ? [t0, t1] : null;
  }

  // Traces a line; steps of less than so many pixels are left out, and what lies far outside is cut
  // off: dashes over millions of unseen pixels would take seconds.
  function trace(ink, view, g, p, closed, least = STEP) {
    const s = view.size, { dx, dy } = view, { x: xs, y: ys } = g, pad = Math.max(40, ink.lineWidth), end = g.start[p + 1], short = least * least;
    const low = -pad, high = view.height + pad, wide = view.width + pad;
    let n = g.start[p], px = xs[n] * s + dx, py = ys[n] * s + dy, down = false;
    let inside = px > low && px < wide && py > low && py < high;
    if (end - n === 1) { ink.moveTo(px, py); ink.lineTo(px + 0.1, py); return; }
    for (n += 1; n < end; n++) {
      const x = xs[n] * s + dx, y = ys[n] * s + dy;
      const ax = x - px, ay = y - py;
      if (n < end - 1 && ax * ax + ay * ay < short) { continue; }
      const before = inside;
      inside = x > low && x < wide && y > low && y < high;
      if (closed || (before && inside)) {
        if (!down) { ink.moveTo(px, py); down = true; }
        ink.lineTo(x, y);
      } else {
        const part = clip(px, py, ax, ay, low, wide, high);
        if (part) {
          const [t0, t1] = part;
          if (!down || t0 > 0) { ink.moveTo(px + t0 * ax, py + t0 * ay); }
          ink.lineTo(px + t1 * ax, py + t1 * ay);
          down = t1 === 1;
        } else { down = false; }
      }
      px = x;
      py = y;
    }
    if (closed && down) { ink.closePath(); }
  }

  function pen(ink, style, dash) {
    ink.strokeStyle = araxes.theme.shade(style.c);
    ink.lineWidth = style.w;
    ink.setLineDash(dash);
    ink.lineCap = dash.length ? "butt" : "round";
    ink.lineJoin = "round";
  }

  // Draws all at once.
  function finish(steps) {
    let step = steps.next();
    while (!step.done) { step = steps.next(); }
    return step.value;
  }

  // Strokes parts with one pen, some hundreds to a path: one huge path is slow to fill in.
  function* stroke(ink, view, g, parts, least = STEP) {
    for (let n = 0; n < parts.length; n += STROKES) {
      ink.beginPath();
      for (let i = n; i < Math.min(n + STROKES, parts.length); i++) {
        trace(ink, view, g, parts[i], false, least);
      }
      ink.stroke();
      yield;
    }
  }

  function* fill(ink, view, g, parts, style, alpha) {
    ink.fillStyle = araxes.theme.shade(style.c);
    ink.globalAlpha = style.f * alpha;
    // Rings of one feature are filled together, so that holes stay holes.
    for (let n = 0; n < parts.length;) {
      const feature = g.owner[parts[n]];
      ink.beginPath();
      for (; n < parts.length && g.owner[parts[n]] === feature; n++) {
        trace(ink, view, g, parts[n], true);
      }
      ink.fill("evenodd");
      yield;
    }
    ink.globalAlpha = alpha;
  }

  // A dot; a ring with a cross if mark is closed, an empty ring if it is unknown.
  function dot(ink, x, y, radius, style, mark) {
    const { shade } = araxes.theme, white = shade("#ffffff");
    const ring = mark !== "", colour = shade(mark === "closed" ? CLOSED : style.c);
    ink.setLineDash([]);
    ink.beginPath();
    ink.arc(x, y, radius, 0, 2 * Math.PI);
    ink.fillStyle = ring ? white : colour;
    ink.fill();
    ink.lineWidth = ring ? 0.32 * radius : 1.2;
    ink.strokeStyle = ring ? colour : white;
    if (mark === "closed") {
      const r = radius * 0.7;
      ink.moveTo(x - r, y - r);
      ink.lineTo(x + r, y + r);
      ink.moveTo(x - r, y + r);
      ink.lineTo(x + r, y - r);
    }
    ink.stroke();
  }

  // The parts in view by the look of their features.
  function* byLook(view, g, lookOf, pad) {
    const parts = new Map();
    for (let p = 0; p < g.parts; p++) {
      if (p % LOOKS === LOOKS - 1) { yield; }
      const look = lookOf(g.owner[p]);
      if (look === null || outside(view, g.box, p, pad)) { continue; }
      if (!parts.has(look)) { parts.set(look, []); }
      parts.get(look).push(p);
    }
    return parts;
  }

  // A picture of relief, which darkens what lies below it.
  function drawRelief(ink, view, { image, box: [west, north, east, south] }) {
    const s = view.size, at = [west * s + view.dx, north * s + view.dy, (east - west) * s, (south - north) * s];
    ink.globalCompositeOperation = "multiply";
    ink.drawImage(image, ...at);
    ink.globalCompositeOperation = "source-over";
  }

  // Metres of a pixel in the middle of a view.
  function metresPerPixel(view) {
    const y = (view.height / 2 - view.dy) / view.size;
    return EQUATOR / (Math.cosh(Math.PI * (1 - 2 * y)) * view.size);
  }
  // The bands within which lines lie with 95 %: drawn once a view is so near that a line, thinner
  // than its error, would seem to be known better. Tells whether there is any.
  // From least pixels on, a band says more than it hides.
  function* drawErrors(ink, view, layer, lookOf, least) {
    const g = layer.groups[1], metres = metresPerPixel(view), bands = new Map();
    for (let p = 0; p < g.parts; p++) {
      if (p % LOOKS === LOOKS - 1) { yield; }
      const n = g.owner[p], half = Z95 * layer.e(n) / metres;
      if (!half) { continue; }
      const look = lookOf(n);
      if (look === null || half <= Math.max(least, look.style.w) || outside(view, g.box, p, Math.min(half, WIDEST))) { continue; }
      const key = `${look.style.c}|${layer.e(n)}`;
      if (!bands.has(key)) { bands.set(key, { c: look.style.c, w: 2 * Math.min(half, WIDEST), parts: [] }); }
      bands.get(key).parts.push(p);
    }
    ink.globalAlpha = FAINT;
    for (const band of bands.values()) {
      pen(ink, band, []);
      yield* stroke(ink, view, g, band.parts);
    }
    ink.globalAlpha = 1;
    return bands.size > 0;
  }

  // alpha is less than 1 for a layer that stands back behind others.
  function* drawLayer(ink, view, layer, lookOf, alpha) {
    ink.globalAlpha = alpha;
    const areas = layer.groups[AREAS], lines = layer.groups[LINES], points = layer.groups[POINTS];
    for (const [look, parts] of yield* byLook(view, areas, lookOf, 20)) {
      if (look.style.f) { yield* fill(ink, view, areas, parts, look.style, alpha); }
      if (look.style.w) {
        pen(ink, look.style, look.dash);
        yield* stroke(ink, view, areas, parts);
      }
    }
    const drawn = yield* byLook(view, lines, lookOf, 20);
    // A light edge keeps lines apart where they cross; many thousands would only turn grey.
    if (!layer.quiet && lines.parts < 3000 && alpha === 1) {
      ink.globalAlpha = EDGE;
      for (const [look, parts] of drawn) {
        if (look.style.w < CASED) { continue; }
        pen(ink, { c: "#ffffff", w: look.style.w + 2 }, []);
        yield* stroke(ink, view, lines, parts);
      }
      ink.globalAlpha = alpha;
    }
    const count = [...drawn.values()].reduce((sum, parts) => sum + parts.length, 0);
    for (const [look, parts] of drawn) {
      if (!look.style.w) { continue; }
      // Thousands of broad strokes take seconds and hide one another; hairlines are drawn at once, and
      // the more there are, the less of each can be seen. Paper shows them whole.
      const thin = count > CROWD && look.style.w > 1, least = thin && ink.canvas ? Math.min(COARSEST, COARSE * Math.sqrt(count / CROWD)) : STEP;
      pen(ink, thin ? { c: look.style.c, w: 1 / ink.getTransform().a } : look.style, look.dash);
      yield* stroke(ink, view, lines, parts, least);
    }
    for (const [look, parts] of yield* byLook(view, points, lookOf, 10)) {
      for (const [i, p] of parts.entries()) {
        for (let n = points.start[p]; n < points.start[p + 1]; n++) {
          dot(ink, points.x[n] * view.size + view.dx, points.y[n] * view.size + view.dy,
              radius(view), look.style, look.mark);
        }
        if (i % STROKES === STROKES - 1) { yield; }
      }
    }
    ink.globalAlpha = 1;
  }

  // Draws some features of a layer again in another style, over everything else.
  function* drawOver(ink, view, layer, features, style, dash) {
    const wanted = new Set(features);
    for (const kind of [AREAS, LINES]) {
      const g = layer.groups[kind], parts = [];
      for (let p = 0; p < g.parts; p++) {
        if (wanted.has(g.owner[p]) && !outside(view, g.box, p, 20)) { parts.push(p); }
      }
      pen(ink, style, dash);
      yield* stroke(ink, view, g, parts);
    }
    const g = layer.groups[POINTS];
    for (let p = 0; p < g.parts; p++) {
      if (!wanted.has(g.owner[p])) { continue; }
      for (let n = g.start[p]; n < g.start[p + 1]; n++) {
        ink.beginPath();
        ink.setLineDash([]);
        ink.arc(g.x[n] * view.size + view.dx, g.y[n] * view.size + view.dy, radius(view) + 4, 0, 7);
        ink.lineWidth = 3;
        ink.strokeStyle = style.c;
        ink.stroke();
      }
    }
  }

  const Canvas = L.Renderer.extend({
    // paint(ink, view) is a generator that draws everything. Where options.slow() holds, that takes
    // several frames; until then the picture before is moved and scaled with the map.
    initialize: function (paint, options) {
      L.Renderer.prototype.initialize.call(this, Object.assign({ padding: 0.15, slow: () => false }, options));
      this._paint = paint;
      this._layers = {};
    },
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
    },
    _destroyContainer: function () {
      cancelAnimationFrame(this._frame);
      this._container.remove();
    },
    _update: function () {
      if (!this._map._animatingZoom || !this._bounds) { this.redraw(); }
    },
    // Leaflet takes the canvas for drawn in the view that the map has now.
    _reset: function () {
      this._update();
      this._updateTransform(this._map.getCenter(), this._map.getZoom());
    },
    redraw: function () {
      if (!this._map) { return; }
      cancelAnimationFrame(this._frame);
      const seen = { options: this.options, _map: this._map }, first = !this._bounds;
      L.Renderer.prototype._update.call(seen);
      if (first || !this.options.slow()) {
        finish(this._picture(this._container, seen));
        this._show(this._container, seen);
      } else {
        const canvas = this._container.cloneNode();
        this._slice(canvas, this._picture(canvas, seen), seen);
      }
    },
    // Draws what is seen into a canvas.
    _picture: function (canvas, { _bounds: bounds, _zoom: zoom }) {
      const size = bounds.getSize(), ratio = window.devicePixelRatio || 1, ink = canvas.getContext("2d");
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      ink.setTransform(ratio, 0, 0, ratio, 0, 0);
      return this._paint(ink, viewOf(this._map, bounds, zoom));
    },
    // Draws for a part of a frame, and goes on in the next.
    _slice: function (canvas, steps, seen) {
      const end = performance.now() + SLICE, ink = canvas.getContext("2d");
      let done = false;
      while (!done && performance.now() < end) {
        done = steps.next().done;
        // A canvas only notes what is drawn until it is read.
        ink.getImageData(0, 0, 1, 1);
      }
      // A map that is being zoomed is drawn anew when it stands.
      if (this._map._animatingZoom || this._map.getZoom() !== seen._zoom) { return; }
      if (done) { this._show(canvas, seen); } else {
        this._frame = requestAnimationFrame(() => this._slice(canvas, steps, seen));
      }
    },
    _show: function (canvas, { _bounds, _center, _zoom }) {
      Object.assign(this, { _bounds, _center, _zoom });
      L.DomUtil.setPosition(canvas, _bounds.min);
      if (canvas !== this._container) {
        this._container.replaceWith(canvas);
        this._container = canvas;
      }
    }
  });

  // The distance from a point of the unit square to a line.
  function lineDistance(g, p, x, y) {
    let best = Infinity;
    for (let n = g.start[p]; n < g.start[p + 1] - 1; n++) {
      const ax = g.x[n], ay = g.y[n], bx = g.x[n + 1] - ax, by = g.y[n + 1] - ay;
      const length = bx * bx + by * by;
      const t = length ? Math.max(0, Math.min(1, ((x - ax) * bx + (y - ay) * by) / length)) : 0;
      best = Math.min(best, Math.hypot(x - ax - t * bx, y - ay - t * by));
    }
    return best;
  }

  // Whether a point lies in a ring: a ray from it crosses the ring an odd number of times.
  function inRing(g, p, x, y) {
    let odd = false;
    for (let i = g.start[p], j = g.start[p + 1] - 1; i < g.start[p + 1]; j = i++) {
      if ((g.y[i] > y) !== (g.y[j] > y) &&
          x < (g.x[j] - g.x[i]) * (y - g.y[i]) / (g.y[j] - g.y[i]) + g.x[i]) { odd = !odd; }
    }
    return odd;
  }

  // Whether a point lies within reach of the box of a part.
  function nearBox(g, p, x, y, reach) {
    const b = g.box, at = 4 * p;
    return x > b[at] - reach && x < b[at + 2] + reach && y > b[at + 1] - reach && y < b[at + 3] + reach;
  }

  // The feature at a point of the unit square: the nearest point or line of the topmost layer that
  // has one within reach, or else the topmost area. Here lookOf takes the layer too.
  function pick(layers, lookOf, x, y, reach) {
    let area = null;
    for (const layer of layers) {
      let best = reach, nearest = null;
      [POINTS, LINES].forEach(function (kind) {
        const g = layer.groups[kind];
        for (let p = 0; p < g.parts; p++) {
          if (!nearBox(g, p, x, y, reach) || lookOf(layer, g.owner[p]) === null) { continue; }
          let distance = Infinity;
          if (kind === LINES) { distance = lineDistance(g, p, x, y); } else {
            for (let n = g.start[p]; n < g.start[p + 1]; n++) {
              distance = Math.min(distance, Math.hypot(g.x[n] - x, g.y[n] - y) * 0.5);
            }
          }
          if (distance < best) { best = distance; nearest = g.owner[p]; }
        }
      });
      if (nearest !== null) { return { layer, feature: nearest }; }
      if (area) { continue; }
      const g = layer.groups[AREAS], odd = new Map();
      for (let p = 0; p < g.parts; p++) {
        if (nearBox(g, p, x, y, 0) && lookOf(layer, g.owner[p]) !== null && inRing(g, p, x, y)) {
          odd.set(g.owner[p], !odd.get(g.owner[p]));
        }
      }
      for (const [feature, inside] of odd) { if (inside) { area = { layer, feature }; } }
    }
    return area;
  }

  // The box of some features in the unit square, or of all.
  function boxOf(layer, wanted) {
    let box = [Infinity, Infinity, -Infinity, -Infinity];
    layer.groups.forEach(function (g) {
      for (let p = 0; p < g.parts; p++) {
        if (wanted && !wanted.has(g.owner[p])) { continue; }
        const b = g.box, at = 4 * p;
        box = [Math.min(box[0], b[at]), Math.min(box[1], b[at + 1]),
               Math.max(box[2], b[at + 2]), Math.max(box[3], b[at + 3])];
      }
    });
    return box;
  }

  // A point on a feature: the middle of its longest part.
  function pointOn(layer, feature) {
    let middle = null, most = -1;
    layer.groups.forEach(function (g) {
      for (let p = 0; p < g.parts; p++) {
        const count = g.start[p + 1] - g.start[p];
        if (g.owner[p] === feature && count > most) {
          const n = g.start[p] + (count >> 1);
          most = count;
          middle = [g.x[n], g.y[n]];
          // A part of two vertices has its middle between them.
          if (count === 2) { middle = [(g.x[n] + g.x[n - 1]) / 2, (g.y[n] + g.y[n - 1]) / 2]; }
        }
      }
    });
    return middle;
  }

  return { Canvas, CROWD, finish, drawRelief, drawLayer, drawErrors, drawOver, pick, boxOf, pointOn };
})();

"use strict";
// Draws packed layers on one canvas and finds what lies under the pointer.
araxes.sheet = (function () {
  const AREAS = 0, LINES = 1, POINTS = 2;
  const STROKES = 400, CROWD = 4000, CLOSED = "#b00020";

  // Dots are smaller where the map is, so that they do not hide it.
  function radius(view) { return Math.max(3, Math.min(5, Math.log2(view.size / 256) - 2.5)); }

  // The view: from the unit square to pixels of the canvas.
  function viewOf(map, bounds, zoom) {
    const size = 256 * Math.pow(2, zoom), origin = map.getPixelOrigin();
    return {
      size, dx: -origin.x - bounds.min.x, dy: -origin.y - bounds.min.y,
      width: bounds.max.x - bounds.min.x, height: bounds.max.y - bounds.min.y
    };
  }

  function outside(view, box, p, pad) {
    const s = view.size;
    return box[4 * p] * s + view.dx > view.width + pad || box[4 * p + 2] * s + view.dx < -pad ||
      box[4 * p + 1] * s + view.dy > view.height + pad || box[4 * p + 3] * s + view.dy < -pad;
  }

  // Traces a line; steps of less than half a pixel are left out, and what lies far outside is cut
  // off: dashes over millions of unseen pixels would take seconds.
  function trace(ink, view, g, p, closed) {
    const s = view.size, pad = 40, end = g.start[p + 1];
    const high = view.height + pad, wide = view.width + pad;
    let n = g.start[p], px = g.x[n] * s + view.dx, py = g.y[n] * s + view.dy, down = false;
    if (end - n === 1) { ink.moveTo(px, py); ink.lineTo(px + 0.1, py); return; }
    for (n += 1; n < end; n++) {
      const x = g.x[n] * s + view.dx, y = g.y[n] * s + view.dy;
      const ax = x - px, ay = y - py;
      if (n < end - 1 && ax * ax + ay * ay < 0.25) { continue; }
      if (closed) {
        if (!down) { ink.moveTo(px, py); down = true; }
        ink.lineTo(x, y);
      } else {
        // Liang and Barsky: the part of the step inside the box.
        let t0 = 0, t1 = 1;
        const cut = function (d, q) {
          if (d === 0) { return q >= 0; }
          const t = q / d;
          if (d < 0) { if (t > t1) { return false; } if (t > t0) { t0 = t; } }
          else { if (t < t0) { return false; } if (t < t1) { t1 = t; } }
          return true;
        };
        if (cut(-ax, px + pad) && cut(ax, wide - px) && cut(-ay, py + pad) && cut(ay, high - py)) {
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
    ink.strokeStyle = style.c;
    ink.lineWidth = style.w;
    ink.setLineDash(dash);
    ink.lineCap = dash.length ? "butt" : "round";
    ink.lineJoin = "round";
  }

  // Strokes parts with one pen, some hundreds to a path: one huge path is slow to fill in.
  function stroke(ink, view, g, parts) {
    for (let n = 0; n < parts.length; n += STROKES) {
      ink.beginPath();
      for (let i = n; i < Math.min(n + STROKES, parts.length); i++) {
        trace(ink, view, g, parts[i], false);
      }
      ink.stroke();
    }
  }

  function fill(ink, view, g, parts, style) {
    ink.fillStyle = style.c;
    ink.globalAlpha = style.f;
    // Rings of one feature are filled together, so that holes stay holes.
    for (let n = 0; n < parts.length;) {
      const who = g.owner[parts[n]];
      ink.beginPath();
      for (; n < parts.length && g.owner[parts[n]] === who; n++) {
        trace(ink, view, g, parts[n], true);
      }
      ink.fill("evenodd");
    }
    ink.globalAlpha = 1;
  }

  // A dot; a ring with a cross where nobody passes, an empty ring where that is not known.
  function dot(ink, x, y, wide, style, mark) {
    const ring = mark !== "", colour = mark === "closed" ? CLOSED : style.c;
    ink.setLineDash([]);
    ink.beginPath();
    ink.arc(x, y, wide, 0, 2 * Math.PI);
    ink.fillStyle = ring ? "#fff" : colour;
    ink.fill();
    ink.lineWidth = ring ? 0.32 * wide : 1.2;
    ink.strokeStyle = ring ? colour : "#fff";
    if (mark === "closed") {
      const r = wide * 0.7;
      ink.moveTo(x - r, y - r);
      ink.lineTo(x + r, y + r);
      ink.moveTo(x - r, y + r);
      ink.lineTo(x + r, y - r);
    }
    ink.stroke();
  }

  // Sorts the parts in view by the look of their features.
  function byLook(view, g, looks, pad) {
    const found = new Map();
    for (let p = 0; p < g.parts; p++) {
      const look = looks(g.owner[p]);
      if (look === null || outside(view, g.box, p, pad)) { continue; }
      if (!found.has(look)) { found.set(look, []); }
      found.get(look).push(p);
    }
    return found;
  }

  // looks: feature → {style, dash, mark}, one object for all alike, or null if not drawn.
  function drawLayer(ink, view, layer, looks) {
    const areas = layer.groups[AREAS], lines = layer.groups[LINES], points = layer.groups[POINTS];
    byLook(view, areas, looks, 20).forEach(function (parts, look) {
      if (look.style.f) { fill(ink, view, areas, parts, look.style); }
      if (look.style.w) {
        pen(ink, look.style, look.dash);
        stroke(ink, view, areas, parts);
      }
    });
    const drawn = byLook(view, lines, looks, 20);
    // A light edge keeps lines apart where they cross; many thousands would only turn grey.
    if (!layer.quiet && lines.parts < 3000) {
      drawn.forEach(function (parts, look) {
        pen(ink, { c: "rgba(255, 255, 255, .75)", w: look.style.w + 2 }, []);
        stroke(ink, view, lines, parts);
      });
    }
    const count = [...drawn.values()].reduce((sum, parts) => sum + parts.length, 0);
    drawn.forEach(function (parts, look) {
      if (!look.style.w) { return; }
      // Thousands of broad strokes take seconds, and hide one another; hairlines take none.
      const thin = count > CROWD && look.style.w > 1;
      pen(ink, thin ? { c: look.style.c, w: 1 / ink.getTransform().a } : look.style, look.dash);
      stroke(ink, view, lines, parts);
    });
    byLook(view, points, looks, 10).forEach(function (parts, look) {
      parts.forEach(function (p) {
        for (let n = points.start[p]; n < points.start[p + 1]; n++) {
          dot(ink, points.x[n] * view.size + view.dx, points.y[n] * view.size + view.dy,
              radius(view), look.style, look.mark);
        }
      });
    });
  }

  // Draws single features anew in another style, over everything else.
  function drawOver(ink, view, layer, features, style, dash) {
    const wanted = new Set(features);
    [AREAS, LINES].forEach(function (kind) {
      const g = layer.groups[kind], parts = [];
      for (let p = 0; p < g.parts; p++) {
        if (wanted.has(g.owner[p]) && !outside(view, g.box, p, 20)) { parts.push(p); }
      }
      pen(ink, style, dash);
      stroke(ink, view, g, parts);
    });
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

  const Sheet = L.Renderer.extend({
    // paint(ink, view): draws everything anew.
    initialize: function (paint, options) {
      L.Renderer.prototype.initialize.call(this, Object.assign({ padding: 0.15 }, options));
      this._paint = paint;
      this._layers = {};
      this.fine = 1;
    },
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._ink = this._container.getContext("2d");
    },
    _destroyContainer: function () { this._container.remove(); },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) { return; }
      L.Renderer.prototype._update.call(this);
      this.redraw();
    },
    redraw: function () {
      if (!this._map || !this._bounds) { return; }
      const bounds = this._bounds, size = bounds.getSize(), canvas = this._container;
      const ratio = this.fine * (window.devicePixelRatio || 1);
      L.DomUtil.setPosition(canvas, bounds.min);
      canvas.width = Math.round(size.x * ratio);
      canvas.height = Math.round(size.y * ratio);
      canvas.style.width = size.x + "px";
      canvas.style.height = size.y + "px";
      const view = viewOf(this._map, bounds, this._map.getZoom());
      this._ink.setTransform(ratio, 0, 0, ratio, 0, 0);
      this._paint(this._ink, view);
    }
  });

  function near(g, p, x, y) {
    let best = Infinity;
    for (let n = g.start[p]; n < g.start[p + 1] - 1; n++) {
      const ax = g.x[n], ay = g.y[n], bx = g.x[n + 1] - ax, by = g.y[n + 1] - ay;
      const length = bx * bx + by * by;
      const t = length ? Math.max(0, Math.min(1, ((x - ax) * bx + (y - ay) * by) / length)) : 0;
      best = Math.min(best, Math.hypot(x - ax - t * bx, y - ay - t * by));
    }
    return best;
  }

  function within(g, p, x, y) {
    let odd = false;
    for (let i = g.start[p], j = g.start[p + 1] - 1; i < g.start[p + 1]; j = i++) {
      if ((g.y[i] > y) !== (g.y[j] > y) &&
          x < (g.x[j] - g.x[i]) * (y - g.y[i]) / (g.y[j] - g.y[i]) + g.x[i]) { odd = !odd; }
    }
    return odd;
  }

  function boxed(g, p, x, y, reach) {
    const b = g.box, at = 4 * p;
    return x > b[at] - reach && x < b[at + 2] + reach && y > b[at + 1] - reach && y < b[at + 3] + reach;
  }

  // The feature at a point of the unit square: the nearest point or line of the topmost layer that
  // has one within reach, or else the topmost area.
  function pick(layers, looks, x, y, reach) {
    let area = null;
    for (const layer of layers) {
      let best = reach, found = null;
      [POINTS, LINES].forEach(function (kind) {
        const g = layer.groups[kind];
        for (let p = 0; p < g.parts; p++) {
          if (!boxed(g, p, x, y, reach) || looks(layer, g.owner[p]) === null) { continue; }
          let away = Infinity;
          if (kind === LINES) { away = near(g, p, x, y); } else {
            for (let n = g.start[p]; n < g.start[p + 1]; n++) {
              away = Math.min(away, Math.hypot(g.x[n] - x, g.y[n] - y) * 0.5);
            }
          }
          if (away < best) { best = away; found = g.owner[p]; }
        }
      });
      if (found !== null) { return { layer, feature: found }; }
      if (area) { continue; }
      const g = layer.groups[AREAS], odd = new Map();
      for (let p = 0; p < g.parts; p++) {
        if (boxed(g, p, x, y, 0) && looks(layer, g.owner[p]) !== null && within(g, p, x, y)) {
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
    let found = null, most = -1;
    layer.groups.forEach(function (g) {
      for (let p = 0; p < g.parts; p++) {
        const count = g.start[p + 1] - g.start[p];
        if (g.owner[p] === feature && count > most) {
          const n = g.start[p] + (count >> 1);
          most = count;
          found = [g.x[n], g.y[n]];
          // Two vertices have their middle between them.
          if (count === 2) { found = [(g.x[n] + g.x[n - 1]) / 2, (g.y[n] + g.y[n - 1]) / 2]; }
        }
      }
    });
    return found;
  }

  return { Sheet, drawLayer, drawOver, pick, boxOf, pointOn };
})();

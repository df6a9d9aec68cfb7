"use strict";
// Draws packed layers on a Leaflet map. Text from the data only ever enters the page as text.
var araxes = (function () {
  function decode(flat, scale) {
    var points = [], x = 0, y = 0;
    for (var i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      points.push([y * scale, x * scale]);
    }
    return points;
  }

  function element(tag, text, className) {
    var e = document.createElement(tag);
    if (text !== undefined) { e.textContent = text; }
    if (className) { e.className = className; }
    return e;
  }

  function card(title, rows) {
    var box = element("div", undefined, "araxes-card");
    box.appendChild(element("h2", title));
    var list = element("dl");
    rows.forEach(function (row) {
      list.appendChild(element("dt", row[0]));
      list.appendChild(element("dd", row[1]));
    });
    box.appendChild(list);
    return box;
  }

  function options(style, pane, renderer) {
    return {
      color: style.c, weight: style.w, opacity: style.w ? 0.95 : 0, stroke: style.w > 0,
      dashArray: style.d || null, fill: style.f > 0, fillColor: style.c, fillOpacity: style.f,
      lineCap: style.d ? "butt" : "round", pane: pane, renderer: renderer
    };
  }

  function shape(packed, scale, o) {
    if (packed.t === "P") {
      return L.featureGroup(decode(packed.g, scale).map(function (p) {
        return L.circleMarker(p, Object.assign({}, o, {
          radius: 5, fill: true, fillOpacity: 0.9, weight: 1, stroke: true, opacity: 1
        }));
      }));
    }
    if (packed.t === "A") {
      return L.polygon(packed.g.map(function (polygon) {
        return polygon.map(function (ring) { return decode(ring, scale); });
      }), o);
    }
    return L.polyline(packed.g.map(function (line) { return decode(line, scale); }), o);
  }

  // Popups stay clear of the title, the zoom buttons and the list of layers.
  function room(map) {
    var size = map.getSize(), wide = size.x > 1000;
    return {
      maxWidth: Math.min(420, size.x - 60), maxHeight: Math.max(140, Math.min(340, size.y - 240)),
      autoPanPaddingTopLeft: wide ? [60, 80] : [8, 110],
      autoPanPaddingBottomRight: wide ? [380, 20] : [8, 110]
    };
  }

  // data: {scale, styles, texts, shapes: [{t, g, s, n, r}]}; quiet layers answer no mouse.
  function draw(map, group, data, pane, order, quiet) {
    if (!map.getPane(pane)) { map.createPane(pane).style.zIndex = order; }
    var renderer = (quiet ? L.canvas : L.svg)({ pane: pane });
    data.shapes.forEach(function (packed) {
      var o = options(data.styles[packed.s], pane, renderer);
      o.interactive = !quiet;
      var drawn = shape(packed, data.scale, o);
      // A broad unseen stroke makes thin lines easy to hit.
      if (!quiet && packed.t === "L" && o.weight < 8) {
        var wide = shape(packed, data.scale, Object.assign({}, o, {
          weight: 14, opacity: 0, dashArray: null, className: "araxes-hit"
        }));
        drawn = L.featureGroup([drawn, wide]);
      }
      // What is not on the map itself opens no popup, so the pair is added as one.
      drawn.addTo(group);
      if (quiet) { return; }
      var title = data.texts[packed.n];
      var rows = packed.r.map(function (n) { return data.rows[n]; });
      drawn.bindTooltip(function () { return element("span", title); }, { sticky: true });
      drawn.bindPopup(function () { return card(title, rows); }, room(map));
      drawn.on("popupopen", function () { drawn.closeTooltip(); });
    });
  }

  // Labels in order of rank; one that would touch an earlier one stays away until there is room.
  function labels(map, group, places) {
    var marks = places.map(function (p) {
      var text = element("span", p.n, "araxes-label" + (p.k > 1 ? " araxes-minor" : ""));
      var icon = L.divIcon({ className: "araxes-place", html: text, iconSize: [6, 6] });
      var mark = L.marker([p.y, p.x], { icon: icon, interactive: false, keyboard: false, pane: "labels" });
      mark.rank = p.k;
      return mark;
    });
    function arrange() {
      if (!map.hasLayer(group)) { return; }
      var taken = [], zoom = map.getZoom();
      marks.forEach(function (mark) {
        var at = map.latLngToContainerPoint(mark.getLatLng());
        var width = 7 * mark.options.icon.options.html.textContent.length + 14;
        var box = [at.x - 5, at.y - 9, at.x + width, at.y + 9];
        var room = zoom >= 4 + 1.5 * mark.rank && taken.every(function (o) {
          return box[2] < o[0] || box[0] > o[2] || box[3] < o[1] || box[1] > o[3];
        });
        if (room) {
          taken.push(box);
          group.addLayer(mark);
        } else {
          group.removeLayer(mark);
        }
      });
    }
    map.on("zoomend moveend layeradd", function (e) {
      if (e.type !== "layeradd" || e.layer === group) { arrange(); }
    });
    map.whenReady(arrange);
  }

  function panes(map) {
    map.createPane("labels").style.zIndex = 610;
    map.getPane("labels").style.pointerEvents = "none";
  }

  function legend(map, rows) {
    var control = L.control({ position: "bottomleft" });
    control.onAdd = function () {
      var box = element("details", undefined, "araxes-legend leaflet-control");
      box.open = map.getSize().x > 700;
      box.appendChild(element("summary", "Line styles"));
      rows.forEach(function (row) {
        var line = element("div");
        line.appendChild(swatch({ c: "#222", w: 3, d: row[1], f: 0 }));
        line.appendChild(element("span", row[0]));
        box.appendChild(line);
      });
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    control.addTo(map);
  }

  function swatch(style) {
    var ns = "http://www.w3.org/2000/svg";
    var svg = document.createElementNS(ns, "svg");
    svg.setAttribute("width", 34);
    svg.setAttribute("height", 12);
    svg.setAttribute("aria-hidden", "true");
    var line = document.createElementNS(ns, "path");
    line.setAttribute("d", "M1 6H33");
    line.setAttribute("stroke", style.c);
    line.setAttribute("stroke-width", Math.min(style.w, 5));
    line.setAttribute("stroke-dasharray", style.d || "none");
    svg.appendChild(line);
    return svg;
  }

  function furnish(map, page) {
    // Leaflet's own prefix carries a national flag; this page takes no side.
    map.attributionControl.setPrefix("Leaflet");
    // On narrow screens it would lie on the scale bar; in one corner they stack.
    if (map.getSize().x <= 700) { map.attributionControl.setPosition("bottomleft"); }
    page.attributions.forEach(function (text) {
      // The control takes HTML, so the text is made harmless first.
      map.attributionControl.addAttribution(element("span", text).innerHTML);
    });
    L.control.scale({ imperial: false, maxWidth: 160 }).addTo(map);
    legend(map, page.states);
    var about = L.control({ position: "topleft" });
    about.onAdd = function () {
      var box = element("div", undefined, "araxes-title leaflet-control");
      box.appendChild(element("h1", page.title));
      box.appendChild(element("p", page.subtitle));
      L.DomEvent.disableClickPropagation(box);
      return box;
    };
    about.addTo(map);
    L.control.zoom({ position: "topleft" }).addTo(map);
    // The list of layers covers the right of wide screens.
    var wide = map.getSize().x > 1000;
    map.fitBounds(page.bounds, { paddingTopLeft: [20, 60], paddingBottomRight: [wide ? 340 : 20, 20], animate: false });
    var list = map.getContainer().querySelector(".leaflet-control-layers");
    function fold() { list.classList.remove("leaflet-control-layers-expanded"); }
    if (list && !wide) {
      fold();
      map.on("click", fold);
    }
  }

  return { panes: panes, draw: draw, labels: labels, furnish: furnish };
})();

"use strict";
// Lengths on the WGS84 ellipsoid: in the map's own plane they would be a third too long at these
// latitudes.
araxes.measure = (function () {
  const A = 6378137, F = 1 / 298.257223563, B = A * (1 - F);

  // The geodesic distance in metres by Vincenty's inverse formula (Survey Review 23, 1975); null
  // for nearly antipodal points, for which it does not converge.
  function distance(lon1, lat1, lon2, lat2) {
    const rad = Math.PI / 180, step = lon2 - lon1, l = (step - 360 * Math.round(step / 360)) * rad;
    const u1 = Math.atan((1 - F) * Math.tan(lat1 * rad)), u2 = Math.atan((1 - F) * Math.tan(lat2 * rad));
    const s1 = Math.sin(u1), c1 = Math.cos(u1), s2 = Math.sin(u2), c2 = Math.cos(u2);
    let lambda = l;
    for (let n = 0; n < 200; n++) {
      const sl = Math.sin(lambda), cl = Math.cos(lambda);
      const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
      if (ss === 0) { return 0; }
      const cs = s1 * s2 + c1 * c2 * cl, sigma = Math.atan2(ss, cs);
      const sa = c1 * c2 * sl / ss, ca2 = 1 - sa * sa;
      const cm = ca2 ? cs - 2 * s1 * s2 / ca2 : 0;
      const c = F / 16 * ca2 * (4 + F * (4 - 3 * ca2));
      const before = lambda;
      lambda = l + (1 - c) * F * sa * (sigma + c * ss * (cm + c * cs * (2 * cm * cm - 1)));
      if (Math.abs(lambda - before) < 1e-12) {
        const q = ca2 * (A * A - B * B) / (B * B);
        const a = 1 + q / 16384 * (4096 + q * (q * (320 - 175 * q) - 768));
        const b = q / 1024 * (256 + q * (q * (74 - 47 * q) - 128));
        const d = b * ss * (cm + b / 4 * (cs * (2 * cm * cm - 1) -
          b / 6 * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)));
        return B * a * (sigma - d);
      }
    }
    return null;
  }

  // Points along the great circle, near enough to the geodesic to be drawn.
  function course(start, end, steps) {
    const rad = Math.PI / 180;
    const unit = function (p) {
      const c = Math.cos(p.lat * rad);
      return [c * Math.cos(p.lng * rad), c * Math.sin(p.lng * rad), Math.sin(p.lat * rad)];
    };
    const a = unit(start), b = unit(end), points = [];
    for (let n = 0; n <= steps; n++) {
      const v = a.map((x, i) => x + (b[i] - x) * n / steps);
      // Over the meridian of 180° longitudes run on.
      const lon = Math.atan2(v[1], v[0]) / rad, before = n ? points[n - 1][1] : start.lng;
      points.push([Math.atan2(v[2], Math.hypot(v[0], v[1])) / rad, lon - 360 * Math.round((lon - before) / 360)]);
    }
    points[0] = [start.lat, start.lng];
    points[steps] = [end.lat, end.lng - 360 * Math.round((end.lng - points[steps][1]) / 360)];
    return points;
  }

  // A tool that adds a point a click; report(metres or null, number of points) is called with the
  // length so far.
  function tool(map, report) {
    const drawn = L.layerGroup();
    let points = [], on = false;
    function total() {
      let sum = 0;
      for (let n = 1; n < points.length; n++) {
        const [a, b] = [points[n - 1], points[n]];
        const metres = distance(a.lng, a.lat, b.lng, b.lat);
        if (metres === null) { return null; }
        sum += metres;
      }
      return sum;
    }
    function redraw() {
      drawn.clearLayers();
      for (let n = 1; n < points.length; n++) {
        const line = course(points[n - 1], points[n], 48);
        L.polyline(line, { color: "#fff", weight: 6, interactive: false }).addTo(drawn);
        L.polyline(line, { color: "#111", weight: 2.5, dashArray: "7 5", interactive: false }).addTo(drawn);
      }
      points.forEach(function (p) {
        L.circleMarker(p, { radius: 4, color: "#111", fillColor: "#fff", fillOpacity: 1, weight: 2,
                            interactive: false }).addTo(drawn);
      });
      report(total(), points.length);
    }
    function add(event) { points.push(event.latlng); redraw(); }
    function toggle() {
      on = !on;
      points = [];
      if (on) {
        drawn.addTo(map);
        map.on("click", add);
        map.doubleClickZoom.disable();
      } else {
        map.off("click", add);
        map.doubleClickZoom.enable();
        drawn.remove();
      }
      map.getContainer().classList.toggle("araxes-measuring", on);
      redraw();
      return on;
    }
    return { toggle, active: () => on };
  }

  return { distance, tool };
})();

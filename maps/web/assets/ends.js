"use strict";
// Where ways on a network of an extract begin and end: at the nearest point of a road or railway, or
// at a node, as corridors/network/snapping.py and nearest_point.py find it, and by the same limits.
araxes.ends = (function () {
  const A = 6378137, F = 1 / 298.257223563, E2 = F * (2 - F), RAD = Math.PI / 180;
  const LEFT = 16, CANDIDATE = 2, MODES = ["rail", "road", "ferry"], DIVIDED = ["road", "rail"];
  const short = (degrees) => ((degrees + 180) % 360 + 360) % 360 - 180;

  // The indices of some values that are least, as many as asked for, in ascending order.
  function least(values, many) {
    const kept = [];
    let worst = Infinity;
    for (let n = 0; n < values.length; n++) {
      if (kept.length === many && !(values[n] < worst)) { continue; }
      let at = kept.length;
      while (at && values[kept[at - 1]] > values[n]) { at--; }
      kept.splice(at, 0, n);
      if (kept.length > many) { kept.pop(); }
      worst = values[kept[kept.length - 1]];
    }
    return kept.sort((a, b) => a - b);
  }
  // The one of some indices at the least distance, in whole millimetres; the first of equal ones.
  function nearestOf(indices, distance) {
    let best = null, away = Infinity, exact = Infinity;
    indices.forEach(function (n) {
      const metres = distance(n), rounded = Math.round(metres * 1000);
      if (rounded < away) { best = n; away = rounded; exact = metres; }
    });
    return best === null ? null : [best, exact];
  }

  // Finds the points and nodes of a network. `links` are its columns, and isOpen tells whether a link
  // is open to users on the network's day in a direction, at some hours.
  function finder(net, links, isOpen) {
    const { between: limits, courses: { start, x, y } } = net, unit = limits.per_degree, count = start.length - 1;
    // Where each node lies, in 1e-7 degree, by the courses that end there.
    const nodeX = new Int32Array(net.at.length), nodeY = new Int32Array(net.at.length);
    for (let k = 0; k < count; k++) {
      if (start[k + 1] === start[k]) { continue; }
      for (const [node, n] of [[links.a[k], start[k]], [links.b[k], start[k + 1] - 1]]) { nodeX[node] = x[n]; nodeY[node] = y[n]; }
    }
    const nodeAt = (node) => [nodeX[node] / unit, nodeY[node] / unit];
    let boxes = null;
    function findBoxes() {
      const low = [new Int32Array(count), new Int32Array(count)], high = [new Int32Array(count), new Int32Array(count)];
      for (let k = 0; k < count; k++) {
        [x, y].forEach(function (along, axis) {
          let least = 2147483647, most = -2147483648;
          for (let n = start[k]; n < start[k + 1]; n++) {
            if (along[n] < least) { least = along[n]; }
            if (along[n] > most) { most = along[n]; }
          }
          low[axis][k] = least;
          high[axis][k] = most;
        });
      }
      return { low, high };
    }
    // Links that may be left on the way and whose boxes are near.
    function near(lon, lat, among) {
      boxes = boxes || findBoxes();
      const { low: [west, south], high: [east, north] } = boxes, high = limits.around * unit, wide = high / Math.cos(Math.min(Math.abs(lat), 89) * RAD);
      const at = [lon * unit, lat * unit], turn = 360 * unit * (at[0] < 0 ? 1 : -1), found = [];
      const meets = (k, from) => west[k] <= from + wide && east[k] >= from - wide;
      for (let k = 0; k < count; k++) {
        if (among[k] && start[k + 1] - start[k] > 1 && south[k] <= at[1] + high && north[k] >= at[1] - high && (meets(k, at[0]) || meets(k, at[0] + turn))) { found.push(k); }
      }
      return found;
    }
    // The nearest point of some links within the limit: {link, vertex, lon, lat, share, away}.
    function nearestPoint(lon, lat, among) {
      const w2 = 1 - E2 * Math.sin(lat * RAD) ** 2, across = RAD * A / Math.sqrt(w2) * Math.cos(lat * RAD), along = RAD * A * (1 - E2) / w2 ** 1.5;
      const owners = [], vertices = [], shares = [], aways = [], points = [];
      near(lon, lat, among).forEach(function (k) {
        let dx = short(x[start[k]] / unit - lon), dy = y[start[k]] / unit - lat;
        for (let n = start[k] + 1; n < start[k + 1]; n++) {
          const ex = short(x[n] / unit - lon), ey = y[n] / unit - lat, far = Math.abs(ex - dx) > 180;
          const [px, py, sx, sy] = [dx * across, dy * along, (ex - dx) * across, (ey - dy) * along], squared = sx * sx + sy * sy;
          const share = Math.min(1, Math.max(0, -(px * sx + py * sy) / (squared || 1)));
          owners.push(k);
          vertices.push(n - 1 - start[k]);
          shares.push(share);
          aways.push(far ? Infinity : Math.hypot(px + share * sx, py + share * sy));
          points.push([short(dx + share * (ex - dx) + lon), dy + share * (ey - dy) + lat]);
          dx = ex;
          dy = ey;
        }
      });
      const few = least(aways, limits.nearest).filter((n) => aways[n] < Infinity), best = nearestOf(few, (n) => araxes.measure.distance(lon, lat, ...points[n]));
      if (!best || !(best[1] <= limits.limit)) { return null; }
      const [n, away] = best, [px, py] = points[n], link = owners[n];
      return { link, vertex: vertices[n], lon: px, lat: py, away, share: shareBefore(link, vertices[n], px, py) };
    }
    function metres(from, to) { return araxes.measure.distance(x[from] / unit, y[from] / unit, x[to] / unit, y[to] / unit); }
    function shareBefore(k, vertex, lon, lat) {
      const at = start[k] + vertex, to = (n) => araxes.measure.distance(x[n] / unit, y[n] / unit, lon, lat);
      let before = to(at), after = to(at + 1);
      for (let n = start[k]; n < at; n++) { before += metres(n, n + 1); }
      for (let n = at + 1; n < start[k + 1] - 1; n++) { after += metres(n, n + 1); }
      return before + after ? before / (before + after) : 0;
    }
    function nearestNode(lon, lat, among) {
      const nodes = [], squares = [], wide = Math.cos(lat * RAD);
      for (let node = 0; node < among.length; node++) {
        if (among[node]) {
          nodes.push(node);
          squares.push((short(nodeX[node] / unit - lon) * wide) ** 2 + (nodeY[node] / unit - lat) ** 2);
        }
      }
      const found = nearestOf(least(squares, limits.nearest), (n) => araxes.measure.distance(lon, lat, ...nodeAt(nodes[n])));
      return found && [nodes[found[0]], found[1]];
    }

    // Which nodes are on a layer of some modes, and which links may be left on the way. Preferred are
    // those that are open to the users, in the largest part of the network.
    const known = new Map();
    function among(modes, users, preferred) {
      const key = `${modes}|${users}|${preferred}`;
      if (known.has(key)) { return known.get(key); }
      const mask = modes.reduce((bits, mode) => bits | 1 << MODES.indexOf(mode), 0), nodes = new Uint8Array(net.at.length), ways = new Uint8Array(count), atOpen = new Uint8Array(net.at.length);
      const left = modes.filter((mode) => DIVIDED.includes(mode)).reduce((bits, mode) => bits | 1 << MODES.indexOf(mode), 0);
      for (let k = 0; k < count; k++) {
        if ((links.flags[k] & CANDIDATE) || !((mask >> links.mode[k]) & 1)) { continue; }
        const open = !preferred || isOpen(k, users), { a, b } = links;
        if (open) { atOpen[a[k]] = atOpen[b[k]] = 1; }
        ways[k] = open && (links.flags[k] & LEFT) && ((left >> links.mode[k]) & 1) && (!preferred || (limits.main[a[k]] === 1 && limits.main[b[k]] === 1)) ? 1 : 0;
      }
      for (let node = 0; node < nodes.length; node++) {
        nodes[node] = (net.layers[node] & mask) && (preferred ? limits.main[node] === 1 && atOpen[node] : limits.main[node] >= 0) ? 1 : 0;
      }
      return known.set(key, [nodes, ways]).get(key);
    }
    // The nearest point or its link's end where it is at that: {node, away} or what nearestPoint finds.
    function pointOrEnd(lon, lat, ways) {
      const point = nearestPoint(lon, lat, ways);
      if (!point) { return null; }
      const length = links.m[point.link];
      for (const [node, away] of [[links.a[point.link], point.share * length], [links.b[point.link], (1 - point.share) * length]]) {
        if (away < limits.at_node) { return { node, away: araxes.measure.distance(lon, lat, ...nodeAt(node)) }; }
      }
      return point;
    }
    // What a place or coordinates mean: a node, or a point of a link; `far` if neither is within the limit.
    function meant({ lon, lat, exact, station }, modes, users) {
      const margin = exact ? 0 : limits.as_good, points = !(station && modes.includes("rail"));
      let best = null;
      for (const preferred of [true, false]) {
        const [nodes, ways] = among(modes, users, preferred), node = nearestNode(lon, lat, nodes);
        let found = node && { node: node[0], away: node[1] };
        const point = points ? pointOrEnd(lon, lat, ways) : null;
        if (point && (!found || point.away + margin <= found.away)) { found = point; }
        best = found || best;
        if (found && found.away <= limits.limit) { return found; }
      }
      return { far: true, away: best ? best.away : Infinity, modes };
    }

    // The course of a link between two shares of it that points of it have, as longitudes and latitudes.
    function course(k, from, to) {
      const first = from ? from.vertex + 1 : 0, last = to ? to.vertex + 1 : start[k + 1] - start[k], inner = [];
      for (let n = start[k] + first; n < start[k] + last; n++) { inner.push([x[n] / unit, y[n] / unit]); }
      return [...(from ? [[from.lon, from.lat]] : []), ...inner, ...(to ? [[to.lon, to.lat]] : [])];
    }
    return { meant, course, nodeAt };
  }

  // Points of links become nodes, and links parts between them, each once for all questions: as
  // corridors/network/divided.py divides them. The columns of the parts stand behind those of the links,
  // their arcs behind those of the graph; partOf and shareOf say of which link each is a part, and how
  // much of it.
  function divider(net, links, { tail, head, nodesOf, arcOf, partOf, shareOf }) {
    const points = [], partEnds = [], pointNodes = new Map(), partNumbers = new Map(), columns = Object.keys(links).filter((name) => name !== "nations");
    function nodeOf(point) {
      const key = `${point.link}|${point.share}`;
      if (!pointNodes.has(key)) {
        const node = net.size + points.length, mask = net.layers[links.a[point.link]], place = `${links.id[point.link]}+${point.share * links.m[point.link]}`;
        points.push([place, node, node, mask, mask]);
        nodesOf.set(place, [node]);
        pointNodes.set(key, node);
      }
      return pointNodes.get(key);
    }
    // The number of the part of a link between two points of it, null for its ends. Parts share its length
    // and what all lengths err in common; its own error has its variance shared.
    function partBetween(whole, from, to) {
      const share = (to ? to.share : 1) - (from ? from.share : 0), id = `${links.id[whole]}/${from ? from.share : 0}-${to ? to.share : 1}`;
      if (!partNumbers.has(id)) {
        const own = {
          id, a: from ? nodeOf(from) : links.a[whole], b: to ? nodeOf(to) : links.b[whole],
          m: share * links.m[whole], own: Math.sqrt(share) * links.own[whole], shared: share * links.shared[whole]
        };
        partNumbers.set(id, links.id.length);
        columns.forEach((name) => links[name].push(name in own ? own[name] : links[name][whole]));
        partOf.push(whole);
        shareOf.push(share);
        partEnds.push([from, to]);
        tail.push(own.a, own.b);
        head.push(own.b, own.a);
      }
      return partNumbers.get(id);
    }
    // The links that are divided for some stops: link → its parts, the arcs that leave each node by them,
    // and the node of each point.
    function divided(stops) {
      const onLink = new Map(), cut = { parts: new Map(), arcs: new Map(), nodes: new Map() };
      stops.forEach(({ point }) => { if (point) { onLink.set(point.link, [...(onLink.get(point.link) || []), point]); } });
      onLink.forEach(function (found, k) {
        const kept = [];
        found.sort((a, b) => a.share - b.share).forEach(function (point) {
          const before = kept[kept.length - 1];
          // What is so near another point of the link is that point.
          if (!before || (point.share - before.share) * links.m[k] >= net.between.at_node) { kept.push(point); }
          cut.nodes.set(point, nodeOf(kept[kept.length - 1]));
        });
        const ends = [null, ...kept, null];
        cut.parts.set(k, ends.slice(1).map((end, n) => partBetween(k, ends[n], end)));
      });
      cut.parts.forEach((parts) => parts.forEach((k) => [true, false].forEach(function (forward) {
        const arc = arcOf(k, forward);
        cut.arcs.set(tail[arc], [...(cut.arcs.get(tail[arc]) || []), arc]);
      })));
      return cut;
    }
    return { points, partEnds, divided };
  }

  // Where a course is drawn, as {layer, feature}: on the layer of its link, as a feature of its own that is
  // like that of the link; of a link that the map leaves out nothing is known but the id.
  const NOTHING = { owner: [], start: [0], box: [], x: [], y: [], parts: 0 };
  function drawn(facts, at, id, mode, course) {
    const layer = at ? at.layer : facts.layers.find((one) => one.id === `network-${mode}`), feature = at ? at.feature : 0;
    if (!layer) { return undefined; }
    // A page that reaches over the meridian of 180° is drawn on one side of it.
    const box = araxes.canvas.boxOf(layer, at ? new Set([feature]) : null), turn = (x) => x - Math.round(x - (box[0] + box[2]) / 2);
    const x = course.map(([lon]) => turn(araxes.decode.worldX(lon))), y = course.map(([, lat]) => araxes.decode.worldY(lat));
    const line = { owner: [feature], start: [0, x.length], box: [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)], x, y, parts: 1 };
    const title = at ? -1 : facts.texts.push(id) - 1, columns = at ? {} : { t: () => title, k: () => id, m: () => -1, a: () => -1, p: () => -1, u: () => -1, r: () => -1, d: () => 0, columns: () => [] };
    const own = Object.entries({ groups: [NOTHING, line, NOTHING], ...columns }).map(([name, value]) => [name, { value }]);
    return { layer: Object.create(layer, Object.fromEntries(own)), feature };
  }

  return { finder, divider, drawn };
})();

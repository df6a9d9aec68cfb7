"use strict";
// Reads the data that maps/web/packing.py and maps/web/payload.py write.
var araxes = {};

araxes.decode = (function () {
  // Base64 and deflate are undone by the browser itself.
  async function inflate(id) {
    const packed = atob(document.getElementById(id).textContent);
    const bytes = new Uint8Array(packed.length);
    for (let i = 0; i < bytes.length; i++) { bytes[i] = packed.charCodeAt(i); }
    const { readable, writable } = new DecompressionStream("deflate-raw"), writer = writable.getWriter();
    // What is wrong with the bytes is told by the reading end.
    writer.write(bytes).catch(() => {});
    writer.close().catch(() => {});
    return new Uint8Array(await new Response(readable).arrayBuffer());
  }

  // A block of JSON; null if the page has none.
  async function json(id) {
    return document.getElementById(id) ? JSON.parse(new TextDecoder().decode(await inflate(id))) : null;
  }

  // Numbers of one to five bytes: seven bits of all of them, then seven of those that have more,
  // and so on; odd ones are negative.
  function numbers(bytes, count) {
    const values = new Int32Array(count), at = [];
    // Where the first, second … bytes begin: there are as many as bytes before them say that more follow.
    for (let begin = 0, open = count; at.length < 5;) {
      const end = begin + open;
      at.push(begin);
      for (open = 0; begin < end; begin++) { open += bytes[begin] >> 7; }
    }
    let [a, b, c, d, e] = at;
    for (let n = 0; n < count; n++) {
      let byte = bytes[a++], value = byte & 127;
      if (byte > 127) { byte = bytes[b++]; value |= (byte & 127) << 7; }
      if (byte > 127) { byte = bytes[c++]; value |= (byte & 127) << 14; }
      if (byte > 127) { byte = bytes[d++]; value |= (byte & 127) << 21; }
      if (byte > 127) { value |= bytes[e++] << 28; }
      values[n] = (value >>> 1) ^ -(value & 1);
    }
    return values;
  }
  // Takes the next numbers of an array, as many as asked for.
  function reader(values) {
    let at = 0;
    return (count) => values.subarray(at, at += count);
  }

  // The latitude at which Web Mercator ends.
  const LIMIT = 85.0511;

  // The world is a square of side 1, x to the east and y to the south (Web Mercator).
  function worldX(lon) { return lon / 360 + 0.5; }
  function worldY(lat) {
    const sine = Math.sin(Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  }
  function lonLat(x, y) {
    return [(x - 0.5) * 360, Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI];
  }

  // The y of latitudes near one another: sines and logarithms are slow for millions of them. Beside a
  // latitude whose y is worked out, Taylor's series to the third power gives others to 3e-13 at 60°,
  // and to 4e-10 where the map ends: a hundredth of a pixel of the nearest zoom.
  const REACH = 0.05, TURN = 2 * Math.PI;
  function worldYs() {
    let at = Infinity, y = 0, first = 0, second = 0, third = 0;
    return function (lat) {
      let step = lat - at;
      if (!(Math.abs(step) < REACH)) {
        if (Math.abs(lat) > LIMIT - REACH) { return worldY(lat); }
        const unit = Math.PI / 180, sec = 1 / Math.cos(lat * unit), tan = Math.tan(lat * unit);
        [at, y, step] = [lat, worldY(lat), 0];
        first = -sec * unit / TURN;
        second = first * tan * unit / 2;
        third = first * (2 * sec * sec - 1) * unit * unit / 6;
      }
      return y + step * (first + step * (second + step * third));
    };
  }

  // Parts of one kind: owner and first vertex of each, their boxes, and all vertices. The steps to the
  // first vertices of parts come before those to the others.
  function group(read, counts, scale) {
    const parts = counts[0], vertices = counts[1], others = vertices - parts;
    const owner = read(parts), size = read(parts), x0 = read(parts), y0 = read(parts), dx = read(others), dy = read(others);
    const start = new Int32Array(parts + 1), box = new Float64Array(4 * parts);
    const x = new Float64Array(vertices), y = new Float64Array(vertices), near = worldYs();
    let feature = 0, east = 0, north = 0, n = 0;
    for (let p = 0; p < parts; p++) {
      feature += owner[p];
      owner[p] = feature;
      const begin = n, end = start[p + 1] = n + size[p];
      let west = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
      for (; n < end; n++) {
        // Before part p and its first vertex, p + 1 vertices were the first of theirs.
        east += n === begin ? x0[p] : dx[n - p - 1];
        north += n === begin ? y0[p] : dy[n - p - 1];
        const a = worldX(east * scale), b = near(north * scale);
        x[n] = a;
        y[n] = b;
        if (a < west) { west = a; }
        if (a > right) { right = a; }
        if (b < top) { top = b; }
        if (b > bottom) { bottom = b; }
      }
      box[4 * p] = west;
      box[4 * p + 1] = top;
      box[4 * p + 2] = right;
      box[4 * p + 3] = bottom;
    }
    return { owner, start, box, x, y, parts };
  }

  // Where the links of a network run: the first vertex of each, and all vertices, in 1e-7 degree.
  function courses({ links, between }, bytes) {
    const count = links.id.length, read = reader(numbers(bytes, count + 2 * between.vertices)), sizes = read(count);
    const start = new Int32Array(count + 1), [x, y] = [read(between.vertices), read(between.vertices)];
    for (let k = 0; k < count; k++) { start[k + 1] = start[k] + sizes[k]; }
    for (let n = 1; n < between.vertices; n++) { x[n] += x[n - 1]; y[n] += y[n - 1]; }
    return { start, x, y };
  }

  // A column holds one value a feature, or one value for all; indices are steps, each from the one before.
  const INDICES = "stmapicur";
  function column(key, values) {
    if (!Array.isArray(values)) { return () => values; }
    if (INDICES.includes(key)) { for (let n = 1; n < values.length; n++) { values[n] += values[n - 1]; } }
    return (n) => values[n];
  }

  async function load() {
    const facts = await json("araxes-facts"), lines = await inflate("araxes-lines");
    const read = reader(numbers(lines, facts.numbers));
    facts.network = await json("araxes-network");
    if (facts.network && facts.network.between) { facts.network.courses = courses(facts.network, await inflate("araxes-courses")); }
    // Parts that only some pages have bring their own words.
    for (const name of ["story", "profile"]) {
      facts[name] = await json(`araxes-${name}-facts`);
      if (facts[name]) { Object.assign(facts.words, facts[name].words); }
    }
    facts.layers.forEach(function (layer) {
      layer.groups = layer.g.map((counts) => group(read, counts, facts.scale));
      // Layers without dates or links: their features need not be searched for these.
      layer.dateless = layer.p === -1;
      layer.linkless = layer.k === "";
      for (const key of ["s", "t", "m", "a", "p", "d", "i", "c", "k", "u", "r", "e"]) {
        layer[key] = column(key, layer[key]);
      }
    });
    return facts;
  }

  // The relief under the lines, if the page has one: its picture and its box in the unit square.
  async function relief() {
    const block = document.getElementById("araxes-relief");
    if (!block) { return null; }
    const [bounds, picture] = block.textContent.split(";"), [west, south, east, north] = bounds.split(",").map(Number);
    const image = new Image();
    image.src = `data:image/jpeg;base64,${picture}`;
    await image.decode();
    return { image, box: [worldX(west), worldY(north), worldX(east), worldY(south)] };
  }

  return { load, relief, worldX, worldY, lonLat };
})();

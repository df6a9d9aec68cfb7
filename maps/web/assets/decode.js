"use strict";
// Reads the data that maps/web/packing.py and maps/web/payload.py write.
var araxes = {};

araxes.decode = (function () {
  // Base64, by the browser where it can.
  function decoded(text) {
    if (Uint8Array.fromBase64) { return Uint8Array.fromBase64(text); }
    const packed = atob(text), bytes = new Uint8Array(packed.length);
    for (let i = 0; i < bytes.length; i++) { bytes[i] = packed.charCodeAt(i); }
    return bytes;
  }
  // Deflate is undone by the browser itself.
  async function inflate(id) {
    const bytes = decoded(document.getElementById(id).textContent);
    const { readable, writable } = new DecompressionStream("deflate-raw"), writer = writable.getWriter();
    // What is wrong with the bytes is told by the reading end.
    writer.write(bytes).catch(() => {});
    writer.close().catch(() => {});
    const chunks = [], taken = readable.getReader();
    let size = 0;
    for (let next = await taken.read(); !next.done; next = await taken.read()) {
      chunks.push(next.value);
      size += next.value.length;
    }
    const whole = new Uint8Array(size);
    chunks.reduce((at, chunk) => { whole.set(chunk, at); return at + chunk.length; }, 0);
    return whole;
  }

  // A block of lines of JSON: for each a function that reads it.
  async function lines(id) {
    const bytes = await inflate(id), found = [];
    for (let begin = 0, end; begin < bytes.length; begin = end + 1) {
      end = bytes.indexOf(10, begin);
      if (end < 0) { end = bytes.length; }
      const line = bytes.subarray(begin, end);
      found.push(() => JSON.parse(new TextDecoder().decode(line)));
    }
    return found;
  }
  // A block of one value; null if the page has none.
  async function json(id) { return document.getElementById(id) ? (await lines(id))[0]() : null; }

  // Numbers of two to five bytes: the lowest byte of all of them, then seven bits of all, then seven of
  // those that have more, and so on; odd ones are negative. Returns a function that takes the next one.
  function reader(bytes) {
    const begins = new DataView(bytes.buffer);
    let [a, b, c, d, e] = [0, 4, 8, 12, 16].map((at) => begins.getUint32(at, true));
    return function () {
      let value = bytes[a++], byte = bytes[b++];
      value |= (byte & 127) << 8;
      if (byte > 127) {
        byte = bytes[c++];
        value |= (byte & 127) << 15;
        if (byte > 127) {
          byte = bytes[d++];
          value |= (byte & 127) << 22;
          if (byte > 127) { value |= bytes[e++] << 29; }
        }
      }
      return (value >>> 1) ^ -(value & 1);
    };
  }
  // The next numbers, as many as asked for.
  function take(next, count) {
    const values = new Int32Array(count);
    for (let n = 0; n < count; n++) { values[n] = next(); }
    return values;
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

  // How the x of longitudes and the y of latitudes go on around a middle: the middle, its x or y, the
  // factors of the step from there, of its square and its cube, and how far they hold. Sines and
  // logarithms are slow for millions of latitudes; Taylor's series gives them to 3e-13 at 60°, and to
  // 4e-10 where the map ends: a hundredth of a pixel of the nearest zoom.
  const REACH = 0.05, TURN = 2 * Math.PI, SERIES = new Map(), ALONG = [0, 0.5, 1 / 360, 0, 0, Infinity];
  function aroundX() { return ALONG; }
  function aroundY(lat) {
    const n = Math.round(lat / (2 * REACH)), middle = 2 * REACH * n;
    if (Math.abs(middle) + REACH > LIMIT) { return [lat, worldY(lat), 0, 0, 0, 0]; }
    let series = SERIES.get(n);
    if (!series) {
      const unit = Math.PI / 180, sec = 1 / Math.cos(middle * unit), tan = Math.tan(middle * unit), first = -sec * unit / TURN;
      series = [middle, worldY(middle), first, first * tan * unit / 2, first * (2 * sec * sec - 1) * unit * unit / 6, REACH];
      SERIES.set(n, series);
    }
    return series;
  }
  // The vertices along one axis, from the steps to the first ones of parts and then to the others; the
  // least and the most of each part go into its box, from `side` on.
  function axis(start, firsts, next, scale, around, box, side) {
    const parts = firsts.length, values = new Float64Array(start[parts]);
    let sum = 0, middle = Infinity, own = 0, first = 0, second = 0, third = 0, reach = 0;
    for (let p = 0, n = 0; p < parts; p++) {
      const begin = n, end = start[p + 1];
      let low = Infinity, high = -Infinity;
      for (; n < end; n++) {
        sum += n === begin ? firsts[p] : next();
        const degrees = sum * scale;
        if (!(Math.abs(degrees - middle) < reach)) {
          const series = around(degrees);
          middle = series[0]; own = series[1]; first = series[2]; second = series[3]; third = series[4]; reach = series[5];
        }
        const step = degrees - middle, value = own + step * (first + step * (second + step * third));
        values[n] = value;
        if (value < low) { low = value; }
        if (value > high) { high = value; }
      }
      box[4 * p + side] = low;
      box[4 * p + side + 2] = high;
    }
    return values;
  }

  // Parts of one kind: owner and first vertex of each, their boxes, and all vertices.
  function group(next, [parts], scale) {
    const owner = take(next, parts), size = take(next, parts), x0 = take(next, parts), y0 = take(next, parts);
    const start = new Int32Array(parts + 1), box = new Float64Array(4 * parts);
    for (let p = 0, feature = 0; p < parts; p++) {
      owner[p] = feature += owner[p];
      start[p + 1] = start[p] + size[p];
    }
    const x = axis(start, x0, next, scale, aroundX, box, 0), y = axis(start, y0, next, scale, aroundY, box, 1);
    return { owner, start, box, x, y, parts };
  }

  // Where the links of a network run: the first vertex of each, and all vertices, in 1e-7 degree.
  function courses({ links, between }, bytes) {
    const count = links.id.length, next = reader(bytes), sizes = take(next, count);
    const start = new Int32Array(count + 1), [x, y] = [take(next, between.vertices), take(next, between.vertices)];
    for (let k = 0; k < count; k++) { start[k + 1] = start[k] + sizes[k]; }
    for (let n = 1; n < between.vertices; n++) { x[n] += x[n - 1]; y[n] += y[n - 1]; }
    return { start, x, y };
  }

  // A column holds one value a feature, or one value for all; indices are steps, each from the one
  // before, or, where they grow evenly, the first and the step.
  const INDICES = "stmapicur";
  function column(key, values) {
    if (values && values.step) { return (n) => values.first + n * values.step; }
    if (!Array.isArray(values)) { return () => values; }
    if (INDICES.includes(key)) { for (let n = 1; n < values.length; n++) { values[n] += values[n - 1]; } }
    return (n) => values[n];
  }

  // A value that is made when it is first asked for: reading names and columns of many features takes
  // a while.
  function late(make) {
    let value;
    return () => (value = value || make());
  }

  // The facts are read first; an error is told where they are awaited.
  let told = null;
  function begin() {
    told = lines("araxes-facts");
    told.catch(() => {});
  }

  async function load() {
    const [first, texts, ...columns] = await told, facts = first(), next = reader(await inflate("araxes-lines"));
    Object.defineProperty(facts, "texts", { get: late(texts) });
    facts.network = await json("araxes-network");
    if (facts.network && facts.network.between) { facts.network.courses = courses(facts.network, await inflate("araxes-courses")); }
    // Parts that only some pages have bring their own words.
    for (const name of ["story", "profile"]) {
      facts[name] = await json(`araxes-${name}-facts`);
      if (facts[name]) { Object.assign(facts.words, facts[name].words); }
    }
    facts.layers.forEach(function (layer, at) {
      layer.columns = late(() => columns[at]().map(([label, values]) => [label, column("x", values)]));
      layer.groups = layer.g.map((counts) => group(next, counts, facts.scale));
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

  return { begin, load, relief, worldX, worldY, lonLat };
})();

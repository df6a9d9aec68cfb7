"use strict";
// Answers questions on the network that the page carries (maps/web/routing_data.py): the best way
// between two places on a day, for some users, under what a reader opens, closes and sets, with
// length, hours and cost and their 95 % intervals. The numbers are those of corridors.route.
araxes.router = function (net) {
  // Its own columns, at the end of which the parts of divided links stand.
  const links = Object.fromEntries(Object.entries(net.links).map(([key, column]) => [key, Array.isArray(column) ? column.slice() : column]));
  if (!Array.isArray(links.shared)) { links.shared = links.m.map((metres) => metres * net.links.shared); }
  const { groups, places } = net, count = links.id.length, ROAD = 1, FERRY = 2, TRANSFER = 3;
  const ONEWAY = 1, CANDIDATE = 2, MISSES = 4, GAUGE = 8, STATED_ALWAYS = -2, UNBUILT = ["construction", "planned", "dismantled"];
  const MODES = ["rail", "road", "ferry"], SHARED = ["delay_h", "cost_usd_t"];
  // Places in a profile: what is stated and what is usual of each; then the border posts each way.
  const SPEED = 0, TKM = 2, FEE = 4, DELAY = 6, POSTS = 8;
  const rankOf = new Map(links.id.map((id, k) => [id, k])), placeOf = new Map(places.map((place) => [place[0], place]));
  const groupOf = new Map(groups.map((group) => [group[0], group]));
  const sharesOf = new Map(groups.map(([key, , , ranks, shares]) => [key, new Map(ranks.map((k, n) => [k, shares[n]]))]));
  // The link of which another is a part, or itself, and how much of it the part is.
  const partOf = [], shareOf = [], whole = (k) => (k < count ? k : partOf[k - count]);
  const has = (k, flag) => (links.flags[k] & flag) !== 0;
  const tallied = (k) => (links.replaces[k] < 0 ? k : links.replaces[k]);
  const sum = (values) => values.reduce((total, value) => total + value, 0);

  // Arcs 2 k and 2 k + 1 lead along link k forward and backward; after them come those between
  // places and their layers. Sorted by the node that they begin at.
  const tail = [], head = [];
  for (let k = 0; k < count; k++) { tail.push(links.a[k], links.b[k]); head.push(links.b[k], links.a[k]); }
  tail.push(...net.access[0]);
  head.push(...net.access[1]);
  const first = new Int32Array(net.size + 1), out = new Int32Array(tail.length);
  tail.forEach((node) => { first[node + 1]++; });
  for (let node = 0; node < net.size; node++) { first[node + 1] += first[node]; }
  const filled = first.slice(0, net.size);
  tail.forEach((node, arc) => { out[filled[node]++] = arc; });
  // The arcs of parts come after all these.
  const FIRST_PART = tail.length, arcOf = (k, forward) => (k < count ? 2 * k : FIRST_PART + 2 * (k - count)) + (forward ? 0 : 1);
  const linkOf = (arc) => (arc < 2 * count ? arc >> 1 : arc < FIRST_PART ? -1 : count + ((arc - FIRST_PART) >> 1)), isForward = (arc) => (arc < FIRST_PART ? arc : arc - FIRST_PART) % 2 === 0;

  // A case without a scenario begins with things as they stand.
  const PLAIN = { id: "", on: net.day, open: [], close: [], build: [], set: {}, gauge: [], hours: [], said: {} };
  const scenarioOf = (asked) => net.scenarios[asked.scenario] || PLAIN;
  function holds([from, to, , direction, users], day, forward, asked) {
    return (users === "all" || users === asked) && (direction === 0 || direction === (forward ? 1 : 2)) && (!from || from <= day) && (!to || day < to);
  }
  // Hours and seasons: times in microseconds since 1970, as Python rounds them, days as whole numbers.
  const MINUTE = 6e7, HOUR = 60 * MINUTE, DAY = 24 * HOUR, LONGEST = 366 * DAY, SAMPLES = 97, LAST_KNOWN = 2e6;
  const dayNumber = (day) => Date.parse(`${day}T00:00:00Z`) / 864e5, spans = net.hours.map(() => new Map());
  // The minutes of a day from and to which something is open, in turn.
  function minutesOn(hours, number) {
    if (!(number < LAST_KNOWN)) { return []; }
    const known = spans[hours];
    if (!known.has(number)) {
      const { days, year, weeks } = net.hours[hours], day = new Date(864e5 * number).toISOString().slice(0, 10);
      const runs = year || weeks, at = year ? day.slice(5) : day;
      const [, like] = runs[Math.max(0, runs.findLastIndex(([from]) => from <= at))];
      // The first day of 1970 was a Thursday.
      known.set(number, days[year ? like : like[(((number + 3) % 7) + 7) % 7]]);
    }
    return known.get(number);
  }
  const closedOn = (hours, day) => !minutesOn(hours, dayNumber(day)).length;
  // How many hours pass from a time on until something opens; infinite if it does within no year.
  function waitFrom(hours, at) {
    for (let day = Math.floor(at / DAY); day * DAY < at + LONGEST; day++) {
      const minutes = minutesOn(hours, day);
      for (let n = 0; n < minutes.length; n += 2) {
        if (day * DAY + minutes[n + 1] * MINUTE > at) {
          const wait = Math.max(0, day * DAY + minutes[n] * MINUTE - at);
          return wait < LONGEST ? wait / HOUR : Infinity;
        }
      }
    }
    return Infinity;
  }
  // The shortest and the longest wait of those who come between two times.
  function waitRange(hours, from, to) {
    const step = Math.round((to - from) / (SAMPLES - 1)), waits = Array.from({ length: SAMPLES }, (_, k) => waitFrom(hours, from + k * step));
    return [Math.min(...waits), Math.max(...waits)];
  }

  // What holds under a case: {day, users, scenario (its number, null for none), switches (id → open, closed or day),
  // set (key → value), at (the time of day at which the way begins, null for none)}.
  function stateOf(asked) {
    const scenario = scenarioOf(asked), day = asked.day || scenario.on, users = asked.users || "freight";
    const settings = { ...scenario.set, ...asked.set }, named = new Set(Object.keys(settings).map((key) => key.slice(0, key.lastIndexOf("."))));
    const hours = new Map(scenario.hours), forced = forcedBy(scenario, asked.switches || {});
    const statuses = new Map(), stops = new Map(), values = new Map();

    // The status whose period the day falls in, whatever its hours: [status, hours].
    function dated(k, forward) {
      if (!forward && has(k, ONEWAY)) { return ["closed", -1]; }
      const key = 2 * links.status[k] + (forward ? 1 : 0);
      if (!statuses.has(key)) {
        // Of those that hold, one for these users outranks one for all, then one for this direction.
        const known = net.statuses[links.status[k]].filter((row) => holds(row, day, forward, users));
        const rank = (row) => (row[4] === "all" ? 2 : 0) + (row[3] === 0 ? 1 : 0);
        const best = known.sort((a, b) => rank(a) - rank(b))[0];
        statuses.set(key, best ? [best[2], best[5]] : ["unknown", -1]);
      }
      return statuses.get(key);
    }
    function status(k, forward) {
      const [word, own] = dated(k, forward), at = hours.has(whole(k)) ? hours.get(whole(k)) : own;
      return word === "open" && at >= 0 && closedOn(at, day) ? "closed" : word;
    }
    function usable(k, forward) {
      const at = whole(k);
      if (forced[at]) { return forced[at] > 0 && (forward || !has(k, ONEWAY)) && !(hours.has(at) && closedOn(hours.get(at), day)); }
      return !has(k, CANDIDATE) && status(k, forward) === "open";
    }
    // Links that a scenario gives another gauge replace those of the old one.
    scenario.gauge.forEach(function ([old, fresh]) {
      forced[fresh] = forced[old] || (status(old, true) === "open" ? 1 : -1);
      forced[old] = -1;
    });

    // Whether a border lay inside one state, or one customs or travel union, so that nobody stops.
    function withoutStop(k) {
      const at = links.countries[k];
      if (!links.crossing[k]) { return false; }
      if (!stops.has(at)) {
        const codes = [...new Set(links.nations[at])], kind = users === "passengers" ? "passengers" : "freight", unions = new Map();
        net.unions.forEach(function ([union, country, of, from, to]) {
          if ((of === "all" || of === kind) && (!from || from <= day) && (!to || day < to)) { unions.set(union, (unions.get(union) || new Set()).add(country)); }
        });
        stops.set(at, codes.length > 1 && [...unions.values()].some((members) => codes.every((code) => members.has(code))));
      }
      return stops.get(at);
    }
    // Values are [what errs together, value, low, high].
    const exact = (key, value) => [key, value, value, value];
    function usual(chain) {
      if (chain < 0) { return null; }
      const [keys, assumption] = net.chains[chain], key = keys.find((one) => Object.hasOwn(settings, one));
      return key === undefined ? net.assumptions[assumption] : exact(key, settings[key]);
    }
    function own(k, column, stated) {
      const id = links.id[whole(k)];
      for (const of of [id, links.crossing[k], links.corridor[k]]) {
        const key = `${of}.${column}`;
        if (of && Object.hasOwn(settings, key)) {
          const part = of === id && k >= count ? shareOf[k - count] : 1, share = !SHARED.includes(column) ? 1 : sharesOf.has(of) ? sharesOf.get(of).get(k) : part;
          return exact(key, settings[key] * (share === undefined ? 1 : share));
        }
      }
      return stated < 0 || (column === "delay_h" && withoutStop(k)) ? null : net.assumptions[stated];
    }
    function delays(k, profile, forward) {
      const whole = own(k, "delay_h", profile[DELAY]);
      if (whole) { return [whole]; }
      if (withoutStop(k)) { return []; }
      const chain = profile[DELAY + 1], posts = profile[forward ? POSTS : POSTS + 1];
      if (posts.length && !net.chains[chain][0].some((key) => Object.hasOwn(settings, key))) { return posts.map(usual); }
      const one = usual(chain);
      return one ? [one] : [];
    }
    // Speed, cost a kilometre, fee and delays of a link; the same for all links alike.
    function valuesOf(k) {
      const at = net.rates[users][whole(k)], single = [links.id[whole(k)], links.crossing[k], links.corridor[k]].some((key) => named.has(key));
      const key = single ? `k${k}` : 2 * (at * links.nations.length + links.countries[k]) + (links.crossing[k] ? 1 : 0);
      let found = values.get(key);
      if (!found) {
        const profile = net.profiles[at], stated = own(k, "speed_kmh", profile[SPEED]);
        found = {
          speed: stated || usual(profile[SPEED + 1]), moves: links.mode[k] !== TRANSFER || Boolean(stated),
          rate: usual(profile[TKM + 1]), fee: own(k, "cost_usd_t", profile[FEE]) || usual(profile[FEE + 1]),
          there: delays(k, profile, true), back: delays(k, profile, false)
        };
        values.set(key, found);
      }
      return found;
    }
    // The number of the hours of a link in a direction, below 0 if it may be used at any time.
    function hoursOf(k, forward) {
      if (hours.has(whole(k))) { return hours.get(whole(k)); }
      const [word, own] = forced[whole(k)] || has(k, CANDIDATE) ? ["", -1] : dated(k, forward);
      return word === "open" ? own : -1;
    }
    // Whether one may wait for a link, maybe for days.
    function everOpen(k, forward) {
      const at = whole(k);
      return forced[at] ? forced[at] > 0 && (forward || !has(k, ONEWAY)) : !has(k, CANDIDATE) && dated(k, forward)[0] === "open";
    }
    const leaves = asked.at ? Date.parse(`${day}T${asked.at}Z`) * 1000 : null;
    // How many hours one waits before a link, so many hours after the way began.
    const waitAfter = (of, hoursSince) => (hoursSince === Infinity ? Infinity : waitFrom(of, leaves + Math.round(hoursSince * HOUR)));
    return { day, users, forced, dated, status, usable, valuesOf, hoursOf, everOpen, leaves, waitAfter };
  }

  // Link → 1 if it is opened, -1 if closed. What the reader switches prevails over the scenario, a
  // crossing over a corridor, and a link over both.
  function forcedBy(scenario, switches) {
    const forced = new Int8Array(count), ranksOf = (key) => (rankOf.has(key) ? [rankOf.get(key)] : groupOf.has(key) ? groupOf.get(key)[3] : []);
    const set = (key, value) => ranksOf(key).forEach((k) => { forced[k] = value; });
    scenario.open.concat(scenario.build).forEach((key) => set(key, 1));
    scenario.close.forEach((key) => set(key, -1));
    const level = (key) => (rankOf.has(key) ? 2 : groupOf.has(key) && groupOf.get(key)[1] === "crossing" ? 1 : 0);
    Object.keys(switches).sort((a, b) => level(a) - level(b)).forEach((key) => set(key, { open: 1, closed: -1, day: 0 }[switches[key]]));
    return forced;
  }

  // What a link takes: metres, hours or US dollars a tonne.
  function weightOf(state, by, k, forward) {
    if (by === "km") { return links.m[k]; }
    const { speed, moves, rate, fee, there, back } = state.valuesOf(k), transfer = links.mode[k] === TRANSFER;
    if (by === "cost") { return transfer ? fee[1] : links.m[k] / 1000 * rate[1] + (fee ? fee[1] : 0); }
    const drive = links.m[k] && moves ? links.m[k] / 1000 / speed[1] : 0;
    return drive + sum((forward ? there : back).map((delay) => delay[1]));
  }
  const maskOf = (modes) => sum(modes.map((mode) => 1 << MODES.indexOf(mode)));
  // Links that lead where the reader will not go: through a country, or over what has an id.
  function barredBy(avoid) {
    const barred = new Uint8Array(count);
    avoid.forEach(function (key) {
      const own = new Set(linksOf(key).map((k) => links.id[k]));
      for (let k = 0; k < count; k++) {
        if (own.has(links.id[k]) || (links.replaces[k] >= 0 && own.has(links.id[links.replaces[k]])) || links.nations[links.countries[k]].includes(key)) { barred[k] = 1; }
      }
    });
    return barred;
  }
  // The links of a crossing or corridor, or the link, of an id.
  function linksOf(key) {
    const found = [];
    for (let k = 0; k < count; k++) { if (links.crossing[k] === key || links.corridor[k] === key || links.id[k] === key) { found.push(k); } }
    return found;
  }
  const nodesOf = new Map();
  net.at.forEach(function (place, node) {
    const key = places[place][0];
    if (!nodesOf.has(key)) { nodesOf.set(key, []); }
    nodesOf.get(key).push(node);
  });
  function wanted(k, mask) {
    return links.mode[k] !== TRANSFER ? (mask >> links.mode[k]) & 1 : (net.layers[links.a[k]] & mask) && (net.layers[links.b[k]] & mask);
  }

  // The cheapest arcs from a node to each of others, null where there is no way. Of equal ones the
  // same is taken as by the engine in Python: nodes wait in order of cost, then of number. `waitOf`
  // says how long one who comes at a cost waits before an arc; it is null where nobody waits.
  function search(weights, from, targets, start, waitOf, cut) {
    const size = net.size + (divider ? divider.points.length : 0), best = new Float64Array(size).fill(Infinity), by = new Int32Array(size).fill(-1), done = new Uint8Array(size);
    const costs = [], nodes = [];
    const less = (i, j) => costs[i] < costs[j] || (costs[i] === costs[j] && nodes[i] < nodes[j]);
    const swap = function (i, j) { [costs[i], costs[j]] = [costs[j], costs[i]]; [nodes[i], nodes[j]] = [nodes[j], nodes[i]]; };
    function push(cost, node) {
      let i = costs.push(cost) - 1;
      nodes.push(node);
      for (let up = (i - 1) >> 1; i && less(i, up); i = up, up = (i - 1) >> 1) { swap(i, up); }
    }
    function pop() {
      const node = nodes[0], cost = costs.pop(), last = nodes.pop();
      if (costs.length) {
        costs[0] = cost;
        nodes[0] = last;
        for (let i = 0; ;) {
          let least = i;
          for (const child of [2 * i + 1, 2 * i + 2]) { if (child < costs.length && less(child, least)) { least = child; } }
          if (least === i) { break; }
          swap(i, least);
          i = least;
        }
      }
      return node;
    }
    const open = new Set(targets);
    best[from] = start;
    push(start, from);
    while (costs.length && open.size) {
      const node = pop();
      if (done[node]) { continue; }
      done[node] = 1;
      open.delete(node);
      if (!open.size) { break; }
      const more = cut.arcs.get(node) || NOTHING, own = node < net.size ? first[node + 1] - first[node] : 0;
      for (let n = 0; n < own + more.length; n++) {
        const arc = n < own ? out[first[node] + n] : more[n - own], next = head[arc], cost = (waitOf ? best[node] + waitOf(arc, best[node]) : best[node]) + weights[arc];
        if (cost < best[next] && !done[next]) {
          best[next] = cost;
          by[next] = arc;
          push(cost, next);
        }
      }
    }
    return targets.map(function (to) {
      if (!done[to]) { return null; }
      const arcs = [];
      for (let node = to; node !== from; node = tail[by[node]]) { arcs.push(by[node]); }
      return arcs.reverse();
    });
  }

  // On a network of an extract names and coordinates mean points of links, or nodes.
  const asIs = new Map(), named = new Map((net.named || []).map(([, key, lon, lat, station]) => (key ? [key, { lon, lat, station }] : [`${lat},${lon}`, { lon, lat, exact: true }])));
  const finder = net.courses ? araxes.ends.finder(net, links, function (k, users) {
    if (!asIs.has(users)) { asIs.set(users, stateOf({ users, day: net.day, scenario: null })); }
    return [true, false].some((forward) => asIs.get(users).dated(k, forward)[0] === "open");
  }) : null;
  // Where a name or coordinates lie, null if the network knows neither.
  function placed(key) {
    const at = finder && (named.get(key) || araxes.search.coordinates(key));
    return at ? { exact: !named.has(key), ...at } : null;
  }
  const understood = new Map();
  function meantBy(key, asked) {
    const modes = asked.modes || ["road"], question = `${key}|${modes}|${asked.users}`;
    if (understood.size > 500) { understood.clear(); }
    if (!understood.has(question)) { understood.set(question, finder.meant(placed(key), modes, asked.users || "freight")); }
    return understood.get(question);
  }
  // What the ends of a question and what lies between mean: {row} of a place, {links}, or {point} of a
  // link; with what was asked for and what the network makes of it, {key, meant}, where it is no place of
  // the network itself.
  function stopsOf(asked) {
    const all = maskOf([...new Set((asked.modes ? [asked.modes] : net.choices).flat())]), via = asked.via || [];
    return [asked.from, ...via, asked.to].map(function (key, n) {
      if (placeOf.has(key)) { return { key, row: station(key, all) }; }
      const own = n && n <= via.length ? linksOf(key) : [];
      if (own.length || !placed(key)) { return { key, links: own }; }
      const meant = meantBy(key, asked);
      return meant.far ? { key, meant } : meant.node === undefined ? { key, meant, point: meant } : { key, meant, row: placeOf.get(places[net.at[meant.node]][0]) };
    });
  }
  // Why there is no way between stops, whatever is open: one is too far from the network, or two in a
  // row are one place.
  function refused(stops) {
    const far = stops.find(({ meant }) => meant && meant.far);
    if (far) { return { far }; }
    if (stops.some(({ row, point, links: own }) => !row && !point && !(own && own.length))) { return { unknown: true }; }
    return stops.some((stop, n) => n && isSame(stop, stops[n - 1])) ? { twice: true } : null;
  }
  function isSame(one, other) {
    if (!one.point || !other.point) { return one.key === other.key || Boolean(one.row && one.row === other.row); }
    const cut = divided([one, other]);
    return pointOf(one.point, cut) === pointOf(other.point, cut);
  }

  // Points of links that became nodes, as rows of places, and the links that are divided for some stops.
  const UNDIVIDED = { parts: new Map(), arcs: new Map(), nodes: new Map() }, NOTHING = [];
  const divider = finder && araxes.ends.divider(net, links, { tail, head, nodesOf, arcOf, partOf, shareOf });
  const divided = (stops) => (finder && stops.some(({ point }) => point) ? divider.divided(stops) : UNDIVIDED);
  const pointOf = (point, cut) => cut.nodes.get(point), rowOf = (node) => divider.points[node - net.size];
  const courseOf = (k) => finder.course(whole(k), ...(k < count ? [null, null] : divider.partEnds[k - count]));

  // A town whose railway station has a name of its own stands for it where only that is served.
  function station(key, mask) {
    const town = placeOf.get(key), own = placeOf.get(`${key}_st`);
    return own && (own[3] & mask) && !(town[3] & mask) ? own : town;
  }
  // The links of the best way between the stops with their directions, null if there is none. A closed
  // link costs `toll` besides, infinite if it may not be used.
  function find(asked, state, stops, toll = Infinity) {
    const choices = asked.modes ? [asked.modes] : net.choices, cut = divided(stops);
    const rows = stops.map((stop) => (stop.point ? rowOf(pointOf(stop.point, cut)) : stop.row)), [from, to] = [rows[0], rows[rows.length - 1]], barred = barredBy(asked.avoid || []);
    const between = stops.map(({ links: own }, n) => (own ? { links: own.flatMap((k) => cut.parts.get(k) || [k]) } : { nodes: nodesOf.get(rows[n][0]) })).slice(1, -1);
    // By the clock one may wait where it is closed.
    const clock = state.leaves !== null && asked.by === "hours" && toll === Infinity;
    let best = null, least = Infinity;
    choices.forEach(function (modes) {
      const mask = maskOf(modes);
      if (!(from[4] & mask) || !(to[4] & mask)) { return; }
      const weights = new Float64Array(tail.length), gates = new Map();
      let tenths = asked.by === "km";
      const weigh = function (k) {
        const runs = !barred[whole(k)] && wanted(k, mask) && !(has(k, CANDIDATE) && !state.forced[whole(k)]);
        for (const forward of [true, false]) {
          const hours = clock && runs && state.everOpen(k, forward) ? state.hoursOf(k, forward) : -1, arc = arcOf(k, forward);
          if (hours >= 0) { gates.set(arc, hours); }
          const open = hours >= 0 || (runs && state.usable(k, forward)), toPay = open ? 0 : runs && (forward || !has(k, ONEWAY)) ? toll : Infinity;
          weights[arc] = toPay === Infinity ? Infinity : weightOf(state, asked.by, k, forward) + toPay;
        }
        if (weights[arcOf(k, true)] < Infinity && tenths) { tenths = Math.abs(10 * links.m[k] - Math.round(10 * links.m[k])) < 1e-6; }
      };
      for (let k = 0; k < count; k++) { weigh(k); }
      cut.parts.forEach(function (parts, k) {
        parts.forEach(weigh);
        weights[2 * k] = weights[2 * k + 1] = Infinity;
      });
      // Lengths in tenths of a metre add up without rounding.
      if (tenths) { for (let arc = 0; arc < weights.length; arc++) { weights[arc] = Math.round(10 * weights[arc]); } }
      const costOf = ([k, forward]) => weightOf(state, asked.by, k, forward) + (!barred[whole(k)] && state.usable(k, forward) ? 0 : toll);
      const waitOf = gates.size ? (arc, cost) => (gates.has(arc) ? state.waitAfter(gates.get(arc), cost) : 0) : null;
      // The cost after further links.
      const timed = (cost, [k, forward]) => cost + (waitOf(arcOf(k, forward), cost) + weightOf(state, "hours", k, forward));
      const after = (before, steps) => (waitOf ? steps.reduce(timed, before) : before + sum(steps.map(costOf)));
      const found = through(weights, from[1], between, to[2], { waitOf, after, cut, enters: (k, forward) => !clock || state.usable(k, forward) });
      if (found && found.cost < least) { best = found.steps; least = found.cost; }
    });
    return best;
  }
  // The best way from a node through stops to another: {steps, cost}. It goes on from each stop by the
  // layer by which it came, so the best way to every layer of a stop is kept.
  function through(weights, from, between, to, { waitOf, after, cut, enters }) {
    let reached = new Map([[from, { steps: [], cost: 0 }]]);
    [...between, { end: to }].forEach(function ({ nodes, links: own, end }) {
      const targets = nodes ? nodes.map((node) => [node, node, []]) : own ? own.flatMap((k) => [true, false].map(function (forward) {
        const arc = arcOf(k, forward);
        return weights[arc] < Infinity && enters(k, forward) ? [tail[arc], head[arc], [[k, forward]]] : null;
      })).filter(Boolean) : [[end, end, []]];
      const next = new Map();
      reached.forEach(function (before, start) {
        search(weights, start, targets.map(([node]) => node), waitOf ? before.cost : 0, waitOf, cut).forEach(function (arcs, n) {
          if (!arcs) { return; }
          const [, node, last] = targets[n], steps = arcs.map((arc) => [linkOf(arc), isForward(arc)]).filter(([k]) => k >= 0).concat(last);
          const cost = after(before.cost, steps), whole = { steps: before.steps.concat(steps), cost }, known = next.get(node);
          // Of two equally good ways the one with fewer links changes layers less often.
          if (!known || cost < known.cost || (cost === known.cost && whole.steps.length < known.steps.length)) { next.set(node, whole); }
        });
      });
      reached = next;
    });
    return reached.get(to) || null;
  }

  // A weighted sum of ways with its 95 % interval. What rests on one assumption adds up, what rests
  // on different ones combines in quadrature; what two ways share cancels in their difference. What
  // one waits until links open, each way for itself, is independent of the rest.
  function total(by, routes) {
    const terms = new Map(), slopes = new Map();
    // The change of the sum per metre at the ends of the ways, the mean of each way.
    let ends = 0, slope = 0, metresMissing = 0;
    const add = function (factor, [key, ...numbers]) {
      const term = terms.get(key) || [0, 0, 0];
      terms.set(key, term.map((value, n) => value + factor * numbers[n]));
    };
    const stretch = function (k, perMetre) {
      slopes.set(tallied(k), (slopes.get(tallied(k)) || 0) + perMetre);
      if (has(k, MISSES)) { slope += perMetre * links.m[k]; metresMissing += links.m[k]; }
    };
    routes.forEach(function ([weight, steps, state]) {
      steps.forEach(function ([k, forward]) {
        const metres = links.m[k], { speed, moves, rate, fee, there, back } = by === "km" ? {} : state.valuesOf(k);
        if (by === "km") { add(weight * metres, ["length", 1, 1, 1]); stretch(k, weight); return; }
        if (by === "cost") {
          if (fee) { add(weight, fee); }
          if (metres && links.mode[k] !== TRANSFER) { add(weight * metres / 1000, rate); stretch(k, weight * rate[1] / 1000); }
          return;
        }
        (forward ? there : back).forEach((delay) => add(weight, delay));
        if (metres && moves) {
          const [key, value, low, high] = speed;
          add(weight * metres / 1000, [key, 1 / value, 1 / high, 1 / low]);
          stretch(k, weight / value / 1000);
        }
      });
      if (metresMissing) { ends += slope / metresMissing; }
      slope = metresMissing = 0;
    });
    const half = net.z * Math.hypot(sigmaOf(slopes), missed(slopes), net.ends * ends);
    const opening = by === "hours" ? routes.flatMap(([weight, , , waits = []]) => waits.map(([, ...wait]) => wait.map((hours) => weight * hours))) : [];
    const waited = sum(opening.map(([wait]) => wait)), ends95 = [0, 1].map((side) => sum(opening.map(([, ...bounds]) => bounds.sort((a, b) => a - b)[side])));
    let value = waited, below = half * half + (waited - ends95[0]) ** 2, above = half * half + (ends95[1] - waited) ** 2;
    terms.forEach(function ([middle, ...ends]) {
      value += middle;
      below += (middle - Math.min(...ends)) ** 2;
      above += (Math.max(...ends) - middle) ** 2;
    });
    return [value, value - Math.sqrt(below), value + Math.sqrt(above)];
  }
  // The standard error from lengths: errors of one calibration add up, and links in a row whose
  // length together is published are together as sure as that.
  function sigmaOf(slopes) {
    const rest = new Map(slopes), shared = new Map();
    let squares = 0;
    net.spans.forEach(function ([ranks, sigma]) {
      if (!ranks.every((k) => rest.has(k) && rest.get(k) === rest.get(ranks[0]))) { return; }
      squares += (rest.get(ranks[0]) * sigma) ** 2;
      ranks.forEach((k) => rest.delete(k));
    });
    rest.forEach(function (slope, k) {
      shared.set(links.with[k], (shared.get(links.with[k]) || 0) + slope * links.shared[k]);
      squares += (slope * links.own[k]) ** 2;
    });
    shared.forEach((error) => { squares += error ** 2; });
    return Math.sqrt(squares);
  }
  // What ways by schematic roads were found to miss besides, on their way.
  function missed(slopes) {
    let metres = 0;
    slopes.forEach((slope, k) => { if (has(k, MISSES)) { metres += slope ** 2 * links.m[k]; } });
    return net.missed * Math.sqrt(metres / 1e5);
  }

  const unbuilt = (state, k, forward) => (has(k, CANDIDATE) && links.replaces[k] < 0) || UNBUILT.includes(state.status(k, forward));
  // The answer to a question {from, to, via, avoid, by, users, modes, day, scenario, switches, set}:
  // places by id, via also ids of crossings and corridors, avoid those and countries;
  // modes null for the better of road and rail. Lengths in metres, costs in US dollars a tonne.
  function ask(asked) {
    const state = stateOf(asked), stops = stopsOf(asked), steps = refused(stops) ? null : find(asked, state, stops);
    const waits = steps && waitsOf(state, steps), ends = { stops: stops.filter(({ meant }) => meant), refused: refused(stops) };
    return waits ? { ...summed(asked, state, steps, waits), ...ends } : { steps: null, state, asked, ...ends };
  }
  // Where one waits on a way until a link opens: [its place on the way, hours, the least and the most
  // of them over the interval of the arrival]; null where it opens no more.
  function waitsOf(state, steps) {
    const waits = [];
    let waited = [0, 0, 0];
    for (let n = 0; n < steps.length && state.leaves !== null; n++) {
      const of = state.hoursOf(...steps[n]);
      if (of < 0) { continue; }
      const moved = total("hours", [[1, steps.slice(0, n), state]]);
      const [at, from, to] = moved.map((hours, i) => state.leaves + Math.round((hours + Math.max(0, waited[i])) * HOUR));
      const wait = waitFrom(of, at), [low, high] = waitRange(of, from, to);
      if (wait === Infinity) { return null; }
      const three = [wait, Math.min(low, wait), Math.max(high, wait)];
      waited = waited.map((hours, i) => hours + three[i]);
      if (three[2] > 0) { waits.push([n, ...three]); }
    }
    return waits;
  }
  // The crossings by road of which nobody says at what hours they are open; they count as open.
  function unknownHours(asked, state, steps) {
    const told = Object.keys(scenarioOf(asked).said.open_hours || {}), own = (k) => [links.id[k], links.crossing[k], links.corridor[k]];
    const known = (k, forward) => { const of = state.hoursOf(k, forward); return of === STATED_ALWAYS || (of >= 0 && net.hours[of].told); };
    return [...new Set(steps.filter(([k, forward]) => links.crossing[k] && links.mode[k] === ROAD && !known(k, forward) && !own(k).some((key) => told.includes(key))).map(([k]) => links.crossing[k]))];
  }
  function summed(asked, state, steps, waits) {
    const of = (by) => total(by, [[1, steps, state, waits]]), once = (list) => list.filter((value, n) => value && value !== list[n - 1]);
    return {
      steps, state, asked, waits, km: of("km"), hours: of("hours"), cost: of("cost"), parts: partsOf(steps, state, waits),
      unknown: state.leaves === null ? [] : unknownHours(asked, state, steps),
      unbuilt: steps.filter(([k, forward]) => unbuilt(state, k, forward)).map(([k]) => k),
      unbuilt_m: sum(steps.map(([k, forward]) => (unbuilt(state, k, forward) ? links.m[k] : 0))),
      links: steps.map(([k]) => links.id[k]), crossings: steps.map(([k]) => links.crossing[k]).filter(Boolean),
      countries: once(steps.flatMap(([k, forward]) => (forward ? links.nations[links.countries[k]] : links.nations[links.countries[k]].slice().reverse()))),
      gauges: steps.filter(([k]) => has(k, GAUGE)).length,
      modes: once(steps.map(([k]) => (links.mode[k] === TRANSFER ? null : net.modes[links.mode[k]])).filter(Boolean))
    };
  }
  // What the hours are made of, each kind once, in the order of travel; with the crossings where one
  // waits, and how long at each.
  function partsOf(steps, state, opening) {
    const hours = new Map(), waits = new Map();
    const add = function (what, value, crossing) {
      hours.set(what, (hours.get(what) || 0) + value);
      if (!waits.has(what)) { waits.set(what, new Map()); }
      if (crossing && groupOf.has(crossing)) { waits.get(what).set(crossing, (waits.get(what).get(crossing) || 0) + value); }
    };
    steps.forEach(function ([k, forward]) {
      const { speed, moves, there, back } = state.valuesOf(k), ferry = links.mode[k] === FERRY;
      if (links.m[k] && moves) { add(ferry ? "sailing" : "running", links.m[k] / 1000 / speed[1]); }
      (forward ? there : back).forEach((delay) => add(links.mode[k] === TRANSFER ? (has(k, GAUGE) ? "gauge" : "change") : links.crossing[k] ? (ferry ? "ship" : "border") : "delay", delay[1], links.crossing[k]));
    });
    opening.forEach(([n, wait]) => { if (wait > 0) { add("opening", wait, links.crossing[steps[n][0]]); } });
    return [...hours].map(([what, value]) => [what, value, [...waits.get(what)].map(([key, wait]) => [groupOf.get(key)[2], wait])]);
  }
  // What costs of answers rest on: states of the rates, and the first and the last year of their
  // prices, null if none has any.
  function costBasis(answers) {
    const states = new Set(), years = [];
    answers.forEach(({ steps, state }) => steps.forEach(function ([k]) {
      const { rate, fee } = state.valuesOf(k);
      [fee, links.m[k] && links.mode[k] !== TRANSFER ? rate : null].filter(Boolean).forEach(function ([, , , , from, first, last]) {
        states.add(from || "scenario");
        if (first) { years.push(first, last); }
      });
    }));
    return { states: [...states].sort(), years: years.length ? [Math.min(...years), Math.max(...years)] : null };
  }
  // By how much one answer exceeds another, with the interval.
  function difference(by, one, other) { return total(by, [[1, one.steps, one.state, one.waits], [-1, other.steps, other.state, other.waits]]); }
  // The links that would have to open, where there is no way: the fewest, then the shortest way.
  function obstacles(asked) {
    const state = stateOf(asked), stops = stopsOf(asked), steps = refused(stops) ? null : find({ ...asked, by: "km" }, state, stops, 1e9);
    return steps ? steps.filter(([k, forward]) => !state.usable(k, forward)).map(([k, forward]) => [k, state.status(k, forward)]) : null;
  }

  // A scenario file that the command line reads, with the answer of the same question.
  function toml(asked, id, name, lines) {
    const scenario = scenarioOf(asked), forced = forcedBy(scenario, asked.switches || {}), covered = new Set();
    const quoted = (text) => JSON.stringify(text).replace(/\u007f/g, "\\u007f"), listed = { 1: [], "-1": [] };
    const builds = Object.keys(net.builds).filter((key) => forced[rankOf.get(key)] > 0);
    // What was named first, then corridors before crossings.
    const mentioned = new Set([...scenario.open, ...scenario.close, ...Object.keys(asked.switches || {})]), order = (key, kind) => (mentioned.has(key) ? 0 : kind === "corridor" ? 1 : 2);
    groups.slice().sort((a, b) => order(...a) - order(...b)).forEach(function ([key, , , ranks]) {
      const value = forced[ranks[0]];
      if (!value || ranks.some((k) => has(k, CANDIDATE) || forced[k] !== value) || ranks.every((k) => covered.has(k)) || (rankOf.has(key))) { return; }
      ranks.forEach((k) => covered.add(k));
      listed[value].push(key);
    });
    forced.forEach((value, k) => { if (value && !covered.has(k) && !has(k, CANDIDATE)) { listed[value].push(links.id[k]); } });
    const settings = Object.entries({ ...scenario.set, ...asked.set });
    const tables = [["set", settings], ...Object.entries(scenario.said).map(([key, said]) => [key, Object.entries(said)])].filter(([, rows]) => rows.length);
    const text = (value) => (typeof value === "number" ? String(value) : quoted(value));
    return [...lines.map((line) => `# ${line.replace(/[\u0000-\u001f\u007f]/g, " ")}`), `id = ${quoted(id)}`, `name = ${quoted(name)}`, `on = ${asked.day || scenario.on}`,
            ...(listed[1].length ? [`open = [${listed[1].map(quoted).join(", ")}]`] : []), ...(listed[-1].length ? [`close = [${listed[-1].map(quoted).join(", ")}]`] : []),
            ...tables.flatMap(([key, rows]) => ["", `[${key}]`, ...rows.map(([of, value]) => `${quoted(of)} = ${text(value)}`)]),
            ...builds.flatMap((key) => ["", net.builds[key].trim()]), ""].join("\n");
  }

  // The state of a switch: what the reader chose, or else the scenario.
  function switched(asked, key) {
    const scenario = scenarioOf(asked), chosen = (asked.switches || {})[key];
    return chosen || (scenario.open.includes(key) || scenario.build.includes(key) ? "open" : scenario.close.includes(key) ? "closed" : "day");
  }
  // Whether a place is served by some modes, or by any.
  const serves = (key, modes) => placeOf.has(key) && (placeOf.get(key)[4] & maskOf(modes || MODES)) !== 0;
  return { net, links, whole, courseOf, placed, meantBy, serves, linksOf, scenarioOf, ask, difference, costBasis, obstacles, toml, switched, stateOf, placeOf, groupOf, rankOf };
};

"use strict";
// The state of the page (day, scenario, layers, language) and what follows from it for each
// feature: whether and how it is drawn, its status, and the texts of its card.
araxes.model = function (facts) {
  // Layers of the base map that show today's state whatever the day.
  const TODAYS = ["country-borders", "provinces", "places"];
  // What the day changes of a feature: indices of DATED in maps/layers/model.py.
  const NEVER = 0, DRAWN = 1, BOTH = 2, DASHED = 3, UNDER = 4;
  // What a reader switches on and off: layers, and the routes compared, which are none.
  const switches = [...facts.layers, ...(facts.ways.length || facts.network ? [{ id: "routes", show: true, group: "network" }] : [])];
  // The state before the reader has chosen anything.
  function defaults() {
    return {
      language: facts.page.language, day: facts.page.on, scenario: facts.first, view: "difference", pair: null,
      hidden: new Set(switches.filter(({ show }) => !show).map(({ id }) => id))
    };
  }
  const state = { ...defaults(), selected: null };
  // What answers the reader's own questions, on a page that carries a network; see answers.js.
  let answers = null;
  function asking() { return Boolean(answers && state.asking); }

  function word(key) {
    // A status in a user's table may be called like a part of every object.
    if (!Object.hasOwn(facts.words, key)) { return key; }
    return facts.words[key][state.language] || facts.words[key].en;
  }
  // A phrase with its placeholders {0}, {1} … filled.
  function filled(key, ...values) {
    return word(key).replace(/\{(\d)\}/g, (_, n) => values[n]);
  }
  // A text of the data: the same in all languages, or one for each.
  function text(value) {
    if (typeof value === "string") { return value; }
    const local = value[state.language] || value.en || Object.values(value)[0] || "";
    // A name such as "TRIPP / …" runs from the right in Persian, though a Latin letter is first.
    return rightToLeft() && /^[^\u0600-\u06ff]*[A-Za-z].*[\u0600-\u06ff]/.test(local) ? `\u200f${local}` : local;
  }

  // A value of a card: a text, or a phrase with numbers and words to fill in.
  function message(value) {
    if (!Array.isArray(value)) { return text(value); }
    const parts = value.slice(1).map((part) => (/^[\d.,]+$/.test(part) ? localized(part) : isolated(word(part))));
    return value[0] === "list" ? parts.join(between(", "))
      : (rightToLeft() ? "\u200f" : "") + filled(value[0], ...parts);
  }

  function rightToLeft() { return state.language === "fa"; }
  function direction() { return rightToLeft() ? "rtl" : "ltr"; }
  // What stands between the parts of a list, as the writing has it.
  const TURNED = { ", ": "، ", "; ": "؛ ", " → ": " ← " };
  function between(plain) { return rightToLeft() ? TURNED[plain] : plain; }
  // Latin words within a Persian sentence keep their own direction.
  function isolated(words) { return rightToLeft() ? `\u2068${words}\u2069` : words; }

  // The decimal point and the comma of thousands in other languages, and in Persian.
  const COMMA = { ".": ",", ",": "\u00a0" };
  const PERSIAN = { ".": "٫", ",": "٬" };
  function number(value, digits) {
    const plain = Math.abs(value).toFixed(digits), [whole, rest] = plain.split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : "");
    // The mark keeps the sign before the number in text from right to left.
    const signed = (value < 0 && Number(plain) !== 0 ? "\u200e−" : "") + grouped;
    return localized(signed);
  }
  function localized(plain) {
    if (rightToLeft()) {
      return plain.replace(/[\d.,]/g, (c) => PERSIAN[c] || String.fromCharCode(0x6f0 + Number(c)));
    }
    return state.language === "en" ? plain : plain.replace(/[.,]/g, (c) => COMMA[c]);
  }
  // The rules of borders/measure.py: below one, two figures of a number stay, and a time of less than an
  // hour is one of minutes.
  function decimals(value, usual) {
    return value > 0 && value < 1 ? Math.max(usual, Math.min(1 - Math.floor(Math.log10(value)), 4)) : usual;
  }
  function timeUnit(hours) { return hours > 0 && hours < 1 ? ["min", 60] : ["h", 1]; }
  // [value, low, high] in metres, square metres or hours, with its 95 % interval.
  function interval(measure, unit) {
    if (unit === "h" && timeUnit(measure[0])[0] === "min") { return interval(measure.map((x) => 60 * x), "min"); }
    const scale = unit === "km2" ? 1e6 : unit === "km" ? 1e3 : 1;
    const digits = decimals(measure[0] / scale, measure[0] / scale < 1000 && unit !== "h" && unit !== "min" ? 1 : 0);
    const [value, low, high] = measure.map((x) => number(x / scale, digits));
    return low === high ? `${value} ${word(unit)}` : `${value} ${word(unit)} (${low}–${high})`;
  }

  // Hyphens between Persian words would turn the parts of a date around.
  function date(day) { return localized(rightToLeft() ? day.replace(/-/g, "/") : day); }
  // The period that holds on a day. Dates are ISO texts, which compare as dates do.
  function periodOn(periods, day) {
    return periods.find(([from, to]) => (!from || from <= day) && (!to || day < to));
  }
  // Whether what is open in a period is closed on a day in a season that comes again.
  function shutOn(period, day) {
    const at = day ? day.slice(5) === "02-29" ? "02-28" : day.slice(5) : "";
    return Boolean(at && period[5]) && period[5].some(([first, last]) => first <= at && at <= last);
  }
  function scenario() { return facts.scenarios[state.scenario]; }
  // The day chosen, or else that of the scenario; null shows every period.
  function dayOf() { return state.day || (asking() ? answers.day() : facts.scenarios.length ? scenario().on : null); }
  // The status that the scenario forces on a feature: [status, whether it opens it].
  function forcedStatus(layer, n) {
    if (asking()) { return layer.k(n) ? answers.forcedOn(layer.k(n)) : undefined; }
    const index = layer.u(n);
    return index < 0 || !facts.scenarios.length ? undefined : facts.unders[index][scenario().id];
  }
  function periodsOf(layer, n) { return layer.p(n) < 0 ? [] : facts.periods[layer.p(n)]; }

  // The status of a feature: {word, opened, period}; null if the data say nothing of the day.
  // What a scenario opens or closes it does on its own day.
  function status(layer, n) {
    const forced = forcedStatus(layer, n);
    if (forced && (asking() || dayOf() === scenario().on)) { return { word: forced[0], opened: forced[1], forced: true }; }
    const periods = periodsOf(layer, n), network = layer.d(n) >= DASHED;
    const day = network ? dayOf() : state.day;
    const period = day ? periodOn(periods, day) : periods[periods.length - 1];
    if (period && shutOn(period, day)) { return { word: "closed", period, opened: false, season: true }; }
    if (period) { return { word: period[2], period, opened: period[2] === "open" }; }
    return network ? { word: "unknown", opened: false } : null;
  }

  // Style, dash and mark of a feature, one object for all that look alike.
  const looks = new Map(), plain = [];
  function look(style, dash, mark) {
    // Most features have neither, and this is asked of each in every picture.
    if (dash === null && mark === "" && plain[style]) { return plain[style]; }
    const key = `${style}|${dash}|${mark}`;
    if (!looks.has(key)) {
      const drawn = facts.styles[style];
      looks.set(key, { style: drawn, dash: dash === null ? drawn.d : facts.states[dash] || [],
                       mark });
    }
    if (dash === null && mark === "") { plain[style] = looks.get(key); }
    return looks.get(key);
  }
  // Whether a status holds on a past day only because the data do not say since when it does.
  function undated({ period }) { return Boolean(state.day && period && !period[0] && state.day < facts.page.known); }
  function dashOf(current) { return undated(current) ? "unknown" : current.word; }
  // How a feature is drawn; null if it is not.
  function lookOf(layer, n) {
    const dated = layer.d(n), style = layer.s(n);
    if (dated === NEVER) { return look(style, null, ""); }
    const current = status(layer, n);
    if (dated === UNDER && !(current && current.forced)) { return null; }
    if (dated < DASHED) {
      if (!state.day) { return look(style, null, ""); }
      if (!current) { return null; }
      const within = layer.i(n) < 0 ? null : facts.within[layer.i(n)];
      if (within && !within.includes(current.word)) { return null; }
      return look(style, dated === BOTH ? dashOf(current) : null, "");
    }
    const mark = layer.id !== "crossings" ? "" : dashOf(current) === "unknown" ? "unknown"
      : current.opened ? "" : "closed";
    return look(style, dashOf(current), mark);
  }

  // Whether a layer of the base map shows another day than the one chosen.
  function isTodays(layer) { return Boolean(state.day && state.day < facts.page.known && TODAYS.includes(layer.id)); }

  // How the legend shows a layer on the chosen day: dash, note, and whether none of it is drawn.
  function legendEntry(layer) {
    const plain = { dash: facts.styles[layer.w].d, note: isTodays(layer) ? "ui-as-today" : layer.note, absent: false };
    let drawn = false;
    for (let n = 0; n < layer.count && state.day; n++) {
      if (layer.d(n) !== DRAWN && layer.d(n) !== BOTH) { return plain; }
      const look = lookOf(layer, n);
      drawn = drawn || look !== null;
      if (look && layer.d(n) === BOTH) {
        const { word: current, opened } = status(layer, n);
        const note = undated(status(layer, n)) ? "since-unknown" : opened || current === "in force" ? "" : current;
        return { dash: look.dash, note, absent: false };
      }
    }
    return drawn || !state.day || !layer.count ? plain : { dash: plain.dash, note: "ui-absent", absent: true };
  }

  function shownLayers() {
    return facts.layers.filter((layer) => !state.hidden.has(layer.id));
  }

  // Where each link of the network is drawn.
  const links = new Map();
  facts.layers.forEach(function (layer) {
    if (layer.id === "crossings" || layer.linkless) { return; }
    for (let n = 0; n < layer.count; n++) {
      const key = layer.k(n);
      if (key) { links.set(key, { layer, feature: n }); }
    }
  });

  // The index of the scenario whose routes are shown: in the view "before" it is the first.
  function shownScenario() { return state.view === "before" ? 0 : state.scenario; }
  // Whether the map is set to another day than that of the routes, of which they say nothing.
  function otherDay() { return !asking() && Boolean(state.day && facts.scenarios.length && state.day !== scenario().on); }
  // The ends of a pair, by what modes its routes go and which countries they had to avoid.
  function pairTitle(pair) {
    const { modes, avoid } = facts.terms[pair], comma = between(", ");
    const named = avoid.map((code) => (facts.words[`country-${code}`] ? word(`country-${code}`) : code));
    return [facts.pairs[pair].map(text).join(" – "), ...modes.map((mode) => word(`mode-${mode}`)),
            ...(named.length ? [filled("said-avoiding", named.join(comma))] : [])].join(comma);
  }
  function routeOf(pair, scenario) {
    return facts.ways.find((route) => route.pair === pair && route.scenario === scenario);
  }
  // Links of the routes to show as [link, change, unbuilt], lost ones first.
  function changes() {
    const rows = [];
    if (asking()) { return state.hidden.has("routes") ? rows : answers.changes(); }
    if (otherDay() || state.hidden.has("routes")) { return rows; }
    facts.pairs.forEach(function (_, pair) {
      if (state.pair !== null && state.pair !== pair) { return; }
      const before = routeOf(pair, 0), after = routeOf(pair, state.scenario);
      const add = function (route, keep, change) {
        if (!route || !route.links) { return; }
        route.links.forEach(function (link) {
          if (keep(link)) { rows.push([link, change, route.unbuilt.includes(link)]); }
        });
      };
      const has = (route, link) => Boolean(route && route.links && route.links.includes(link));
      if (shownScenario() === 0) { add(before, () => true, "kept"); return; }
      if (state.view === "after") { add(after, () => true, "gained"); return; }
      add(before, (link) => !has(after, link), "lost");
      add(after, (link) => has(before, link), "kept");
      add(after, (link) => !has(before, link), "gained");
    });
    return rows;
  }
  // The links of the routes shown: layer → features.
  function routeLinks() {
    const found = new Map();
    changes().forEach(function ([link]) {
      const at = links.get(link);
      if (at) { found.set(at.layer, (found.get(at.layer) || new Set()).add(at.feature)); }
    });
    return found;
  }
  // Half the width of the band in which a line lies with 95 %, in metres; 0 if the data do not say.
  function error(layer, n) { return 1.96 * layer.e(n); }
  // The name of a feature and how well its place is known.
  function tip(layer, n) {
    const metres = error(layer, n), far = metres >= 1000;
    const placed = metres ? filled("ui-placed", `${number(far ? metres / 1000 : metres, far && metres < 10000 ? 1 : 0)} ${word(far ? "km" : "m")}`) : "";
    return [titleOf(layer, n), placed].filter(Boolean).join(between(", "));
  }

  // What a layer is drawn with, from 0 to 1: under routes the network stands back, and in the
  // view of a difference all else does.
  const BACK = 0.45, FAR = 0.25;
  function weight(layer) {
    if (layer.arcs) { return FAR; }
    if (layer.quiet || layer.id === "crossings" || !changes().length) { return 1; }
    const difference = asking() ? single() === null : shownScenario() !== 0 && state.view === "difference";
    return layer.group === "network" ? FAR : difference ? BACK : 1;
  }
  // The mode of a link, by the layer that draws it.
  function modeOf(layer) { return layer.id.replace("network-", ""); }
  // How a link of a route is drawn: a single route in the colour of its mode.
  function routeStyle(change, layer) {
    const drawn = facts.changes[change];
    return single() === null ? drawn : { c: facts.styles[layer.w].c, w: facts.changes.gained.w };
  }
  // The scenario of which alone routes are shown, null for a difference.
  function single() { return asking() ? (answers.single() ? 0 : null) : shownScenario() === 0 ? 0 : state.view === "after" ? state.scenario : null; }
  // Whether a route differs from that of the first scenario by its links, its length or its hours.
  function differs(route) {
    const base = routeOf(route.pair, 0);
    if (!base || !base.links || !route.links) { return Boolean(base && base.links) !== Boolean(route.links); }
    return String(base.links) !== String(route.links) || base.km[0] !== route.km[0] || base.hours[0] !== route.hours[0];
  }
  // Shows the layers of some keys and no others but the base map and names.
  function showOnly(keys) {
    switches.filter(({ quiet }) => !quiet).forEach(function ({ id }) {
      if (keys.includes(id)) { state.hidden.delete(id); } else { state.hidden.add(id); }
    });
  }
  function showsOnly(keys) {
    return switches.every(({ id, quiet }) => quiet || keys.includes(id) !== state.hidden.has(id));
  }

  // The first pair shown whose route, under the scenario or the first one, goes over a link.
  function pairOver(link) {
    const pairs = facts.pairs.map((_, n) => n).filter((n) => state.pair === null || n === state.pair);
    const first = pairs.find(function (pair) {
      return [state.scenario, 0].some(function (s) {
        const route = routeOf(pair, s);
        return route && route.links && route.links.includes(link);
      });
    });
    return first === undefined ? null : first;
  }

  // Every day on which a status begins → [title, status] of each that does.
  function events() {
    const days = new Map(), seen = new Set();
    facts.layers.forEach(function (layer) {
      if (layer.quiet || layer.dateless) { return; }
      for (let n = 0; n < layer.count; n++) {
        const title = layer.names && layer.d(n) < DASHED ? layer.names : facts.texts[layer.t(n)];
        periodsOf(layer, n).forEach(function ([from, , name]) {
          const key = `${from}|${JSON.stringify(title)}|${name}`;
          if (!from || from < facts.page.first || seen.has(key)) { return; }
          seen.add(key);
          if (!days.has(from)) { days.set(from, []); }
          days.get(from).push([title, name]);
        });
      }
    });
    return new Map([...days].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
  }

  // The arcs shown that end in a town, at a point of the unit square, as [layer, features].
  const SAME = 1e-6;
  function arcsAt([x, y]) {
    return shownLayers().filter(({ arcs }) => arcs).map(function (layer) {
      const g = layer.groups[1], found = new Set();
      for (let p = 0; p < g.parts; p++) {
        const ends = [g.start[p], g.start[p + 1] - 1];
        if (lookOf(layer, g.owner[p]) && ends.some((n) => Math.hypot(g.x[n] - x, g.y[n] - y) < SAME)) { found.add(g.owner[p]); }
      }
      return [layer, [...found]];
    }).filter(([, features]) => features.length);
  }
  // The end of an arc that is nearer to a point of the unit square; the first if none is given.
  function endOf({ layer, feature }, point) {
    const g = layer.groups[1], p = g.owner.indexOf(feature);
    const ends = [g.start[p], g.start[p + 1] - 1].map((n) => [g.x[n], g.y[n]]);
    const away = (end) => (point ? Math.hypot(end[0] - point[0], end[1] - point[1]) : 0);
    return away(ends[1]) < away(ends[0]) ? ends[1] : ends[0];
  }

  // A status with its dates, of which the first letters are shown as far as they are known.
  function period([first, last, name, unverified, letters]) {
    const from = first && date(first.slice(0, letters)), to = last && date(last.slice(0, letters));
    const dates = from && to ? `${from} – ${to}` : from ? filled("ui-since", from)
      : to ? filled("ui-until", to) : word("ui-undated");
    return `${word(name)} (${dates}${unverified ? ", " + word("ui-unverified") : ""})`;
  }
  // Seasons in words; one that passes the turn of the year is one.
  function spans(seasons) {
    const [head, ...rest] = seasons, tail = rest[rest.length - 1];
    const joined = tail && head[0] === "01-01" && tail[1] === "12-31"
      ? [...rest.slice(0, -1), [tail[0], head[1]]] : seasons;
    return joined.map((ends) => ends.map(date).join(" – ")).join(", ");
  }
  // Whose data the map shows, with the noun before the colon in the reader's language.
  function credit(text) {
    const [noun, rest] = text.split(/: (.*)/s);
    return isCredit(text) ? `${word(creditKey(noun))}: ${isolated(rest)}` : isolated(text);
  }
  function creditKey(noun) { return `credit-${noun.toLowerCase().replace(/ /g, "-")}`; }
  function isCredit(text) {
    const [noun, rest] = text.split(/: (.*)/s);
    return Boolean(rest) && Object.hasOwn(facts.words, creditKey(noun));
  }
  function titleOf(layer, n) { return text(facts.texts[layer.t(n)]); }
  function statusText(layer, n) {
    const current = status(layer, n);
    if (!current) { return word("ui-no-status"); }
    const seasons = current.period ? current.period[5] : null, forced = forcedStatus(layer, n);
    const shut = seasons ? `${word("closed")} (${filled("ui-season", spans(seasons))})` : "";
    const told = current.period ? period(current.period) : word(current.word);
    const dated = (current.season ? [shut, told] : [told, shut]).filter(Boolean).join("; ");
    if (!forced) { return dated; }
    return `${dated}; ${asking() ? word(forced[1] ? "open" : "closed") : filled(forced[1] ? "ui-opened" : "ui-closed", text(scenario().names))}`;
  }

  // The geodesic length in metres of the lines of a feature, as they are drawn.
  function drawnLength(layer, n) {
    const lines = layer.groups[1];
    let sum = 0;
    for (let p = 0; p < lines.parts; p++) {
      if (lines.owner[p] !== n) { continue; }
      for (let v = lines.start[p] + 1; v < lines.start[p + 1]; v++) {
        const [a, b] = [araxes.decode.lonLat(lines.x[v - 1], lines.y[v - 1]), araxes.decode.lonLat(lines.x[v], lines.y[v])];
        sum += araxes.measure.distance(...a, ...b) || 0;
      }
    }
    return sum;
  }

  // The rows of a card whose texts stay in the language of the data, if no other is given.
  const PROSE = ["Words", "Text", "Note", "Basis", "Leg note", "Left outside", "Measures", "Called"];
  // The card of a feature, as pairs of label and value, with the language of a value that is not in
  // the reader's.
  function card(layer, n) {
    const rows = [], periods = periodsOf(layer, n), network = layer.d(n) >= DASHED;
    if (layer.m(n) >= 0) { rows.push([word(layer.group === "borders" && layer.count > 1 ? "ui-length-whole" : "ui-length"), interval(facts.measures[layer.m(n)], "km")]); }
    const drawn = layer.m(n) < 0 && layer.a(n) < 0 ? drawnLength(layer, n) : 0;
    if (drawn) { rows.push([word("ui-drawn-length"), interval([drawn, drawn, drawn], drawn < 1000 ? "m" : "km")]); }
    if (layer.a(n) >= 0) { rows.push([word("ui-area"), interval(facts.measures[layer.a(n)], "km2")]); }
    if (periods.length || layer.d(n) !== NEVER) {
      const day = network ? dayOf() : state.day;
      const label = day ? filled("ui-status-on", date(day)) : word("ui-status");
      rows.push([label, statusText(layer, n)]);
      if (periods.length > 1) {
        periods.forEach(function (dated) { rows.push([word("ui-dates"), period(dated)]); });
      }
    }
    if (layer.r(n) >= 0) {
      facts.rows[layer.r(n)].forEach(function ([label, value]) {
        const key = facts.texts[label], own = PROSE.includes(key) && typeof facts.texts[value] === "string";
        rows.push([word(key), message(facts.texts[value]), own ? facts.page.written : undefined]);
      });
    }
    layer.columns().forEach(function ([label, value]) {
      if (value(n) !== "") { rows.push([label, value(n)]); }
    });
    const cited = layer.c(n) < 0 ? [] : facts.cited[layer.c(n)];
    if (cited.length) {
      rows.push([word("ui-sources-of"), cited.map((key) => facts.sources[key].citation).join("; "), facts.page.written]);
    }
    return rows;
  }

  return {
    answer: (made) => { answers = made; }, asking, facts, state, defaults, direction, between, word, filled, text, isolated, number, localized, decimals, timeUnit, date, interval, status, statusText, lookOf, isTodays, legendEntry, shownLayers,
    links, routeLinks, tip, switches, weight, modeOf, routeStyle, single, differs, showOnly, showsOnly, shownScenario, otherDay, pairTitle, routeOf, changes, pairOver, events, arcsAt, endOf, period, titleOf, credit, isCredit, card, scenario, dayOf
  };
};

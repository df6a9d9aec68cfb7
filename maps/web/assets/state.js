"use strict";
// What is chosen (day, scenario, layers, language) and what follows from it for each feature.
araxes.model = function (facts) {
  const NEVER = 0, DRAWN = 1, BOTH = 2, DASHED = 3, UNDER = 4;
  // What is chosen before anybody has chosen.
  function usual() {
    return {
      language: facts.page.language, day: facts.page.on, scenario: 0, view: "difference", pair: null,
      hidden: new Set(facts.layers.filter((layer) => !layer.show).map((layer) => layer.id))
    };
  }
  const state = { ...usual(), selected: null };

  function word(key) {
    // A status in a user's table may be called like a part of every object.
    if (!Object.hasOwn(facts.words, key)) { return key; }
    return facts.words[key][state.language] || facts.words[key].en;
  }
  function filled(key, ...values) {
    return word(key).replace(/\{(\d)\}/g, (_, n) => values[n]);
  }
  // A text of the data: the same in all languages, or one for each.
  function text(value) {
    if (typeof value === "string") { return value; }
    const said = value[state.language] || value.en || Object.values(value)[0] || "";
    // A name such as "TRIPP / …" runs from the right in Persian, though a Latin letter is first.
    return state.language === "fa" && /^[^\u0600-\u06ff]*[A-Za-z].*[\u0600-\u06ff]/.test(said) ? `\u200f${said}` : said;
  }

  // A value of a card: a text, or a phrase with numbers and words to fill in.
  function said(value) {
    if (!Array.isArray(value)) { return text(value); }
    const parts = value.slice(1).map((one) => (/^[\d.,]+$/.test(one) ? localized(one) : apart(word(one))));
    return value[0] === "list" ? parts.join(state.language === "fa" ? "، " : ", ")
      : (state.language === "fa" ? "\u200f" : "") + filled(value[0], ...parts);
  }

  function direction() { return state.language === "fa" ? "rtl" : "ltr"; }
  // Latin words within a Persian sentence keep to themselves.
  function apart(words) { return state.language === "fa" ? `\u2068${words}\u2069` : words; }

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
    if (state.language === "fa") {
      return plain.replace(/[\d.,]/g, (c) => PERSIAN[c] || String.fromCharCode(0x6f0 + Number(c)));
    }
    return state.language === "en" ? plain : plain.replace(/[.,]/g, (c) => COMMA[c]);
  }
  // [value, low, high] in metres or square metres, with its 95 % interval.
  function interval(measure, unit) {
    const scale = unit === "km2" ? 1e6 : unit === "km" ? 1e3 : 1;
    const digits = measure[0] / scale < 1000 && unit !== "h" ? 1 : 0;
    const [value, low, high] = measure.map((one) => number(one / scale, digits));
    return low === high ? `${value} ${word(unit)}` : `${value} ${word(unit)} (${low}–${high})`;
  }

  // Between Persian words hyphens would turn the parts of a date around.
  function date(day) { return localized(state.language === "fa" ? day.replace(/-/g, "/") : day); }
  // Dates are ISO texts, so that they compare as they are.
  function holding(periods, day) {
    return periods.find((one) => (!one[0] || one[0] <= day) && (!one[1] || day < one[1]));
  }
  function scenario() { return facts.scenarios[state.scenario]; }
  function dayOf() { return state.day || (facts.scenarios.length ? scenario().on : null); }
  function under(layer, n) {
    const index = layer.u(n);
    return index < 0 || !facts.scenarios.length ? undefined : facts.unders[index][scenario().id];
  }
  function periodsOf(layer, n) { return layer.p(n) < 0 ? [] : facts.periods[layer.p(n)]; }

  // The status of a feature: {word, opened, period}; null if the data say nothing of the day.
  // What a scenario opens or closes it does on its own day.
  function status(layer, n) {
    const forced = under(layer, n);
    if (forced && dayOf() === scenario().on) { return { word: forced[0], opened: forced[1], forced: true }; }
    const periods = periodsOf(layer, n), network = layer.d(n) >= DASHED;
    const day = network ? dayOf() : state.day;
    const found = day ? holding(periods, day) : periods[periods.length - 1];
    if (found) { return { word: found[2], period: found, opened: found[2] === "open" }; }
    return network ? { word: "unknown", opened: false } : null;
  }

  const known = new Map();
  function look(style, dash, mark) {
    const key = `${style}|${dash}|${mark}`;
    if (!known.has(key)) {
      const drawn = facts.styles[style];
      known.set(key, { style: drawn, dash: dash === null ? drawn.d : facts.states[dash] || [],
                       mark });
    }
    return known.get(key);
  }
  function looks(layer, n) {
    const dated = layer.d(n), style = layer.s(n);
    if (dated === NEVER) { return look(style, null, ""); }
    const found = status(layer, n);
    if (dated === UNDER && !(found && found.forced)) { return null; }
    if (dated < DASHED) {
      if (!state.day) { return look(style, null, ""); }
      if (!found) { return null; }
      const within = layer.i(n) < 0 ? null : facts.within[layer.i(n)];
      if (within && !within.includes(found.word)) { return null; }
      return look(style, dated === BOTH ? found.word : null, "");
    }
    const mark = layer.id !== "crossings" || found.opened ? ""
      : found.word === "unknown" ? "unknown" : "closed";
    return look(style, found.word, mark);
  }

  // How the legend shows a layer on the chosen day: dash, a word, and whether there is none of it.
  function standing(layer) {
    const usual = { dash: facts.styles[layer.w].d, note: layer.note, absent: false };
    let found = false;
    for (let n = 0; n < layer.count && state.day; n++) {
      if (layer.d(n) !== DRAWN && layer.d(n) !== BOTH) { return usual; }
      const now = looks(layer, n);
      found = found || now !== null;
      if (now && layer.d(n) === BOTH) {
        const { word: said, opened } = status(layer, n);
        return { dash: now.dash, note: opened || said === "in force" ? "" : said, absent: false };
      }
    }
    return found || !state.day || !layer.count ? usual : { dash: usual.dash, note: "ui-absent", absent: true };
  }

  function shown() {
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

  // The scenario whose ways are told: in the view of before it is the first.
  function told() { return state.view === "before" ? 0 : state.scenario; }
  function wayOf(pair, scenario) {
    return facts.ways.find((way) => way.pair === pair && way.scenario === scenario);
  }
  // Links of the ways to show as [link, change, unbuilt], what is lost first.
  function changes() {
    const found = [];
    facts.pairs.forEach(function (_, pair) {
      if (state.pair !== null && state.pair !== pair) { return; }
      const before = wayOf(pair, 0), after = wayOf(pair, state.scenario);
      const add = function (way, keep, change) {
        if (!way || !way.links) { return; }
        way.links.forEach(function (link) {
          if (keep(link)) { found.push([link, change, way.unbuilt.includes(link)]); }
        });
      };
      const has = (way, link) => Boolean(way && way.links && way.links.includes(link));
      if (told() === 0) { add(before, () => true, "kept"); return; }
      if (state.view === "after") { add(after, () => true, "gained"); return; }
      add(before, (link) => !has(after, link), "lost");
      add(after, (link) => has(before, link), "kept");
      add(after, (link) => !has(before, link), "gained");
    });
    return found;
  }
  // The pair whose way, as it is shown, goes over a link.
  function pairOver(link) {
    const pairs = facts.pairs.map((_, n) => n).filter((n) => state.pair === null || n === state.pair);
    const found = pairs.find(function (pair) {
      return [state.scenario, 0].some(function (s) {
        const way = wayOf(pair, s);
        return way && way.links && way.links.includes(link);
      });
    });
    return found === undefined ? null : found;
  }

  // Every day on which a status changes, with what becomes of what.
  function events() {
    const found = new Map(), said = new Set();
    facts.layers.forEach(function (layer) {
      if (layer.quiet || layer.dateless) { return; }
      for (let n = 0; n < layer.count; n++) {
        const title = layer.names && layer.d(n) < DASHED ? layer.names : facts.texts[layer.t(n)];
        periodsOf(layer, n).forEach(function (one) {
          const key = `${one[0]}|${JSON.stringify(title)}|${one[2]}`;
          if (!one[0] || one[0] < facts.page.first || said.has(key)) { return; }
          said.add(key);
          if (!found.has(one[0])) { found.set(one[0], []); }
          found.get(one[0]).push([title, one[2]]);
        });
      }
    });
    return new Map([...found].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
  }

  function period(one) {
    const from = one[0] && date(one[0].slice(0, one[4])), to = one[1] && date(one[1].slice(0, one[4]));
    const dates = from && to ? `${from} – ${to}` : from ? filled("ui-since", from)
      : to ? filled("ui-until", to) : word("ui-undated");
    return `${word(one[2])} (${dates}${one[3] ? ", " + word("ui-unverified") : ""})`;
  }
  function titleOf(layer, n) { return text(facts.texts[layer.t(n)]); }
  function statusText(layer, n) {
    const found = status(layer, n);
    if (!found) { return word("ui-no-status"); }
    const said = found.period ? period(found.period) : word(found.word), forced = under(layer, n);
    return forced ? `${said}; ${filled(forced[1] ? "ui-opened" : "ui-closed", text(scenario().names))}` : said;
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

  // What the card of a feature says, as pairs of label and value.
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
        periods.forEach(function (one) { rows.push([word("ui-dates"), period(one)]); });
      }
    }
    if (layer.r(n) >= 0) {
      facts.rows[layer.r(n)].forEach(function ([label, value]) {
        rows.push([word(facts.texts[label]), said(facts.texts[value])]);
      });
    }
    layer.x.forEach(function ([label, values]) {
      if (values[n] !== "") { rows.push([label, values[n]]); }
    });
    const cited = layer.c(n) < 0 ? [] : facts.cited[layer.c(n)];
    if (cited.length) {
      rows.push([word("ui-sources-of"), cited.map((key) => facts.sources[key].citation).join("; ")]);
    }
    return rows;
  }

  return {
    facts, state, usual, direction, word, filled, text, number, localized, date, interval, status, statusText, looks, standing, shown,
    links, told, wayOf, changes, pairOver, events, period, titleOf, card, scenario, dayOf
  };
};

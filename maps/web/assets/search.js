"use strict";
// Finds places, lines and crossings by their names in any language and script.
araxes.search = (function () {
  // Letters that Unicode does not split into a plain letter and a mark, and Arabic letters that
  // Persian writes in its own way.
  const LETTERS = { "ı": "i", "ə": "e", "ø": "o", "ł": "l", "đ": "d", "ћ": "c", "ß": "ss", "æ": "ae",
                    "ك": "ک", "ي": "ی", "ى": "ی" };

  // A name without case, marks, hyphens and spaces.
  function fold(name) {
    return name.normalize("NFKD").replace(/\p{M}|\p{Cf}|[\s'’ʼʿʾ`\-–—_.]/gu, "").toLowerCase()
      .replace(/[ıəøłđћßæكيى]/g, (letter) => LETTERS[letter]);
  }

  // An entry for each layer, feature and place, with its folded names as keys.
  function index(model) {
    const { facts } = model, entries = [];
    facts.layers.forEach(function (layer) {
      if (layer.quiet) { return; }
      if (layer.names) {
        // Borders and corridors are also known by their ids, such as BTC.
        const aliases = ["borders", "corridors"].includes(layer.group) ? [layer.id] : [];
        entries.push({ names: layer.names, aliases, layer, features: null });
      }
      const seen = new Set([JSON.stringify(layer.names)]);
      for (let n = 0; n < layer.count; n++) {
        const names = facts.texts[layer.t(n)], key = JSON.stringify(names);
        if (seen.has(key)) { continue; }
        seen.add(key);
        entries.push({ names, layer, features: n });
      }
    });
    facts.places.forEach(function (place) {
      entries.push({ names: place.n, aliases: place.o, at: [place.y, place.x], key: place.i, place });
    });
    entries.forEach(function (entry) {
      const names = typeof entry.names === "string" ? [entry.names] : Object.values(entry.names);
      entry.keys = [...new Set(names.concat(entry.aliases || []).map(fold))];
    });
    return entries;
  }

  // The best matches: whole names, then beginnings, then parts; places before lines.
  function find(entries, query, most) {
    const folded = fold(query);
    if (!folded) { return []; }
    const ranked = [];
    entries.forEach(function (entry, n) {
      let rank = 3;
      entry.keys.forEach(function (key) {
        rank = Math.min(rank, key === folded ? 0 : key.startsWith(folded) ? 1 : key.includes(folded) ? 2 : 3);
      });
      if (rank < 3) { ranked.push([2 * rank + (entry.at ? 0 : 1), n, entry]); }
    });
    ranked.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return ranked.slice(0, most).map(([, , entry]) => entry);
  }

  // Digits and signs as Persian and Arabic write them, in Latin.
  function plain(text) {
    return text.replace(/[۰-۹]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x6f0 + 48)).replace(/[٠-٩]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x660 + 48))
      .replace(/٫/g, ".").replace(/[،;]/g, ",").replace(/[\u200e\u200f\u2066-\u2069°]/g, "").replace(/−/g, "-");
  }
  // A latitude and a longitude in degrees, as a text that the command line reads too; null for none.
  function coordinates(text) {
    const found = /^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*,\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$/.exec(plain(text));
    return found && Math.abs(found[1]) <= 90 && Math.abs(found[2]) <= 180 ? { key: `${found[1]},${found[2]}`, lat: Number(found[1]), lon: Number(found[2]) } : null;
  }

  return { fold, index, find, coordinates };
})();

"use strict";
// A story: texts beside the map, each of which sets what the map shows when it is scrolled to
// (maps/web/story.py). The text stands in the page itself; here is what moves.
araxes.story = function (app) {
  const { map, model } = app, { facts, state, word } = model, { el, swatch } = araxes.elements;
  const { steps } = facts.story, article = document.getElementById("araxes-article"), root = document.documentElement;
  const sections = [...article.querySelectorAll(".araxes-step")], links = sections.map((section) => section.querySelector(".araxes-number a"));
  // How far down the window of the text a step begins to count, and how far the map keeps from its edges.
  const LINE = 0.4, PADDING = 24, SECONDS = 1.1;
  const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  let at = -1, exploring = false;

  // What a step shows; what it leaves out is as the page begins.
  function set(n) {
    const { on, layers, scenario } = steps[n], plain = model.defaults();
    Object.assign(state, { day: on || plain.day, scenario: scenario === null ? plain.scenario : scenario, view: plain.view, pair: null, asking: false, hidden: plain.hidden });
    if (layers) { model.showOnly(layers); }
  }
  // Where the text lies over the map, what is to be seen must lie above it.
  function covered() {
    const text = article.getBoundingClientRect(), box = map.getContainer().getBoundingClientRect();
    const over = text.left < box.right - 1 && text.right > box.left + 1 && text.top > box.top;
    return over && text.width ? Math.max(0, box.bottom - text.top) : 0;
  }
  function move(n, fly) {
    const options = { paddingTopLeft: [PADDING, PADDING], paddingBottomRight: [PADDING, PADDING + covered()], maxZoom: facts.page.nearest - 1 };
    app.untouched = false;
    map.stop();
    if (fly && !still() && !slow) {
      root.classList.add("araxes-flying");
      map.flyToBounds(steps[n].bounds, { ...options, duration: SECONDS });
    } else { map.fitBounds(steps[n].bounds, { ...options, animate: false }); }
    moved = false;
  }
  // A map in flight is drawn anew in every frame, without its names; one that is slow to draw jumps.
  const FRAME_MS = 60;
  let slow = false, took = [];
  map.on("move", function () {
    if (!root.classList.contains("araxes-flying")) { return; }
    const began = performance.now();
    app.follow();
    took.push(performance.now() - began);
    slow = slow || (took.length > 5 && took.reduce((sum, ms) => sum + ms, 0) / took.length > FRAME_MS);
  });
  map.on("moveend", function () {
    root.classList.remove("araxes-flying");
    took = [];
  });
  // Whether the reader has moved the map since.
  let moved = false;
  ["pointerdown", "wheel"].forEach((kind) => map.getContainer().addEventListener(kind, () => { moved = true; }, { passive: true }));

  // Makes a step the one that the map shows.
  function show(n, fly) {
    at = n;
    mark();
    map.closePopup();
    set(n);
    app.change({});
    move(n, fly);
  }
  function mark() {
    sections.forEach(function (section, n) {
      section.classList.toggle("araxes-now", n === at);
      if (n === at) { links[n].setAttribute("aria-current", "step"); } else { links[n].removeAttribute("aria-current"); }
    });
    previous.disabled = at <= 0;
    next.disabled = at >= steps.length - 1;
  }
  // Scrolls to a step and shows it.
  function go(n, fly) {
    if (!sections[n]) { return; }
    explore(false);
    article.scrollTop = n ? sections[n].offsetTop - 8 : 0;
    show(n, fly);
  }
  // The step that the reader has scrolled to.
  function scrolledTo() {
    const top = article.getBoundingClientRect().top, line = top + LINE * article.clientHeight;
    let n = 0;
    sections.forEach((section, m) => { if (section.getBoundingClientRect().top <= line) { n = m; } });
    return n;
  }
  let frame = null;
  article.addEventListener("scroll", function () {
    if (frame || exploring) { return; }
    frame = requestAnimationFrame(function () {
      frame = null;
      const n = scrolledTo();
      if (n !== at && !root.classList.contains("araxes-printing")) { show(n, true); }
    });
  }, { passive: true });

  article.addEventListener("keydown", function (event) {
    const ahead = model.direction() === "rtl" ? "ArrowLeft" : "ArrowRight", back = ahead === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    const step = { [ahead]: 1, [back]: -1, PageDown: 1, PageUp: -1 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    go(Math.max(0, Math.min(steps.length - 1, at + step)), true);
  });
  article.addEventListener("click", function (event) {
    const link = event.target.closest("a[href^='#step=']");
    if (!link) { return; }
    event.preventDefault();
    go(Number(link.getAttribute("href").slice(6)) - 1, true);
  });
  // Who goes from link to link by Tab sees the map of the text that the link stands in.
  article.addEventListener("focusin", function (event) {
    const n = sections.indexOf(event.target.closest(".araxes-step"));
    if (n >= 0 && n !== at && event.target.matches(":focus-visible")) { go(n, true); }
  });

  // The text, or what every page has: legend, search, days, routes.
  const tabs = el("div", { id: "araxes-tabs", "@role": "group" }), buttons = [false, true].map(function (maps) {
    const button = el("button", { type: "button", id: maps ? "araxes-tab-map" : "araxes-tab-story" });
    button.addEventListener("click", function () { if (maps !== exploring) { explore(maps); if (!maps) { show(at, true); } } });
    return button;
  });
  const previous = el("button", { type: "button", id: "araxes-previous", className: "araxes-turn" }), next = el("button", { type: "button", id: "araxes-next", className: "araxes-turn" });
  previous.addEventListener("click", () => go(at - 1, true));
  next.addEventListener("click", () => go(at + 1, true));
  tabs.append(...buttons, previous, next);
  article.before(tabs);
  function explore(on) {
    exploring = on;
    root.classList.toggle("araxes-exploring", on);
    buttons.forEach((button, n) => button.setAttribute("aria-pressed", on === Boolean(n)));
  }

  // The key of what a step shows: its day, its scenario, its routes, and its layers.
  function keys(n) {
    const said = [state.day ? model.filled("ui-status-on", model.date(state.day)) : "", steps[n].scenario === null ? "" : model.text(model.scenario().names)].filter(Boolean).join(" · ");
    const shown = model.shownLayers().filter((layer) => !layer.quiet && layer.id !== "places" && !model.legendEntry(layer).absent);
    const routes = araxes.legend.changes(app), list = el("ul", { className: "araxes-keys" }, ...shown.map((layer) => el("li", {}, swatch(facts.styles[layer.w], model.legendEntry(layer).dash, araxes.legend.kindOf(layer)), el("span", { textContent: model.text(layer.names), "@dir": "auto" }))));
    return el("div", { className: "araxes-shows", "@dir": model.direction() }, said ? el("p", { className: "araxes-fine", textContent: said, "@dir": "auto" }) : null, routes.childElementCount ? routes : null, shown.length ? list : null);
  }
  // Calls a function for every step, with the state of the map at it.
  function each(act) {
    const now = { ...state, hidden: new Set(state.hidden) };
    steps.forEach(function (_, n) { set(n); act(n); });
    Object.assign(state, now);
  }
  let language = null;
  // The words of the page's language.
  function render() {
    if (language === state.language) { return; }
    language = state.language;
    article.setAttribute("aria-label", word("story-story"));
    tabs.dir = article.dir = model.direction();
    buttons[0].textContent = word("story-story");
    buttons[1].textContent = word("ui-map");
    [[previous, "story-previous", "‹"], [next, "story-next", "›"]].forEach(function ([button, key, sign]) {
      Object.assign(button, { title: word(key), textContent: sign });
      button.setAttribute("aria-label", word(key));
    });
    document.querySelector("#araxes-title p").textContent = word("story-hint");
    each(function (n) {
      links[n].textContent = model.filled("story-of", model.number(n + 1, 0), model.number(steps.length, 0));
      const old = sections[n].querySelector(".araxes-shows");
      if (old) { old.remove(); }
      sections[n].append(keys(n));
    });
  }

  // For paper: every step as a section, its text below its map.
  function paper(sheet, width, height) {
    const told = el("div", { id: "araxes-told" });
    each(function (n) {
      const [[south, west], [north, east]] = steps[n].bounds, copy = sections[n].cloneNode(true);
      copy.removeAttribute("id");
      copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
      copy.className = "araxes-section";
      copy.querySelector(".araxes-number").after(sheet("araxes-told-map", width, height, L.latLngBounds([south, west], [north, east]).pad(0.05)));
      told.append(copy);
    });
    return told;
  }

  // The place of the story in the address.
  function write(parts) { if (at >= 0 && !exploring) { parts.set("step", at + 1); } }
  // Goes to the step in the address, or to the first; the map stays where the address sets it.
  function place(parts) {
    const said = Number(parts.get("step")), n = Number.isInteger(said) && sections[said - 1] ? said - 1 : 0;
    if (!parts.has("map")) { go(n, false); return true; }
    if (!parts.has("step")) { explore(true); at = 0; mark(); return false; }
    at = n;
    mark();
    explore(false);
    article.scrollTop = n ? sections[n].offsetTop - 8 : 0;
    return false;
  }
  map.on("resize", function () {
    measure();
    if (at >= 0 && !moved && !exploring && !root.classList.contains("araxes-printing")) { move(at, false); }
  });
  // A step is so high that the next one counts only once it is scrolled to.
  function measure() { article.style.setProperty("--tall", `${article.clientHeight}px`); }
  window.addEventListener("resize", measure);
  root.classList.add("araxes-story-page");
  map.invalidateSize({ animate: false, pan: false });
  explore(false);
  measure();
  return { render, write, place, paper, steps };
};

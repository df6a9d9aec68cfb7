"use strict";
// Map furniture: buttons, scale bar, position, attribution.

// A position as the language writes it: 40.12345° N 44.12345° E.
araxes.position = function (model, [lat, lon]) {
  const side = (value, signs) => `${model.localized(Math.abs(value).toFixed(5))}° ${model.word(`side-${signs[value < 0 ? 1 : 0]}`)}`;
  // On a page across the meridian of 180° longitudes run on beyond it.
  return `${side(lat, "NS")}  ${side(lon - 360 * Math.round(lon / 360), "EW")}`;
};

// Switches animations off, for readers who ask their system for reduced motion.
araxes.still = function (map) {
  const { panBy } = L.Map.prototype;
  map.options.inertia = map.options.zoomAnimation = map._zoomAnimated = false;
  map.panBy = function (offset, options) { return panBy.call(this, offset, Object.assign({}, options, { animate: false })); };
};

araxes.furnish = function (app) {
  const { map, model } = app, { facts, word } = model, { el, svg } = araxes.elements;
  // Leaflet's default prefix carries a national flag.
  map.attributionControl.setPrefix("Leaflet");
  let credits = [];
  function credit() {
    credits.forEach((text) => map.attributionControl.removeAttribution(text));
    // The control takes HTML, so the text is escaped first.
    credits = facts.page.attributions.map((text) => el("span", { textContent: model.credit(text) }).innerHTML);
    credits.forEach((text) => map.attributionControl.addAttribution(text));
    map.attributionControl.getContainer().dir = model.direction();
  }
  // On narrow screens the attribution would lie on the scale bar; in one corner they stack.
  const stack = () => map.attributionControl.setPosition(map.getSize().x <= 800 ? "bottomleft" : "bottomright");
  stack();
  map.on("resize", stack);
  const scale = L.control.scale({ imperial: false, maxWidth: 140, position: "bottomleft" });
  // Leaflet writes "100 km" whatever the language.
  scale._updateMetric = function (most) {
    const metres = this._getRoundNum(most), far = metres >= 1000;
    this._updateScale(this._mScale, `${model.number(far ? metres / 1000 : metres, 0)} ${word(far ? "km" : "m")}`, metres / most);
    this._mScale.dir = model.direction();
  };
  scale.addTo(map);
  L.control.zoom({ position: "topleft" }).addTo(map);

  const position = el("output", { id: "araxes-position", "@dir": "ltr" });
  const length = el("output", { id: "araxes-length", "@aria-live": "polite" });
  const corner = L.control({ position: "bottomleft" });
  corner.onAdd = () => el("div", { className: "araxes-readout leaflet-control" }, position, length);
  corner.addTo(map);
  app.updatePosition = (at) => { position.textContent = araxes.position(model, [at.lat, at.wrap().lng]); };

  const measuring = araxes.measure.tool(map, function (metres, points) {
    length.textContent = metres === null ? "?" : !measuring || !measuring.active() ? ""
      : points < 2 ? word("ui-measure-how") : model.interval([metres, metres, metres], metres < 2000 ? "m" : "km");
  });
  const tools = [
    ["measure", "M3 17L17 3M5 12l3 3M9 8l3 3M13 4l3 3", (button) => button.setAttribute("aria-pressed", measuring.toggle())],
    ["full", "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5", function () {
      if (document.fullscreenElement) { document.exitFullscreen(); } else { document.documentElement.requestFullscreen().catch(() => {}); }
    }],
    ["print", "M6 8V3h8v5M6 14H3V8h14v6h-3M6 12h8v5H6z", () => app.print()],
    ["copy", "M8.5 11.5l3 -3M7 9l-2.5 2.5a2.8 2.8 0 0 0 4 4L11 13M13 11l2.5 -2.5a2.8 2.8 0 0 0 -4 -4L9 7", function (button) {
      const done = () => { button.classList.add("araxes-done"); setTimeout(() => button.classList.remove("araxes-done"), 1500); };
      if (navigator.clipboard) { navigator.clipboard.writeText(location.href).then(done, () => window.prompt(word("ui-copy"), location.href)); }
      else { window.prompt(word("ui-copy"), location.href); }
    }]
  ];
  const bar = L.control({ position: "topright" });
  const buttons = tools.map(function ([key, path, act]) {
    const icon = svg("svg", { viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" },
      svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.7, "stroke-linecap": "round", "stroke-linejoin": "round" }));
    const button = el("button", { type: "button", id: `araxes-${key}` }, icon);
    if (key === "measure") { button.setAttribute("aria-pressed", "false"); }
    button.addEventListener("click", () => act(button));
    return button;
  });
  bar.onAdd = function () {
    const box = el("div", { className: "araxes-tools leaflet-bar leaflet-control", "@role": "toolbar" }, ...buttons);
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  bar.addTo(map);
  // A frame in a notebook has no address to copy, and few may fill the screen.
  buttons[1].hidden = !document.fullscreenEnabled;
  buttons[3].hidden = location.protocol === "about:";
  map.getContainer().setAttribute("role", "main");
  const box = map.getContainer(), zooms = box.querySelectorAll(".leaflet-control-zoom a");
  app.updateTools = function () {
    box.setAttribute("aria-label", word("ui-map"));
    scale._update();
    credit();
    ["ui-zoom-in", "ui-zoom-out"].forEach(function (key, n) {
      zooms[n].title = word(key);
      zooms[n].setAttribute("aria-label", word(key));
    });
    tools.forEach(function ([key], n) {
      buttons[n].title = word(`ui-${key}`);
      buttons[n].setAttribute("aria-label", word(`ui-${key}`));
    });
  };
  return measuring;
};

"use strict";
// Makers of HTML and SVG elements, shared by the panel, the legend, cards, labels and paper. All
// text from the data enters the page as text.
araxes.elements = (function () {
  // An element with properties (or attributes, after "@") and children.
  function el(tag, props, ...children) {
    const element = document.createElement(tag);
    Object.entries(props || {}).forEach(function ([key, value]) {
      if (key.startsWith("@")) { element.setAttribute(key.slice(1), value); } else { element[key] = value; }
    });
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }
  // An element for a text of the data, which may run from the left or from the right.
  const data = (tag, text) => el(tag, { "@dir": "auto", textContent: text });

  const SVG = "http://www.w3.org/2000/svg";
  function svg(tag, attributes, ...children) {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  }

  // A sample of a line or an area, or of a point if kind is dot, ring or cross, for legends.
  function swatch(style, dash, kind) {
    const { shade } = araxes.theme, colour = shade(style.c), ground = shade("#ffffff");
    const width = Math.min(style.w || 2, 5), icon = svg("svg", { width: 34, height: 14, "aria-hidden": "true" });
    if (style.f && kind !== "line") {
      icon.append(svg("rect", { x: 2, y: 1, width: 30, height: 12, fill: colour,
                                "fill-opacity": Math.max(style.f, 0.12) }));
    }
    if (["dot", "ring", "cross"].includes(kind)) {
      const full = kind === "dot";
      icon.append(svg("circle", { cx: 17, cy: 7, r: 5, fill: full ? colour : ground, stroke: full ? ground : colour, "stroke-width": full ? 1 : 1.6 }));
      if (kind === "cross") { icon.append(svg("path", { d: "M13.5 3.5l7 7M13.5 10.5l7 -7", stroke: colour, "stroke-width": 1.6 })); }
    } else {
      icon.append(svg("path", { d: "M1 7H33", stroke: colour, "stroke-width": width, fill: "none",
                                "stroke-dasharray": dash.length ? dash.join(" ") : "none" }));
    }
    return icon;
  }

  // A part of the panel that can be folded; it stays folded when the panel is rendered again.
  const openById = new Map();
  function part(id, title, open, ...children) {
    const details = el("details", { id, open: openById.has(id) ? openById.get(id) : open },
                       el("summary", { textContent: title }), ...children);
    details.addEventListener("toggle", () => openById.set(id, details.open));
    return details;
  }

  return { el, data, svg, swatch, part };
})();

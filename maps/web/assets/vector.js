"use strict";
// Drawing as SVG: takes the calls that canvas.js makes of a 2-D context, so that paper shows the
// same lines as the screen, as lines.
araxes.vector = (function () {
  const { svg } = araxes.elements;

  // A context that appends what is drawn to an element of an SVG.
  function context(target) {
    let path = [], dash = [];
    const point = (x, y) => `${x.toFixed(2)} ${y.toFixed(2)}`;
    const add = (attributes) => { if (path.length) { target.append(svg("path", { d: path.join(""), ...attributes })); } };
    return {
      strokeStyle: "#000", fillStyle: "#000", lineWidth: 1, lineCap: "butt", lineJoin: "miter", globalAlpha: 1,
      beginPath() { path = []; },
      moveTo(x, y) { path.push("M" + point(x, y)); },
      lineTo(x, y) { path.push("L" + point(x, y)); },
      closePath() { path.push("Z"); },
      // Whole circles only; canvas.js draws no other arcs.
      arc(x, y, r) { path.push(`M${point(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`); },
      // Pictures only darken what lies below.
      drawImage(image, x, y, width, height) {
        target.append(svg("image", { href: image.src, x, y, width, height, preserveAspectRatio: "none", style: "mix-blend-mode: multiply" }));
      },
      setLineDash(lengths) { dash = lengths; },
      // A hairline is a third of a pixel wide: about 0.1 mm.
      getTransform: () => ({ a: 3 }),
      fill(rule) { add({ fill: this.fillStyle, "fill-opacity": this.globalAlpha, "fill-rule": rule || "nonzero" }); },
      stroke() {
        add({ fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-opacity": this.globalAlpha, "stroke-linecap": this.lineCap,
              "stroke-linejoin": this.lineJoin, "stroke-dasharray": dash.length ? dash.join(" ") : "none" });
      }
    };
  }

  return { context };
})();

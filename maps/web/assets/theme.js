"use strict";
// Colours by day and in the dark, as the reader's system asks. Colours of the data are made for a
// light ground; in the dark the base map has its own, and all others turn their lightness around.
araxes.theme = (function () {
  const shades = new Map();
  let dark = false;

  // Colours of the base map → those in the dark.
  function base(pairs) { Object.entries(pairs).forEach(([colour, other]) => shades.set(colour, other)); }
  // Hue, saturation and lightness of a colour, as CSS has them.
  function parts(colour) {
    const long = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
    const [r, g, b] = [1, 3, 5].map((n) => parseInt(long.slice(n, n + 2), 16) / 255), most = Math.max(r, g, b), least = Math.min(r, g, b);
    const range = most - least, lightness = (most + least) / 2;
    const sector = !range ? 0 : most === r ? ((g - b) / range + 6) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4;
    return [60 * sector, range ? range / (1 - Math.abs(2 * lightness - 1)) : 0, lightness];
  }
  function shade(colour) {
    if (!dark || colour[0] !== "#") { return colour; }
    if (!shades.has(colour)) {
      const [hue, saturation, lightness] = parts(colour);
      shades.set(colour, `hsl(${hue.toFixed(0)} ${(75 * saturation).toFixed(0)}% ${(100 - 86 * lightness).toFixed(0)}%)`);
    }
    return shades.get(colour);
  }
  // Letters in the colour of a line: darker than it, or in the dark lighter, so that they can be read.
  function letters(colour) {
    const ground = dark ? 255 : 0, share = dark ? 0.5 : 0.35;
    return `rgb(${[1, 3, 5].map((n) => Math.round((1 - share) * parseInt(colour.slice(n, n + 2), 16) + share * ground)).join(" ")})`;
  }
  function set(on) {
    dark = on;
    document.documentElement.classList.toggle("araxes-dark", on);
  }
  return { base, shade, letters, set, isDark: () => dark };
})();

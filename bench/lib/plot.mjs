/** A figure of a few curves over the logarithm of a count, as SVG. */

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [640, 360, 64, 48, 40, 24];
const COLOURS = ['#1f5fa8', '#b4531a', '#4a7a2c'];

/**
 * Draws curves.
 *
 * @param {{ readonly title: string, readonly xTitle: string, readonly yTitle: string }} words
 * @param {readonly { readonly name: string, readonly points: readonly (readonly [x: number, y: number])[] }[]} curves
 *   with x of 1 and up
 * @returns {string}
 */
export function plot({ title, xTitle, yTitle }, curves) {
  const all = curves.flatMap(({ points }) => points);
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b);
  const [first, last] = [Math.log2(xs[0]), Math.log2(xs.at(-1))];
  const most = roundUp(Math.max(...all.map(([, y]) => y)));
  const x = (value) => LEFT + ((Math.log2(value) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value) => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const text = (at, to, words, more = '') => `<text x="${at.toFixed(1)}" y="${to.toFixed(1)}" ${more}>${words}</text>`;
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * most);
    const rule = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" stroke="#ddd"/>`;
    return rule + text(LEFT - 8, at + 4, String(share * most), 'text-anchor="end"');
  });
  const marks = xs.map((value) => text(x(value), HEIGHT - BOTTOM + 18, String(value), 'text-anchor="middle"'));
  const drawn = curves.map(({ name, points }, at) => {
    const colour = COLOURS[at % COLOURS.length];
    const path = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ');
    const dots = points.map(
      ([px, py]) => `<circle cx="${x(px).toFixed(1)}" cy="${y(py).toFixed(1)}" r="3" fill="${colour}"/>`,
    );
    const label = text(LEFT + 12, TOP + 16 * (at + 1), name, `fill="${colour}"`);
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join('')}${label}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(WIDTH / 2, 22, title, 'text-anchor="middle" font-size="14"'),
    ...grid,
    ...marks,
    text(WIDTH / 2, HEIGHT - 10, xTitle, 'text-anchor="middle"'),
    text(0, 0, yTitle, `text-anchor="middle" transform="translate(16 ${HEIGHT / 2}) rotate(-90)"`),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

/** The next number of the form 1, 2 or 4 and 5, times a power of ten. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5].find((each) => each * power >= value) ?? 10) * power;
}

/** The past of a node as two small curves: how busy its processors were, and its memory. */

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 200;
const HEIGHT = 36;
const SPAN_MS = { least: 60_000, most: 600_000 };
const MOST_POINTS = 300;

/** The curves of one node. Points are [time, cpu, memory]. */
export class Spark {
  svg = document.createElementNS(SVG, 'svg');
  #points = [];
  #paths = {};

  constructor() {
    this.svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    this.svg.setAttribute('preserveAspectRatio', 'none');
    // what it shows is said in words beside it
    this.svg.setAttribute('aria-hidden', 'true');
    for (const name of ['area', 'memory-line', 'cpu-line']) {
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('class', name);
      this.svg.append(path);
      this.#paths[name] = path;
    }
  }

  /** What was before everything that is known so far. */
  addPast(points) {
    const first = this.#points[0]?.[0] ?? Number.POSITIVE_INFINITY;
    this.#points.unshift(...points.filter(([at]) => at < first));
  }

  add(at, cpu, memory) {
    const last = this.#points.at(-1)?.[0] ?? 0;
    if (at <= last) return;
    this.#points.push([at, cpu ?? null, memory ?? null]);
    while (this.#points.length > MOST_POINTS || at - this.#points[0][0] > SPAN_MS.most) this.#points.shift();
  }

  draw() {
    const end = this.#points.at(-1)?.[0] ?? 0;
    const known = end - (this.#points[0]?.[0] ?? end);
    const span = Math.max(SPAN_MS.least, Math.min(SPAN_MS.most, known));
    const place = (value) => (1 - Math.min(1, value)) * (HEIGHT - 2) + 1;
    const curve = (index) =>
      this.#points
        .filter((point) => point[index] !== null)
        .map((point) => `${(WIDTH - ((end - point[0]) / span) * WIDTH).toFixed(1)} ${place(point[index]).toFixed(1)}`);
    const cpu = curve(1);
    const memory = curve(2);
    const line = (places) => (places.length < 2 ? '' : `M${places.join('L')}`);
    this.#paths['cpu-line'].setAttribute('d', line(cpu));
    this.#paths['memory-line'].setAttribute('d', line(memory));
    const [from] = cpu;
    const area = cpu.length < 2 ? '' : `${line(cpu)}L${WIDTH} ${HEIGHT}L${from.split(' ')[0]} ${HEIGHT}Z`;
    this.#paths.area.setAttribute('d', area);
  }
}

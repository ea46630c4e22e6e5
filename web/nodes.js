/** The grid of nodes: what each is doing, in the order that is wanted, and which one is looked at. */
import { Spark } from './spark.js';
import { bytes, element, percent, setText } from './text.js';

/** Pasts that are asked for at a time. */
const MOST_ASKED = 4;

/** One node's place in the grid. */
class Card {
  view;
  item = element('li', '');
  spark = new Spark();
  isVisible = false;
  isAsked = false;
  #parts = {};

  constructor() {
    const part = (tag, name) => {
      this.#parts[name] = element(tag, name);
      return this.#parts[name];
    };
    this.button = element('button', 'node');
    this.button.type = 'button';
    this.button.tabIndex = -1;
    this.button.setAttribute('aria-pressed', 'false');
    const head = element(
      'span',
      'head',
      element('span', 'dot'),
      part('span', 'number'),
      part('span', 'state'),
      part('span', 'host'),
    );
    const cpu = element('span', '', 'CPU ', part('b', 'busy'));
    const memory = element('span', '', 'Mem ', part('b', 'memory'));
    const figures = element('span', 'figures', cpu, memory, part('span', 'network'));
    this.button.append(head, this.spark.svg, figures);
    this.item.append(this.button);
  }

  show(view) {
    this.view = view;
    const { node, state, flags, reason, host, cpu, memory, network, at, stale } = view;
    const words = [state, ...flags].join(', ');
    const isPlain = flags.length === 0;
    this.button.dataset.state = state === 'up' && isPlain ? 'up' : state === 'down' ? 'down' : 'other';
    this.button.classList.toggle('old', stale === true);
    this.button.title = reason;
    const figures = { number: String(node), state: words, host, busy: percent(cpu), memory: percent(memory) };
    for (const [name, text] of Object.entries(figures)) setText(this.#parts[name], text);
    setText(this.#parts.network, stale ? 'old' : network === undefined ? '' : `${bytes(network)}/s`);
    const old = stale ? ', these figures are old' : '';
    const said = `Node ${node}, ${host || 'no address'}, ${words}, CPU ${percent(cpu)}, memory ${percent(memory)}${old}`;
    if (this.button.getAttribute('aria-label') !== said) this.button.setAttribute('aria-label', said);
    if (at !== undefined) this.spark.add(at, cpu, memory);
    if (this.isVisible) this.spark.draw();
  }
}

/** All nodes. */
export class Nodes {
  selected;
  #list;
  #cards = new Map();
  #filter = '';
  #order = 'node';
  #shown = [];
  #asked = 0;
  #waiting = [];
  #onSelect;
  #seen;

  constructor(list, onSelect) {
    this.#list = list;
    this.#onSelect = onSelect;
    this.#seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) this.#see(Number(target.dataset.node), isIntersecting);
    });
    list.addEventListener('click', (event) => {
      const item = event.target.closest('li');
      if (item !== null)
        this.select(Number(item.dataset.node) === this.selected ? undefined : Number(item.dataset.node));
    });
    list.addEventListener('keydown', (event) => this.#move(event));
    list.addEventListener('focusin', (event) => this.#rove(event.target));
  }

  get views() {
    return [...this.#cards.values()].map(({ view }) => view);
  }

  get shownCount() {
    return this.#shown.length;
  }

  update({ which, changed, gone }) {
    if (which === 'all') {
      const here = new Set(changed.map(({ node }) => node));
      for (const node of this.#cards.keys()) if (!here.has(node)) this.#remove(node);
    }
    for (const node of gone) this.#remove(Number(node));
    for (const view of changed) this.#card(view.node).show(view);
    this.arrange();
  }

  #card(node) {
    const found = this.#cards.get(node);
    if (found !== undefined) return found;
    const card = new Card();
    card.item.dataset.node = String(node);
    this.#cards.set(node, card);
    this.#seen.observe(card.item);
    return card;
  }

  #remove(node) {
    const card = this.#cards.get(node);
    if (card === undefined) return;
    this.#seen.unobserve(card.item);
    card.item.remove();
    this.#cards.delete(node);
    if (this.selected === node) this.select(undefined);
  }

  want(filter, order) {
    this.#filter = filter;
    this.#order = order;
    this.arrange();
  }

  /** Puts those that are wanted in their order, and touches only what stands elsewhere: a focus stays. */
  arrange() {
    const fits = filterOf(this.#filter);
    const cards = [...this.#cards.values()].filter(({ view }) => fits(view));
    cards.sort((a, b) => compare(a.view, b.view, this.#order) || a.view.node - b.view.node);
    this.#shown = cards;
    const wanted = new Set(cards);
    for (const card of this.#cards.values()) if (!wanted.has(card)) card.item.remove();
    cards.forEach(({ item }, at) => {
      if (this.#list.children[at] !== item) this.#list.insertBefore(item, this.#list.children[at] ?? null);
    });
    if (!cards.some(({ button }) => button.tabIndex === 0) && cards.length > 0) cards[0].button.tabIndex = 0;
  }

  select(node) {
    this.#cards.get(this.selected)?.button.setAttribute('aria-pressed', 'false');
    this.selected = node;
    this.#cards.get(node)?.button.setAttribute('aria-pressed', 'true');
    this.#onSelect(node);
  }

  /** One of them is reached by the tabulator, the others from there by arrows. */
  #rove(target) {
    for (const { button } of this.#cards.values()) button.tabIndex = button === target ? 0 : -1;
  }

  #move(event) {
    const at = this.#shown.findIndex(({ button }) => button === event.target);
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const columns = getComputedStyle(this.#list).gridTemplateColumns.split(' ').length;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const last = this.#shown.length - 1;
    const places = { Home: 0, End: last };
    const to = places[event.key] ?? (event.key in steps ? at + steps[event.key] : undefined);
    if (to === undefined) return;
    event.preventDefault();
    this.#shown[Math.max(0, Math.min(last, to))].button.focus();
  }

  #see(node, isVisible) {
    const card = this.#cards.get(node);
    if (card === undefined) return;
    card.isVisible = isVisible;
    if (!isVisible) return;
    card.spark.draw();
    if (card.isAsked) return;
    card.isAsked = true;
    this.#waiting.push(card);
    this.#ask();
  }

  /** Pasts of nodes that have come into sight, a few at a time. */
  #ask() {
    while (this.#asked < MOST_ASKED && this.#waiting.length > 0) {
      const card = this.#waiting.shift();
      this.#asked += 1;
      fetch(`past?node=${card.view.node}`)
        .then((response) => (response.ok ? response.json() : []))
        .then((points) => {
          card.spark.addPast(points);
          card.spark.draw();
        })
        .catch(() => {
          // it is asked for again when the node comes into sight the next time
          card.isAsked = false;
        })
        .finally(() => {
          this.#asked -= 1;
          this.#ask();
        });
    }
  }
}

function compare(a, b, order) {
  if (order === 'node') return 0;
  if (order === 'state') return a.state < b.state ? -1 : a.state > b.state ? 1 : 0;
  return (b[order] ?? -1) - (a[order] ?? -1);
}

/** Every word has to be found: numbers such as 0-3,7, or part of a state, a flag or a name. */
function filterOf(text) {
  const tests = text
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => {
      if (/^\d+(-\d*)?(,\d+(-\d*)?)*,?$/.test(word)) {
        const ranges = word
          .split(',')
          .filter(Boolean)
          .map((range) => range.split('-'));
        return ({ node }) =>
          ranges.some(([from, to]) =>
            to === undefined ? node === Number(from) : node >= Number(from) && (to === '' || node <= Number(to)),
          );
      }
      return ({ state, flags, host }) => [state, ...flags, host].some((each) => each.toLowerCase().includes(word));
    });
  return (view) => tests.every((test) => test(view));
}

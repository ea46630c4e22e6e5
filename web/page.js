/** The page: two streams of events, and what is done with them. */
import { Nodes } from './nodes.js';
import { Processes } from './processes.js';
import { percent, setText } from './text.js';

const by = (id) => document.getElementById(id);
const token = document.querySelector('meta[name="bproc-token"]').content;
document.body.classList.toggle('signals', token !== '');

const processes = new Processes(
  {
    table: document.querySelector('table'),
    rows: by('rows'),
    caption: by('caption'),
    said: by('said'),
    sure: by('sure'),
    sureText: by('sure-text'),
    sureYes: by('sure-yes'),
  },
  token,
);
const nodes = new Nodes(by('nodes'), (node) => follow(node));

function say(state, text) {
  by('link').dataset.state = state;
  setText(by('link'), text);
}

function sum() {
  const { views } = nodes;
  const states = Map.groupBy ? Map.groupBy(views, ({ state }) => state) : new Map();
  const counts = [...states].map(([state, of]) => `${of.length} ${state}`);
  const known = views.filter(({ cpu, stale }) => cpu !== undefined && !stale);
  const cpus = known.reduce((all, each) => all + each.cpus, 0);
  const busy = known.reduce((all, each) => all + each.cpus * each.cpu, 0);
  const cpu = cpus === 0 ? '' : ` · ${cpus} CPUs, ${percent(busy / cpus)} busy`;
  setText(by('sum'), `${views.length} ${views.length === 1 ? 'node' : 'nodes'}: ${counts.join(', ')}${cpu}`);
  by('none').hidden = nodes.shownCount > 0;
}

const feed = new EventSource('nodes');
feed.addEventListener('nodes', (event) => {
  nodes.update(JSON.parse(event.data));
  sum();
  say('live', 'Live');
});
feed.addEventListener('trouble', (event) => say('trouble', JSON.parse(event.data)));
feed.addEventListener('well', () => say('live', 'Live'));
feed.addEventListener('error', () => say('trouble', 'The connection is lost; trying again'));

let table;
/** Shows the processes of a node, or of all. */
function follow(node) {
  table?.close();
  processes.clear();
  by('everywhere').hidden = node === undefined;
  setText(by('processes-title'), node === undefined ? 'Processes' : `Processes of node ${node}`);
  table = new EventSource(node === undefined ? 'processes' : `processes?node=${node}`);
  table.addEventListener('processes', (event) => processes.update(JSON.parse(event.data), node));
}

const want = () => {
  nodes.want(by('filter').value, by('order').value);
  by('none').hidden = nodes.shownCount > 0;
};
by('filter').addEventListener('input', want);
by('order').addEventListener('change', want);
by('everywhere').addEventListener('click', () => nodes.select(undefined));
follow(undefined);

/** The table of processes, and signals to them for those who may. */
import { bytes, duration, element, setText } from './text.js';

const ASKED_TWICE = new Set(['SIGTERM', 'SIGKILL']);

/** The rows, which stay where they are while what is in them changes: so does a focus. */
export class Processes {
  #rows = new Map();
  #list = { processes: [], more: 0, missing: [] };
  #parts;
  #token;

  constructor(parts, token) {
    this.#parts = parts;
    this.#token = token;
    parts.rows.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button !== null) void this.#signal(Number(button.closest('tr').dataset.pid), button.dataset.signal);
    });
  }

  /** Shows other processes from now on. */
  clear() {
    this.#rows.clear();
    this.#parts.rows.replaceChildren();
    setText(this.#parts.caption, 'Looking');
  }

  update({ changed: [list] }, node) {
    if (list === undefined) return;
    this.#list = list;
    const { processes, more, missing } = list;
    this.#parts.table.classList.toggle('costs', node !== undefined);
    const here = new Set();
    processes.forEach((process, at) => {
      const key = `${process.node}/${process.pid}/${process.command}`;
      here.add(key);
      const row = this.#rows.get(key) ?? this.#make(key, process);
      fill(row, process);
      const { children } = this.#parts.rows;
      if (children[at] !== row) this.#parts.rows.insertBefore(row, children[at] ?? null);
    });
    for (const [key, row] of this.#rows) {
      if (here.has(key)) continue;
      row.remove();
      this.#rows.delete(key);
    }
    const count = processes.length + more;
    const where = node === undefined ? 'on all nodes' : `on node ${node}`;
    const cut = more > 0 ? `, the first ${processes.length} of them here` : '';
    const silent = missing.length > 0 ? `; no answer from ${missing.join(', ')}` : '';
    setText(this.#parts.caption, `${count === 1 ? '1 process' : `${count} processes`} ${where}${cut}${silent}`);
  }

  #make(key, { pid, command }) {
    const row = element('tr', '');
    row.dataset.pid = String(pid);
    const kinds = ['number', 'number', 'number', '', 'number cost', 'number cost', 'command', 'acts'];
    row.append(...kinds.map((kind) => element('td', kind)));
    if (this.#token !== '' && pid > 1) {
      const acts = [
        ['SIGTERM', 'End', 'End'],
        ['SIGKILL', 'Kill', 'Kill'],
        ['SIGSTOP', 'Stop', 'Stop'],
      ];
      for (const [signal, text, verb] of acts) {
        const button = element('button', '', text);
        button.type = 'button';
        button.dataset.signal = signal;
        button.setAttribute('aria-label', `${verb} process ${pid}, ${command}`);
        row.lastElementChild.append(button);
      }
    }
    this.#rows.set(key, row);
    return row;
  }

  async #signal(pid, signal) {
    const process = this.#list.processes.find((each) => each.pid === pid);
    const what = `${pid}${process === undefined ? '' : `, ${process.command}, on node ${process.node}`}`;
    if (ASKED_TWICE.has(signal) && !(await this.#isSure(signal, what))) return;
    const response = await fetch('signal', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bproc-token': this.#token },
      body: JSON.stringify({ pid, signal }),
    }).catch(() => undefined);
    if (response?.ok) return setText(this.#parts.said, `${signal} sent to process ${what}`);
    const { error = 'the server does not answer' } = (await response?.json().catch(() => undefined)) ?? {};
    setText(this.#parts.said, `${signal} was not sent to process ${what}: ${error}`);
  }

  #isSure(signal, what) {
    const { sure, sureText, sureYes } = this.#parts;
    setText(sureText, `${signal === 'SIGKILL' ? 'Kill' : 'End'} process ${what}?`);
    setText(sureYes, signal === 'SIGKILL' ? 'Kill it' : 'End it');
    sure.returnValue = 'no';
    sure.showModal();
    return new Promise((resolve) => {
      sure.addEventListener('close', () => resolve(sure.returnValue === 'yes'), { once: true });
    });
  }
}

function fill(row, { pid, node, uid, state, cpuMs, memory, command }) {
  const cost = [cpuMs === undefined ? '' : duration(cpuMs), memory === undefined ? '' : bytes(memory)];
  [String(pid), String(node), String(uid), state, ...cost, command].forEach((text, at) => {
    setText(row.children[at], text);
  });
  const hold = row.querySelector('[data-signal="SIGSTOP"], [data-signal="SIGCONT"]');
  if (hold === null) return;
  const isStopped = state === 'stopped';
  hold.dataset.signal = isStopped ? 'SIGCONT' : 'SIGSTOP';
  setText(hold, isStopped ? 'Continue' : 'Stop');
  const said = `${isStopped ? 'Continue' : 'Stop'} process ${pid}, ${command}`;
  if (hold.getAttribute('aria-label') !== said) hold.setAttribute('aria-label', said);
}

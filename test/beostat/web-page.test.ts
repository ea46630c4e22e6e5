/** The page in a real browser. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { webHandler } from '../../src/beostat/web/index.ts';
import { type Client, startCluster } from '../../src/index.ts';
import { type Accessible, Chromium } from '../support/chromium.ts';

/** Where pictures go for somebody to look at. */
const PICTURES = process.env['BPROC_PICTURES'];

/** The page of a cluster, which may be used for everything. */
async function serve(bp: Client): Promise<AsyncDisposable & { readonly url: string }> {
  const handler = webHandler(bp, { authorize: () => 'signal', intervalMs: 100 });
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      handler[Symbol.dispose]();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('it shows the cluster as it is, without complaint, and is used by keys alone', async () => {
  await using cluster = await startCluster({ nodes: 4, spawner: 'child_process' });
  const bp = cluster.client;
  const sleeper = await bp.rexec(2, 'sleep', ['600']);
  await bp.rexec(1, 'sleep', ['601']);
  await using page = await serve(bp);
  const { url } = page;
  await using browser = await Chromium.start(1280, 900);
  const picture = async (name: string): Promise<void> => {
    if (PICTURES !== undefined) await browser.screenshot(join(PICTURES, `${name}.png`));
  };
  const focused = () =>
    browser.value('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');

  await browser.open(url, 'dark');
  await browser.until(`document.querySelectorAll('#rows tr').length === 2`);
  expect(await browser.value('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 20, 27)');
  await picture('dark');
  await browser.open(url);
  await browser.until(`document.querySelectorAll('#nodes .cpu-line[d^=M]').length === 4`);
  await browser.until(`document.querySelectorAll('#rows tr').length === 2`);
  expect(await browser.value(`document.querySelector('#sum').textContent`)).toMatch(
    /^4 nodes: 4 up · \d+ CPUs, \d+% busy$/,
  );
  expect(await browser.value('getComputedStyle(document.body).backgroundColor')).toBe('rgb(246, 247, 249)');
  await picture('light');

  // what happens in the cluster shows
  await bp.setNodeStatus(3, 'error');
  await browser.until(`document.querySelector('#nodes li:nth-child(4) .state').textContent === 'error'`);

  // skip link, filter, order, the grid: then to node 2 by arrows, and its processes
  await browser.value('document.querySelector("#order").focus()');
  await browser.press('Tab');
  expect(await focused()).toMatch(/^Node 0, .*, up, CPU \d+%, memory \d+%$/);
  await browser.press('ArrowRight');
  await browser.press('ArrowRight');
  await browser.press('Enter');
  await browser.until(`document.querySelector('#caption').textContent === '1 process on node 2'`);
  await browser.until(`/\\d/.test(document.querySelector('#rows td:nth-child(6)').textContent)`);
  expect(await focused()).toMatch(/^Node 2, /);
  await picture('node');

  // its first process is ended, once somebody is sure
  await browser.value(`document.querySelector('#everywhere').focus()`);
  await browser.press('Tab');
  expect(await focused()).toBe(`End process ${sleeper.pid}, sleep`);
  await browser.press('Enter');
  await browser.until(`document.querySelector('#sure').open`);
  expect(await focused()).toBe('Cancel');
  await picture('sure');
  await browser.press('Tab');
  expect(await focused()).toBe('End it');
  await browser.press('Enter');
  expect(await sleeper.wait()).toMatchObject({ kind: 'signaled', signal: 'SIGTERM' });
  await browser.until(
    `document.querySelector('#said').textContent.startsWith('SIGTERM sent to process ${sleeper.pid}')`,
  );
  await browser.until(`document.querySelectorAll('#rows tr').length === 0`);

  // nothing is cut off on a small screen, and nothing was refused or has failed
  await browser.call('Emulation.setDeviceMetricsOverride', {
    width: 390,
    height: 844,
    deviceScaleFactor: 1,
    mobile: true,
  });
  expect(await browser.value('document.documentElement.scrollWidth')).toBe(390);
  await picture('small');
  expect(browser.complaints).toEqual([]);
}, 60_000);

/** Roles of what is used, and of what leads to it. */
const USED = new Set(['button', 'link', 'searchbox', 'textbox', 'combobox', 'menuitem', 'option', 'checkbox']);

test('a screen reader is told what everything is called, and keys reach it in the order in which it is read', async () => {
  await using cluster = await startCluster({ nodes: 2, spawner: 'child_process' });
  const bp = cluster.client;
  const sleeper = await bp.rexec(1, 'sleep', ['600']);
  await using page = await serve(bp);
  await using browser = await Chromium.start(1280, 900);
  await browser.open(page.url);
  await browser.until(`document.querySelectorAll('#nodes li').length === 2`);
  await browser.until(`document.querySelectorAll('#rows tr').length === 1`);
  const of = (all: readonly Accessible[], role: string) =>
    all.filter((each) => each.role === role).map(({ name }) => name);
  const isReached = ({ role, properties }: Accessible): boolean => properties['focusable'] === true && USED.has(role);

  // what there is, by its landmarks, headings, list and table
  const told = await browser.accessible();
  expect(of(told, 'RootWebArea')).toEqual(['Cluster']);
  expect(
    told.filter(({ role }) => role === 'heading').map(({ name, properties }) => [properties['level'], name]),
  ).toEqual([
    [1, 'Cluster'],
    [2, 'Nodes'],
    [2, 'Processes'],
  ]);
  expect([of(told, 'banner').length, of(told, 'main').length, of(told, 'region')]).toEqual([
    1,
    1,
    ['Nodes', 'Processes'],
  ]);
  expect(of(told, 'list')).toEqual(['Nodes; arrow keys move, Enter shows the processes of one']);
  expect(of(told, 'table')).toEqual(['1 process on all nodes']);
  expect(of(told, 'columnheader')).toEqual(['PID', 'Node', 'User', 'State', 'Command', 'Signal']);
  expect(told.filter(({ role }) => role === 'status').map(({ properties }) => properties['live'])).toEqual([
    'polite',
    'polite',
  ]);

  // everything that is used has a name, and no other thing has the same
  const used = told.filter(isReached);
  const names = used.map(({ role, name }) => `${role} ${name}`);
  expect(names.filter((name) => /^\w+ $|undefined|NaN/.test(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  expect(told.filter(({ role, properties }) => properties['focusable'] === true && role === 'generic')).toEqual([]);

  // by Tab alone, from the beginning to the end: the grid is one stop, in which arrows move
  const order: string[] = [];
  for (let stop = 0; stop <= used.length; stop += 1) {
    await browser.press('Tab');
    const focused = (await browser.accessible()).filter(
      ({ role, properties }) => properties['focused'] === true && role !== 'RootWebArea',
    );
    if (focused.length === 0) break;
    order.push(...focused.map(({ role, name }) => `${role} ${name.replace(/,.*/, '')}`));
  }
  const stops = used.filter(({ name, role }) => role !== 'option' && !name.startsWith('Node 1,'));
  expect(order).toEqual(stops.map(({ role, name }) => `${role} ${name.replace(/,.*/, '')}`));
  expect(order.slice(0, 4)).toEqual(['link Skip to processes', 'searchbox Show', 'combobox Order', 'button Node 0']);
  expect(order).toContain(`button End process ${sleeper.pid}`);

  // what asks whether somebody is sure is called by its question, and is all that there is meanwhile
  await browser.value(`document.querySelector('#rows button').focus()`);
  await browser.press('Enter');
  await browser.until(`document.querySelector('#sure').open`);
  const asked = await browser.accessible();
  expect(asked.filter(({ role }) => role === 'dialog')).toMatchObject([
    { name: expect.stringContaining(String(sleeper.pid)), properties: { modal: true } },
  ]);
  expect(asked.filter(isReached).map(({ name }) => name)).toEqual(['Cancel', expect.stringContaining('End')]);
  await browser.press('Enter');
  await sleeper.kill('SIGKILL');
}, 60_000);

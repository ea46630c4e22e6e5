/** The page in a real browser. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { webHandler } from '../../src/beostat/web/index.ts';
import { startCluster } from '../../src/index.ts';
import { Chromium } from '../support/chromium.ts';

/** Where pictures go for somebody to look at. */
const PICTURES = process.env['BPROC_PICTURES'];

test('it shows the cluster as it is, without complaint, and is used by keys alone', async () => {
  await using cluster = await startCluster({ nodes: 4, spawner: 'child_process' });
  const bp = cluster.client;
  const sleeper = await bp.rexec(2, 'sleep', ['600']);
  await bp.rexec(1, 'sleep', ['601']);
  using handler = webHandler(bp, { authorize: () => 'signal', intervalMs: 100 });
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`;
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
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}, 60_000);

/** A real browser without a window, driven over the pipe that it has for its developer tools. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Far longer than anything takes to show. */
const DEADLINE_MS = 25_000;

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What a screen reader is told of a part of the page. */
export interface Accessible {
  readonly role: string;
  readonly name: string;
  /** What there is to say of it besides: `focusable`, `focused`, `pressed`, `modal`, `level`, `live`, ... */
  readonly properties: Readonly<Record<string, unknown>>;
}

interface AccessibleNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value?: unknown } }[];
}

/** One browser with one page. */
export class Chromium implements AsyncDisposable {
  /** What the page has complained of: errors of its script, and what its policy has refused. */
  readonly complaints: string[] = [];
  readonly #child: ChildProcess;
  readonly #home: string;
  readonly #input: Writable;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #gone: Promise<Answer>;
  #next = 1;
  #session = '';

  private constructor() {
    this.#home = mkdtempSync(join(tmpdir(), 'bproc-chromium-'));
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'];
    const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update'];
    this.#child = spawn(
      'chromium',
      [...flags, ...quiet, `--user-data-dir=${this.#home}`, '--remote-debugging-pipe', 'about:blank'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: this.#home } },
    );
    this.#gone = once(this.#child, 'exit').then(() => ({ error: { message: 'the browser is gone' } }));
    this.#input = this.#child.stdio[3] as Writable;
    this.#input.on('error', () => {});
    let text = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (piece: string) => {
      const messages = (text + piece).split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) this.#hear(JSON.parse(message));
    });
  }

  /** Starts one, with a page of a size. */
  static async start(width: number, height: number): Promise<Chromium> {
    const browser = new Chromium();
    try {
      const size = { newWindow: true, width, height };
      const { targetId } = await browser.call('Target.createTarget', { url: 'about:blank', ...size });
      const { sessionId } = await browser.call('Target.attachToTarget', { targetId, flatten: true });
      browser.#session = String(sessionId);
      for (const domain of ['Page', 'Runtime', 'Log']) await browser.call(`${domain}.enable`);
      return browser;
    } catch (error) {
      await browser[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Goes to a page, which is seen as somebody sees it who likes it light or dark. */
  async open(url: string, scheme: 'light' | 'dark' = 'light'): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.call('Emulation.setEmulatedMedia', { features });
    await this.call('Page.navigate', { url });
  }

  /** What an expression is on the page. */
  async value(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await this.call('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { readonly result: { readonly value?: unknown }; readonly exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }

  /** Waits until an expression is true on the page. */
  async until(expression: string): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    while ((await this.value(`Boolean(${expression})`)) !== true) {
      if (Date.now() > deadline) {
        throw new Error(`not within ${DEADLINE_MS} ms: ${expression}\n${await this.value('document.body.innerText')}`);
      }
      await sleep(50);
    }
  }

  /** Presses a key by its name, such as `Tab`, `Enter` or `ArrowRight`. */
  async press(key: string): Promise<void> {
    const codes: Readonly<Record<string, number>> = { Tab: 9, Enter: 13, ArrowRight: 39, ArrowDown: 40, End: 35 };
    const common = { key, code: key, windowsVirtualKeyCode: codes[key] };
    const text = key === 'Enter' ? { text: '\r' } : {};
    await this.call('Input.dispatchKeyEvent', { type: 'keyDown', ...common, ...text });
    await this.call('Input.dispatchKeyEvent', { type: 'keyUp', ...common });
  }

  /** All that a screen reader is told, in the order in which it reads. */
  async accessible(): Promise<readonly Accessible[]> {
    const { nodes } = (await this.call('Accessibility.getFullAXTree')) as { readonly nodes: readonly AccessibleNode[] };
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name, properties = [] }) => ({
        role: role?.value ?? '',
        name: name?.value ?? '',
        properties: Object.fromEntries(properties.map((property) => [property.name, property.value.value])),
      }));
  }

  /** A picture of what is seen. */
  async screenshot(file: string): Promise<void> {
    const { data } = await this.call('Page.captureScreenshot', { format: 'png' });
    writeFileSync(file, Buffer.from(String(data), 'base64'));
  }

  /** Asks the browser for something of its protocol. */
  async call(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#next;
    this.#next += 1;
    const session = this.#session === '' ? {} : { sessionId: this.#session };
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#input.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    const { result = {}, error } = await Promise.race([answered, this.#gone]);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #hear(answer: Answer): void {
    const { id, method, params = {} } = answer;
    if (id !== undefined) {
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    }
    if (method === 'Runtime.exceptionThrown') this.complaints.push(JSON.stringify(params['exceptionDetails']));
    const entry = params['entry'] as { readonly level: string; readonly text: string } | undefined;
    if (method === 'Log.entryAdded' && entry?.level === 'error') this.complaints.push(entry.text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#input.write(`${JSON.stringify({ id: 0, method: 'Browser.close' })}\0`);
      const late = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
      await this.#gone;
      clearTimeout(late);
    }
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The page's requests: its files, two streams of what is there now, the past of a node, and signals. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '../../bproc/index.ts';
import { BprocError } from '../../errors.ts';
import { createStats, type Stats } from '../stats.ts';
import { assetOf } from './assets.ts';
import { Feed } from './feed.ts';
import { isForHost, isOfPage, LOCAL_HOSTS, SAFE_HEADERS } from './guard.ts';
import { nodeView, pastOf, processList } from './views.ts';

/** What somebody may do: nothing, look, or look and send signals with the rights of the program that serves the page. */
export type WebAccess = 'none' | 'look' | 'signal';

/** For whom the page is. */
export interface WebOptions {
  /** What whoever makes a request may do. @default everybody whom the server lets in may look, and nobody may signal */
  readonly authorize?: (request: IncomingMessage) => WebAccess | Promise<WebAccess>;
  /** The names, without a port, by which browsers may know this server. @default localhost, 127.0.0.1 and [::1] */
  readonly hosts?: readonly string[];
  /** How often it looks, in milliseconds. @default 1000 */
  readonly intervalMs?: number;
}

/** A handler of requests for a server of the program's own; disposing it ends the streams of pages that are open. */
export interface WebHandler extends Disposable {
  (request: IncomingMessage, response: ServerResponse): void;
}

const SIGNALS: ReadonlySet<string> = new Set(['SIGTERM', 'SIGKILL', 'SIGSTOP', 'SIGCONT', 'SIGINT', 'SIGHUP']);
const MOST_BODY_BYTES = 1024;
/** How much longer processes are not looked at than nodes: for these each node is asked. */
const PROCESSES_EVERY = 2;

/**
 * The page about a cluster, such as for `http.createServer(webHandler(bp))`; it may be at any path that ends with a slash. It changes nothing and signals
 * nobody unless `authorize` says that somebody may, and answers only to the names of `hosts`.
 */
export function webHandler(client: Client, options: WebOptions = {}): WebHandler {
  const page = new Web(client, options);
  const handler = (request: IncomingMessage, response: ServerResponse): void => void page.answer(request, response);
  return Object.assign(handler, { [Symbol.dispose]: () => page.close() });
}

/** A request that cannot be answered, with the status that says why. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

class Web {
  readonly #client: Client;
  readonly #stats: Stats;
  readonly #options: WebOptions;
  readonly #token = randomBytes(32);
  readonly #nodes: Feed;
  readonly #everyMs: number;
  /** Of all nodes, or of one. */
  readonly #processes = new Map<number | undefined, Feed>();

  constructor(client: Client, options: WebOptions) {
    this.#client = client;
    this.#stats = createStats(client);
    this.#options = options;
    this.#everyMs = options.intervalMs ?? 1000;
    this.#nodes = new Feed('nodes', this.#everyMs, () => this.#lookAtNodes());
  }

  close(): void {
    this.#nodes.close();
    for (const feed of this.#processes.values()) feed.close();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
    try {
      if (!isForHost(request, this.#options.hosts ?? LOCAL_HOSTS))
        throw new Refusal(421, 'this server has another name');
      const { authorize = () => 'look' as const } = this.#options;
      const access = await authorize(request);
      if (access !== 'look' && access !== 'signal') throw new Refusal(403, 'you may not look at this');
      await this.#route(request, response, access);
    } catch (cause) {
      if (response.headersSent) return void response.destroy();
      const error = cause instanceof Refusal ? cause : BprocError.from(cause);
      const status = error instanceof Refusal ? error.status : error.code === 'BE_INVALIDNODE' ? 404 : 503;
      this.#send(response, status, 'application/json', JSON.stringify({ error: error.message }));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, access: WebAccess): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const name = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    if (name === 'signal') return this.#signal(request, response, access);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      throw new Refusal(405, 'this can only be read');
    }
    const node = nodeOf(url);
    if (name === 'nodes') return this.#stream(response, this.#nodes);
    if (name === 'processes') return this.#stream(response, this.#processesOf(node));
    if (name === 'past' && node !== undefined) {
      return this.#send(response, 200, 'application/json', JSON.stringify(await pastOf(this.#stats, node)));
    }
    const asset = await assetOf(name === '' ? 'index.html' : name);
    if (asset === undefined) throw new Refusal(404, 'there is nothing of that name');
    const token = access === 'signal' ? this.#token.toString('hex') : '';
    const text = name === '' ? asset.text.replace('{token}', token) : asset.text;
    this.#send(response, 200, asset.type, request.method === 'HEAD' ? '' : text);
  }

  #send(response: ServerResponse, status: number, type: string, text: string): void {
    response.writeHead(status, { 'content-type': type }).end(text);
  }

  #stream(response: ServerResponse, feed: Feed): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    if (!feed.add(response)) response.destroy();
  }

  async #lookAtNodes() {
    const [nodes, loads] = await Promise.all([this.#client.nodeList(), this.#stats.loads()]);
    const byNode = new Map(loads.map((load) => [load.node, load]));
    return new Map(nodes.map((info) => [String(info.node), nodeView(info, byNode.get(info.node))]));
  }

  #processesOf(node: number | undefined): Feed {
    for (const [each, feed] of this.#processes) if (feed.isIdle) this.#processes.delete(each);
    const feed =
      this.#processes.get(node) ??
      new Feed('processes', this.#everyMs * PROCESSES_EVERY, async () => {
        const list = await processList(this.#client, this.#stats, node);
        return new Map([['list', list]]);
      });
    this.#processes.set(node, feed);
    return feed;
  }

  async #signal(request: IncomingMessage, response: ServerResponse, access: WebAccess): Promise<void> {
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      throw new Refusal(405, 'a signal is sent by POST');
    }
    if (access !== 'signal' || !isOfPage(request, this.#token)) throw new Refusal(403, 'you may not send signals');
    if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'a signal is said in JSON');
    const { pid, signal } = signalOf(await bodyOf(request));
    try {
      await this.#client.kill(pid, signal);
    } catch (cause) {
      const { code, message } = BprocError.from(cause);
      throw new Refusal(code === 'EPERM' ? 403 : 409, message);
    }
    response.writeHead(204).end();
  }
}

function nodeOf({ searchParams }: URL): number | undefined {
  const text = searchParams.get('node');
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(400, 'node is not the number of a node');
  return Number(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) throw new Refusal(413, 'a signal is shorter');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function signalOf(text: string): { readonly pid: number; readonly signal: string } {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'this is no JSON');
  }
  const { pid, signal } = (said ?? {}) as { readonly pid?: unknown; readonly signal?: unknown };
  // no process group, and not everybody
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 2) throw new Refusal(400, 'pid is no process');
  if (typeof signal !== 'string' || !SIGNALS.has(signal)) throw new Refusal(400, 'signal is none of the page');
  return { pid, signal };
}

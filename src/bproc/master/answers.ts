/** Orders take effect once, however often a client repeats them [PROTOCOL 7.1]. */
import type { Request } from '../../wire/index.ts';
import type { Answer, MasterClient } from './state.ts';

/** Orders of one client whose answers are remembered. */
const MOST_ANSWERS = 1024;

/** What only asks, and may be asked again. */
const QUESTIONS: ReadonlySet<Request['body']> = new Set([
  'listNodes',
  'resolve',
  'wait',
  'abandon',
  'listProcesses',
  'access',
  'subscribe',
  'unsubscribe',
  'status',
  'cache',
  // their answers hold what is not to be kept
  'createToken',
  'login',
  'listApplicants',
  'listCertificates',
  undefined,
]);

/**
 * Notes an order. Returns what is known of an earlier one with its number: 'pending' while it has
 * no answer, else the answer; undefined for a new one, for a question, and for number 0, which is
 * nobody's.
 */
export function noteOrder(client: MasterClient, request: Request): Answer | 'pending' | undefined {
  if (isQuestion(request) || request.id === 0) return undefined;
  const known = client.answers.get(request.id);
  if (known !== undefined) return known;
  client.answers.set(request.id, 'pending');
  for (const [oldest, answer] of client.answers) {
    if (client.answers.size <= MOST_ANSWERS) break;
    if (answer !== 'pending') client.answers.delete(oldest);
  }
  return undefined;
}

function isQuestion(request: Request): boolean {
  return request.body === 'service' ? !request.service.order : QUESTIONS.has(request.body);
}

/** Keeps the answer to an order, for the client that may not get it. */
export function noteAnswer(client: MasterClient, id: number, answer: Answer): void {
  if (client.answers.has(id)) client.answers.set(id, answer);
}

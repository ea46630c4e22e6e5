/** The one exchange of those who have no certificate yet, from their side: PROTOCOL.md 8.7. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { BprocError } from '../../errors.ts';
import { Connection, reasonOf } from '../../transport/index.ts';
import type { Init, Join, Joined } from '../../wire/index.ts';

/** What the master gives, or under which id it has asked an administrator. */
export type JoinAnswer = Pick<Joined, 'certificate' | 'authority' | 'pending'>;

/** How long the answer may take. */
const ANSWER_MS = 15_000;

/**
 * Sends a JOIN on a connection and closes it after the answer.
 *
 * @throws BprocError what the master answers; ECONNRESET, ETIMEDOUT where it does not.
 */
export function askToJoin(duplex: Duplex, clock: Clock, domain: string, join: Init<Join>): Promise<JoinAnswer> {
  const link = new Connection(duplex, clock, 'tls');
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ANSWER_MS, () => {
      link.destroy();
      reject(new BprocError('ETIMEDOUT', `the master did not answer within ${ANSWER_MS} ms`));
    });
    const nothing = (): void => {};
    link.open({
      control: (message) => {
        if (message.body !== 'joined') return;
        const { failure, certificate, authority, pending } = message.joined;
        if (failure !== null) reject(reasonOf(failure));
        // the bytes lie in what was received
        else resolve({ certificate: Buffer.from(certificate), authority: Buffer.from(authority), pending });
        cancel();
        link.close();
      },
      data: nothing,
      credit: nothing,
      stop: nothing,
      drained: nothing,
      closed: (reason) => {
        cancel();
        reject(reason ?? new BprocError('ECONNRESET', 'the master closed the connection without an answer'));
      },
    });
    link.send({ ...(domain === '' ? {} : { domain }), join });
  });
}

/** Asking services, which higher floors bring: PROTOCOL.md section 13. */
import type { CallOptions } from '../bound.ts';
import { checkServiceBody } from '../service.ts';
import { checkInteger } from './calls.ts';
import { CheckpointCalls } from './checkpoint-calls.ts';

/** Whom a request to a service is for. */
export interface ServiceRequestOptions extends CallOptions {
  /** The node whose slave's part is asked. @default the master's part */
  readonly node?: number;
  /** Whether it takes effect once, however often the connection breaks; else it is a question, which is asked again. @default false */
  readonly order?: boolean;
}

/** Calls of services. */
export abstract class ServiceCalls extends CheckpointCalls {
  /**
   * Asks a service by its name. What the bytes mean is the service's; those who bring one bring calls for it.
   *
   * @throws BprocError what the service answers; ENOSYS where it is not there; E2BIG for more than 1 MiB; BE_INVALIDNODE, BE_NODEDOWN;
   *   ETIMEDOUT, ECANCELED.
   */
  async askService(name: string, body: Uint8Array, options: ServiceRequestOptions = {}): Promise<Uint8Array> {
    checkServiceBody(name, body);
    const { node, order = false } = options;
    const where = node === undefined ? {} : { node: checkInteger('node', node, -1) };
    const { service } = await this.askFor('service', { service: { service: name, body, order, ...where } }, options);
    return service.body;
  }
}

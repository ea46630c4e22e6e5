/** Getting and keeping a place in a cluster: its CA, tokens, certificates. PROTOCOL.md sections 8.5 to 8.8. */

export { makeRequest, newKey } from './certificates.ts';

export { identityText } from './identity.ts';
export { bundleOf, fileIdentityStore, memoryIdentityStore } from './identity-file.ts';
export { Membership, type TlsKeeper } from './membership.ts';
export { loginByToken, type TokenLoginOptions } from './token-login.ts';
export { type Asker, type CertificateLifetimes, type Certified, Trust } from './trust.ts';
export { UserKeeper, userIdentityStore } from './user-identity.ts';

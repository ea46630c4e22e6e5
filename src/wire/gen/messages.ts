// Made by `npm run proto` from proto/bproc/v1. Do not edit.

/** A message to be encoded: any field may be left out. */
export type Init<T> = T extends Uint8Array | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer U)[]
    ? readonly Init<U>[]
    : string extends keyof T
      ? T
      : { readonly [K in keyof T]?: Init<T[K]> | undefined };

export interface Abandon {
  readonly id: number;
}

export interface Access {
  readonly node: number;
}

export interface Admitted {
  readonly session: number;
}

export interface Applicant {
  readonly id: string;
  readonly peer: string;
  readonly address: string;
  readonly role: Role;
  readonly node: number | null;
  readonly since: number;
}

export interface ApplicantList {
  readonly applicants: readonly Applicant[];
}

export interface Approve {
  readonly id: string;
  readonly node: number | null;
}

export interface Arrived {
  readonly puid: Uint8Array;
  readonly number: number;
  readonly process: ProcessReport | null;
  readonly failure: Failure | null;
  readonly from: number;
}

export interface BootMiss {
  readonly puid: Uint8Array;
  readonly node: number;
  readonly boot: Uint8Array;
}

export interface Bring {
  readonly puid: Uint8Array;
  readonly number: number;
  readonly node: number;
  readonly ticket: Uint8Array;
  readonly pid: number;
  readonly engine: string;
  readonly facts: Uint8Array;
  readonly copy: Start | null;
  readonly virtualAddress: string;
  readonly postCopy: boolean;
  readonly luggageAddress: string;
  readonly luggageTicket: Uint8Array;
}

export interface Cache {
  readonly node: number;
  readonly action: CacheAction;
}

export const CacheAction = {
  UNSPECIFIED: 0,
  PURGE: 1,
  VERIFY: 2,
} as const;
export type CacheAction = (typeof CacheAction)[keyof typeof CacheAction];

export interface CacheState {
  readonly bytes: number;
  readonly blobs: number;
  readonly pinnedBytes: number;
  readonly maxBytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  readonly rotten: number;
  readonly fetchedBytes: number;
}

export interface CallOff {
  readonly puid: Uint8Array;
  readonly number: number;
}

export interface CallOffMove {
  readonly request: number;
  readonly pid: number;
}

export interface Cancel {
  readonly puid: Uint8Array;
  readonly node: number;
  readonly boot: Uint8Array;
}

export interface Cancelled {
  readonly puid: Uint8Array;
}

export interface Carried {
  readonly files: readonly CarriedFile[];
}

export interface CarriedFile {
  readonly path: string;
  readonly program: string;
}

export interface Carry {
  readonly clear: boolean;
  readonly remove: readonly CarriedFile[];
  readonly add: readonly CarriedFile[];
}

export interface CertificateList {
  readonly certificates: readonly CertificateRecord[];
}

export interface CertificateRecord {
  readonly serial: string;
  readonly subject: string;
  readonly issuedAt: number;
  readonly notAfter: number;
  readonly revoked: boolean;
}

export interface Challenge {
  readonly directory: string;
  readonly name: string;
}

export interface Challenged {

}

export interface Change {
  readonly puid: Uint8Array;
  readonly pid: number;
  readonly state: ProcessState;
  readonly reattached: boolean;
}

export interface Checkpoint {
  readonly pid: number;
  readonly uid: number;
  readonly stop: boolean;
  readonly keep: boolean;
}

export interface CheckpointRoom {
  readonly node: number;
  readonly remove: string;
  readonly uid: number;
  readonly keep: string;
  readonly end: boolean;
  readonly kept: KeptName | null;
}

export interface Chroot {
  readonly node: number;
  readonly path: string;
}

export interface Claim {
  readonly entries: readonly ClaimEntry[];
  readonly last: boolean;
}

export interface ClaimEntry {
  readonly puid: Uint8Array;
  readonly node: number;
  readonly boot: Uint8Array;
  readonly pid: number;
  readonly user: string;
}

export interface ClientGone {
  readonly client: Uint8Array;
}

interface ControlHead {
  readonly epoch: Epoch | null;
  readonly domain: string;
}

export type ControlBody =
  | { readonly body: undefined }
  | { readonly body: 'hello'; readonly hello: Hello }
  | { readonly body: 'welcome'; readonly welcome: Welcome }
  | { readonly body: 'promised'; readonly promised: Promised }
  | { readonly body: 'refuse'; readonly refuse: Refuse }
  | { readonly body: 'goodbye'; readonly goodbye: Goodbye }
  | { readonly body: 'inventory'; readonly inventory: Inventory }
  | { readonly body: 'claim'; readonly claim: Claim }
  | { readonly body: 'join'; readonly join: Join }
  | { readonly body: 'joined'; readonly joined: Joined }
  | { readonly body: 'guest'; readonly guest: Guest }
  | { readonly body: 'challenge'; readonly challenge: Challenge }
  | { readonly body: 'challenged'; readonly challenged: Challenged }
  | { readonly body: 'start'; readonly start: Start }
  | { readonly body: 'started'; readonly started: Started }
  | { readonly body: 'startFailed'; readonly startFailed: StartFailed }
  | { readonly body: 'bootMiss'; readonly bootMiss: BootMiss }
  | { readonly body: 'cancel'; readonly cancel: Cancel }
  | { readonly body: 'cancelled'; readonly cancelled: Cancelled }
  | { readonly body: 'change'; readonly change: Change }
  | { readonly body: 'ended'; readonly ended: Ended }
  | { readonly body: 'endAck'; readonly endAck: EndAck }
  | { readonly body: 'clientGone'; readonly clientGone: ClientGone }
  | { readonly body: 'request'; readonly request: Request }
  | { readonly body: 'response'; readonly response: Response }
  | { readonly body: 'events'; readonly events: Events }
  | { readonly body: 'eventsAck'; readonly eventsAck: EventsAck }
  | { readonly body: 'pidBlock'; readonly pidBlock: PidBlock }
  | { readonly body: 'newLife'; readonly newLife: NewLife }
  | { readonly body: 'fetch'; readonly fetch: Fetch }
  | { readonly body: 'fetchFailed'; readonly fetchFailed: FetchFailed }
  | { readonly body: 'peerAddress'; readonly peerAddress: PeerAddress }
  | { readonly body: 'lack'; readonly lack: Lack }
  | { readonly body: 'source'; readonly source: Source }
  | { readonly body: 'fetched'; readonly fetched: Fetched }
  | { readonly body: 'present'; readonly present: Present }
  | { readonly body: 'admitted'; readonly admitted: Admitted }
  | { readonly body: 'ready'; readonly ready: Ready }
  | { readonly body: 'go'; readonly go: Go }
  | { readonly body: 'nodeFacts'; readonly nodeFacts: NodeFacts }
  | { readonly body: 'carried'; readonly carried: Carried }
  | { readonly body: 'depart'; readonly depart: Depart }
  | { readonly body: 'departed'; readonly departed: Departed }
  | { readonly body: 'bring'; readonly bring: Bring }
  | { readonly body: 'luggage'; readonly luggage: Luggage }
  | { readonly body: 'prepared'; readonly prepared: Prepared }
  | { readonly body: 'settle'; readonly settle: Settle }
  | { readonly body: 'arrived'; readonly arrived: Arrived }
  | { readonly body: 'moved'; readonly moved: Moved }
  | { readonly body: 'pidsAway'; readonly pidsAway: PidsAway }
  | { readonly body: 'still'; readonly still: Still }
  | { readonly body: 'needs'; readonly needs: Needs }
  | { readonly body: 'needsMet'; readonly needsMet: NeedsMet }
  | { readonly body: 'grows'; readonly grows: Grows }
  | { readonly body: 'moveProgress'; readonly moveProgress: MoveProgress }
  | { readonly body: 'callOff'; readonly callOff: CallOff }
  | { readonly body: 'needsImage'; readonly needsImage: NeedsImage }
  | { readonly body: 'serve'; readonly serve: Serve }
  | { readonly body: 'pages'; readonly pages: Pages };

export type Control = ControlHead & ControlBody;

/** At most one of these. */
export interface ControlChoice {
  readonly hello?: Init<Hello> | undefined;
  readonly welcome?: Init<Welcome> | undefined;
  readonly promised?: Init<Promised> | undefined;
  readonly refuse?: Init<Refuse> | undefined;
  readonly goodbye?: Init<Goodbye> | undefined;
  readonly inventory?: Init<Inventory> | undefined;
  readonly claim?: Init<Claim> | undefined;
  readonly join?: Init<Join> | undefined;
  readonly joined?: Init<Joined> | undefined;
  readonly guest?: Init<Guest> | undefined;
  readonly challenge?: Init<Challenge> | undefined;
  readonly challenged?: Init<Challenged> | undefined;
  readonly start?: Init<Start> | undefined;
  readonly started?: Init<Started> | undefined;
  readonly startFailed?: Init<StartFailed> | undefined;
  readonly bootMiss?: Init<BootMiss> | undefined;
  readonly cancel?: Init<Cancel> | undefined;
  readonly cancelled?: Init<Cancelled> | undefined;
  readonly change?: Init<Change> | undefined;
  readonly ended?: Init<Ended> | undefined;
  readonly endAck?: Init<EndAck> | undefined;
  readonly clientGone?: Init<ClientGone> | undefined;
  readonly request?: Init<Request> | undefined;
  readonly response?: Init<Response> | undefined;
  readonly events?: Init<Events> | undefined;
  readonly eventsAck?: Init<EventsAck> | undefined;
  readonly pidBlock?: Init<PidBlock> | undefined;
  readonly newLife?: Init<NewLife> | undefined;
  readonly fetch?: Init<Fetch> | undefined;
  readonly fetchFailed?: Init<FetchFailed> | undefined;
  readonly peerAddress?: Init<PeerAddress> | undefined;
  readonly lack?: Init<Lack> | undefined;
  readonly source?: Init<Source> | undefined;
  readonly fetched?: Init<Fetched> | undefined;
  readonly present?: Init<Present> | undefined;
  readonly admitted?: Init<Admitted> | undefined;
  readonly ready?: Init<Ready> | undefined;
  readonly go?: Init<Go> | undefined;
  readonly nodeFacts?: Init<NodeFacts> | undefined;
  readonly carried?: Init<Carried> | undefined;
  readonly depart?: Init<Depart> | undefined;
  readonly departed?: Init<Departed> | undefined;
  readonly bring?: Init<Bring> | undefined;
  readonly luggage?: Init<Luggage> | undefined;
  readonly prepared?: Init<Prepared> | undefined;
  readonly settle?: Init<Settle> | undefined;
  readonly arrived?: Init<Arrived> | undefined;
  readonly moved?: Init<Moved> | undefined;
  readonly pidsAway?: Init<PidsAway> | undefined;
  readonly still?: Init<Still> | undefined;
  readonly needs?: Init<Needs> | undefined;
  readonly needsMet?: Init<NeedsMet> | undefined;
  readonly grows?: Init<Grows> | undefined;
  readonly moveProgress?: Init<MoveProgress> | undefined;
  readonly callOff?: Init<CallOff> | undefined;
  readonly needsImage?: Init<NeedsImage> | undefined;
  readonly serve?: Init<Serve> | undefined;
  readonly pages?: Init<Pages> | undefined;
}

export type ControlInit = Init<ControlHead> & ControlChoice;

export interface CreateToken {
  readonly ttlMs: number;
  readonly role: Role;
  readonly node: number | null;
}

export interface Depart {
  readonly puid: Uint8Array;
  readonly number: number;
  readonly node: number;
  readonly address: string;
  readonly ticket: Uint8Array;
  readonly closeConnections: boolean;
  readonly copy: Start | null;
  readonly virtualAddress: string;
  readonly bytesPerSecond: number;
  readonly progress: boolean;
  readonly postCopy: boolean;
}

export interface Departed {
  readonly puid: Uint8Array;
  readonly number: number;
  readonly failure: Failure | null;
  readonly signals: readonly LateSignal[];
  readonly node: number;
  readonly process: ProcessReport | null;
}

export interface Detach {
  readonly pid: number;
  readonly code: number;
}

export interface End {
  readonly kind: EndKind;
  readonly code: number;
  readonly signal: number;
  readonly core: boolean;
  readonly reason: string;
  readonly checkpointed: boolean;
}

export interface EndAck {
  readonly puid: Uint8Array;
  readonly number: number;
}

export const EndKind = {
  UNSPECIFIED: 0,
  EXITED: 1,
  SIGNALED: 2,
  LOST: 3,
  LIFETIME: 4,
  SILENCE: 5,
} as const;
export type EndKind = (typeof EndKind)[keyof typeof EndKind];

export interface Ended {
  readonly puid: Uint8Array;
  readonly pid: number;
  readonly end: End | null;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly node: number;
}

export interface Epoch {
  readonly generation: number;
  readonly revision: number;
}

interface EventHead {
  readonly number: number;
  readonly at: number;
}

export type EventBody =
  | { readonly body: undefined }
  | { readonly body: 'node'; readonly node: NodeEvent }
  | { readonly body: 'process'; readonly process: ProcessEvent }
  | { readonly body: 'gap'; readonly gap: GapEvent };

export type Event = EventHead & EventBody;

/** At most one of these. */
export interface EventChoice {
  readonly node?: Init<NodeEvent> | undefined;
  readonly process?: Init<ProcessEvent> | undefined;
  readonly gap?: Init<GapEvent> | undefined;
}

export type EventInit = Init<EventHead> & EventChoice;

export interface Events {
  readonly id: number;
  readonly events: readonly Event[];
  readonly cursor: string;
}

export interface EventsAck {
  readonly id: number;
  readonly cursor: string;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly node: number | null;
  readonly pid: number | null;
}

export interface Fetch {
  readonly transfer: number;
  readonly image: Uint8Array;
  readonly blob: Uint8Array;
  readonly offset: number;
}

export interface FetchFailed {
  readonly transfer: number;
  readonly failure: Failure | null;
}

export interface Fetched {
  readonly image: Uint8Array;
  readonly number: number;
  readonly failure: Failure | null;
}

export interface GapEvent {
  readonly reason: string;
}

export interface Ghost {
  readonly puid: Uint8Array;
  readonly pid: number;
}

export interface Ghosts {
  readonly ghosts: readonly Ghost[];
}

export interface Go {
  readonly puids: readonly Uint8Array[];
}

export interface Goodbye {
  readonly reason: string;
}

export interface Grows {
  readonly name: string;
}

export interface Guest {
  readonly uid: number;
  readonly gids: readonly number[];
  readonly greeting: Uint8Array;
}

export interface Hello {
  readonly majorMin: number;
  readonly majorMax: number;
  readonly minor: number;
  readonly role: Role;
  readonly identity: Uint8Array;
  readonly seen: Epoch | null;
  readonly features: readonly string[];
  readonly node: number | null;
  readonly address: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly pids: readonly PidBlock[];
  readonly reconnect: boolean;
  readonly pid: number;
}

export interface Inventory {
  readonly processes: readonly ProcessReport[];
  readonly last: boolean;
}

export interface Join {
  readonly request: Uint8Array;
  readonly token: string;
  readonly secret: Uint8Array;
  readonly role: Role;
  readonly node: number | null;
  readonly address: string;
}

export interface Joined {
  readonly failure: Failure | null;
  readonly certificate: Uint8Array;
  readonly authority: Uint8Array;
  readonly pending: string;
}

export interface KeptCheckpoint {
  readonly name: Uint8Array;
  readonly bytes: number;
  readonly pid: number;
  readonly command: string;
  readonly uid: number;
  readonly takenAt: number;
  readonly size: number;
}

export interface KeptList {
  readonly checkpoints: readonly KeptCheckpoint[];
  readonly more: boolean;
}

export interface KeptName {
  readonly name: Uint8Array;
  readonly bytes: number;
  readonly source: number | null;
}

export interface KeptOrder {
  readonly node: number;
  readonly uid: number;
  readonly keep: KeptName | null;
  readonly remove: Uint8Array;
  readonly only: Uint8Array;
  readonly after: Uint8Array;
}

export interface Kill {
  readonly pid: number;
  readonly signal: number;
  readonly scope: Scope;
  readonly localPid: number;
  readonly startTime: number;
  readonly client: Uint8Array;
  readonly clientRequest: number;
  readonly uid: number | null;
}

export interface Lack {
  readonly image: Uint8Array;
  readonly number: number;
  readonly failure: Failure | null;
  readonly node: number | null;
}

export interface LateSignal {
  readonly signal: number;
  readonly scope: number;
}

export interface ListApplicants {

}

export interface ListCertificates {

}

export interface ListNodes {
  readonly spec: string;
  readonly nodes: readonly number[];
  readonly partial: boolean;
}

export interface ListProcesses {
  readonly node: number | null;
  readonly startedOnly: boolean;
  readonly partial: boolean;
  readonly after: ProcessPlace | null;
}

export interface Login {
  readonly request: Uint8Array;
  readonly ttlMs: number;
}

export interface Luggage {
  readonly files: readonly LuggageFile[];
  readonly input: number;
  readonly outlets: readonly LuggageOutlet[];
  readonly pipes: readonly number[];
  readonly note: Uint8Array;
  readonly stopped: number;
  readonly closeConnections: boolean;
  readonly parcel: Uint8Array;
  readonly parcelBytes: number;
  readonly terminal: LuggageTerminal | null;
}

export interface LuggageFile {
  readonly name: string;
  readonly size: number;
}

export interface LuggageOutlet {
  readonly from: number;
  readonly wanted: boolean;
}

export interface LuggageTerminal {
  readonly size: Terminal | null;
  readonly device: number;
  readonly fileSystem: number;
  readonly typed: Uint8Array;
  readonly isRaw: boolean;
}

export interface Manifest {
  readonly program: string;
  readonly entries: readonly ManifestEntry[];
}

export interface ManifestEntry {
  readonly path: string;
  readonly blob: Uint8Array;
  readonly size: number;
  readonly mode: number;
  readonly target: string;
}

export interface MapAnswer {
  readonly held: readonly MapSlots[];
}

export interface MapQuestion {
  readonly id: Uint8Array;
  readonly hold: readonly MapSlots[];
  readonly leaseMs: number;
}

export interface MapSlots {
  readonly node: number;
  readonly slots: number;
  readonly most: number;
}

export interface MasterStatus {
  readonly epoch: Epoch | null;
  readonly address: string;
  readonly nodes: number;
  readonly processes: number;
  readonly uid: number;
}

export interface Move {
  readonly pid: number;
  readonly node: number;
  readonly closeConnections: boolean;
  readonly bytesPerSecond: number;
  readonly progress: boolean;
  readonly virtualAddress: string;
  readonly postCopy: boolean;
  readonly repeated: boolean;
}

export interface MoveProgress {
  readonly puid: Uint8Array;
  readonly number: number;
  readonly request: number;
  readonly phase: MoveProgressPhase;
  readonly bytes: number;
  readonly totalBytes: number;
}

export const MoveProgressPhase = {
  CAPTURING: 0,
  SENDING: 1,
  MAKING: 2,
} as const;
export type MoveProgressPhase = (typeof MoveProgressPhase)[keyof typeof MoveProgressPhase];

export interface Moved {
  readonly puid: Uint8Array;
  readonly pid: number;
  readonly node: number;
  readonly boot: Uint8Array;
}

export interface MpiAbort {
  readonly job: string;
  readonly rank: number;
  readonly code: number;
  readonly message: string;
  readonly ended: boolean;
}

export interface MpiAnswer {
  readonly events: readonly MpiEvent[];
  readonly reply: MpiReply | null;
}

export interface MpiApp {
  readonly argv: readonly string[];
  readonly np: number;
  readonly env: readonly string[];
  readonly cwd: string;
  readonly hosts: readonly string[];
}

export interface MpiCall {
  readonly publish: MpiName | null;
  readonly lookup: MpiName | null;
  readonly unpublish: MpiName | null;
  readonly spawn: MpiSpawn | null;
  readonly fetch: MpiFetch | null;
}

export interface MpiCommand {
  readonly open: MpiJob | null;
  readonly close: string;
  readonly shares: MpiShares | null;
  readonly gone: MpiGone | null;
  readonly tell: MpiTell | null;
}

export interface MpiEvent {
  readonly number: number;
  readonly abort: MpiAbort | null;
  readonly spawn: MpiSpawn | null;
  readonly log: MpiLog | null;
}

export interface MpiFetch {
  readonly job: string;
  readonly rank: number;
  readonly protocol: string;
  readonly key: string;
}

export interface MpiGone {
  readonly job: string;
  readonly rank: number;
  readonly node: number;
  readonly code: number | null;
}

export interface MpiJob {
  readonly id: string;
  readonly size: number;
  readonly universe: number;
  readonly nodes: readonly MpiNode[];
  readonly apps: readonly number[];
  readonly parent: string;
  readonly presets: readonly MpiPreset[];
  readonly protocols: readonly string[];
  readonly uid: number;
}

export interface MpiLog {
  readonly job: string;
  readonly rank: number;
  readonly stderr: boolean;
  readonly text: string;
}

export interface MpiMember {
  readonly job: string;
  readonly rank: number;
}

export interface MpiName {
  readonly job: string;
  readonly wide: boolean;
  readonly name: string;
  readonly value: Uint8Array;
  readonly wait: boolean;
  readonly once: boolean;
}

export interface MpiNode {
  readonly node: number;
  readonly host: string;
  readonly stretches: readonly number[];
}

export interface MpiNotice {
  readonly share: MpiShare | null;
  readonly gone: MpiGone | null;
  readonly abort: MpiAbort | null;
  readonly held: MpiJob | null;
  readonly dropped: string;
  readonly tell: MpiTell | null;
  readonly log: MpiLog | null;
}

export interface MpiPiece {
  readonly index: number;
  readonly data: Uint8Array;
}

export interface MpiPreset {
  readonly key: string;
  readonly value: string;
}

export interface MpiQuestion {
  readonly open: MpiJob | null;
  readonly close: string;
  readonly watch: MpiWatch | null;
  readonly spawned: MpiSpawned | null;
  readonly call: MpiCall | null;
}

export interface MpiRanks {
  readonly job: string;
  readonly first: number;
}

export interface MpiReply {
  readonly found: boolean;
  readonly value: Uint8Array;
  readonly job: MpiJob | null;
}

export interface MpiShare {
  readonly fence: string;
  readonly members: readonly MpiMember[];
  readonly round: number;
  readonly data: Uint8Array;
  readonly more: boolean;
}

export interface MpiShares {
  readonly fence: string;
  readonly round: number;
  readonly pieces: readonly MpiPiece[];
  readonly more: boolean;
  readonly failure: Failure | null;
}

export interface MpiSpawn {
  readonly job: string;
  readonly rank: number;
  readonly apps: readonly MpiApp[];
  readonly presets: readonly MpiPreset[];
}

export interface MpiSpawned {
  readonly job: string;
  readonly number: number;
  readonly child: string;
  readonly failure: Failure | null;
}

export interface MpiTell {
  readonly job: string;
  readonly protocol: string;
  readonly data: Uint8Array;
}

export interface MpiWatch {
  readonly job: string;
  readonly after: number;
}

export interface Needs {
  readonly files: readonly NeedsFile[];
  readonly architecture: string;
  readonly cpuFeatures: readonly string[];
  readonly image: Uint8Array;
  readonly imageBytes: number;
}

export interface NeedsFile {
  readonly path: string;
  readonly use: NeedsFileUse;
  readonly size: number;
  readonly mode: number;
  readonly sha256: Uint8Array;
}

export const NeedsFileUse = {
  UNSPECIFIED: 0,
  CODE: 1,
  READ: 2,
  WRITTEN: 3,
  DIRECTORY: 4,
  APPENDED: 5,
} as const;
export type NeedsFileUse = (typeof NeedsFileUse)[keyof typeof NeedsFileUse];

export interface NeedsImage {

}

export interface NeedsMet {
  readonly takesParcels: boolean;
}

export interface NewLife {
  readonly boot: Uint8Array;
}

export interface NodeEvent {
  readonly change: string;
  readonly node: NodeRecord | null;
}

export interface NodeFacts {
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NodeList {
  readonly nodes: readonly NodeRecord[];
  readonly rest: readonly number[];
}

export interface NodeRecord {
  readonly node: number;
  readonly state: string;
  readonly flags: readonly string[];
  readonly reason: string;
  readonly who: string;
  readonly changedAt: number;
  readonly mode: number;
  readonly owner: number;
  readonly group: number;
  readonly address: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface NssAnswer {
  readonly status: string;
  readonly rest: number;
  readonly reason: string;
  readonly users: readonly NssUser[];
  readonly groups: readonly NssGroup[];
  readonly shadows: readonly NssShadow[];
  readonly hosts: readonly NssHost[];
  readonly netgroups: readonly NssNetgroup[];
  readonly ethers: readonly NssEther[];
  readonly services: readonly NssServiceEntry[];
}

export interface NssEther {
  readonly address: string;
  readonly name: string;
}

export interface NssGroup {
  readonly name: string;
  readonly password: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface NssHost {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly addresses: readonly string[];
}

export interface NssNetgroup {
  readonly name: string;
  readonly triples: readonly NssTriple[];
  readonly groups: readonly string[];
}

export interface NssQuestion {
  readonly database: string;
  readonly by: string;
  readonly key: string;
  readonly detail: string;
  readonly from: number;
}

export interface NssServiceEntry {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly port: number;
  readonly protocol: string;
}

export interface NssShadow {
  readonly name: string;
  readonly password: string;
  readonly lastChange: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly warn: number | null;
  readonly inactive: number | null;
  readonly expire: number | null;
  readonly flag: number | null;
}

export interface NssTriple {
  readonly host: string;
  readonly user: string;
  readonly domain: string;
}

export interface NssUser {
  readonly name: string;
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly directory: string;
  readonly shell: string;
}

export interface Outfit {
  readonly service: string;
  readonly body: Uint8Array;
}

export interface Pages {
  readonly bytes: Uint8Array;
  readonly acknowledged: number;
  readonly isOver: boolean;
}

export interface PeerAddress {
  readonly address: string;
  readonly key: Uint8Array;
}

export interface PidBlock {
  readonly first: number;
  readonly count: number;
}

export interface PidsAway {
  readonly taken: readonly number[];
  readonly free: readonly number[];
}

export interface Power {
  readonly node: number;
  readonly action: PowerAction;
}

export const PowerAction = {
  UNSPECIFIED: 0,
  REBOOT: 1,
  HALT: 2,
  POWER_OFF: 3,
} as const;
export type PowerAction = (typeof PowerAction)[keyof typeof PowerAction];

export interface Prepared {

}

export interface Present {
  readonly image: Uint8Array;
  readonly node: number;
  readonly number: number;
  readonly ticket: Uint8Array;
}

export interface ProcessEvent {
  readonly process: ProcessRecord | null;
}

export interface ProcessList {
  readonly processes: readonly ProcessRecord[];
  readonly missing: readonly number[];
  readonly more: boolean;
}

export interface ProcessPlace {
  readonly node: number;
  readonly localPid: number;
  readonly startTime: number;
  readonly puid: Uint8Array;
}

export interface ProcessRecord {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly node: number;
  readonly localPid: number;
  readonly state: ProcessState;
  readonly command: string;
  readonly uid: number;
  readonly startedAt: number;
  readonly puid: Uint8Array;
  readonly detached: boolean;
  readonly end: End | null;
  readonly startTime: number;
  readonly localPpid: number;
  readonly localPgid: number;
  readonly localSid: number;
  readonly mapped: boolean;
  readonly ghost: number;
}

export interface ProcessReport {
  readonly puid: Uint8Array;
  readonly pid: number;
  readonly localPid: number;
  readonly startTime: number;
  readonly state: ProcessState;
  readonly client: Uint8Array;
  readonly uid: number;
  readonly detached: boolean;
  readonly command: string;
  readonly startedAt: number;
  readonly ended: Ended | null;
  readonly lostAfterMs: number;
  readonly mapped: boolean;
  readonly moves: number;
}

export const ProcessState = {
  UNSPECIFIED: 0,
  STARTING: 1,
  RUNNING: 2,
  STOPPED: 3,
  EXITED: 4,
  UNKNOWN: 5,
} as const;
export type ProcessState = (typeof ProcessState)[keyof typeof ProcessState];

export interface Promised {
  readonly epoch: Epoch | null;
}

export interface QueueAnswer {
  readonly job: number;
  readonly entries: readonly QueueEntry[];
  readonly rest: number;
}

export interface QueueEntry {
  readonly job: number;
  readonly task: number;
  readonly name: string;
  readonly uid: number;
  readonly state: string;
  readonly reason: string;
  readonly np: number;
  readonly priority: number;
  readonly limitMs: number;
  readonly submittedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly slots: readonly number[];
  readonly end: string;
  readonly code: number;
}

export interface QueueJob {
  readonly name: string;
  readonly file: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: readonly string[];
  readonly np: number;
  readonly each: boolean;
  readonly priority: number;
  readonly limitMs: number;
  readonly after: readonly QueueJobDependency[];
  readonly tasks: readonly number[];
  readonly held: boolean;
  readonly output: string;
  readonly error: string;
}

export interface QueueJobDependency {
  readonly job: number;
  readonly on: string;
}

export interface QueueList {
  readonly jobs: readonly number[];
  readonly ended: boolean;
  readonly until: number;
  readonly from: number;
}

export interface QueueOrder {
  readonly job: number;
  readonly task: number;
  readonly what: string;
}

export interface QueueQuestion {
  readonly submit: QueueJob | null;
  readonly order: QueueOrder | null;
  readonly list: QueueList | null;
}

export interface Ready {
  readonly puids: readonly Uint8Array[];
}

export interface Reconnect {
  readonly node: number;
  readonly address: string;
}

export interface Refuse {
  readonly failure: Failure | null;
  readonly promised: Epoch | null;
}

interface RequestHead {
  readonly id: number;
}

export type RequestBody =
  | { readonly body: undefined }
  | { readonly body: 'listNodes'; readonly listNodes: ListNodes }
  | { readonly body: 'resolve'; readonly resolve: Resolve }
  | { readonly body: 'updateNode'; readonly updateNode: UpdateNode }
  | { readonly body: 'kill'; readonly kill: Kill }
  | { readonly body: 'wait'; readonly wait: Wait }
  | { readonly body: 'listProcesses'; readonly listProcesses: ListProcesses }
  | { readonly body: 'power'; readonly power: Power }
  | { readonly body: 'chroot'; readonly chroot: Chroot }
  | { readonly body: 'reconnect'; readonly reconnect: Reconnect }
  | { readonly body: 'detach'; readonly detach: Detach }
  | { readonly body: 'access'; readonly access: Access }
  | { readonly body: 'subscribe'; readonly subscribe: Subscribe }
  | { readonly body: 'unsubscribe'; readonly unsubscribe: Unsubscribe }
  | { readonly body: 'status'; readonly status: Status }
  | { readonly body: 'terminate'; readonly terminate: Terminate }
  | { readonly body: 'createToken'; readonly createToken: CreateToken }
  | { readonly body: 'listApplicants'; readonly listApplicants: ListApplicants }
  | { readonly body: 'approve'; readonly approve: Approve }
  | { readonly body: 'revoke'; readonly revoke: Revoke }
  | { readonly body: 'listCertificates'; readonly listCertificates: ListCertificates }
  | { readonly body: 'login'; readonly login: Login }
  | { readonly body: 'abandon'; readonly abandon: Abandon }
  | { readonly body: 'resize'; readonly resize: Resize }
  | { readonly body: 'ghosts'; readonly ghosts: Ghosts }
  | { readonly body: 'carry'; readonly carry: Carry }
  | { readonly body: 'cache'; readonly cache: Cache }
  | { readonly body: 'move'; readonly move: Move }
  | { readonly body: 'callOffMove'; readonly callOffMove: CallOffMove }
  | { readonly body: 'checkpoint'; readonly checkpoint: Checkpoint }
  | { readonly body: 'checkpointRoom'; readonly checkpointRoom: CheckpointRoom }
  | { readonly body: 'keptCheckpoints'; readonly keptCheckpoints: KeptOrder }
  | { readonly body: 'service'; readonly service: ServiceRequest };

export type Request = RequestHead & RequestBody;

/** At most one of these. */
export interface RequestChoice {
  readonly listNodes?: Init<ListNodes> | undefined;
  readonly resolve?: Init<Resolve> | undefined;
  readonly updateNode?: Init<UpdateNode> | undefined;
  readonly kill?: Init<Kill> | undefined;
  readonly wait?: Init<Wait> | undefined;
  readonly listProcesses?: Init<ListProcesses> | undefined;
  readonly power?: Init<Power> | undefined;
  readonly chroot?: Init<Chroot> | undefined;
  readonly reconnect?: Init<Reconnect> | undefined;
  readonly detach?: Init<Detach> | undefined;
  readonly access?: Init<Access> | undefined;
  readonly subscribe?: Init<Subscribe> | undefined;
  readonly unsubscribe?: Init<Unsubscribe> | undefined;
  readonly status?: Init<Status> | undefined;
  readonly terminate?: Init<Terminate> | undefined;
  readonly createToken?: Init<CreateToken> | undefined;
  readonly listApplicants?: Init<ListApplicants> | undefined;
  readonly approve?: Init<Approve> | undefined;
  readonly revoke?: Init<Revoke> | undefined;
  readonly listCertificates?: Init<ListCertificates> | undefined;
  readonly login?: Init<Login> | undefined;
  readonly abandon?: Init<Abandon> | undefined;
  readonly resize?: Init<Resize> | undefined;
  readonly ghosts?: Init<Ghosts> | undefined;
  readonly carry?: Init<Carry> | undefined;
  readonly cache?: Init<Cache> | undefined;
  readonly move?: Init<Move> | undefined;
  readonly callOffMove?: Init<CallOffMove> | undefined;
  readonly checkpoint?: Init<Checkpoint> | undefined;
  readonly checkpointRoom?: Init<CheckpointRoom> | undefined;
  readonly keptCheckpoints?: Init<KeptOrder> | undefined;
  readonly service?: Init<ServiceRequest> | undefined;
}

export type RequestInit = Init<RequestHead> & RequestChoice;

export interface Resize {
  readonly pid: number;
  readonly size: Terminal | null;
}

export interface Resolve {
  readonly spec: string;
  readonly nodes: readonly number[];
}

export interface Resolved {
  readonly entries: readonly ResolvedEntry[];
}

export interface ResolvedEntry {
  readonly node: number;
  readonly boot: Uint8Array;
  readonly failure: Failure | null;
}

export interface ResourceLimit {
  readonly resource: number;
  readonly soft: number | null;
  readonly hard: number | null;
}

interface ResponseHead {
  readonly id: number;
  readonly failure: Failure | null;
}

export type ResponseBody =
  | { readonly body: undefined }
  | { readonly body: 'nodeList'; readonly nodeList: NodeList }
  | { readonly body: 'resolved'; readonly resolved: Resolved }
  | { readonly body: 'ended'; readonly ended: Ended }
  | { readonly body: 'processList'; readonly processList: ProcessList }
  | { readonly body: 'subscribed'; readonly subscribed: Subscribed }
  | { readonly body: 'masterStatus'; readonly masterStatus: MasterStatus }
  | { readonly body: 'token'; readonly token: Token }
  | { readonly body: 'applicantList'; readonly applicantList: ApplicantList }
  | { readonly body: 'revoked'; readonly revoked: Revoked }
  | { readonly body: 'certificateList'; readonly certificateList: CertificateList }
  | { readonly body: 'joined'; readonly joined: Joined }
  | { readonly body: 'carried'; readonly carried: Carried }
  | { readonly body: 'cacheState'; readonly cacheState: CacheState }
  | { readonly body: 'room'; readonly room: Room }
  | { readonly body: 'keptList'; readonly keptList: KeptList }
  | { readonly body: 'service'; readonly service: ServiceAnswer };

export type Response = ResponseHead & ResponseBody;

/** At most one of these. */
export interface ResponseChoice {
  readonly nodeList?: Init<NodeList> | undefined;
  readonly resolved?: Init<Resolved> | undefined;
  readonly ended?: Init<Ended> | undefined;
  readonly processList?: Init<ProcessList> | undefined;
  readonly subscribed?: Init<Subscribed> | undefined;
  readonly masterStatus?: Init<MasterStatus> | undefined;
  readonly token?: Init<Token> | undefined;
  readonly applicantList?: Init<ApplicantList> | undefined;
  readonly revoked?: Init<Revoked> | undefined;
  readonly certificateList?: Init<CertificateList> | undefined;
  readonly joined?: Init<Joined> | undefined;
  readonly carried?: Init<Carried> | undefined;
  readonly cacheState?: Init<CacheState> | undefined;
  readonly room?: Init<Room> | undefined;
  readonly keptList?: Init<KeptList> | undefined;
  readonly service?: Init<ServiceAnswer> | undefined;
}

export type ResponseInit = Init<ResponseHead> & ResponseChoice;

export interface Revoke {
  readonly serial: string;
  readonly node: number | null;
  readonly uid: number | null;
}

export interface Revoked {
  readonly count: number;
}

export const Role = {
  UNSPECIFIED: 0,
  MASTER: 1,
  SLAVE: 2,
  CLIENT: 3,
} as const;
export type Role = (typeof Role)[keyof typeof Role];

export interface Room {
  readonly node: number;
  readonly directory: string;
  readonly stopped: boolean;
  readonly kept: KeptName | null;
  readonly command: string;
  readonly unread: Uint8Array;
}

export const Scope = {
  UNSPECIFIED: 0,
  PROCESS: 1,
  GROUP: 2,
  TREE: 3,
} as const;
export type Scope = (typeof Scope)[keyof typeof Scope];

export interface Serve {
  readonly service: string;
  readonly body: Uint8Array;
  readonly question: number;
  readonly answer: number;
  readonly failure: Failure | null;
}

export interface ServiceAnswer {
  readonly body: Uint8Array;
}

export interface ServiceRequest {
  readonly service: string;
  readonly node: number | null;
  readonly body: Uint8Array;
  readonly order: boolean;
  readonly uid: number;
  readonly gids: readonly number[];
  readonly administrator: boolean;
}

export interface Settle {
  readonly puid: Uint8Array;
  readonly number: number;
  readonly go: boolean;
  readonly signals: readonly LateSignal[];
}

export interface Source {
  readonly image: Uint8Array;
  readonly number: number;
  readonly node: number | null;
  readonly address: string;
  readonly ticket: Uint8Array;
}

export interface Spec {
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly stdin: Stdio | null;
  readonly stdout: Stdio | null;
  readonly stderr: Stdio | null;
  readonly lifetimeMs: number;
  readonly silenceMs: number;
  readonly killGraceMs: number;
  readonly window: number;
  readonly cwdByName: boolean;
  readonly umask: number | null;
  readonly limits: readonly ResourceLimit[];
  readonly terminal: Terminal | null;
  readonly fileAgent: boolean;
}

export interface Start {
  readonly targets: readonly Target[];
  readonly spec: Uint8Array;
  readonly detached: boolean;
  readonly lostAfterMs: number;
  readonly client: Uint8Array;
  readonly uid: number;
  readonly command: string;
  readonly repeated: boolean;
  readonly gids: readonly number[];
  readonly user: string;
  readonly image: Uint8Array;
  readonly imageBytes: number;
  readonly gang: boolean;
  readonly launcher: string;
  readonly copyOf: number;
  readonly restartFrom: string;
  readonly outfit: Outfit | null;
  readonly bytesPerSecond: number;
  readonly progress: boolean;
}

export interface StartFailed {
  readonly puid: Uint8Array;
  readonly failure: Failure | null;
}

export interface Started {
  readonly puid: Uint8Array;
  readonly pid: number;
  readonly node: number;
  readonly localPid: number;
  readonly startTime: number;
  readonly stdinWindow: number;
  readonly mapped: boolean;
}

export interface StatAnswer {
  readonly nodes: readonly StatNode[];
  readonly number: number;
  readonly rest: readonly number[];
  readonly layouts: readonly StatAnswerLayout[];
}

export interface StatAnswerLayout {
  readonly digest: Uint8Array;
  readonly layout: StatLayout | null;
}

export interface StatDetailList {
  readonly cpus: readonly StatDetailListCpu[];
  readonly processes: readonly StatDetailListProcess[];
}

export interface StatDetailListCpu {
  readonly facts: Readonly<Record<string, string>>;
}

export interface StatDetailListProcess {
  readonly pid: number;
  readonly localPid: number;
  readonly command: string;
  readonly uid: number;
  readonly puid: Uint8Array;
  readonly userMs: number;
  readonly systemMs: number;
  readonly resident: number;
  readonly virtual: number;
  readonly threads: number;
  readonly state: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly ppid: number;
  readonly client: Uint8Array;
}

export interface StatDetails {
  readonly cpus: boolean;
  readonly processes: boolean;
}

export interface StatLayout {
  readonly sources: readonly StatLayoutSource[];
}

export interface StatLayoutSource {
  readonly name: string;
  readonly fields: readonly string[];
  readonly devices: readonly string[];
  readonly counts: boolean;
}

export interface StatNode {
  readonly node: number;
  readonly usable: boolean;
  readonly ageMs: number;
  readonly stale: boolean;
  readonly layout: StatLayout | null;
  readonly samples: readonly StatSample[];
  readonly cut: boolean;
  readonly layoutAt: number;
}

export interface StatOrder {
  readonly have: number;
  readonly intervalMs: number;
  readonly anew: boolean;
}

export interface StatQuestion {
  readonly nodes: readonly number[];
  readonly fresh: boolean;
  readonly historyMs: number;
  readonly since: number;
  readonly stepMs: number;
  readonly after: number;
  readonly uid: number | null;
  readonly gids: readonly number[];
  readonly share: boolean;
  readonly known: readonly Uint8Array[];
}

export interface StatReport {
  readonly number: number;
  readonly base: number;
  readonly layout: StatLayout | null;
  readonly figures: Uint8Array;
  readonly missing: number;
}

export interface StatSample {
  readonly seenAt: number;
  readonly figures: Uint8Array;
  readonly missing: number;
}

export interface Status {

}

export interface Stdio {
  readonly kind: StdioKind;
  readonly file: string;
  readonly flags: number;
  readonly mode: number;
  readonly address: string;
  readonly port: number;
  readonly preamble: boolean;
  readonly pipe: Uint8Array;
  readonly node: number;
  readonly first: Uint8Array;
}

export const StdioKind = {
  STREAM: 0,
  IGNORE: 1,
  FILE: 2,
  CONNECT: 3,
  PIPE: 4,
} as const;
export type StdioKind = (typeof StdioKind)[keyof typeof StdioKind];

export interface Still {

}

export interface Subscribe {
  readonly cursor: string;
  readonly processes: boolean;
  readonly id: number;
}

export interface Subscribed {
  readonly cursor: string;
  readonly id: number;
}

export interface Target {
  readonly puid: Uint8Array;
  readonly node: number;
  readonly boot: Uint8Array;
  readonly rank: number;
}

export interface Terminal {
  readonly rows: number;
  readonly columns: number;
}

export interface Terminate {
  readonly pid: number;
  readonly graceMs: number;
  readonly cancel: boolean;
}

export interface Token {
  readonly text: string;
  readonly expiresAt: number;
}

export interface Unsubscribe {
  readonly id: number;
}

export interface UpdateNode {
  readonly node: number;
  readonly state: string | null;
  readonly reason: string | null;
  readonly addFlags: readonly string[];
  readonly removeFlags: readonly string[];
  readonly mode: number | null;
  readonly owner: number | null;
  readonly group: number | null;
  readonly setAttributes: Readonly<Record<string, string>>;
  readonly removeAttributes: readonly string[];
}

export interface Wait {
  readonly pid: number;
}

export interface Welcome {
  readonly major: number;
  readonly minor: number;
  readonly session: number;
  readonly epoch: Epoch | null;
  readonly master: Uint8Array;
  readonly features: readonly string[];
  readonly heartbeatMs: number;
  readonly node: number;
  readonly pids: PidBlock | null;
}

// Types of the package `proxy-auth`.
//
// A ByteString is a string in which each character is one byte, U+0000 to U+00FF, as Node.js and browsers hold header values.
// All other strings are text, which is sent in UTF-8.

export type ByteString = string;

export interface ParseOptions {
  /** Tolerates the mistakes of real senders. The default is false: exactly RFC 9110. */
  lenient?: boolean;
}

/** A field line, or several of them. */
export type Lines = ByteString | Uint8Array | readonly (ByteString | Uint8Array)[];

/** An error with its place. None contains a secret or a part of a field value. */
export class ProxyAuthError extends Error {
  protected constructor();
  readonly kind: string;
  /** The offset of the byte in error, or null. */
  readonly offset: number | null;
  /** What was expected there, or null. */
  readonly expected: string | null;
}

/** A field value that breaks the grammar. */
export class ParseError extends ProxyAuthError {
  protected constructor();
  readonly offset: number;
  readonly expected: string;
  /** The index of the field line. */
  readonly line: number;
}

/** Text that cannot be sent, or a request that cannot be described. */
export class InvalidInput extends ProxyAuthError {
  protected constructor();
}

/** There is no challenge to answer. */
export class NothingFits extends ProxyAuthError {
  protected constructor();
}

/** A scheme with a token68 or parameters. `console.log` shows nothing of it. */
declare class Parsed {
  protected constructor();
  readonly scheme: string | null;
  readonly token68: ByteString | null;
  /** Pairs of name and unescaped value, in order. */
  readonly params: [name: string, value: ByteString][];
  /** Returns the value of the first parameter with this name, regardless of case, or null. */
  param(name: string): ByteString | null;
}

export class Challenge extends Parsed {
  protected constructor();
  readonly scheme: string;
  /** The error that lenient reading tolerated, or null. */
  readonly damage: string | null;
}

export class Credentials extends Parsed {
  protected constructor();
  readonly scheme: string;
}

export class AuthenticationInfo extends Parsed {
  protected constructor();
  readonly scheme: null;
}

/** Parses Proxy-Authenticate or WWW-Authenticate. Lenient reading leaves out what it cannot read. */
export function parseChallenges(lines: Lines, options?: ParseOptions): Challenge[];
/** Parses Proxy-Authorization or Authorization. Returns null without a line. */
export function parseCredentials(lines: Lines, options?: ParseOptions): Credentials | null;
/** Parses Proxy-Authentication-Info or Authentication-Info. */
export function parseAuthenticationInfo(lines: Lines, options?: ParseOptions): AuthenticationInfo;
/** Returns the response with status code 407 that carries these challenges; null if there is none, or the value is in error. */
export function challengeResponse(lines: Lines, options?: ParseOptions): Uint8Array | null;

export type FieldName = 'proxy-authenticate' | 'proxy-authorization' | 'proxy-authentication-info';

export interface InspectedPart {
  text: ByteString;
  /** The offsets of the first byte and of the byte after the last. */
  at: [start: number, end: number];
}

export type Inspected =
  | {
      line: number;
      scheme: InspectedPart | null;
      token68: InspectedPart | null;
      params: { name: InspectedPart; value: InspectedPart; quoted: boolean }[];
      error?: undefined;
      /** For a challenge that lenient reading repaired. */
      damage?: string;
      kind?: string;
      offset?: number;
    }
  | { line: number; error: string; kind: string; offset: number; skipped: [start: number, end: number] };

/** Returns everything in the lines with its position, and the errors among it. */
export function inspect(field: FieldName, lines: Lines, options?: ParseOptions): Inspected[];

/** Returns the text of a byte string: UTF-8 if it is valid, otherwise ISO-8859-1. */
export function toText(byteString: ByteString | Uint8Array): string;

export type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess' | 'SHA-512-256' | 'SHA-512-256-sess';

export interface Choice {
  readonly scheme: string;
  readonly realm: ByteString | null;
  readonly algorithm: Algorithm | null;
  /** Why a challenge that may be stronger could not be used, or null. An attacker may have damaged it. */
  readonly passedOver: string | null;
}

/** Chooses the challenge to answer. Candidates are schemes and algorithms of Digest; the default is Digest, Bearer, Basic. */
export function choose(lines: Lines, candidates?: readonly string[]): Choice;

/**
 * All field lines of a message: a flat list of names and values such as `rawHeaders`, or pairs such as a Map, `Headers` or a list.
 * The value of a pair may be a list.
 */
export type FieldLines =
  | readonly (ByteString | Uint8Array)[]
  | Iterable<readonly [ByteString | Uint8Array, ByteString | Uint8Array | readonly (ByteString | Uint8Array)[]]>;

export interface GateOptions {
  realm: string;
  /** The challenges, in this order. */
  offer: readonly (Algorithm | 'Basic' | 'Bearer')[];
  /**
   * The kind of secret that every account has. The default is 'password'. With 'verified', the caller verifies the password of Basic or
   * the token of Bearer itself.
   */
  secret?: 'password' | 'hashes' | 'verified';
  /** 32 random bytes for the nonces. The default is a new key: nonces of before a restart are stale. */
  key?: Uint8Array;
  /** The key that `key` replaced. */
  previousKey?: Uint8Array;
  /** The lifetime of a nonce. The default is 300. */
  maxAgeSeconds?: number;
  /** The default is ['auth']. */
  qop?: readonly ('auth' | 'auth-int')[];
  /** Lets clients send the hash of a name. The default is false. */
  userhash?: boolean;
  /** Requires that clients sign the whole target. The default is false, because curl and browsers sign the path alone. */
  exactTarget?: boolean;
  /** The scope that a token needs. */
  scope?: string;
  /** The default is 'proxy'. */
  role?: 'proxy' | 'server';
  /** Remembers used answers; needs `checkAsync`. The default is a window in the memory of this process. */
  store?: ReplayStore;
  /** The number of nonces that the window remembers, 40 bytes each. The default is 4096: about twice those in use at a time. */
  replaySlots?: number;
  /** Returns milliseconds since the Unix epoch. The default is Date.now. */
  clock?: () => number;
}

/** A store that several gates share. It is trusted: if it admits a key twice, an answer passes twice. */
export interface ReplayStore {
  /** Records a key for `lifetime` milliseconds. Returns true only if the key was not recorded before. */
  admit(use: { key: string; now: number; lifetime: number }): boolean | Promise<boolean>;
}

/** A request that a proxy has received. */
export interface IncomingRequest {
  method: ByteString;
  /**
   * The target of the request line, as it was sent. HTTP/2 has none: it is `:authority` for CONNECT, otherwise the URI of `:scheme`,
   * `:authority` and `:path`.
   */
  target: ByteString;
  headers: FieldLines;
  /** The default is '1.1'. */
  version?: '0.9' | '1.0' | '1.1' | '2' | '2.0' | '3' | '3.0';
  /** Needed for auth-int alone. */
  content?: Uint8Array;
  /** Says that the content is read to its end even if the request is refused. */
  drained?: boolean;
  /** Closes the connection if the request is refused. */
  close?: boolean;
}

/** The account of a user, with the kind of secret of the gate. All properties must be the object's own. */
export type Account =
  | { name: string; password: string }
  /** The hexadecimal hashes of `name:realm:password`. */
  | { name: string; hashes: Partial<Record<Algorithm, string>> }
  | { name: string; verified: true };

/** Decides which requests may pass a proxy, or an origin server. */
export class Gate {
  constructor(options: GateOptions);
  /** Reads the credentials of a request. Throws a `Refusal`, or `InvalidInput` if the target is invalid. */
  read(request: IncomingRequest): Attempt;
}

/** Credentials that are not verified yet. */
export class Attempt {
  protected constructor();
  readonly scheme: string;
  readonly algorithm: Algorithm | null;
  /** The name that the client claims, or null. */
  readonly name: string | null;
  /** The hash of a name that the client claims, or null. */
  readonly userhash: string | null;
  /** The token of Bearer, or null. */
  readonly token: string | null;
  /** The password of Basic if the secret of the gate is 'verified', otherwise null. */
  readonly password: string | null;
  /** Checks the credentials with the account that was found, or with null if there is none. Throws a `Refusal`. */
  check(account: Account | null | undefined): Pass;
  /** Checks like `check`, for a gate with a `store`. */
  checkAsync(account: Account | null | undefined): Promise<Pass>;
  /** Returns the refusal of a valid token that does not give access. */
  refuseScope(): Refusal;
}

/** The permission for a request to pass. */
export class Pass {
  protected constructor();
  /** The name in the account. */
  readonly user: string;
  readonly scheme: string;
  /** The value of Proxy-Authentication-Info for the response, or null. */
  readonly info: ByteString | null;
}

export type RefusalReason =
  | 'Missing' | 'Damaged' | 'Invalid' | 'TooLong' | 'NotOffered' | 'OtherRealm' | 'OtherTarget' | 'UnknownContent' | 'UnknownUser'
  | 'OtherUser' | 'Wrong' | 'Unverifiable' | 'Stale' | 'Replayed' | 'InsufficientScope';

/** The refusal of a request: the reason, for the log, and the response. */
export class Refusal extends ProxyAuthError {
  protected constructor();
  readonly reason: RefusalReason;
  /** 407 or 401; for Bearer, also 400 and 403. */
  readonly status: number;
  /** The fields of the response, names and values by turns, for `writeHead`. */
  readonly headers: ByteString[];
  /** The whole response, to be written in latin1. */
  readonly response: ByteString;
  /** Says that the client may have guessed. Count these for each address. */
  readonly isGuess: boolean;
  /** Says that everything but the nonce is correct. */
  readonly isStale: boolean;
  /** Says that the connection must be closed after the response. */
  readonly closes: boolean;
}

export interface SessionOptions {
  /** There is no default, since only the caller knows which peers may see a password. */
  allow: 'digest' | 'digest-or-basic' | 'basic';
  /** The default is true. */
  md5?: boolean;
  /** Allows Digest without qop, the form of RFC 2069. The default is false. */
  rfc2069?: boolean;
  /** Allows a weaker challenge than before, or beside a damaged one. The default is false. */
  downgrade?: boolean;
  /** Requires that each response proves that the peer knows the password. The default is false. */
  requireProof?: boolean;
  /** The peer. The default is 'proxy'. */
  role?: 'proxy' | 'server';
}

export interface Login {
  name: string;
  password: string;
}

/** A request that a client sends. */
export interface OutgoingRequest {
  method: string;
  /** The target of the request line, exactly as it is sent. */
  target: string;
  /** Needed for auth-int alone. */
  content?: Uint8Array;
}

/** Answers the challenges of one peer for one user. Keep it for all requests, so that nonces are used again. */
export class Session {
  constructor(options: SessionOptions);
  /** Starts a request. */
  exchange(login: Login, request: OutgoingRequest): Exchange;
  /** Forgets that the peer refused the login, and the hash of the password. Call it before another login is used. */
  forgetLogin(): void;
}

export interface Step {
  /** Says that the request must be sent again, with the next `authorize`. */
  readonly again: boolean;
  /** Says that it must be sent again on a new connection. */
  readonly newConnection: boolean;
  /** Says that the response proves that the peer knows the password. */
  readonly proved: boolean;
}

/** One request, which is sent until the peer lets it pass. */
export class Exchange {
  protected constructor();
  /** Returns the value of Proxy-Authorization to send once, or null if there is none to send. Throws `GiveUp`. */
  authorize(): ByteString | null;
  /** Returns the next step after the response. Throws `GiveUp`: do not use the response then. */
  receive(status: number, headers: FieldLines): Step;
}

export type GiveUpReason =
  | 'Refused' | 'OtherSession' | 'TooManyRounds' | 'NothingFits' | 'Downgraded' | 'Unusable' | 'Damaged' | 'Forged' | 'Unproved'
  | 'Unprovable' | 'BufferTooSmall' | 'InvalidLogin';

/** The client does not answer, or does not trust a response. */
export class GiveUp extends ProxyAuthError {
  protected constructor();
  readonly reason: GiveUpReason;
}

export {};

// Gate, Session, choose and the parser.

export { toText } from './lib/bytes.js';
export { GiveUp, InvalidInput, NothingFits, ParseError, ProxyAuthError, Refusal } from './lib/errors.js';
export { AuthenticationInfo, Challenge, Credentials } from './lib/fields.js';
export { challengeResponse, choose, inspect, parseAuthenticationInfo, parseChallenges, parseCredentials } from './lib/full.js';
export { Attempt, Gate, Pass } from './lib/gate.js';
export { Exchange, Session } from './lib/session.js';

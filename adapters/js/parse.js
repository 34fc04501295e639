// The parser alone, with a small module.

import { fromBase64 } from './lib/bytes.js';
import { fieldsOf } from './lib/fields.js';
import { Instance } from './lib/instance.js';
import { PARSE_MODULE } from './lib/parse-module.js';

const instance = new Instance(await WebAssembly.compile(fromBase64(PARSE_MODULE)));
const fields = fieldsOf(instance);

export const { inspect, parseChallenges, parseCredentials, parseAuthenticationInfo, challengeResponse } = fields;
export { toText } from './lib/bytes.js';
export { ParseError, ProxyAuthError } from './lib/errors.js';
export { AuthenticationInfo, Challenge, Credentials } from './lib/fields.js';

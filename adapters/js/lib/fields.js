// Parses the fields of authentication.

import { latin1 } from './bytes.js';
import { ParseError } from './errors.js';
import { parseResult } from './instance.js';
import { flag, oneOf, options, own } from './options.js';

const FIELD_NAMES = ['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'];

/** A scheme with a token68 or parameters. Nothing of it is shown by `console.log`. */
class Parsed {
  #scheme;
  #token68;
  #params;

  constructor({ scheme, token68, params }) {
    this.#scheme = scheme?.text ?? null;
    this.#token68 = token68?.text ?? null;
    this.#params = params.map(({ name, value }) => [name.text, value.text]);
  }

  get scheme() {
    return this.#scheme;
  }

  get token68() {
    return this.#token68;
  }

  /** Returns a copy of the pairs of name and value. */
  get params() {
    return this.#params.map((param) => [...param]);
  }

  /** Returns the value of the first parameter with this name, regardless of case, or null. */
  param(name) {
    const lower = String(name).toLowerCase();
    return this.#params.find(([known]) => known.toLowerCase() === lower)?.[1] ?? null;
  }
}

export class Challenge extends Parsed {
  /** The text of the error that lenient reading tolerated, or null. */
  damage;

  constructor(element) {
    super(element);
    this.damage = element.damage ?? null;
  }
}

export class Credentials extends Parsed {}

export class AuthenticationInfo extends Parsed {}

/** Returns the lines as bytes. One line may stand alone. */
export function lineBytes(lines) {
  const list = Array.isArray(lines) ? lines : [lines];
  return list.map((line) => latin1(line, 'field line'));
}

/** Returns the functions of an instance that parse. */
export function fieldsOf(instance) {
  function inspect(field, lines, given = {}) {
    const lenient = flag(options(given, ['lenient'], 'inspect').lenient, false, 'lenient');
    const index = FIELD_NAMES.indexOf(oneOf(FIELD_NAMES, field, 'field'));
    return parseResult(instance.call(0, [Uint8Array.of(index, Number(lenient)), ...lineBytes(lines)]));
  }

  /** Returns the elements of a field. Throws the first error, unless reading is lenient and continues after it. */
  function parse(field, lines, given = {}) {
    const elements = inspect(field, lines, given);
    const isLenient = own(given, 'lenient') === true && field === 'proxy-authenticate';
    const wrong = elements.find(({ error }) => error);
    if (wrong && !isLenient) throw parseError(wrong);
    return elements.filter(({ error }) => !error);
  }

  return {
    inspect,
    parseChallenges: (lines, given) => parse('proxy-authenticate', lines, given).map((it) => new Challenge(it)),
    parseCredentials(lines, given) {
      const [credentials] = parse('proxy-authorization', lines, given);
      return credentials ? new Credentials(credentials) : null;
    },
    parseAuthenticationInfo(lines, given) {
      const all = parse('proxy-authentication-info', lines, given);
      return new AuthenticationInfo({ params: all.flatMap(({ params }) => params) });
    },
    challengeResponse(lines, given = {}) {
      const lenient = flag(options(given, ['lenient'], 'challengeResponse').lenient, false, 'lenient');
      const bytes = instance.call(1, [Uint8Array.of(Number(lenient)), ...lineBytes(lines)]);
      return bytes.length > 0 ? bytes : null;
    },
  };
}

function parseError({ error, kind, offset, line }) {
  return new ParseError({
    kind,
    message: `${error} at byte ${offset}${line > 0 ? ` of field line ${line} (the first is 0)` : ''}`,
    offset,
    expected: error.replace(/^expected /, ''),
    line,
  });
}

// The errors. None contains a secret or a part of a field value.

/** An error with a kind, and if there is one, the offset of a byte and what was expected there. */
export class ProxyAuthError extends Error {
  constructor({ kind, message, offset, expected }) {
    super(message);
    this.kind = kind;
    this.offset = offset;
    this.expected = expected;
  }

  get name() {
    return this.constructor.name;
  }
}

/** A field value that breaks the grammar. */
export class ParseError extends ProxyAuthError {
  constructor(error) {
    super(error);
    this.line = error.line;
  }
}

/** Text that cannot be sent, or a request that cannot be described. */
export class InvalidInput extends ProxyAuthError {}

/** There is no challenge to answer. */
export class NothingFits extends ProxyAuthError {}

/** The client does not answer, or does not trust a response. */
export class GiveUp extends ProxyAuthError {
  get reason() {
    return this.kind;
  }
}

/** The proxy refuses a request: the reason, and the response. */
export class Refusal extends ProxyAuthError {
  constructor({ error, status, isGuess, isStale, closes, message }) {
    super(error);
    this.status = status;
    this.isGuess = isGuess;
    this.isStale = isStale;
    this.closes = closes;
    const lines = message.split('\r\n').slice(1, -2);
    this.headers = lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
    this.response = message;
  }

  get reason() {
    return this.kind;
  }
}

// Loads proxy_auth_wasm.wasm in Node.js and browsers: passes field lines to the module, and returns the results.

const FIELDS = ['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'];

/** Instantiates the module, and returns its functions. */
export async function load(wasm) {
  const { module, instance } = await WebAssembly.instantiate(wasm);
  const { memory, proxy_auth_read, proxy_auth_respond } = instance.exports;

  // The module does not use pages that are added here.
  const start = memory.buffer.byteLength;

  /** Calls a function that reads `lines` and writes after them, and calls it again if it needs more room. */
  function call(exported, numbers, lines, room = 4096) {
    const framed = frame(lines);
    const out = start + framed.length;
    const missing = out + room - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
    new Uint8Array(memory.buffer).set(framed, start);
    const needed = exported(...numbers, start, framed.length, out, room);
    if (needed > room) return call(exported, numbers, lines, needed);
    return new Uint8Array(memory.buffer).slice(out, out + needed);
  }

  return {
    module,

    /** Parses the lines, which are `Uint8Array`s, and returns the list that `src/read.rs` describes. */
    read(field, lines, { lenient = false } = {}) {
      const json = call(proxy_auth_read, [FIELDS.indexOf(field), Number(lenient)], lines);
      return JSON.parse(new TextDecoder().decode(json));
    },

    /** Returns the bytes of the 407 that carries the challenges of the lines, or none if there is no such response. */
    respond(lines, { lenient = false } = {}) {
      return call(proxy_auth_respond, [Number(lenient)], lines);
    },
  };
}

/** Concatenates the lines, each after its length. */
function frame(lines) {
  const framed = new Uint8Array(lines.reduce((length, line) => length + 4 + line.length, 0));
  let at = 0;
  for (const line of lines) {
    new DataView(framed.buffer).setUint32(at, line.length, true);
    framed.set(line, at + 4);
    at += 4 + line.length;
  }
  return framed;
}

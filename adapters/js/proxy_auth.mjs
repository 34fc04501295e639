// The host of proxy_auth_wasm.wasm: hands in field lines, and takes what is made of them. Node.js and browsers run it.

const FIELDS = ['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'];

/** Instantiates the module, and returns what it can do. */
export async function load(wasm) {
  const { module, instance } = await WebAssembly.instantiate(wasm);
  const { memory, proxy_auth_read, proxy_auth_respond } = instance.exports;

  // Pages that are added here are ours: the module knows of its own only.
  const start = memory.buffer.byteLength;

  /** Calls a function that reads `lines` and writes to memory after them: once more if it needs more room. */
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

    /** What the lines hold, which are `Uint8Array`s: the list that `src/read.rs` describes. */
    read(field, lines, { lenient = false } = {}) {
      const json = call(proxy_auth_read, [FIELDS.indexOf(field), Number(lenient)], lines);
      return JSON.parse(new TextDecoder().decode(json));
    },

    /** The bytes of the 407 that carries the challenges of the lines; none when there is no such response. */
    respond(lines, { lenient = false } = {}) {
      return call(proxy_auth_respond, [Number(lenient)], lines);
    },
  };
}

/** The lines one after another, each after its length. */
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

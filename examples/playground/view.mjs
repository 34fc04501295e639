// What is shown of a reading: the field lines with their errors, the tree, and the 407.

import { characters, count, escaped, textOfBytes } from './text.mjs';

/** An element with a class and children, which are elements or text. Text is never taken for HTML. */
export function h(name, className, ...children) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

const NOUNS = {
  'proxy-authenticate': 'challenge',
  'proxy-authorization': 'credentials',
  'proxy-authentication-info': 'parameter',
};

/** In a few words, what was read. */
export function summary(field, elements) {
  const right = elements.filter((element) => !element.error);
  const errors = elements.length - right.length;
  const number = field === 'proxy-authentication-info' ? right.flatMap(({ params }) => params).length : right.length;
  const noun = NOUNS[field];
  const found = noun === 'credentials' ? (number ? noun : `no ${noun}`) : count(number, noun);
  if (errors === 0) return found;
  return number === 0 ? count(errors, 'error') : `${found}, ${count(errors, 'error')}`;
}

/** The field lines: what each byte is, and a caret under the byte where an error is. */
export function linesView(lines, elements) {
  return lines.map((line, index) => {
    const here = elements.filter((element) => element.line === index);
    const errors = here.filter((element) => element.error);
    const messages = errors.map(({ error, offset }) =>
      h('p', 'message', `${error} `, h('span', 'place', `at byte ${offset}${lines.length > 1 ? ` of line ${index + 1}` : ''}`)));
    return h('div', errors.length ? 'line wrong' : 'line', h('code', '', runs(line, marks(here), errors)), messages);
  });
}

/** Which bytes are what: a class for each range. */
function marks(elements) {
  return elements.flatMap(({ scheme, token68, params, skipped }) =>
    skipped
      ? [['skipped', skipped]]
      : [
          scheme && ['scheme', scheme.at],
          token68 && ['token68', token68.at],
          ...params.flatMap(({ name, value }) => [['name', name.at], ['value', value.at]]),
        ].filter(Boolean));
}

/** The characters of a line, those of one class together; each with an error apart, with its caret. */
function runs(line, marks, errors) {
  const out = [];
  let last = null;
  const put = (className, text) => {
    if (last?.className === className) last.append(text);
    else out.push((last = h('span', className, text)));
  };
  for (const { char, start, end } of characters(line)) {
    const className = marks.find(([, [from, to]]) => from <= start && start < to)?.[0] ?? 'other';
    const shown = escaped(char);
    if (errors.some(({ offset }) => start <= offset && offset < end)) {
      out.push(h('span', `${className} at`, shown ?? char, caret()));
      last = null;
    } else if (shown) {
      put(`${className} escape`, shown);
    } else {
      put(className, char);
    }
  }
  if (errors.some(({ offset }) => offset >= line.length)) out.push(h('span', 'at end', '\u00A0', caret()));
  return out;
}

function caret() {
  const caret = h('span', 'caret', '^');
  caret.setAttribute('aria-hidden', 'true');
  return caret;
}

/** The elements and their parameters as nested lists. */
export function treeView(field, lines, elements) {
  if (elements.length === 0) return h('p', 'none', `no ${NOUNS[field].replace(/s?$/, 's')}`);
  return h('ul', 'tree', elements.map((element) => {
    if (element.error) {
      const [start, end] = element.skipped;
      return h('li', 'error', 'error', h('span', 'place', start < end ? `${bytes([start, end])} skipped` : `at byte ${element.offset}`));
    }
    const { scheme, token68, params, line } = element;
    const rows = [
      token68 && row('token68', 'token68', token68),
      ...params.map(({ name, value, quoted }) => row('name', textOfBytes(name.text), value, writtenAs(lines[line], value, quoted))),
    ].filter(Boolean);
    const list = rows.length ? h('ul', '', rows) : null;
    if (scheme) return h('li', '', h('strong', 'scheme', scheme.text), list);
    return h('li', '', h('strong', 'of-line', lines.length > 1 ? `line ${line + 1}` : 'parameters'), list ?? h('span', 'none', ' none'));
  }));
}

function row(className, name, value, writing) {
  const text = Array.from(textOfBytes(value.text), (char) => {
    const shown = escaped(char);
    return shown ? h('span', 'escape', shown) : char;
  });
  const shown = text.length ? h('span', className === 'name' ? 'value' : 'token68', text) : h('span', 'none', 'empty');
  return h('li', '', h('span', className === 'name' ? 'name' : 'kind', name), shown, h('span', 'place', writing ? `${writing}, ${bytes(value.at)}` : bytes(value.at)));
}

function writtenAs(line, value, quoted) {
  if (!quoted) return 'token';
  if (value.at[0] === value.at[1]) return 'missing';
  return line[value.at[0]] === 0x22 ? 'quoted' : 'neither token nor quoted';
}

function bytes([start, end]) {
  return end - start > 1 ? `bytes ${start}–${end - 1}` : end > start ? `byte ${start}` : `at byte ${start}`;
}

/** The message, a row for each of its lines; or why there is none. */
export function responseView(response, elements) {
  if (response.length === 0) {
    const right = elements.filter((element) => !element.error);
    const why = right.length < elements.length ? 'the value is in error' : right.length ? 'these are too many challenges for this page' : 'it would have no challenge';
    return h('p', 'none', `None: ${why}.`);
  }
  const rows = new TextDecoder().decode(response).split('\r\n');
  // Each line ends with CR LF, the last one, which is empty, too.
  const shown = rows.slice(0, -1).map((row) => [Array.from(row, (char) => escaped(char) ?? char).join(''), lineEnd(), '\n']);
  return h('pre', '', h('code', '', shown.flat()));
}

function lineEnd() {
  const end = h('span', 'line-end', '↵');
  end.setAttribute('aria-hidden', 'true');
  return end;
}

// The view of a reading: the field lines with their errors, the tree, and the 407.

import { characters, count, escaped, textOfBytes } from './text.mjs';

/** Creates an element with a class and children, which are elements or text. Text is never parsed as HTML. */
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

/** Returns true if the element is an error or damaged. */
export const isWrong = ({ error, damage }) => Boolean(error ?? damage);

/** Summarizes a reading, such as "2 challenges, 1 error". */
export function summary(field, elements) {
  const right = elements.filter((element) => !element.error);
  const errors = elements.filter(isWrong).length;
  const number = field === 'proxy-authentication-info' ? right.flatMap(({ params }) => params).length : right.length;
  const noun = NOUNS[field];
  const found = noun === 'credentials' ? (number ? noun : `no ${noun}`) : count(number, noun);
  if (errors === 0) return found;
  return number === 0 ? count(errors, 'error') : `${found}, ${count(errors, 'error')}`;
}

/** Creates the view of the field lines, with the role of each byte and a caret under each byte in error. */
export function linesView(lines, elements) {
  return lines.map((line, index) => {
    const here = elements.filter((element) => element.line === index);
    const errors = here.filter(isWrong);
    const ofLine = lines.length > 1 ? ` of line ${index + 1}` : '';
    const messages = errors.map(({ error, damage, offset }) =>
      h('p', 'message', `${error ?? damage} `, h('span', 'place', `at byte ${offset}${ofLine}`)));
    return h('div', errors.length ? 'line wrong' : 'line', h('code', '', runs(line, marks(here), errors)), messages);
  });
}

/** Returns a class and a range for each part, in order. */
export function marks(elements) {
  return elements.flatMap(({ scheme, token68, params, skipped }) => {
    if (skipped) return { className: 'skipped', at: skipped };
    const mark = (className, part) => (part ? { className, at: part.at } : []);
    return [
      mark('scheme', scheme),
      mark('token68', token68),
      params.map(({ name, value }) => [mark('name', name), mark('value', value)]),
    ].flat(2);
  });
}

/** Groups the characters of a line by class. Each character in error is separate, with a caret. */
export function runs(line, marks, errors) {
  const out = [];
  let next = 0;
  const put = (className, text, ...caret) => {
    const last = out.at(-1);
    if (last?.className === className) last.text += text;
    else out.push({ className, text, caret });
  };
  for (const { char, start, end } of characters(line)) {
    while (next < marks.length && marks[next].at[1] <= start) next += 1;
    const className = next < marks.length && marks[next].at[0] <= start ? marks[next].className : 'other';
    const shown = escaped(char);
    if (errors.some(({ offset }) => start <= offset && offset < end)) {
      put(`${className} at`, shown ?? char, caret());
    } else {
      put(shown ? `${className} escape` : className, shown ?? char);
    }
  }
  if (errors.some(({ offset }) => offset >= line.length)) put('at end', '\u00A0', caret());
  return out.map(({ className, text, caret }) => h('span', className, text, caret));
}

function caret() {
  const caret = h('span', 'caret', '^');
  caret.setAttribute('aria-hidden', 'true');
  return caret;
}

/** Creates nested lists of the elements and their parameters. */
export function treeView(field, lines, elements) {
  if (elements.length === 0) return h('p', 'none', `no ${NOUNS[field].replace(/s?$/, 's')}`);
  return h('ul', 'tree', elements.map((element) => {
    if (element.error) {
      const [start, end] = element.skipped;
      const place = start < end ? `${bytes([start, end])} skipped` : `byte ${element.offset}`;
      return h('li', 'error', 'error', h('span', 'place', place));
    }
    const { line, scheme, token68, params, damage, offset } = element;
    const rows = params.map(({ name, value, quoted }) =>
      row('name', textOfBytes(name.text), 'value', value, `${writtenAs(lines[line], value, quoted)}, `));
    if (token68) rows.push(row('kind', 'token68', 'token68', token68, ''));
    if (damage) rows.push(h('li', 'error', 'damaged', h('span', 'place', `byte ${offset}`)));
    const list = rows.length ? h('ul', '', rows) : null;
    if (scheme) return h('li', '', h('strong', 'scheme', scheme.text), list);
    const title = lines.length > 1 ? `line ${line + 1}` : 'parameters';
    return h('li', '', h('strong', '', title), list ?? h('span', 'none', ' none'));
  }));
}

function row(nameClass, name, valueClass, value, about) {
  const text = Array.from(textOfBytes(value.text), (char) => {
    const shown = escaped(char);
    return shown ? h('span', 'escape', shown) : char;
  });
  return h('li', '',
    h('span', nameClass, name),
    text.length ? h('span', valueClass, text) : h('span', 'none', 'empty'),
    h('span', 'place', `${about}${bytes(value.at)}`));
}

function writtenAs(line, value, quoted) {
  if (!quoted) return 'token';
  if (value.at[0] === value.at[1]) return 'missing';
  return line[value.at[0]] === 0x22 ? 'quoted' : 'neither token nor quoted';
}

function bytes([start, end]) {
  return end - start > 1 ? `bytes ${start}–${end - 1}` : `byte ${start}`;
}

/** Creates the view of the 407 with a row for each line, or the reason why there is none. */
export function responseView(response, elements) {
  if (response.length === 0) return h('p', 'none', `None: ${whyNone(elements)}.`);
  const rows = new TextDecoder().decode(response).split('\r\n');
  // Each line ends with CR LF, even the last one, which is empty.
  const shown = (row) => Array.from(row, (char) => escaped(char) ?? char).join('');
  return h('pre', '', h('code', '', rows.slice(0, -1).flatMap((row) => [shown(row), lineEnd(), '\n'])));
}

function whyNone(elements) {
  const right = elements.filter((element) => !element.error);
  if (right.length < elements.length) return 'the value is in error';
  return right.length ? 'there are too many challenges for this page' : 'there is no challenge';
}

export function lineEnd() {
  const end = h('span', 'line-end', '↵');
  end.setAttribute('aria-hidden', 'true');
  return end;
}

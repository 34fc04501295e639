// The tab of the fields: reads the value after each change, and keeps the link in the address bar up to date.

import { challengeResponse, inspect } from '../../adapters/js/index.js';
import { EXAMPLES } from './examples.mjs';
import { count, lines } from './text.mjs';
import { h, isWrong, linesView, responseView, summary, treeView } from './view.mjs';

const elements = (...ids) => ids.map((id) => document.getElementById(id));
const [form, value, size, examples, keep, keepLabel, copy, readings, status] = elements(
  'form', 'value', 'size', 'examples', 'keep', 'keep-label', 'copy', 'readings', 'status');

let announcing;

/** Shows both readings of the value. */
function show() {
  const field = form.elements.field.value;
  const input = lines(value.value);
  const strict = inspect(field, input);
  const lenient = inspect(field, input, { lenient: true });
  const same = JSON.stringify(strict) === JSON.stringify(lenient);

  const length = input.reduce((sum, line) => sum + line.length, 0);
  size.textContent = `${count(length, 'byte')} in ${count(input.length, 'field line')}`;
  value.setAttribute('aria-invalid', strict.some(isWrong));
  readings.replaceChildren(
    reading('Strict', 'exactly RFC 9110', field, input, strict, false),
    reading('Lenient', same ? 'the same result' : 'tolerates mistakes of real senders', field, input, lenient, true),
  );

  // Announce the result once typing pauses.
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    const [first] = strict.filter(isWrong);
    const where = first ? `: ${first.error} at byte ${first.offset}` : '';
    status.textContent = `Strict: ${summary(field, strict)}${where}. Lenient: ${summary(field, lenient)}.`;
  }, 600);
}

/** Creates the view of a reading: the lines, the tree, and for challenges the 407. */
function reading(title, about, field, input, found, lenient) {
  const wrong = found.some(isWrong);
  const article = h('article', '',
    h('header', '',
      h('h2', '', title),
      h('span', 'about', about),
      h('span', wrong ? 'badge wrong' : 'badge', summary(field, found))),
    h('div', 'lines', linesView(input, found)),
    treeView(field, input, found));
  article.id = title.toLowerCase();
  if (field === 'proxy-authenticate') {
    article.append(
      h('h3', '', lenient ? 'The 407 with the challenges as read' : 'The 407 with the challenges'),
      responseView(challengeResponse(input, { lenient }) ?? [], found));
  }
  return article;
}

/** Shows the examples of the field, each as a link. */
function showExamples() {
  const field = form.elements.field.value;
  examples.replaceChildren(...EXAMPLES[field].map(([name, value]) => {
    const link = h('a', '', name);
    link.href = `#${new URLSearchParams({ field, value })}`;
    return h('li', '', link);
  }));
}

/** Puts the value in the link. Links are saved in histories and shared, so credentials need consent. */
export function updateLink() {
  const field = form.elements.field.value;
  const secret = field === 'proxy-authorization';
  keepLabel.hidden = !secret;
  const state = secret && !keep.checked ? { field } : { field, value: value.value };
  history.replaceState(null, '', `#${new URLSearchParams(state)}`);
}

/** Shows the value in a link, or the first example if there is none. */
export function showFields(state) {
  const field = Object.hasOwn(EXAMPLES, state.get('field')) ? state.get('field') : 'proxy-authenticate';
  form.elements.field.value = field;
  value.value = state.get('value') ?? (state.has('field') ? '' : EXAMPLES[field][0][1]);
  // The user who follows a link has not consented to credentials in it.
  keep.checked = false;
  update();
}

function update() {
  showExamples();
  updateLink();
  show();
}

value.addEventListener('input', () => {
  updateLink();
  show();
});
form.addEventListener('change', ({ target }) => {
  if (target.name === 'field') {
    // A value for another field may be a secret, or invalid here.
    value.value = EXAMPLES[target.value][0][1];
    keep.checked = false;
    update();
  }
  if (target === keep) updateLink();
});
form.addEventListener('submit', (event) => event.preventDefault());
copy.hidden = !navigator.clipboard;
copy.addEventListener('click', async () => {
  await navigator.clipboard.writeText(location.href);
  copy.textContent = 'Copied';
  setTimeout(() => (copy.textContent = 'Copy link'), 1500);
});

// The tab of the exchange: plays its messages step by step.

import { inspect } from '../../adapters/js/index.js';
import { scenario } from './scenario.mjs';
import { escaped, textOfBytes } from './text.mjs';
import { h, lineEnd, marks, runs } from './view.mjs';

const [setup, steps, nextButton, allButton, againButton, stepStatus, setupError] = [
  'setup', 'steps', 'next', 'all', 'again', 'step-status', 'setup-error',
].map((id) => document.getElementById(id));

const AUTH_FIELDS = ['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'];

let playing = null;

/** Returns the settings in the form. */
function settings() {
  const { elements } = setup;
  const offer = [...setup.querySelectorAll('input[name=offer]:checked')].map(({ value }) => value);
  if (offer.length === 0) throw new RangeError('The proxy must offer a scheme.');
  return {
    offer,
    name: elements.name.value,
    stored: elements.stored.value,
    password: elements.password.value,
    allow: elements.allow.value,
    requireProof: elements.proof.checked && elements.allow.value !== 'basic',
    method: elements.method.value,
    target: elements.target.value,
  };
}

/** Starts over with the settings, before the first step. */
export function restart() {
  steps.replaceChildren();
  stepStatus.textContent = '';
  setupError.textContent = '';
  playing = null;
  try {
    playing = scenario(settings());
  } catch (error) {
    setupError.textContent = error.message;
  }
  showButtons();
}

function showButtons() {
  againButton.disabled = steps.childElementCount === 0;
  // A button that is disabled loses the focus.
  if (playing === null && [nextButton, allButton].includes(document.activeElement)) againButton.focus();
  nextButton.disabled = allButton.disabled = playing === null;
  if (!againButton.disabled) nextButton.parentElement.scrollIntoView({ block: 'nearest' });
}

/** Plays one step. Returns false if there are no more. */
async function step() {
  const current = playing;
  try {
    const { done, value } = await current.next();
    if (current !== playing) return false;
    if (done) {
      playing = null;
      stepStatus.textContent = 'The exchange is over.';
      return false;
    }
    steps.append(stepView(value));
    stepStatus.textContent = value.title;
    return true;
  } catch (error) {
    // Settings that no exchange can have, such as a target with a control character.
    playing = null;
    setupError.textContent = error.message;
    return false;
  }
}

function stepView({ kind, way, title, note, bytes }) {
  const isMessage = bytes !== null;
  return h('li', `step ${kind}`,
    isMessage ? h('p', 'way', way) : null,
    h('h3', '', title),
    note === null ? null : h('p', 'note', note),
    isMessage ? h('pre', '', h('code', '', messageView(bytes))) : null);
}

/** Creates the view of a message, in which the values of authentication are colored. */
function messageView(bytes) {
  return bytes.split('\r\n').slice(0, -1).flatMap((line) => [...lineView(line), lineEnd(), '\n']);
}

function lineView(line) {
  const colon = line.indexOf(': ');
  const field = line.slice(0, Math.max(colon, 0)).toLowerCase();
  if (!AUTH_FIELDS.includes(field)) return [shown(line)];
  const value = Uint8Array.from(line.slice(colon + 2), (char) => char.charCodeAt(0));
  return [line.slice(0, colon + 2), ...runs(value, marks(inspect(field, [value])), [])];
}

const shown = (line) => Array.from(textOfBytes(line), (char) => escaped(char) ?? char).join('');

nextButton.addEventListener('click', async () => {
  await step();
  showButtons();
});
allButton.addEventListener('click', async () => {
  while (await step());
  showButtons();
});
againButton.addEventListener('click', () => {
  restart();
  nextButton.focus();
});
setup.addEventListener('submit', (event) => event.preventDefault());
setup.addEventListener('input', restart);
setup.addEventListener('change', ({ target }) => {
  // A target for the method, unless the user typed one.
  const targets = { CONNECT: 'example.com:443', GET: 'http://example.com/' };
  const input = setup.elements.target;
  if (target.name === 'method' && Object.values(targets).includes(input.value)) {
    input.value = targets[target.value];
    restart();
  }
});
restart();

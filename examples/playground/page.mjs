// The page: its two tabs, and the link to each.

import { showFields, updateLink } from './fields.mjs';

const tabs = [...document.querySelectorAll('[role=tab]')];

/** Shows the panel of a tab. */
function select(tab) {
  for (const other of tabs) {
    const isSelected = other === tab;
    other.setAttribute('aria-selected', isSelected);
    other.tabIndex = isSelected ? 0 : -1;
    document.getElementById(other.getAttribute('aria-controls')).hidden = !isSelected;
  }
}

/** Selects a tab that the user has chosen. The link of the exchange contains none of its settings. */
function selectByUser(tab) {
  select(tab);
  tab.focus();
  if (tab.id === 'tab-exchange') history.replaceState(null, '', '#tab=exchange');
  else updateLink();
}

/** Follows a link to a tab, and to a value. */
function followLink() {
  const state = new URLSearchParams(location.hash.slice(1));
  const isExchange = state.get('tab') === 'exchange';
  if (!isExchange) showFields(state);
  select(tabs[isExchange ? 1 : 0]);
}

for (const tab of tabs) tab.addEventListener('click', () => selectByUser(tab));
document.querySelector('[role=tablist]').addEventListener('keydown', (event) => {
  const at = tabs.indexOf(event.target);
  const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  selectByUser(tabs.at(next % tabs.length));
});
window.addEventListener('hashchange', followLink);
followLink();

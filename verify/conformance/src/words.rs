//! All words over an alphabet, or those that an automaton accepts.

use crate::automaton::Automaton;

/// Calls `visit` with every word that extends `word` by at most `longest` bytes of `alphabet`, starting with `word`
/// itself.
///
/// Afterwards, `word` is as before.
pub fn each(word: &mut Vec<u8>, alphabet: &[u8], longest: usize, visit: &mut impl FnMut(&[u8])) {
    visit(word);
    if longest == 0 {
        return;
    }
    for &byte in alphabet {
        word.push(byte);
        each(word, alphabet, longest - 1, visit);
        word.pop();
    }
}

/// Returns the number of words that [`each`] visits.
#[must_use]
pub const fn count(alphabet: &[u8], longest: usize) -> usize {
    let mut count = 1;
    let mut length = 0;
    while length < longest {
        count = count * alphabet.len() + 1;
        length += 1;
    }
    count
}

/// Calls `visit` with every word that `automaton` accepts and that extends `word` by at most `longest` bytes of its alphabet.
///
/// Afterwards, `word` is as before.
pub fn each_accepted(automaton: &Automaton, word: &mut Vec<u8>, longest: usize, visit: &mut impl FnMut(&[u8])) {
    let state = automaton.walk(0, word);
    if automaton.dead() == Some(state) {
        return;
    }
    if automaton.is_accepting(state) {
        visit(word);
    }
    if longest == 0 {
        return;
    }
    for &byte in automaton.alphabet() {
        word.push(byte);
        each_accepted(automaton, word, longest - 1, visit);
        word.pop();
    }
}

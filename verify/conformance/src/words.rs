//! All words over an alphabet.

/// Hands `visit` every word that goes on from `word` by at most `longest` bytes of `alphabet`, `word` itself first.
///
/// `word` is the same afterwards.
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

/// How many words [`each`] visits.
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

//! Performs the actions of the automaton.

use std::ops::Range;

use crate::grammar::Grammar;
use crate::item::Item;
use crate::tree::{Auth, Param};

/// The items so far, and the offsets that the actions marked.
pub(super) struct Recorder<'v> {
    given: &'v [u8],
    /// The end of the value, without white space after it.
    end: usize,
    list: bool,
    items: Vec<Item>,
    word: Range<usize>,
    token68_end: usize,
    name: Range<usize>,
    value: usize,
    first_word_end: usize,
    words_end: usize,
    second_word: usize,
}

impl<'v> Recorder<'v> {
    pub(super) fn new(grammar: Grammar, given: &'v [u8], end: usize) -> Self {
        Self {
            given,
            end,
            list: grammar == Grammar::Authenticate,
            items: match grammar {
                Grammar::Authenticate | Grammar::Authorization => Vec::new(),
                Grammar::AuthenticationInfo => vec![Item::Params(Vec::new())],
            },
            word: 0..0,
            token68_end: 0,
            name: 0..0,
            value: 0,
            first_word_end: 0,
            words_end: 0,
            second_word: 0,
        }
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// Performs actions before the byte at the offset `at`.
    pub(super) fn perform(&mut self, actions: &[u8], at: usize) {
        for &action in actions {
            match action {
                b'w' => self.word = at..at,
                b'e' => self.word.end = at,
                b's' => self.begin(),
                b'f' => self.token68_end = at,
                b't' => self.auth().token68 = Some(self.given[self.word.start..self.token68_end].to_vec()),
                b'u' => self.undo_token68(),
                b'n' => self.name = self.word.clone(),
                b'v' => self.value = at,
                b'l' => self.first_word_end = at,
                b'm' => self.words_end = at,
                b'x' => self.second_word = at,
                b'p' => self.param(self.given[self.value..self.first_word_end].to_vec()),
                b'P' => self.param(self.given[self.value..self.words_end].to_vec()),
                b'q' => self.param(unescaped(&self.given[self.value + 1..self.first_word_end])),
                b'd' => self.damage(at),
                b'D' => self.damage(self.second_word),
                b'!' => self.error(at),
                b'c' => self.skip_to(at),
                b'r' => self.skip_to(self.end),
                _ => unreachable!("the table has no other actions"),
            }
        }
    }

    fn begin(&mut self) {
        let auth = Auth {
            scheme: self.given[self.word.clone()].to_vec(),
            token68: None,
            params: Vec::new(),
        };
        self.items.push(Item::Auth(auth, None));
    }

    fn auth(&mut self) -> &mut Auth {
        match self.items.last_mut() {
            Some(Item::Auth(auth, None)) => auth,
            last => panic!("no challenge to complete: {last:?}"),
        }
    }

    fn undo_token68(&mut self) {
        let auth = self.auth();
        let mut name = auth.token68.take().expect("a token68 became the name of a parameter");
        assert_eq!(name.pop(), Some(b'='), "the name was before \"=\"");
        auth.params.push((name, Vec::new()));
    }

    fn param(&mut self, value: Vec<u8>) {
        let param: Param = (self.given[self.name.clone()].to_vec(), value);
        match self.items.last_mut() {
            Some(Item::Params(params)) => params.push(param),
            _ => self.auth().params.push(param),
        }
    }

    fn damage(&mut self, at: usize) {
        match self.items.last_mut() {
            Some(Item::Auth(_, damage @ None)) if self.list => *damage = Some(at),
            _ => self.error(at),
        }
    }

    fn error(&mut self, at: usize) {
        if self.list {
            let skipped = self.word.start..self.end;
            self.items.push(Item::Error { offset: at, skipped });
        } else {
            let skipped = 0..self.given.len();
            self.items = vec![Item::Error { offset: at, skipped }];
        }
    }

    /// Moves the end of the bytes that the last error skips.
    fn skip_to(&mut self, end: usize) {
        if let Some(Item::Error { skipped, .. }) = self.items.last_mut() {
            skipped.end = end;
        }
    }
}

/// Removes the backslash of each quoted-pair.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = text.iter().copied();
    let mut unescaped = Vec::new();
    while let Some(byte) = bytes.next() {
        unescaped.extend(if byte == b'\\' { bytes.next() } else { Some(byte) });
    }
    unescaped
}

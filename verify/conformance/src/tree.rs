//! Finds the meaning of a value: every tree that the ABNF in DESIGN.md gives it.
//!
//! Each rule is a function from an offset to *all* offsets where a match of the rule can end, with what was read on the
//! way. No rule is greedy, and none looks ahead: matches that do not lead to the end of the value are dropped at the
//! end. This is slow, and shares no code with the parser or with the regular expressions.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use crate::grammar::Grammar;

/// The meaning of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tree {
    /// The challenges, or the credentials, which are a list of one.
    Auths(Vec<Auth>),
    /// The parameters.
    Params(Vec<Param>),
}

/// A challenge or credentials.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Auth {
    /// The scheme, as spelled.
    pub scheme: Vec<u8>,
    /// The token68, if one follows.
    pub token68: Option<Vec<u8>>,
    /// The parameters, in order.
    pub params: Vec<Param>,
}

/// A parameter: the name, as spelled, and the unescaped value.
pub type Param = (Vec<u8>, Vec<u8>);

/// Returns every tree of `value`, which has no white space around it.
#[must_use]
pub fn all(grammar: Grammar, value: &[u8]) -> BTreeSet<Tree> {
    let value = Value(value);
    match grammar {
        Grammar::Authenticate => value.whole(value.list(0, Value::challenge), Tree::Auths),
        Grammar::Authorization => value.whole(value.challenge(0), |auth| Tree::Auths(vec![auth])),
        Grammar::AuthenticationInfo => value.whole(value.list(0, Value::auth_param), Tree::Params),
    }
}

/// Every end of a rule that has no tree.
type Ends = RangeInclusive<usize>;

/// Every end of a rule, with each tree that leads there. Derivations with equal trees count once.
type Trees<T> = BTreeSet<(usize, T)>;

#[derive(Clone, Copy)]
struct Value<'v>(&'v [u8]);

impl Value<'_> {
    fn whole<T>(self, trees: Trees<T>, tree: impl Fn(T) -> Tree) -> BTreeSet<Tree> {
        let whole = trees.into_iter().filter(|&(end, _)| end == self.0.len());
        whole.map(|(_, parsed)| tree(parsed)).collect()
    }

    fn is(self, at: usize, class: fn(u8) -> bool) -> bool {
        self.0.get(at).is_some_and(|&byte| class(byte))
    }

    /// `*class`: any number of bytes of the class.
    fn many(self, at: usize, class: fn(u8) -> bool) -> Ends {
        let run = self.0[at..].iter().take_while(|&&byte| class(byte)).count();
        at..=at + run
    }

    /// `1*class`
    fn some(self, at: usize, class: fn(u8) -> bool) -> Ends {
        at + 1..=*self.many(at, class).end()
    }

    /// `*( SP / HTAB )`, which is OWS and BWS
    fn white_space(self, at: usize) -> Ends {
        self.many(at, |byte| byte == b' ' || byte == b'\t')
    }

    /// `OWS byte OWS`
    fn separator(self, at: usize, byte: fn(u8) -> bool) -> BTreeSet<usize> {
        let separators = self.white_space(at).filter(|&separator| self.is(separator, byte));
        separators
            .flat_map(|separator| self.white_space(separator + 1))
            .collect()
    }

    fn token(self, at: usize) -> Ends {
        self.some(at, is_tchar)
    }

    /// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
    fn token68(self, at: usize) -> BTreeSet<usize> {
        let starts = self.some(at, |byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte));
        starts.flat_map(|end| self.many(end, |byte| byte == b'=')).collect()
    }

    /// `DQUOTE *( qdtext / quoted-pair ) DQUOTE`, unescaped. The alternatives always differ in their first byte, so
    /// there is at most one match.
    fn quoted_string(self, at: usize) -> Option<(usize, Vec<u8>)> {
        if !self.is(at, |byte| byte == b'"') {
            return None;
        }
        let mut at = at + 1;
        let mut text = Vec::new();
        loop {
            match (*self.0.get(at)?, self.0.get(at + 1)) {
                (b'"', _) => return Some((at + 1, text)),
                (b'\\', Some(&escaped @ (b'\t' | b' '..=b'~' | 0x80..=0xFF))) => {
                    text.push(escaped);
                    at += 2;
                }
                (plain @ (b'\t' | b' ' | b'!' | 0x23..=0x5B | 0x5D..=0x7E | 0x80..=0xFF), _) => {
                    text.push(plain);
                    at += 1;
                }
                _ => return None,
            }
        }
    }

    /// `token BWS "=" BWS ( token / quoted-string )`
    fn auth_param(self, at: usize) -> Trees<Param> {
        let mut params = Trees::new();
        for name_end in self.token(at) {
            let name = &self.0[at..name_end];
            for value in self.separator(name_end, |byte| byte == b'=') {
                for end in self.token(value) {
                    params.insert((end, (name.to_vec(), self.0[value..end].to_vec())));
                }
                if let Some((end, text)) = self.quoted_string(value) {
                    params.insert((end, (name.to_vec(), text)));
                }
            }
        }
        params
    }

    /// `auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
    fn challenge(self, at: usize) -> Trees<Auth> {
        let mut challenges = Trees::new();
        for scheme_end in self.token(at) {
            let auth = |token68: Option<&[u8]>, params| Auth {
                scheme: self.0[at..scheme_end].to_vec(),
                token68: token68.map(<[u8]>::to_vec),
                params,
            };
            challenges.insert((scheme_end, auth(None, Vec::new())));
            for body in self.some(scheme_end, |byte| byte == b' ') {
                for end in self.token68(body) {
                    challenges.insert((end, auth(Some(&self.0[body..end]), Vec::new())));
                }
                for (end, params) in self.list(body, Self::auth_param) {
                    challenges.insert((end, auth(None, params)));
                }
            }
        }
        challenges
    }

    /// `[ element ] *( OWS "," OWS [ element ] )`
    fn list<T: Clone + Ord>(self, at: usize, element: fn(Self, usize) -> Trees<T>) -> Trees<Vec<T>> {
        let optional = |at: usize, before: &Vec<T>| {
            let with = element(self, at).into_iter().map(|(end, item)| {
                let mut items = before.clone();
                items.push(item);
                (end, items)
            });
            with.chain([(at, before.clone())]).collect::<Trees<Vec<T>>>()
        };
        let mut lists = Trees::new();
        let mut new = optional(at, &Vec::new());
        while !new.is_empty() {
            let mut longer = Trees::new();
            for (end, items) in &new {
                for next in self.separator(*end, |byte| byte == b',') {
                    longer.append(&mut optional(next, items));
                }
            }
            lists.append(&mut new);
            new = longer;
        }
        lists
    }
}

fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auths(auths) => f.debug_list().entries(auths.iter().map(ToString::to_string)).finish(),
            Self::Params(params) => f.write_str(&spelled(params)),
        }
    }
}

impl fmt::Display for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token68 = self.token68.as_deref().unwrap_or_default();
        let (scheme, token68) = (self.scheme.escape_ascii(), token68.escape_ascii());
        write!(f, "{scheme} token68({token68}) {}", spelled(&self.params))
    }
}

fn spelled(params: &[Param]) -> String {
    let params = params
        .iter()
        .map(|(name, value)| format!("{}={}", name.escape_ascii(), value.escape_ascii()));
    format!("params({})", params.collect::<Vec<_>>().join(" & "))
}

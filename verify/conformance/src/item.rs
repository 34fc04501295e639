//! The result of lenient reading, item by item.

use std::ops::Range;

use crate::grammar::Grammar;
use crate::tree::{Auth, Param, Tree};

/// An item that lenient reading returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A challenge or credentials, and the offset of the damage that ends it, if there is any.
    Auth(Auth, Option<usize>),
    /// The parameters of Proxy-Authentication-Info.
    Params(Vec<Param>),
    /// An error in place of the other items.
    Error {
        /// The offset of the error.
        offset: usize,
        /// The bytes that are skipped.
        skipped: Range<usize>,
    },
}

impl Item {
    /// Returns the offset of the error or the damage.
    #[must_use]
    pub const fn fault(&self) -> Option<usize> {
        match self {
            Self::Auth(_, damage) => *damage,
            Self::Params(_) => None,
            Self::Error { offset, .. } => Some(*offset),
        }
    }

    /// Returns the tree of everything that was read.
    #[must_use]
    pub fn tree(grammar: Grammar, items: &[Self]) -> Tree {
        match grammar {
            Grammar::Authenticate | Grammar::Authorization => {
                let auths = items.iter().filter_map(|item| match item {
                    Self::Auth(auth, _) => Some(auth.clone()),
                    _ => None,
                });
                Tree::Auths(auths.collect())
            }
            Grammar::AuthenticationInfo => {
                let params = items.iter().filter_map(|item| match item {
                    Self::Params(params) => Some(params.clone()),
                    _ => None,
                });
                Tree::Params(params.flatten().collect())
            }
        }
    }
}

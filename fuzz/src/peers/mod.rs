//! Reads values with other crates, too. Each difference must have one of the reasons that README.md lists.

pub mod http_auth;
pub mod parse_net;

mod layout;

use proxy_auth::{Params, Token, Token68};

/// A scheme and what follows it, as every crate should read them.
#[derive(Debug, PartialEq)]
struct Tree {
    scheme: Vec<u8>,
    token68: Option<Vec<u8>>,
    params: Vec<Param>,
}

/// A parameter: its name, its value without escapes, and if it is a quoted-string.
#[derive(Debug, PartialEq)]
struct Param {
    name: Vec<u8>,
    value: Vec<u8>,
    is_quoted: bool,
}

impl Tree {
    fn new(scheme: Token<'_>, token68: Option<Token68<'_>>, params: Params<'_>) -> Self {
        let params = params.iter().map(|param| Param {
            name: param.name().to_str().into(),
            value: param.value().unescaped().collect(),
            is_quoted: param.value().is_quoted(),
        });
        Self {
            scheme: scheme.to_str().into(),
            token68: token68.map(|token68| token68.as_bytes().into()),
            params: params.collect(),
        }
    }
}

/// Builds the tree of challenges or credentials.
macro_rules! tree {
    ($read:expr) => {
        $crate::peers::Tree::new($read.scheme_name(), $read.token68(), $read.params())
    };
}
use tree;

//! Strategies for trees and field values.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::tree::{Auth, Body, Param};

fn arb_token() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec!["Basic", "digest", "realm", "nonce", "NTLM"]).prop_map(str::to_owned),
        "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,8}",
    ]
}

pub(crate) fn arb_token68() -> impl Strategy<Value = String> {
    "[-._~+/0-9A-Za-z]{1,12}={0,3}"
}

/// Generates a byte that is neither a control character nor one of `others`.
pub(crate) fn arb_byte_but(others: &[u8]) -> impl Strategy<Value = u8> + use<> {
    let is_text = |byte: &u8| !byte.is_ascii_control() && !others.contains(byte);
    select((0..=u8::MAX).filter(is_text).collect::<Vec<_>>())
}

fn arb_text() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![select(b"\t ,=\"\\ax".to_vec()), arb_byte_but(b"")], 0..12)
}

pub(crate) fn arb_params() -> impl Strategy<Value = Vec<Param>> {
    let value = prop_oneof![
        arb_token().prop_map(|token| (token.into_bytes(), false)),
        arb_text().prop_map(|text| (text, true)),
    ];
    vec(
        (arb_token(), value).prop_map(|(name, (value, quoted))| (name, value, quoted)),
        0..5,
    )
}

pub(crate) fn arb_auth() -> impl Strategy<Value = Auth> {
    let body = prop_oneof![
        arb_token68().prop_map(Body::Token68),
        arb_params().prop_map(Body::Params)
    ];
    (arb_token(), body).prop_map(|(scheme, body)| Auth { scheme, body })
}

/// Generates a separator of list elements.
fn arb_comma() -> impl Strategy<Value = String> {
    "[ \t]{0,2},[ \t,]{0,3}"
}

fn joined(parts: Vec<(String, String)>) -> String {
    parts.into_iter().map(|(part, comma)| part + &comma).collect()
}

/// Generates a list of parameters in any spelling that the grammar allows.
fn arb_spelled_params() -> impl Strategy<Value = String> {
    let value = prop_oneof![arb_token(), r#""([^"\\\x00-\x1f\x7f]|\\["\\a, é]){0,6}""#];
    let param = (arb_token(), "[ \t]?=[ \t]?", value).prop_map(|(name, equals, value)| name + &equals + &value);
    vec((param, arb_comma()), 1..4).prop_map(|params| joined(params).trim_end_matches([' ', '\t', ',']).to_owned())
}

/// Generates a challenge or credentials in any spelling that the grammar allows.
fn arb_spelled_auth() -> impl Strategy<Value = String> {
    let body = prop_oneof![
        Just(String::new()),
        (" {1,2}", arb_token68()).prop_map(|(space, token68)| space + &token68),
        (" [ ,]?", arb_spelled_params()).prop_map(|(space, params)| space + &params),
    ];
    (arb_token(), body).prop_map(|(scheme, body)| scheme + &body)
}

/// Generates a list of challenges in any spelling that the grammar allows.
pub(crate) fn arb_list() -> impl Strategy<Value = String> {
    let challenges = vec((arb_spelled_auth(), arb_comma()), 1..4).prop_map(joined);
    ("[ \t,]{0,2}", challenges).prop_map(|(start, challenges)| start + &challenges)
}

/// Generates pieces of field values in any order, often after a scheme.
fn arb_soup() -> impl Strategy<Value = String> {
    const PIECES: &str =
        "(Basic|a|b=|c=d|=|==|,|, | |\t|\"|\\\\|\\\\\"|\"x\"|/|@|é|\u{1}|\n|, a=\"|=b=\"c|realm=\"x, Basic y\"){0,14}";
    ("(Basic |A a)?", PIECES).prop_map(|(start, pieces)| start + &pieces)
}

/// Generates valid values, often with a few bytes replaced or inserted, and soup.
pub(crate) fn arb_value() -> impl Strategy<Value = Vec<u8>> {
    let spelled = prop_oneof![
        2 => arb_list(),
        2 => arb_spelled_auth(),
        1 => arb_spelled_params(),
    ];
    let edit = (any::<prop::sample::Index>(), 0_usize..2, arb_soup());
    let edited = (spelled, vec(edit, 0..2)).prop_map(|(spelled, edits)| {
        let mut value = spelled.into_bytes();
        for (index, removed, inserted) in edits {
            let start = index.index(value.len() + 1);
            let end = (start + removed).min(value.len());
            value.splice(start..end, inserted.bytes().take(3));
        }
        value
    });
    prop_oneof![
        3 => edited,
        1 => arb_soup().prop_map(String::into_bytes),
    ]
}

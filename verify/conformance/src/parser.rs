//! The parser of `proxy-auth`, with its results in the form of the oracles.

use proxy_auth::{
    AuthenticationInfo, Challenge, Challenges, Credentials, ParamValue, Params, ParseError, Token, Token68,
};

use crate::grammar::Grammar;
use crate::item::Item;
use crate::tree::{Auth, Param, Tree};

/// Reads strictly, and returns the tree.
///
/// # Errors
/// Returns the first error of the parser.
///
/// # Panics
/// Panics if the list of challenges continues after its error, or if two ways of reading a part give different results.
pub fn strict(grammar: Grammar, value: &[u8]) -> Result<Tree, ParseError> {
    match grammar {
        Grammar::Authenticate => {
            let mut challenges = Challenges::new(value);
            let auths = challenges
                .by_ref()
                .map(|challenge| Ok(self::challenge(value, &challenge?)));
            let auths = auths.collect::<Result<_, _>>();
            assert!(
                challenges.next().is_none(),
                "the list continues after an error or after its end"
            );
            auths.map(Tree::Auths)
        }
        Grammar::Authorization => Credentials::parse(value).map(|read| Tree::Auths(vec![credentials(value, &read)])),
        Grammar::AuthenticationInfo => {
            AuthenticationInfo::parse(value).map(|info| Tree::Params(params(value, info.params())))
        }
    }
}

/// Reads leniently, and returns all items.
///
/// # Panics
/// Panics if the list of challenges does not end, or if two ways of reading a part give different results.
#[must_use]
pub fn lenient(grammar: Grammar, value: &[u8]) -> Vec<Item> {
    match grammar {
        Grammar::Authenticate => {
            // Each item takes at least a byte, so one more shows that the list does not end.
            let items = Challenges::new(value)
                .lenient()
                .take(value.len() + 1)
                .map(|item| match item {
                    Ok(read) => Item::Auth(challenge(value, &read), read.damage().map(|damage| damage.offset())),
                    Err(error) => self::error(&error),
                });
            let items: Vec<Item> = items.collect();
            assert!(items.len() <= value.len(), "the list does not end");
            items
        }
        Grammar::Authorization => vec![match Credentials::parse_lenient(value) {
            Ok(read) => Item::Auth(credentials(value, &read), None),
            Err(error) => self::error(&error),
        }],
        Grammar::AuthenticationInfo => vec![match AuthenticationInfo::parse_lenient(value) {
            Ok(read) => Item::Params(params(value, read.params())),
            Err(error) => self::error(&error),
        }],
    }
}

fn error(error: &ParseError) -> Item {
    assert_eq!(error.line(), 0, "there is only one line");
    Item::Error {
        offset: error.offset(),
        skipped: error.skipped(),
    }
}

fn challenge(given: &[u8], challenge: &Challenge<'_>) -> Auth {
    auth(given, challenge.scheme_name(), challenge.token68(), challenge.params())
}

fn credentials(given: &[u8], credentials: &Credentials<'_>) -> Auth {
    auth(
        given,
        credentials.scheme_name(),
        credentials.token68(),
        credentials.params(),
    )
}

fn auth(given: &[u8], scheme: Token<'_>, token68: Option<Token68<'_>>, params: Params<'_>) -> Auth {
    assert_offset(given, scheme);
    Auth {
        scheme: scheme.as_bytes().to_vec(),
        token68: token68.map(|token68| {
            let bytes = token68.as_bytes();
            assert!(
                given[token68.offset()..].starts_with(bytes),
                "wrong offset of a token68"
            );
            bytes.to_vec()
        }),
        params: self::params(given, params),
    }
}

fn params(given: &[u8], params: Params<'_>) -> Vec<Param> {
    params
        .iter()
        .map(|param| {
            assert_offset(given, param.name());
            (param.name().as_bytes().to_vec(), value(given, param.value()))
        })
        .collect()
}

fn assert_offset(given: &[u8], token: Token<'_>) {
    assert!(
        given[token.offset()..].starts_with(token.as_bytes()),
        "wrong offset of a token"
    );
}

/// Returns the unescaped value, if all ways of reading it give the same result.
fn value(given: &[u8], value: ParamValue<'_>) -> Vec<u8> {
    let means: Vec<u8> = value.unescaped().collect();
    assert_eq!(value, *means, "== disagrees");
    assert_eq!(value.len(), means.len(), "len disagrees");
    assert!(
        value.to_bytes().is_none_or(|bytes| bytes == means),
        "to_bytes disagrees"
    );
    assert_eq!(
        value.copy_to(&mut vec![0; means.len()]),
        Ok(means.as_slice()),
        "copy_to disagrees"
    );

    let from = &given[value.offset()..];
    let text = from.strip_prefix(b"\"").unwrap_or(from);
    assert!(text.starts_with(value.raw()), "wrong offset of a value");
    means
}

//! The crate `parse-net`, which reads challenges and credentials from bytes.

use parse_net::auth::{AuthParams, parse_challenges, parse_credentials};
use parse_net::param::MAX_CHECKED_PARAMS;
use parse_net::text::Word;
use parse_net::{AuthPayload, ErrorKind, Limits};
use proxy_auth::{Challenge, Credentials, Params, SchemeError, Token, basic, bearer};

use super::layout::{before_params, empty_elements, plain, plain_one};
use super::{Param, Tree, tree};
use crate::challenges;

/// Its limit of empty elements.
const MAX_EMPTY_ELEMENTS: usize = 16;
const LIMITS: Limits = Limits::DEFAULT.max_list_members(u16::MAX).max_params(u16::MAX);

/// Challenges that this crate accepts, and `parse-net` rejects, with the kind of its error, one for each reason in README.md.
const REJECTED: [(&str, ErrorKind); 3] = [
    ("Basic , realm=x", ErrorKind::ExpectedSeparator),
    ("Basic realm=x, Realm=y", ErrorKind::DuplicateParameter),
    (",,,,,,,,,,,,,,,,,Basic", ErrorKind::TooManyEmptyElements),
];
/// Credentials that this crate accepts, and `parse-net` rejects.
const REJECTED_CREDENTIALS: [(&str, ErrorKind); 2] = [
    ("Digest , nc=1", ErrorKind::TrailingData),
    ("Digest ,", ErrorKind::TrailingData),
];
/// Credentials of Basic that `parse-net` accepts, since it does not decode them, and this crate rejects: unused bits that are
/// not zero, no colon, and a control character.
const UNDECODED: [&str; 3] = ["Basic Oh==", "Basic YQ==", "Basic OgA="];

/// Checks that the differences of README.md still exist.
pub fn check_differences() {
    let many: Vec<_> = (0..=MAX_CHECKED_PARAMS).map(|index| format!("p{index}=")).collect();
    let many = format!("Digest {}x", many.join("x, "));
    for (value, kind) in REJECTED.into_iter().chain([(&*many, ErrorKind::TooManyMembers)]) {
        assert!(challenges(value.as_bytes(), false).iter().all(Result::is_ok), "{value}");
        let error = parse_challenges(value.as_bytes(), &LIMITS).unwrap_err();
        assert_eq!(error.kind(), kind, "{value}");
        check(value.as_bytes());
    }
    for (value, kind) in REJECTED_CREDENTIALS {
        assert!(Credentials::parse(value).is_ok(), "{value}");
        let error = parse_credentials(value.as_bytes(), &LIMITS).unwrap_err();
        assert_eq!(error.kind(), kind, "{value}");
        check(value.as_bytes());
    }
    for value in UNDECODED {
        assert!(parse_net::basic(value.as_bytes()).unwrap().is_some(), "{value}");
        let credentials = Credentials::parse(value).unwrap();
        assert!(
            basic::Credentials::decode(&credentials, &mut [0; 8]).is_err(),
            "{value}"
        );
        check(value.as_bytes());
    }
}

/// Reads challenges and credentials with both.
pub fn check(value: &[u8]) {
    check_challenges(value);
    check_credentials(value);
    check_bearer(value);
    check_basic(value);
}

fn check_challenges(value: &[u8]) {
    let ours: Result<Vec<_>, _> = challenges(value, false).into_iter().collect();
    match (ours, parse_challenges(value, &LIMITS)) {
        (Ok(ours), Ok(theirs)) => {
            let ours: Vec<_> = ours.iter().map(|challenge| tree!(challenge)).collect();
            let theirs: Vec<_> = theirs
                .iter()
                .map(|challenge| tree(challenge.scheme(), challenge.payload()))
                .collect();
            assert_eq!(ours, theirs);
        }
        (Ok(ours), Err(error)) => {
            let begins_with_comma = |challenge: &Challenge<'_>| {
                challenge.params().iter().next().is_some() && begins_with_comma(value, challenge.scheme_name())
            };
            let is_explained = match error.kind() {
                ErrorKind::DuplicateParameter => ours.iter().any(|challenge| repeats_a_name(challenge.params())),
                ErrorKind::TooManyMembers => ours.iter().any(|challenge| has_many(challenge.params())),
                ErrorKind::TooManyEmptyElements => empty_elements(value) > MAX_EMPTY_ELEMENTS,
                // It takes the first parameter for one without a challenge.
                ErrorKind::ExpectedSeparator => ours.iter().any(begins_with_comma),
                _ => false,
            };
            assert!(is_explained, "{error}: {ours:?}");
            // Without what it does not support, it must accept the rest.
            let supported: Vec<_> = ours
                .into_iter()
                .filter(|challenge| is_supported(challenge.params()))
                .collect();
            let plain = plain(&supported);
            assert!(parse_challenges(&plain, &LIMITS).is_ok(), "{error}: {supported:?}");
            check_challenges(&plain);
        }
        (Err(error), Ok(theirs)) => panic!("{} {theirs:?}", error.snippet(value)),
        (Err(_), Err(_)) => {}
    }
}

fn check_credentials(value: &[u8]) {
    match (Credentials::parse(value), parse_credentials(value, &LIMITS)) {
        (Ok(ours), Ok(theirs)) => assert_eq!(tree!(ours), tree(theirs.scheme(), theirs.payload())),
        (Ok(ours), Err(error)) => {
            let is_explained = match error.kind() {
                ErrorKind::DuplicateParameter => repeats_a_name(ours.params()),
                ErrorKind::TooManyMembers => has_many(ours.params()),
                ErrorKind::TooManyEmptyElements => empty_elements(value) > MAX_EMPTY_ELEMENTS,
                ErrorKind::TrailingData => begins_with_comma(value, ours.scheme_name()),
                _ => false,
            };
            assert!(is_explained, "{error}: {ours:?}");
            if is_supported(ours.params()) {
                let plain = plain_one(ours.scheme_name(), ours.token68(), ours.params());
                assert!(parse_credentials(&plain, &LIMITS).is_ok(), "{error}: {ours:?}");
                check_credentials(&plain);
            }
        }
        (Err(error), Ok(theirs)) => panic!("{} {theirs:?}", error.snippet(value)),
        (Err(_), Err(_)) => {}
    }
}

/// Reads the token of Bearer with both, without a difference.
fn check_bearer(value: &[u8]) {
    let credentials = Credentials::parse(value).ok();
    let ours = credentials.and_then(|credentials| bearer::Credentials::read(&credentials).ok());
    let theirs = parse_net::bearer(value).ok().flatten();
    assert_eq!(ours.map(|ours| ours.token().as_bytes()), theirs);
}

/// Reads the base64 of Basic with both. Only this crate decodes it.
fn check_basic(value: &[u8]) {
    let theirs = parse_net::basic(value).ok().flatten();
    let Ok(credentials) = Credentials::parse(value) else {
        assert!(theirs.is_none());
        return;
    };
    let mut buffer = vec![0; value.len()];
    if basic::Credentials::decode(&credentials, &mut buffer).is_ok() {
        assert_eq!(theirs, credentials.token68().map(|token68| token68.as_bytes()));
    } else if theirs.is_some() {
        // Its base64 is valid but for unused bits, or the decoded text is not `user-id ":" password`.
        let lenient = basic::Credentials::decode_lenient(&credentials, &mut buffer);
        assert!(matches!(lenient, Ok(_) | Err(SchemeError::InvalidContent { .. })));
    }
}

fn tree(scheme: &[u8], payload: AuthPayload<'_>) -> Tree {
    Tree {
        scheme: scheme.into(),
        token68: if let AuthPayload::Token68(token68) = payload {
            Some(token68.into())
        } else {
            None
        },
        params: if let AuthPayload::Params(params) = payload {
            tree_params(&params)
        } else {
            Vec::new()
        },
    }
}

fn tree_params(params: &AuthParams<'_>) -> Vec<Param> {
    let found: Vec<_> = params
        .iter()
        .map(|(name, word)| {
            let mut value = vec![0; word.len()];
            word.unescape_into(&mut value).unwrap();
            Param {
                name: name.into(),
                value,
                is_quoted: matches!(word, Word::Quoted(_)),
            }
        })
        .collect();
    assert_eq!(found.len(), params.len());
    found
}

/// Checks if a comma follows a scheme, so that its list of parameters begins with an empty element.
fn begins_with_comma(value: &[u8], scheme: Token<'_>) -> bool {
    before_params(value, scheme).contains(&b',')
}

fn is_supported(params: Params<'_>) -> bool {
    !repeats_a_name(params) && !has_many(params)
}

fn repeats_a_name(params: Params<'_>) -> bool {
    let mut names: Vec<_> = params
        .iter()
        .map(|param| param.name().to_str().to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// Checks if there are more parameters than it compares the names of.
fn has_many(params: Params<'_>) -> bool {
    params.iter().count() > MAX_CHECKED_PARAMS
}

//! The crate `http-auth`, which reads challenges from text.

use http_auth::{ChallengeRef, parse_challenges};
use proxy_auth::Challenge;

use super::layout::{before_params, plain};
use super::{Tree, tree};
use crate::challenges;

/// Values that this crate accepts, and `http-auth` rejects, one for each reason in README.md.
const REJECTED: [&str; 8] = [
    "Negotiate YII=",
    "Basic realm=\"fo\u{f6}\"",
    "",
    ",",
    " Basic realm=x",
    "Basic  realm=x",
    "Basic realm=x ",
    "Basic , realm=x",
];

/// Checks that the differences of README.md still exist.
pub fn check_differences() {
    for value in REJECTED {
        assert!(challenges(value.as_bytes(), false).iter().all(Result::is_ok), "{value}");
        assert!(parse_challenges(value).is_err(), "{value}");
        check(value);
    }
}

/// Reads challenges with both.
pub fn check(value: &str) {
    let ours: Result<Vec<_>, _> = challenges(value.as_bytes(), false).into_iter().collect();
    match (ours, parse_challenges(value)) {
        (Ok(ours), Ok(theirs)) => assert_same(&ours, &theirs),
        (Ok(ours), Err(error)) => {
            // It supports no empty list.
            let supported: Vec<_> = ours.iter().copied().filter(is_supported).collect();
            if supported.is_empty() {
                return;
            }
            // Without what it does not support, it must accept the rest.
            assert!(
                supported.len() < ours.len() || is_unusual(value, &ours),
                "{value:?}: {error}"
            );
            let plain = String::from_utf8(plain(&supported)).unwrap();
            let theirs = parse_challenges(&plain).unwrap_or_else(|error| panic!("{plain:?}: {error}"));
            assert_same(&supported, &theirs);
        }
        (Err(error), Ok(theirs)) => panic!("{} {theirs:?}", error.snippet(value)),
        (Err(_), Err(_)) => {}
    }
}

fn assert_same(ours: &[Challenge<'_>], theirs: &[ChallengeRef<'_>]) {
    let ours: Vec<_> = ours.iter().map(|challenge| tree!(challenge)).collect();
    assert_eq!(ours.len(), theirs.len(), "{ours:?} {theirs:?}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        let params = theirs.params.iter();
        let params = params.map(|(name, value)| (name.as_bytes(), value.to_unescaped().into_bytes()));
        let ours_params = ours.params.iter().map(|param| (&*param.name, param.value.clone()));
        assert!(ours.scheme == theirs.scheme.as_bytes(), "{ours:?} {theirs:?}");
        assert!(ours_params.eq(params), "{ours:?} {theirs:?}");
    }
}

/// Checks if `http-auth` supports the bytes of a challenge: it has no token68, and no obs-text.
fn is_supported(challenge: &Challenge<'_>) -> bool {
    let Tree { token68, params, .. } = tree!(challenge);
    token68.is_none() && params.iter().all(|param| param.value.is_ascii())
}

/// Checks if white space or a comma stands where `http-auth` allows none: white space around the value, or anything but one
/// space between a scheme and its first parameter.
fn is_unusual(value: &str, ours: &[Challenge<'_>]) -> bool {
    let is_apart = |challenge: &Challenge<'_>| {
        challenge.params().iter().next().is_some() && !before_params(value.as_bytes(), challenge.scheme_name()).eq(b" ")
    };
    value.starts_with([' ', '\t']) || value.ends_with([' ', '\t']) || ours.iter().any(is_apart)
}

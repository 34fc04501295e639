//! Reads challenges with the crate `http-auth`, too. If both accept a value, they must find the same. If only one accepts it,
//! README.md must list the reason.
#![no_main]

use http_auth::ChallengeRef;
use libfuzzer_sys::fuzz_target;
use proxy_auth::Challenge;
use proxy_auth_fuzz::{challenges, written};

fuzz_target!(|value: &str| {
    let ours: Result<Vec<_>, _> = challenges(value.as_bytes(), false).into_iter().collect();
    match (ours, http_auth::parse_challenges(value)) {
        (Ok(ours), Ok(theirs)) => assert!(same(&ours, &theirs), "{ours:?} {theirs:?}"),
        // It does not support token68, obs-text and empty lists.
        (Ok(ours), Err(_)) if ours.iter().any(|challenge| challenge.token68().is_some()) => {}
        (Ok(ours), Err(_)) if ours.is_empty() || !value.is_ascii() => {}
        // It allows white space and empty elements in fewer places. Without the optional ones, it must read the same.
        (Ok(ours), Err(_)) => {
            let lines: Vec<_> = ours.iter().map(|challenge| written(challenge)).collect();
            let plain = String::from_utf8(lines.join(&b", "[..])).unwrap();
            let theirs = http_auth::parse_challenges(&plain).unwrap();
            assert!(same(&ours, &theirs), "{plain:?} {ours:?} {theirs:?}");
        }
        (Err(error), Ok(theirs)) => panic!("{} {theirs:?}", error.snippet(value)),
        (Err(_), Err(_)) => {}
    }
});

fn same(ours: &[Challenge<'_>], theirs: &[ChallengeRef<'_>]) -> bool {
    ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|(ours, theirs)| {
            let params = ours.params().iter().zip(&theirs.params);
            ours.scheme_name().to_str() == theirs.scheme
                && ours.params().iter().count() == theirs.params.len()
                && params
                    .into_iter()
                    .all(|(ours, (name, value))| ours.name().to_str() == *name && ours.value() == *value.to_unescaped())
        })
}

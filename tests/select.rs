//! Which challenge is chosen, and why none is.

use proptest::prelude::*;
use proxy_auth::digest::Algorithm;
use proxy_auth::{Candidate, Challenges, Chosen, NothingFits, STRONGEST_FIRST, Scheme, SchemeError, choose};

/// The challenge chosen of one value, as it would be written.
fn written(value: &str, candidates: &[Candidate<'_>]) -> Result<String, NothingFits> {
    choose(Challenges::new(value), candidates).map(write)
}

fn write(chosen: Chosen<'_>) -> String {
    match chosen {
        Chosen::Basic(challenge) => challenge.to_string(),
        Chosen::Bearer(challenge) => challenge.to_string(),
        Chosen::Digest(challenge) => challenge.to_string(),
        Chosen::Negotiate(challenge) => challenge.to_string(),
        Chosen::Other(challenge) => challenge.to_string(),
        other => panic!("{other:?}"),
    }
}

const BASIC: &str = "Basic realm=\"b\"";
const BEARER: &str = "Bearer realm=\"t\"";
const MD5: &str = "Digest realm=\"d\", nonce=\"1\", qop=\"auth\"";
const SHA_256: &str = "Digest realm=\"d\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\"";
const SHA_512_256: &str = "Digest realm=\"d\", nonce=\"3\", algorithm=SHA-512-256, qop=\"auth\"";

#[test]
fn the_strongest_is_chosen_wherever_it_stands() {
    let by_strength = [SHA_512_256, SHA_256, MD5, BEARER, BASIC];
    for (index, strongest) in by_strength.iter().enumerate() {
        let strongest_first = &by_strength[index..];
        let weakest_first: Vec<_> = strongest_first.iter().rev().copied().collect();
        for challenges in [strongest_first, &weakest_first] {
            assert_eq!(written(&challenges.join(", "), &STRONGEST_FIRST).unwrap(), *strongest);
            let lines = Challenges::from_fields(challenges.iter().copied());
            assert_eq!(write(choose(lines, &STRONGEST_FIRST).unwrap()), *strongest);
        }
    }
}

#[test]
fn the_callers_order_goes_first() {
    let value = [SHA_256, MD5, BEARER, BASIC, "Negotiate", "NTLM"].join(", ");
    for (candidates, chosen) in [
        (
            &[Candidate::Scheme(Scheme::Basic), Candidate::Scheme(Scheme::Digest)][..],
            BASIC,
        ),
        (
            &[Candidate::Digest(Algorithm::Md5), Candidate::Digest(Algorithm::Sha256)],
            MD5,
        ),
        (
            &[
                Candidate::Digest(Algorithm::Sha512_256),
                Candidate::Scheme(Scheme::Bearer),
            ],
            BEARER,
        ),
        (
            &[Candidate::Scheme(Scheme::Ntlm), Candidate::Scheme(Scheme::Negotiate)],
            "NTLM",
        ),
    ] {
        assert_eq!(written(&value, candidates).unwrap(), chosen, "{candidates:?}");
    }
}

#[test]
fn negotiate_and_ntlm_are_chosen_only_when_they_are_named() {
    let error = written("Negotiate, NTLM", &STRONGEST_FIRST).unwrap_err();
    assert_eq!(error.unsupported(), 2);
    assert_eq!(error.to_string(), "no challenge to answer: 2 not supported");
}

#[test]
fn a_scheme_of_ones_own_can_be_named() {
    let own = Candidate::Scheme(Scheme::new("X-Own").unwrap());
    assert_eq!(written("Basic realm=x, x-own a=b", &[own]).unwrap(), "x-own a=b");
}

#[test]
fn the_first_of_equals_is_chosen() {
    assert_eq!(
        written("Basic realm=1, Basic realm=2", &STRONGEST_FIRST).unwrap(),
        "Basic realm=\"1\""
    );
}

#[test]
fn what_is_unusable_is_passed_over() {
    for unusable in [
        "Digest realm=x, nonce=y, algorithm=SHA3",
        "Digest realm=x, nonce=y, qop=crazy",
        "Digest realm=x",
        "Digest realm=x, realm=x, nonce=y",
    ] {
        assert_eq!(
            written(&format!("{unusable}, {BASIC}"), &STRONGEST_FIRST).unwrap(),
            BASIC
        );
        let error = written(unusable, &STRONGEST_FIRST).unwrap_err();
        assert_eq!((error.unusable(), error.unsupported(), error.damaged()), (1, 0, 0));
        assert!(error.first_unusable().is_some());
    }
}

#[test]
fn it_says_why_nothing_fits() {
    assert_eq!(
        written("", &STRONGEST_FIRST).unwrap_err().to_string(),
        "no challenge to answer"
    );
    let error = written("NTLM, Basic x=y, Digest a b", &STRONGEST_FIRST).unwrap_err();
    assert_eq!((error.unsupported(), error.unusable(), error.damaged()), (1, 1, 1));
    assert_eq!(error.first_unusable(), Some(SchemeError::Missing { param: "realm" }));
    assert_eq!(error.first_damaged().unwrap().offset(), 26);
    assert_eq!(
        error.to_string(),
        "no challenge to answer: 1 not supported, \
         1 unusable (the first: expected the parameter \"realm\"), \
         1 damaged (the first: expected a comma or the end at byte 26)"
    );
}

proptest! {
    #[test]
    fn nothing_bad_hides_a_good_challenge(
        bad in prop::sample::select(vec![
            "@", "Digest a b", "Digest realm=\"x\"y", "Negotiate", "Foo bar=\"baz\"", "Basic", "Basic realm=a, realm=b",
            "Digest realm=\"x\u{1}\"", "Basic abc def", "Digest realm=r, nonce=n, algorithm=none",
        ]),
        good in prop::sample::select(vec![BASIC, BEARER, MD5, SHA_256]),
        before: bool,
        lines: bool,
    ) {
        let values = if before { [bad, good] } else { [good, bad] };
        let joined = values.join(", ");
        let chosen = if lines {
            choose(Challenges::from_fields(values), &STRONGEST_FIRST)
        } else {
            choose(Challenges::new(&joined), &STRONGEST_FIRST)
        };
        prop_assert_eq!(write(chosen.unwrap()), good);
    }
}

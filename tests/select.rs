//! Tests the choice of a challenge, and the reasons if there is none.

use proptest::prelude::*;
use proxy_auth::digest::Algorithm;
use proxy_auth::{Candidate, Challenges, Chosen, NothingFits, STRONGEST_FIRST, Scheme, SchemeError, choose};

/// Returns the challenge chosen from one value, as it would be written.
fn written(value: &str, candidates: &[Candidate<'_>]) -> Result<String, NothingFits> {
    choose(Challenges::new(value), candidates).map(|choice| write(choice.chosen()))
}

/// Returns the challenge chosen from one value, as it would be written, and the report of a stronger challenge.
fn written_with_report(value: &str) -> (String, Option<String>) {
    let choice = choose(Challenges::new(value), &STRONGEST_FIRST).unwrap();
    (write(choice.chosen()), choice.passed_over().map(ToString::to_string))
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
fn the_strongest_is_chosen_at_any_position() {
    let by_strength = [SHA_512_256, SHA_256, MD5, BEARER, BASIC];
    for (index, strongest) in by_strength.iter().enumerate() {
        let strongest_first = &by_strength[index..];
        let weakest_first: Vec<_> = strongest_first.iter().rev().copied().collect();
        for challenges in [strongest_first, &weakest_first] {
            assert_eq!(written(&challenges.join(", "), &STRONGEST_FIRST).unwrap(), *strongest);
            let lines = Challenges::from_lines(challenges.iter().copied());
            assert_eq!(write(choose(lines, &STRONGEST_FIRST).unwrap().chosen()), *strongest);
        }
    }
}

#[test]
fn the_order_of_the_candidates_decides() {
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
fn negotiate_and_ntlm_are_chosen_only_if_named() {
    let error = written("Negotiate, NTLM", &STRONGEST_FIRST).unwrap_err();
    assert_eq!(error.unsupported(), 2);
    assert_eq!(error.to_string(), "no challenge to answer: 2 not supported");
}

#[test]
fn an_unregistered_scheme_can_be_named() {
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
fn unusable_challenges_are_passed_over() {
    for unusable in [
        "Digest realm=x, nonce=y, algorithm=SHA3",
        "Digest realm=x, nonce=y, qop=crazy",
        "Digest realm=x",
        "Digest realm=x, realm=y, nonce=y",
        "Digest realm=x, nonce=y",
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
fn the_error_gives_the_reasons() {
    assert_eq!(
        written("", &STRONGEST_FIRST).unwrap_err().to_string(),
        "no challenge to answer"
    );
    let error = written("NTLM, Digest x=y, Digest a b, @", &STRONGEST_FIRST).unwrap_err();
    assert_eq!((error.unsupported(), error.unusable(), error.damaged()), (1, 2, 1));
    assert_eq!(error.first_unusable(), Some(SchemeError::Missing { param: "realm" }));
    assert_eq!(error.first_damaged().unwrap().offset(), 30);
    assert_eq!(
        error.to_string(),
        "no challenge to answer: 1 not supported, \
         2 unusable (the first: expected the parameter \"realm\"), \
         1 damaged (the first: expected an authentication scheme at byte 30)"
    );
}

#[test]
fn deviations_of_real_senders_do_not_hide_the_stronger_scheme() {
    let digest = "Digest realm=\"d\", nonce=\"n\", algorithm=MD5, qop=\"auth\"";
    for value in [
        // A comma is missing, a parameter is repeated, and a realm lacks its quotes.
        "Digest realm=\"d\" nonce=\"n\", qop=\"auth\", algorithm=MD5, Basic realm=\"b\"",
        "Digest realm=\"d\", nonce=\"n\", qop=\"auth\", algorithm=MD5, algorithm=MD5, Basic realm=\"b\"",
        "Basic realm=my realm, Digest realm=d, nonce=n, qop=auth, algorithm=MD5",
    ] {
        assert_eq!(written_with_report(value), (digest.to_owned(), None), "{value}");
    }
}

#[test]
fn basic_is_chosen_even_if_it_is_damaged() {
    for (value, chosen, damage) in [
        ("Basic", "Basic realm=\"\"", None),
        ("Basic realm=my realm", "Basic realm=\"my realm\"", None),
        ("Basic realm='Sandstorm API'", "Basic realm=\"'Sandstorm API'\"", None),
        ("Basic realm=\"\"Proxy\"\"", "Basic realm=\"\"", Some(14)),
        ("Basic realm=\"pe \"ers\"", "Basic realm=\"pe \"", Some(17)),
        ("Basic realm=x Digest nonce=\"y\"", "Basic realm=\"x\"", Some(14)),
    ] {
        let report = damage.map(|offset| format!("Basic: expected a comma or the end at byte {offset}"));
        assert_eq!(written_with_report(value), (chosen.to_owned(), report), "{value}");
        // If Basic is the only candidate, there is no report.
        let only_basic = choose(Challenges::new(value), &[Candidate::Scheme(Scheme::Basic)]).unwrap();
        assert!(only_basic.passed_over().is_none(), "{value}");
    }
    // A complete challenge is preferred.
    for value in ["Basic, Basic realm=\"b\"", "Basic realm=\"a\"x, Basic realm=\"b\""] {
        assert_eq!(written_with_report(value).0, BASIC, "{value}");
    }
}

#[test]
fn a_stronger_challenge_that_damage_hides_is_reported() {
    for value in [
        format!("Basic {SHA_256}"),
        format!("Basic realm=\"x\" {SHA_256}"),
        format!("Basic realm=x; {SHA_256}"),
        format!("Basic realm=\"x, {SHA_256}"),
        format!("NTLM a b {SHA_256}, {BASIC}"),
        format!("Foo a=b {SHA_256}, {BASIC}"),
        format!("Foo a=\"x, {SHA_256}, {BASIC}"),
    ] {
        let (chosen, report) = written_with_report(&value);
        assert!(chosen.starts_with("Basic ") && report.is_some(), "{value}");
    }
}

#[test]
fn a_stronger_challenge_that_cannot_be_used_is_reported() {
    for (value, report) in [
        (
            "Digest realm=d, nonce=n, qop=auth, algorithm=SHA256",
            "Digest: invalid value of the parameter \"algorithm\" at byte 45",
        ),
        (
            "Digest realm=d, nonce=n, qop=auth, algorithm=MD5, algorithm=SHA-256",
            "Digest: expected no second parameter \"algorithm\" at byte 60",
        ),
        (
            "Digest realm=d, nonce=n, qop=",
            "Digest: expected the parameter \"qop\"",
        ),
        ("Digest realm=d, nonce=n", "Digest: expected the parameter \"qop\""),
        (
            "Digest realm=\"d\"x, nonce=n, qop=auth",
            "Digest: expected a comma or the end at byte 16",
        ),
        ("Di gest realm=d", "Di: expected a comma or the end at byte 8"),
        ("@igest realm=d", "expected an authentication scheme at byte 0"),
        (
            "Digest\u{1}realm=d",
            "expected a space or a comma after the scheme, or the end at byte 6",
        ),
    ] {
        for value in [format!("{value}, {BASIC}"), format!("{value}, {BEARER}")] {
            assert_eq!(written_with_report(&value).1.as_deref(), Some(report), "{value}");
        }
    }
}

#[test]
fn a_weaker_challenge_that_cannot_be_used_is_not_reported() {
    for value in [
        format!("{SHA_256}, Basic realm=a, realm=b"),
        format!("{SHA_512_256}, @"),
        format!("{BEARER}, Basic realm=a, realm=b"),
    ] {
        assert_eq!(written_with_report(&value).1, None, "{value}");
    }
    // The unusable challenge may have had a stronger algorithm.
    let value = format!("{MD5}, Digest realm=d, nonce=n, qop=auth, algorithm=SHA-257");
    assert_eq!(written_with_report(&value).0, MD5);
    assert!(written_with_report(&value).1.is_some());
}

#[test]
fn digest_without_qop_is_chosen_only_if_named() {
    let without = "Digest realm=\"d\", nonce=\"1\", algorithm=SHA-256";
    let error = written(without, &STRONGEST_FIRST).unwrap_err();
    assert_eq!(error.first_unusable(), Some(SchemeError::Missing { param: "qop" }));
    let error = written(without, &[Candidate::Digest(Algorithm::Sha256)]).unwrap_err();
    assert_eq!(error.first_unusable(), Some(SchemeError::Missing { param: "qop" }));

    let last = [Candidate::Scheme(Scheme::Digest), Candidate::DigestWithoutQop];
    assert_eq!(written(without, &last).unwrap(), without);
    // It does not outrank a challenge with qop, regardless of its algorithm.
    assert_eq!(written(&format!("{without}, {MD5}"), &last).unwrap(), MD5);
    assert_eq!(
        written(MD5, &[Candidate::DigestWithoutQop]).unwrap_err().unsupported(),
        1
    );
}

#[test]
fn the_chosen_challenge_has_a_scheme() {
    for value in ["Basic realm=x", "Bearer", "NTLM", "Negotiate", "X-Own a=b", MD5] {
        let name = value.split(' ').next().unwrap();
        let candidate = Candidate::Scheme(Scheme::new(name).unwrap());
        let choice = choose(Challenges::new(value), &[candidate]).unwrap();
        assert_eq!(choice.chosen().scheme().to_str(), name);
    }
}

proptest! {
    #[test]
    fn bad_challenges_do_not_hide_a_good_one(
        bad in prop::sample::select(vec![
            "@", "Digest a b", "Digest realm=\"x\"y", "Negotiate", "Foo bar=\"baz\"", "Basic", "Basic realm=a, realm=b",
            "Digest realm=\"x\u{1}\"", "Basic abc def", "Digest realm=r, nonce=n, algorithm=none", "Digest realm=r, nonce=n",
        ]),
        good in prop::sample::select(vec![BASIC, BEARER, MD5, SHA_256]),
        before: bool,
        lines: bool,
    ) {
        let values = if before { [bad, good] } else { [good, bad] };
        let joined = values.join(", ");
        let chosen = if lines {
            choose(Challenges::from_lines(values), &STRONGEST_FIRST)
        } else {
            choose(Challenges::new(&joined), &STRONGEST_FIRST)
        };
        prop_assert_eq!(write(chosen.unwrap().chosen()), good);
    }
}

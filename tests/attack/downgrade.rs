//! Attacks that make a client send less than it could.

use proxy_auth::{GiveUp, Login, Policy, Request, Scheme, Session, Step, Turn};

const LOGIN: Login<'static> = Login {
    name: "aladdin",
    password: "open sesame",
};
const BASIC: &str = "Basic realm=\"apps\"";
const MD5: &str = "Digest realm=\"apps\", nonce=\"n\", qop=\"auth\", algorithm=MD5";
const MD5_SESS: &str = "Digest realm=\"apps\", nonce=\"n\", qop=\"auth\", algorithm=MD5-sess";
const SHA_256: &str = "Digest realm=\"apps\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";

/// Receives a 407 to a request without credentials. Returns the step, and the scheme of the next request.
fn challenge(policy: Policy, challenges: &[&str]) -> (Step, Option<Scheme<'static>>) {
    let mut session = Session::<64>::new(policy);
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
    let lines = challenges.iter().map(|challenge| ("Proxy-Authenticate", *challenge));
    let step = session.receive(pending, 407, lines);
    let (authorization, _) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
    (step, authorization.map(|authorization| authorization.scheme()))
}

/// Basic is for peers that offer no Digest. A peer, or somebody on the way, that offers a Digest which the policy forbids does not
/// get the password itself in its place.
#[test]
fn a_forbidden_digest_does_not_lead_to_basic() {
    let policy = Policy::digest_or_basic().without_md5();
    for challenges in [
        &[MD5, BASIC][..],
        &[BASIC, MD5],
        &[MD5_SESS, BASIC],
        &[BASIC, MD5_SESS, MD5],
        &["Digest realm=\"apps\", nonce=\"n\", qop=\"auth\"", BASIC],
    ] {
        let (step, scheme) = challenge(policy, challenges);
        assert!(
            matches!(step, Step::GiveUp(GiveUp::NothingFits(_))),
            "{challenges:?}: {step:?}"
        );
        assert_eq!(scheme, None, "{challenges:?}");
        let (step, scheme) = challenge(policy.with_downgrade(), challenges);
        assert_eq!(
            (step, scheme),
            (Step::Again(Turn::FIRST), Some(Scheme::Basic)),
            "{challenges:?}"
        );
    }
    assert_eq!(
        challenge(policy, &[BASIC]),
        (Step::Again(Turn::FIRST), Some(Scheme::Basic))
    );
    let strong = challenge(policy, &[MD5, BASIC, SHA_256]);
    assert_eq!(strong, (Step::Again(Turn::FIRST), Some(Scheme::Digest)));
}

/// One of two overlapping requests got a forged challenge. The response to the other shows that there may be a stronger one, although
/// somebody damaged it, so the forged one is not answered for it.
#[test]
fn a_late_response_with_a_damaged_challenge_is_not_ignored() {
    let damaged = "Digest realm=\"apps\", n once=\"n\", qop=\"auth\", algorithm=SHA-256";
    let unusable = "Digest realm=\"apps\", nonce=\"n\", qop=\"auth\", algorithm=SHA-257";
    for late in [
        &[damaged][..],
        &[damaged, BASIC],
        &[unusable],
        &[unusable, BASIC],
        &[BASIC, damaged],
    ] {
        for (policy, gives_up) in [
            (Policy::digest_or_basic(), true),
            (Policy::digest_or_basic().with_downgrade(), false),
        ] {
            for forged in [MD5, BASIC] {
                let mut session = Session::<64>::new(policy);
                let request = Request::new("CONNECT", "example.com:443").unwrap();
                let (_, first) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
                let (_, second) = session.authorize(Turn::FIRST, &LOGIN, &request, [2; 16]).unwrap();
                let step = session.receive(first, 407, [("Proxy-Authenticate", forged)]);
                assert!(matches!(step, Step::Again(_)));
                let lines = late.iter().map(|challenge| ("Proxy-Authenticate", *challenge));
                let step = session.receive(second, 407, lines);
                assert_eq!(
                    matches!(step, Step::GiveUp(_)),
                    gives_up,
                    "{policy:?} {forged} {late:?}: {step:?}"
                );
            }
        }
    }
}

/// A peer that was answered with a strong Digest does not get a weaker answer by calling the nonce stale.
#[test]
fn a_stale_nonce_does_not_weaken_the_answer() {
    let md5 = "Digest realm=\"apps\", nonce=\"m\", qop=\"auth\", algorithm=MD5, stale=true";
    let rfc2069 = "Digest realm=\"apps\", nonce=\"m\", algorithm=SHA-256, stale=true";
    for weaker in [&[md5, BASIC][..], &[md5], &[rfc2069, BASIC], &[BASIC]] {
        for policy in [
            Policy::digest_or_basic(),
            Policy::digest_or_basic().with_rfc2069(),
            Policy::digest_or_basic().without_md5(),
        ] {
            let mut session = Session::<64>::new(policy);
            let request = Request::new("CONNECT", "example.com:443").unwrap();
            let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
            let step = session.receive(pending, 407, [("Proxy-Authenticate", SHA_256)]);
            assert!(matches!(step, Step::Again(_)));
            let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
            let lines = weaker.iter().map(|challenge| ("Proxy-Authenticate", *challenge));
            let step = session.receive(pending, 407, lines);
            assert!(matches!(step, Step::GiveUp(_)), "{policy:?} {weaker:?}: {step:?}");
            if let Ok((Some(authorization), _)) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]) {
                let value = authorization.to_string();
                assert!(
                    value.contains("algorithm=SHA-256") && value.contains("qop=auth"),
                    "{value}"
                );
            }
        }
    }
}

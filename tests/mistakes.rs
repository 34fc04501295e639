//! Mistakes that authors of proxies and clients made before there were `Gate` and `Session`. Each is refused, or does not compile.
//!
//! For what does not compile, the documentation of the type has a test. Here is the same code without the mistake, so that those
//! tests fail for the mistake alone.

use std::time::Duration;

use proxy_auth::{Account, Attempt, Gate, Login, Pass, Password, Policy, Refusal, ReplayStore, Request, Secret};
use proxy_auth::{ConnectionSession, Pending, Session, Step, Ticket, TokenRequest, Turn, negotiate};

const NOW: Duration = Duration::from_secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
#[cfg(feature = "digest")]
const STARTED: Duration = Duration::from_secs(1_445_412_479);
const LOGIN: Login<'static> = Login {
    name: "aladdin",
    password: "open sesame",
};

#[cfg(feature = "digest")]
fn connect() -> Request<'static> {
    Request::new("CONNECT", "example.com:443").unwrap()
}

/// Fails to compile if a type implements a trait: the name of the function is then ambiguous.
macro_rules! assert_does_not_implement {
    ($type:ty: $trait:path) => {
        const _: fn() = || {
            trait Ambiguous<A> {
                fn function() {}
            }
            struct Implements;
            impl<T: ?Sized> Ambiguous<()> for T {}
            impl<T: ?Sized + $trait> Ambiguous<Implements> for T {}
            let _ = <$type as Ambiguous<_>>::function;
        };
    };
}

// A client whose state repeats a count, or a proxy whose ticket is redeemed twice, would need a copy.
assert_does_not_implement!(Session<1>: Clone);
assert_does_not_implement!(Pending: Clone);
assert_does_not_implement!(ConnectionSession: Clone);
assert_does_not_implement!(TokenRequest<'static>: Clone);
assert_does_not_implement!(Ticket<'static>: Clone);
assert_does_not_implement!(Ticket<'static>: Into<Pass<'static>>);
assert_does_not_implement!(Ticket<'static>: AsRef<Pass<'static>>);
assert_does_not_implement!(Ticket<'static>: std::ops::Deref);
assert_does_not_implement!(Pass<'static>: Default);
assert_does_not_implement!(Policy: Default);

/// A client's state must be kept from one request to the next, in a pool or in another task.
#[test]
fn a_session_borrows_nothing() {
    fn is_kept<T: Send + Sync + 'static>() {}
    is_kept::<Session<512>>();
    is_kept::<Pending>();
    is_kept::<ConnectionSession>();
    is_kept::<Policy>();
}

/// The tests of the documentation, without their mistakes.
mod without_the_mistake {
    use super::*;

    fn redeem<'a>(ticket: Ticket<'a>, store: &mut impl ReplayStore) -> Result<Pass<'a>, Refusal> {
        ticket.redeem(store)
    }

    fn check<'a, S: Secret>(attempt: Attempt<'a, &str>, account: Option<Account<'a, S>>) -> Result<Pass<'a>, Refusal> {
        attempt.check(account, Duration::ZERO)?.redeem(&mut ())
    }

    fn keep(pending: Pending) -> Pending {
        pending
    }

    fn answer_once(request: TokenRequest<'_>) {
        let _ = request.answer(b"first");
    }

    #[test]
    fn the_documented_code_compiles() {
        let request = Request::new("CONNECT", "example.com:443").unwrap();
        let gate = Gate::new("apps").unwrap().with_basic();
        assert!(gate.read(&request, [("Host", "x")], &mut []).is_err());

        let fields = [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
        let account = || Some(Account::new(LOGIN.name, Password::new(LOGIN.password)));
        let mut scratch = [0; 64];
        let attempt = gate.read(&request, fields, &mut scratch).unwrap();
        assert!(check(attempt, account()).is_ok());
        let mut scratch = [0; 64];
        let attempt = gate.read(&request, fields, &mut scratch).unwrap();
        assert!(redeem(attempt.check(account(), NOW).unwrap(), &mut ()).is_ok());

        let mut session = Session::<512>::new(Policy::basic_only());
        let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
        let step = session.receive(keep(pending), 407, [("Proxy-Authenticate", "Basic realm=x")]);
        assert!(matches!(step, Step::Again(_)));

        let mut session = ConnectionSession::new(negotiate::Mechanism::Ntlm);
        let step = session.receive(407, [("Proxy-Authenticate", "NTLM")], &mut []);
        let proxy_auth::HandshakeStep::Again(request) = step else {
            panic!("a token is asked for")
        };
        answer_once(request);

        #[cfg(feature = "digest")]
        {
            use proxy_auth::{DigestOffer, digest::Algorithm};
            let _ = DigestOffer::new(b"32 bytes from a random source   ", [Algorithm::Sha256]);
        }
    }
}

/// A client that falls back to Basic if there is no Digest sends the password to whoever removes the challenge.
#[cfg(feature = "digest")]
mod downgrade {
    use super::*;
    use proxy_auth::GiveUp;

    const DIGEST: &str = "Digest realm=\"apps\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
    const BASIC: &str = "Basic realm=\"apps\"";

    /// Sends a request, and receives a 407 with the given challenges.
    fn challenged(session: &mut Session<128>, challenges: &[&str]) -> (Option<String>, Step) {
        let request = connect();
        let (authorization, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
        let value = authorization.map(|authorization| authorization.to_string());
        let lines = challenges.iter().map(|challenge| ("Proxy-Authenticate", *challenge));
        (value, session.receive(pending, 407, lines))
    }

    fn is_password_sent(session: &mut Session<128>) -> bool {
        let request = connect();
        let sent = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]);
        sent.is_ok_and(|(value, _)| value.is_some_and(|value| value.to_string().starts_with("Basic")))
    }

    #[test]
    fn a_stripped_challenge_is_not_answered_with_basic() {
        let mut session = Session::new(Policy::digest_only());
        let (_, step) = challenged(&mut session, &[BASIC]);
        assert!(matches!(step, Step::GiveUp(GiveUp::NothingFits(_))));
        assert!(!is_password_sent(&mut session));
    }

    #[test]
    fn a_challenge_that_is_stripped_later_is_not_answered_with_basic() {
        let mut session = Session::new(Policy::digest_or_basic());
        assert!(matches!(challenged(&mut session, &[DIGEST, BASIC]).1, Step::Again(_)));
        let (sent, step) = challenged(&mut session, &[BASIC]);
        assert!(sent.unwrap().starts_with("Digest "));
        assert_eq!(step, Step::GiveUp(GiveUp::Refused));
        assert!(!is_password_sent(&mut session));
        session.forget_login();
        assert!(!is_password_sent(&mut session));
    }

    #[test]
    fn a_challenge_that_is_cut_anywhere_is_not_answered_with_basic() {
        for end in "Digest".len()..DIGEST.len() {
            let (cut, _) = DIGEST.split_at(end);
            for challenges in [[cut, BASIC], [BASIC, cut]] {
                let mut session = Session::new(Policy::digest_or_basic());
                let _ = challenged(&mut session, &challenges);
                assert!(!is_password_sent(&mut session), "{challenges:?}");
            }
        }
    }

    #[test]
    fn a_damaged_challenge_is_not_passed_over() {
        for damaged in [
            DIGEST.replace("SHA-256", "SHA-1"),
            DIGEST.replace("qop=\"auth\"", "qop=\"x\""),
            DIGEST.replace("nonce=\"n\", ", ""),
            DIGEST.replace("nonce=\"n\"", "nonce=\"n\", nonce=\"m\""),
            "Digest".to_owned(),
        ] {
            for challenges in [[&damaged, BASIC], [BASIC, &damaged]] {
                let mut session = Session::new(Policy::digest_or_basic());
                let (_, step) = challenged(&mut session, &challenges);
                assert!(matches!(step, Step::GiveUp(_)), "{challenges:?}: {step:?}");
                assert!(!is_password_sent(&mut session), "{challenges:?}");
            }
        }
    }
}

#[cfg(feature = "digest")]
mod proxy {
    use super::*;
    use proxy_auth::digest::{self, Algorithm, PasswordHash, ReplayWindow, Slot, Username, Verdict, Verifier};
    use proxy_auth::{DigestOffer, Reason};

    const KEY: [u8; 32] = [7; 32];

    fn gate() -> Gate<&'static str> {
        let digest = DigestOffer::new(&KEY, [Algorithm::Sha256]);
        Gate::new("apps").unwrap().with_digest(&digest).with_basic()
    }

    fn window(gate: &Gate<&str>) -> ReplayWindow<[Slot; 8]> {
        gate.replay_window([Slot::EMPTY; 8], STARTED)
    }

    fn hash(name: &str, password: &str) -> PasswordHash {
        let login = digest::Login::new(Username::new(name).unwrap(), password);
        PasswordHash::new(Algorithm::Sha256, login, "apps")
    }

    /// Returns the answer of a user to a challenge of the gate.
    fn answer(gate: &Gate<&str>, login: &Login<'_>) -> String {
        let request = connect();
        let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
        let denial = gate.deny(&refusal, NOW, 1);
        let lines: Vec<_> = denial.challenges().map(|challenge| challenge.to_string()).collect();
        let mut session = Session::<256>::new(Policy::digest_only());
        let (_, pending) = session.authorize(Turn::FIRST, login, &request, [1; 16]).unwrap();
        let fields = lines.iter().map(|line| ("Proxy-Authenticate", line.as_str()));
        assert!(matches!(session.receive(pending, 407, fields), Step::Again(_)));
        let (authorization, _) = session.authorize(Turn::FIRST, login, &request, [1; 16]).unwrap();
        authorization.unwrap().to_string()
    }

    fn send(
        gate: &Gate<&str>,
        value: &str,
        account: Option<Account<'_, &PasswordHash>>,
        store: &mut impl ReplayStore,
    ) -> Result<String, Reason> {
        let (request, mut scratch) = (connect(), [0; 64]);
        let mut check = || {
            let attempt = gate.read(&request, [("Proxy-Authorization", value)], &mut scratch)?;
            let pass = attempt.check(account, NOW)?.redeem(store)?;
            Ok(String::from_utf8_lossy(pass.user()).into_owned())
        };
        check().map_err(|refusal: Refusal| refusal.reason().clone())
    }

    fn primitive(value: &str, account: Option<Account<'_, &PasswordHash>>) -> Verdict {
        let verifier = Verifier::new("apps", &KEY, Duration::from_secs(300)).unwrap();
        let credentials = proxy_auth::Credentials::parse(value).unwrap();
        let credentials = digest::Credentials::read(&credentials).unwrap();
        verifier.verify(&credentials, account, &connect(), NOW)
    }

    /// So that response time did not reveal whether a user exists, unknown users were verified with the hash of any password.
    #[test]
    fn an_unknown_user_does_not_pass_with_any_hash() {
        let (gate, any) = (gate(), hash("nobody", "any"));
        for name in ["mallory", "aladdin", ""] {
            // The attacker knows the password, from the source code of the proxy.
            let login = Login { name, password: "any" };
            let basic = proxy_auth::basic::Credentials::new(name, "any").unwrap();
            for value in [answer(&gate, &login), basic.to_string()] {
                let fallback = Some(Account::new("nobody", &any));
                assert_eq!(
                    send(&gate, &value, fallback, &mut window(&gate)),
                    Err(Reason::OtherUser)
                );
                assert_eq!(send(&gate, &value, None, &mut window(&gate)), Err(Reason::UnknownUser));
            }
            let value = answer(&gate, &login);
            assert_eq!(primitive(&value, None), Verdict::Wrong);
            assert_eq!(primitive(&value, Some(Account::new("nobody", &any))), Verdict::Wrong);
        }
    }

    /// The name is not part of the proof, so that of one user was accepted for another.
    #[test]
    fn a_proof_with_another_name_does_not_pass() {
        let gate = gate();
        let (mallory, aladdin) = (hash("mallory", "secret"), hash("aladdin", "open sesame"));
        let own = answer(
            &gate,
            &Login {
                name: "mallory",
                password: "secret",
            },
        );
        let relabelled = own.replace("username=\"mallory\"", "username=\"aladdin\"");
        assert_ne!(own, relabelled);
        let sent = |value: &str, account| send(&gate, value, Some(account), &mut window(&gate));
        // The proxy looks up the account of the name, or that of the proof.
        assert_eq!(sent(&relabelled, Account::new("aladdin", &aladdin)), Err(Reason::Wrong));
        assert_eq!(
            sent(&relabelled, Account::new("mallory", &mallory)),
            Err(Reason::OtherUser)
        );
        // It confuses the hashes.
        assert_eq!(sent(&own, Account::new("aladdin", &mallory)), Err(Reason::OtherUser));
        assert_eq!(sent(&own, Account::new("mallory", &mallory)), Ok("mallory".to_owned()));
        assert_eq!(
            primitive(&relabelled, Some(Account::new("mallory", &mallory))),
            Verdict::Wrong
        );
        assert_eq!(
            primitive(&relabelled, Some(Account::new("aladdin", &aladdin))),
            Verdict::Wrong
        );
    }

    /// An answer was accepted although the store of used answers was not asked.
    #[test]
    fn an_answer_does_not_pass_without_a_store_or_twice() {
        let (gate, aladdin) = (gate(), hash(LOGIN.name, LOGIN.password));
        let value = answer(&gate, &LOGIN);
        let account = || Some(Account::new(LOGIN.name, &aladdin));
        assert_eq!(send(&gate, &value, account(), &mut ()), Err(Reason::Replayed));
        let mut window = window(&gate);
        assert_eq!(send(&gate, &value, account(), &mut window), Ok(LOGIN.name.to_owned()));
        assert_eq!(send(&gate, &value, account(), &mut window), Err(Reason::Replayed));
    }

    /// A client that was created again for each request sent nc=1 again, with the same nonce.
    #[test]
    fn a_session_never_repeats_a_count() {
        let (gate, aladdin) = (gate(), hash(LOGIN.name, LOGIN.password));
        let request = connect();
        let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
        let denial = gate.deny(&refusal, NOW, 1);
        let line = denial.challenges().next().unwrap().to_string();
        let mut session = Session::<256>::new(Policy::digest_only());
        let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
        let step = session.receive(pending, 407, [("Proxy-Authenticate", line.as_str())]);
        assert!(matches!(step, Step::Again(_)));
        let mut window = window(&gate);
        for _ in 0..20 {
            // Even if the random source repeats itself, or no response arrives.
            let (authorization, _) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
            let value = authorization.unwrap().to_string();
            let account = Some(Account::new(LOGIN.name, &aladdin));
            assert_eq!(send(&gate, &value, account, &mut window), Ok(LOGIN.name.to_owned()));
        }
    }
}

//! Sessions with Digest, against the crate's own proxy and against written responses.

use std::time::Duration;

use proxy_auth::digest::{
    Account, Algorithm, Challenge, Credentials, Info, Login as DigestLogin, PasswordHash, QopOptions, ReplayWindow,
    Slot, Username, Verdict, Verifier,
};
use proxy_auth::{Encode, GiveUp, Login, Pending, Policy, Request, Role, Rule, SchemeError, Session, Step, Turn};

use super::{BASIC, DONE, LOGIN, accept, again, authorize, authorize_in, challenge, refuse, request};

const PROVED: Step = Step::Done { proved: true };
const MD5: &str = "Digest realm=\"apps\", nonce=\"m\", qop=\"auth\"";
const SHA_256: &str = "Digest realm=\"apps\", nonce=\"s\", algorithm=SHA-256, qop=\"auth\"";

/// A proxy with one user, made of the crate's own parts.
struct Proxy {
    verifier: Verifier<'static>,
    window: ReplayWindow<Vec<Slot>>,
    stored: PasswordHash,
    now: Duration,
    unique: u64,
    name: &'static str,
    role: Role,
    sends_nextnonce: bool,
    sends_userhash: bool,
    sends_utf8: bool,
    /// The values of the accepted credentials.
    accepted: Vec<String>,
}

struct Response {
    status: u16,
    fields: Vec<(&'static str, String)>,
}

impl Response {
    fn receive<const N: usize>(&self, session: &mut Session<N>, pending: Pending) -> Step {
        let fields = self.fields.iter().map(|(name, value)| (*name, value.as_str()));
        session.receive(pending, self.status, fields)
    }
}

impl Proxy {
    fn new(algorithm: Algorithm) -> Self {
        Self::of("aladdin", algorithm, 1)
    }

    fn of(name: &'static str, algorithm: Algorithm, key: u8) -> Self {
        let now = Duration::from_secs(1_445_412_480);
        let verifier = Verifier::new("apps", &[key; 32], Duration::from_secs(300)).unwrap();
        let verifier = verifier.with_algorithm(algorithm);
        let login = DigestLogin::new(Username::new(name).unwrap(), LOGIN.password);
        Self {
            window: ReplayWindow::new(
                &verifier,
                vec![Slot::EMPTY; 64],
                now.saturating_sub(Duration::from_secs(1)),
            ),
            verifier,
            stored: PasswordHash::new(algorithm, login, "apps"),
            now,
            unique: 0,
            name,
            role: Role::Proxy,
            sends_nextnonce: false,
            sends_userhash: false,
            sends_utf8: false,
            accepted: Vec::new(),
        }
    }

    fn respond(&mut self, authorization: Option<&str>, request: Request<'_>) -> Response {
        let Some(value) = authorization else {
            return self.refuse(false);
        };
        let credentials = proxy_auth::Credentials::parse(value).unwrap();
        let credentials = Credentials::read(&credentials).unwrap();
        let account = Some(Account::new(self.name, &self.stored));
        match self.verifier.verify(&credentials, account, &request, self.now) {
            Verdict::Accepted if self.window.admit(&credentials, self.now) => {
                self.accepted.push(value.to_owned());
                self.unique += 1;
                let next = self.verifier.nonce(self.now, self.unique);
                let rspauth = self.stored.rspauth(&credentials, b"");
                let mut info = Info::new().with_rspauth(rspauth.as_bytes(), &credentials).unwrap();
                if self.sends_nextnonce {
                    info = info.with_nextnonce(&next).unwrap();
                }
                Response {
                    status: 200,
                    fields: vec![(self.role.authentication_info().as_str(), info.to_string())],
                }
            }
            Verdict::Accepted | Verdict::Stale => self.refuse(true),
            Verdict::Wrong => self.refuse(false),
        }
    }

    fn refuse(&mut self, is_stale: bool) -> Response {
        self.unique += 1;
        let nonce = self.verifier.nonce(self.now, self.unique);
        let mut challenge = self.verifier.challenge(&nonce);
        if is_stale {
            challenge = challenge.with_stale();
        }
        if self.sends_userhash {
            challenge = challenge.with_userhash();
        }
        if self.sends_utf8 {
            challenge = challenge.with_utf8();
        }
        Response {
            status: self.role.status().as_u16(),
            fields: vec![(self.role.authenticate().as_str(), challenge.to_string())],
        }
    }

    /// Sends a request until its last step. Returns that and the number of responses.
    fn fetch<const N: usize>(&mut self, session: &mut Session<N>, login: &Login<'_>) -> (Step, usize) {
        let mut turn = Turn::FIRST;
        for responses in 1.. {
            let random = [u8::try_from(self.unique % 251).unwrap(); 16];
            let (authorization, pending) = match session.authorize(turn, login, &request(), random) {
                Ok(authorized) => authorized,
                Err(reason) => return (Step::GiveUp(reason), responses - 1),
            };
            let value = authorization.map(|authorization| authorization.to_string());
            let response = self.respond(value.as_deref(), request());
            match response.receive(session, pending) {
                Step::Again(next) => turn = next,
                last => return (last, responses),
            }
        }
        unreachable!()
    }
}

/// Returns the parts of a written answer that a test compares.
fn read(value: &str) -> Credentials<'_> {
    Credentials::read(&proxy_auth::Credentials::parse(value).unwrap()).unwrap()
}

#[test]
fn a_challenge_is_answered_once_and_then_in_advance() {
    for algorithm in Algorithm::ALL {
        let mut proxy = Proxy::new(algorithm);
        let mut session = Session::<128>::new(Policy::digest_only());
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2), "{algorithm}");
        for nc in 2..5 {
            assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 1), "{algorithm}");
            let [first, .., last] = &proxy.accepted[..] else {
                panic!()
            };
            let (first, last) = (read(first), read(last));
            assert_eq!(last.nc(), Some(nc));
            assert!(first.nonce() == last.nonce() && first.cnonce() == last.cnonce());
            assert_ne!(first.response(), last.response());
        }
    }
}

#[test]
fn the_example_of_rfc_7616_is_answered() {
    let mut session = Session::<256>::new(Policy::digest_only()).with_role(Role::Server);
    let login = Login {
        name: "J\u{E4}s\u{F8}n Doe",
        password: "Secret, or not?",
    };
    let request = Request::new("GET", "/doe.json").unwrap();
    let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [0xAB; 16]).unwrap();
    let value = "Digest realm=\"api@example.org\", qop=\"auth\", algorithm=SHA-512-256, \
                 nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", \
                 opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", charset=UTF-8, userhash=true";
    again(session.receive(pending, 401, [("WWW-Authenticate", value)]));
    let (authorization, _) = session.authorize(Turn::FIRST, &login, &request, [0xAB; 16]).unwrap();
    let written = authorization.unwrap().encode_string::<1024>().unwrap();
    let sent = read(&written);
    assert!(sent.is_userhash() && !sent.username().is_extended());
    // See the erratum in `tests/digest_compute.rs`.
    let hashed = "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b";
    assert_eq!(sent.username(), *hashed);
    assert_eq!(sent.cnonce().unwrap(), "ab".repeat(16).as_str());
    assert_eq!(sent.opaque().unwrap(), "HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS");
    // Computed by Python's hashlib.
    assert_eq!(
        sent.response(),
        "17de455faab37d7919209d765559e3cd5a259901e83d28a9c007738ea0509624"
    );
}

#[test]
fn a_stale_nonce_is_renewed_in_one_round() {
    for algorithm in Algorithm::ALL {
        let mut proxy = Proxy::new(algorithm);
        let mut session = Session::<128>::new(Policy::digest_only());
        for rounds in [2; 12] {
            assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, rounds), "{algorithm}");
            assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 1));
            proxy.now += Duration::from_secs(301);
        }
        let cnonces: Vec<_> = proxy
            .accepted
            .iter()
            .map(|value| read(value).cnonce().unwrap())
            .collect();
        assert!(cnonces[0] == cnonces[1] && cnonces[1] != cnonces[2] && cnonces[2] != cnonces[4]);
    }
}

#[test]
fn a_restarted_proxy_is_answered_even_if_it_does_not_say_stale() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(accept(&mut session, pending), DONE);
    let (_, pending) = authorize(&mut session, 1);
    again(refuse(&mut session, pending, &[&SHA_256.replace("\"s\"", "\"t\"")]));
    let (value, pending) = authorize(&mut session, 2);
    assert_eq!(read(&value.unwrap()).nonce(), "t");
    // The password was changed in the meantime.
    let again = refuse(&mut session, pending, &[&SHA_256.replace("\"s\"", "\"u\"")]);
    assert_eq!(again, Step::GiveUp(GiveUp::Refused));
}

#[test]
fn a_nonce_is_not_renewed_by_itself() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let (_, pending) = authorize(&mut session, 1);
    let same = refuse(&mut session, pending, &[&format!("{SHA_256}, stale=true")]);
    assert_eq!(same, Step::GiveUp(GiveUp::Refused));
}

#[test]
fn a_proxy_that_finds_every_nonce_stale_ends_the_request_but_not_the_session() {
    let mut session = Session::<64>::new(Policy::digest_only());
    let stale = |nonce: u32| format!("Digest realm=\"apps\", nonce=\"{nonce}\", qop=\"auth\", stale=true");
    for _ in 0..20 {
        let turn = again(challenge(&mut session, &[&stale(0)]));
        let (_, pending) = authorize_in(&mut session, turn, 1);
        let turn = again(refuse(&mut session, pending, &[&stale(1)]));
        let (_, pending) = authorize_in(&mut session, turn, 1);
        let last = refuse(&mut session, pending, &[&stale(2)]);
        assert_eq!(last, Step::GiveUp(GiveUp::TooManyRounds));
    }
    again(challenge(&mut session, &[&stale(0)]));
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(accept(&mut session, pending), DONE);
}

#[test]
fn a_loop_that_forgets_the_turn_ends() {
    let mut session = Session::<64>::new(Policy::digest_only());
    let stale = |nonce: u32| format!("Digest realm=\"apps\", nonce=\"{nonce}\", qop=\"auth\", stale=true");
    let rounds = (0..1000).find(|&nonce| {
        let (_, pending) = authorize(&mut session, 1);
        refuse(&mut session, pending, &[&stale(nonce)]) == Step::GiveUp(GiveUp::TooManyRounds)
    });
    assert_eq!(rounds, Some(65));
}

/// A request that is not sent again, because its user went away, leaves nothing behind.
#[test]
fn the_stale_nonce_of_one_request_does_not_count_against_another() {
    for algorithm in Algorithm::ALL {
        let mut proxy = Proxy::new(algorithm);
        let mut session = Session::<128>::new(Policy::digest_only());
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2));
        for _ in 0..3 {
            proxy.now += Duration::from_secs(301);
            let (value, pending) = authorize(&mut session, 1);
            again(
                proxy
                    .respond(value.as_deref(), request())
                    .receive(&mut session, pending),
            );
        }
        proxy.now += Duration::from_secs(301);
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2), "{algorithm}");
    }
}

/// Each response makes the nonce of both requests stale.
#[test]
fn requests_that_overlap_are_not_sent_again_for_ever() {
    let mut session = Session::<64>::new(Policy::digest_only());
    let first_turn = again(challenge(&mut session, &[SHA_256]));
    let (mut of_first, mut of_second) = (first_turn, first_turn);
    for nonce in 0..8 {
        let (_, first) = authorize_in(&mut session, of_first, 1);
        let (_, second) = authorize_in(&mut session, of_second, 1);
        let stale = format!("Digest realm=\"apps\", nonce=\"{nonce}\", algorithm=SHA-256, qop=\"auth\", stale=true");
        of_second = again(refuse(&mut session, second, &[&stale]));
        of_first = again(refuse(&mut session, first, &[&stale]));
    }
    let (_, first) = authorize_in(&mut session, of_first, 1);
    let (_, second) = authorize_in(&mut session, of_second, 1);
    let stale = format!("{SHA_256}, stale=true");
    let last = refuse(&mut session, second, &[&stale]);
    assert_eq!(last, Step::GiveUp(GiveUp::TooManyRounds));
    // The other one starts from the beginning.
    again(refuse(&mut session, first, &[&stale]));
    assert_eq!(authorize(&mut session, 1).0, None);
}

/// An attacker answers one of two requests with a weak challenge. The response to the other shows what the proxy offers.
#[test]
fn a_late_challenge_that_is_stronger_replaces_the_first() {
    for weak in [
        BASIC,
        "Digest realm=\"apps\", nonce=\"evil\", algorithm=MD5, qop=\"auth\"",
    ] {
        let mut session = Session::<64>::new(Policy::digest_or_basic());
        let ((_, first), (_, second)) = (authorize(&mut session, 1), authorize(&mut session, 1));
        again(refuse(&mut session, second, &[weak]));
        again(refuse(&mut session, first, &[SHA_256]));
        let value = authorize(&mut session, 1).0.unwrap();
        assert_eq!(read(&value).algorithm(), Algorithm::Sha256);
    }
}

#[test]
fn a_late_success_says_nothing_about_the_current_nonce() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let ((_, early), (_, late)) = (authorize(&mut session, 1), authorize(&mut session, 1));
    let stale = format!("{}, stale=true", SHA_256.replace("\"s\"", "\"t\""));
    again(refuse(&mut session, early, &[&stale]));
    let info = [("Proxy-Authentication-Info", "nextnonce=u")];
    assert_eq!(session.receive(late, 200, info), DONE);
    let (value, pending) = authorize(&mut session, 2);
    assert_eq!(read(&value.unwrap()).nonce(), "t");
    let other = SHA_256.replace("\"s\"", "\"v\"");
    assert_eq!(refuse(&mut session, pending, &[&other]), Step::GiveUp(GiveUp::Refused));
}

#[test]
fn a_forgotten_login_was_not_accepted() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(accept(&mut session, pending), DONE);
    session.forget_login();
    let (_, pending) = authorize(&mut session, 1);
    let other = SHA_256.replace("\"s\"", "\"t\"");
    assert_eq!(refuse(&mut session, pending, &[&other]), Step::GiveUp(GiveUp::Refused));
}

#[test]
fn an_algorithm_without_a_session_key_is_not_weaker() {
    let session_key = SHA_256.replace("SHA-256", "SHA-256-sess");
    for [before, after] in [[&session_key[..], SHA_256], [SHA_256, &session_key]] {
        let mut session = Session::<64>::new(Policy::digest_only());
        again(challenge(&mut session, &[before]));
        let (_, pending) = authorize(&mut session, 1);
        let stale = format!("{}, stale=true", after.replace("\"s\"", "\"t\""));
        again(refuse(&mut session, pending, &[&stale]));
    }
}

#[test]
fn a_nextnonce_that_is_not_new_changes_nothing() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(
        session.receive(pending, 200, [("Proxy-Authentication-Info", "nextnonce=s")]),
        DONE
    );
    assert_eq!(read(&authorize(&mut session, 2).0.unwrap()).nc(), Some(2));
}

#[test]
fn a_wrong_password_is_refused_after_one_answer() {
    let mut proxy = Proxy::new(Algorithm::Sha256);
    let mut session = Session::<128>::new(Policy::digest_or_basic());
    let wrong = Login {
        password: "open barley",
        ..LOGIN
    };
    assert_eq!(proxy.fetch(&mut session, &wrong), (Step::GiveUp(GiveUp::Refused), 2));
    assert_eq!(proxy.fetch(&mut session, &LOGIN), (Step::GiveUp(GiveUp::Refused), 0));
    session.forget_login();
    assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 1));
    assert_eq!(read(&proxy.accepted[0]).nc(), Some(2), "the count goes on");
}

#[test]
fn another_name_is_hashed_anew() {
    let mut proxy = Proxy::new(Algorithm::Sha256);
    let mut session = Session::<128>::new(Policy::digest_only());
    assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2));
    let (mut other, name) = (Proxy::of("alad", Algorithm::Sha256, 1), "alad");
    assert_eq!(other.fetch(&mut session, &Login { name, ..LOGIN }), (PROVED, 1));
    assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 1));
}

#[test]
fn no_other_scheme_is_tried_after_credentials_were_sent() {
    let mut session = Session::<64>::new(Policy::digest_or_basic().with_downgrade());
    again(challenge(&mut session, &[SHA_256, BASIC]));
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(refuse(&mut session, pending, &[BASIC]), Step::GiveUp(GiveUp::Refused));

    let mut session = Session::<64>::new(Policy::digest_or_basic());
    again(challenge(&mut session, &[BASIC]));
    let (_, pending) = authorize(&mut session, 1);
    let stale = format!("{SHA_256}, stale=true");
    assert_eq!(refuse(&mut session, pending, &[&stale]), Step::GiveUp(GiveUp::Refused));
}

#[test]
fn nextnonce_is_used_with_a_new_count_and_a_new_cnonce() {
    for algorithm in Algorithm::ALL {
        let mut proxy = Proxy::new(algorithm);
        proxy.sends_nextnonce = true;
        let mut session = Session::<128>::new(Policy::digest_only());
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2));
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 1));
        let [first, second] = &proxy.accepted[..] else { panic!() };
        let (first, second) = (read(first), read(second));
        // The key of a session is bound to its first nonce.
        assert_eq!(first.nonce() == second.nonce(), algorithm.is_session(), "{algorithm}");
        assert_eq!(first.cnonce() == second.cnonce(), algorithm.is_session());
        assert_eq!(second.nc(), Some(if algorithm.is_session() { 2 } else { 1 }));
    }
}

#[test]
fn nextnonce_is_adopted_only_if_it_can_be() {
    let nonce = "n".repeat(60);
    for (challenges, next, adopted) in [
        (SHA_256, "next", true),
        (SHA_256, "a:b", true),
        (SHA_256, &nonce, false), // no memory
        ("Digest realm=\"apps\", nonce=\"s\"", "next", true),
        ("Digest realm=\"apps\", nonce=\"s\"", "s:00000001:c:auth", false),
    ] {
        let mut session = Session::<64>::new(Policy::digest_only().with_rfc2069());
        again(challenge(&mut session, &[challenges]));
        let (_, pending) = authorize(&mut session, 1);
        let info = format!("nextnonce=\"{next}\"");
        assert_eq!(
            session.receive(pending, 200, [("proxy-authentication-info", &info)]),
            DONE
        );
        let value = authorize(&mut session, 2).0.unwrap();
        assert_eq!(read(&value).nonce(), if adopted { next } else { "s" });
    }
}

#[test]
fn requests_that_overlap_share_a_nonce() {
    let mut proxy = Proxy::new(Algorithm::Sha256);
    let mut session = Session::<128>::new(Policy::digest_only());
    for _ in 0..3 {
        // Four requests are sent before the first response arrives; then those that must be sent again.
        let mut waiting: Vec<_> = (0..4).map(|_| authorize(&mut session, 7)).collect();
        let mut rounds = 0;
        while !waiting.is_empty() {
            rounds += 1;
            let mut turns = Vec::new();
            for (value, pending) in std::mem::take(&mut waiting) {
                match proxy
                    .respond(value.as_deref(), request())
                    .receive(&mut session, pending)
                {
                    Step::Again(turn) => turns.push(turn),
                    last => assert_eq!(last, PROVED),
                }
            }
            waiting = turns
                .into_iter()
                .map(|turn| authorize_in(&mut session, turn, 7))
                .collect();
        }
        assert_eq!(rounds, 2);
        proxy.now += Duration::from_secs(301);
    }
    let counts: Vec<_> = proxy.accepted.iter().filter_map(|value| read(value).nc()).collect();
    assert_eq!(counts, [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
}

/// A proxy that accepts each nonce once: of the requests that overlap, all but one are stale.
#[test]
fn requests_that_overlap_do_not_give_up_on_nonces_for_one_use() {
    let mut session = Session::<64>::new(Policy::digest_only());
    let mut used = std::collections::HashSet::new();
    let mut unique = 0;
    let mut waiting: Vec<_> = (0..6).map(|_| authorize(&mut session, 7)).collect();
    let mut done = 0;
    while let Some((value, pending)) = waiting.pop() {
        let is_new = value
            .as_deref()
            .is_some_and(|value| used.insert(read(value).nonce().to_string()));
        let step = if is_new {
            accept(&mut session, pending)
        } else {
            unique += 1;
            let stale = if value.is_some() { ", stale=true" } else { "" };
            let challenge = format!("Digest realm=\"apps\", nonce=\"{unique}\", qop=\"auth\"{stale}");
            refuse(&mut session, pending, &[&challenge])
        };
        match step {
            Step::Again(turn) => waiting.insert(0, authorize_in(&mut session, turn, 7)),
            last => {
                assert_eq!(last, DONE);
                done += 1;
            }
        }
    }
    assert_eq!(done, 6);
}

#[test]
fn a_late_refusal_of_an_old_nonce_is_answered_again() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let (_, early) = authorize(&mut session, 1);
    let (_, late) = authorize(&mut session, 1);
    let stale = format!("{}, stale=true", SHA_256.replace("\"s\"", "\"t\""));
    again(refuse(&mut session, early, &[&stale]));
    let (_, early) = authorize(&mut session, 2);
    assert_eq!(accept(&mut session, early), DONE);
    // Neither does the late refusal count as one of the new nonce, nor is its nonce adopted.
    again(refuse(&mut session, late, &[SHA_256]));
    assert_eq!(read(&authorize(&mut session, 2).0.unwrap()).nonce(), "t");
}

#[test]
fn a_name_is_sent_as_the_challenge_asks() {
    let login = Login {
        name: "J\u{E4}s\u{F8}n",
        password: "\u{A3}",
    };
    for (parameter, is_extended) in [("charset=UTF-8", true), ("charset=ISO-8859-1", false)] {
        let mut session = Session::<64>::new(Policy::digest_only());
        again(challenge(&mut session, &[&format!("{SHA_256}, {parameter}")]));
        let (authorization, _) = session.authorize(Turn::FIRST, &login, &request(), [1; 16]).unwrap();
        let value = authorization.unwrap().to_string();
        assert_eq!(read(&value).username().is_extended(), is_extended, "{value}");
        assert_eq!(read(&value).username(), *login.name);
    }
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[&format!("{SHA_256}, charset=UTF-8")]));
    assert!(!read(&authorize(&mut session, 1).0.unwrap()).username().is_extended());
}

#[test]
fn a_proxy_that_asks_for_hashed_names_gets_them() {
    for sends_utf8 in [false, true] {
        let mut proxy = Proxy::new(Algorithm::Sha256);
        (proxy.sends_userhash, proxy.sends_utf8) = (true, sends_utf8);
        let mut session = Session::<128>::new(Policy::digest_only());
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2));
        assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 1));
        assert!(
            proxy
                .accepted
                .iter()
                .all(|value| read(value).is_userhash() && !value.contains("aladdin"))
        );
    }
}

#[test]
fn an_origin_server_is_answered() {
    let mut proxy = Proxy::new(Algorithm::Md5);
    proxy.role = Role::Server;
    let mut session = Session::<128>::new(Policy::digest_only()).with_role(Role::Server);
    assert_eq!(proxy.fetch(&mut session, &LOGIN), (PROVED, 2));
}

#[test]
fn a_weaker_challenge_than_before_is_not_answered() {
    let strongest_first = [SHA_256, MD5, "Digest realm=\"apps\", nonce=\"o\"", BASIC];
    for (index, strong) in strongest_first.iter().enumerate() {
        for weak in &strongest_first[index + 1..] {
            let policy = Policy::digest_or_basic().with_rfc2069();
            let mut session = Session::<64>::new(policy);
            let (_, first) = authorize(&mut session, 1);
            let (_, second) = authorize(&mut session, 1);
            again(refuse(&mut session, first, &[strong]));
            again(refuse(&mut session, second, &[weak]));
            restart(&mut session, strong);
            assert_eq!(
                challenge(&mut session, &[weak]),
                Step::GiveUp(GiveUp::Downgraded),
                "{weak}"
            );
            again(challenge(&mut session, &[weak, strong]));

            let mut session = Session::<64>::new(policy.with_downgrade());
            again(challenge(&mut session, &[strong]));
            restart(&mut session, strong);
            again(challenge(&mut session, &[weak]));
        }
    }
}

/// Lets a session forget its challenge, by refusing its nonces.
fn restart<const N: usize>(session: &mut Session<N>, challenge: &str) {
    let mut turn = Turn::FIRST;
    for nonce in 0..20 {
        let (_, pending) = authorize_in(session, turn, 1);
        let end = challenge.rfind("nonce=\"").map_or(0, |start| start + 8);
        let stale = format!("{}{nonce}{}, stale=true", &challenge[..end], &challenge[end..]);
        match refuse(session, pending, &[&stale]) {
            Step::Again(next) => turn = next,
            last => {
                assert_eq!(last, Step::GiveUp(GiveUp::TooManyRounds));
                return;
            }
        }
    }
    panic!("the session did not start again");
}

#[test]
fn a_renewed_challenge_is_not_weaker() {
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[SHA_256]));
    let (_, pending) = authorize(&mut session, 1);
    let weaker = refuse(&mut session, pending, &[&format!("{MD5}, stale=true")]);
    assert_eq!(weaker, Step::GiveUp(GiveUp::Downgraded));
}

#[test]
fn a_damaged_or_unusable_challenge_is_not_passed_over() {
    for damaged in [
        "Digest realm=\"apps\", nonce=\"\x01\", algorithm=SHA-256, qop=\"auth\"",
        "Digest realm=\"apps\", nonce=\"x\", algorithm=SHA-3, qop=\"auth\"",
        "Digest realm=\"apps\"",
        "@",
    ] {
        let mut session = Session::<64>::new(Policy::digest_or_basic());
        let step = challenge(&mut session, &[damaged, BASIC]);
        assert!(
            matches!(step, Step::GiveUp(GiveUp::Unusable(_) | GiveUp::Damaged(_))),
            "{damaged}: {step:?}"
        );
        let mut session = Session::<64>::new(Policy::digest_or_basic().with_downgrade());
        again(challenge(&mut session, &[damaged, BASIC]));
        let mut session = Session::<64>::new(Policy::basic_only());
        again(challenge(&mut session, &[damaged, BASIC]));
    }
}

#[test]
fn only_what_the_policy_allows_is_answered() {
    let rfc2069 = "Digest realm=\"apps\", nonce=\"n\"";
    let sha_256_rfc2069 = "Digest realm=\"apps\", nonce=\"n\", algorithm=SHA-256";
    let auth_int = "Digest realm=\"apps\", nonce=\"n\", qop=\"auth-int\"";
    for (policy, answered, others) in [
        (
            Policy::digest_only(),
            &[MD5, SHA_256, auth_int][..],
            &[rfc2069, sha_256_rfc2069, BASIC, "Bearer", "Negotiate"][..],
        ),
        (Policy::digest_only().without_md5(), &[SHA_256], &[MD5, rfc2069, BASIC]),
        (
            Policy::digest_only().without_md5().with_rfc2069(),
            &[SHA_256],
            &[MD5, rfc2069, sha_256_rfc2069, BASIC],
        ),
        (Policy::digest_only().with_rfc2069(), &[MD5, rfc2069], &[BASIC]),
        (Policy::digest_or_basic(), &[MD5, BASIC], &[rfc2069]),
        (Policy::basic_only(), &[BASIC], &[MD5, SHA_256, rfc2069]),
        (
            Policy::digest_or_basic().with_rfc2069().with_proof_required(),
            &[MD5],
            &[BASIC, rfc2069, auth_int],
        ),
        (Policy::basic_only().with_proof_required(), &[], &[BASIC, MD5]),
    ] {
        for value in answered {
            let mut session = Session::<64>::new(policy);
            again(challenge(&mut session, &[value]));
            assert!(authorize(&mut session, 1).0.is_some());
        }
        for value in others {
            let mut session = Session::<64>::new(policy);
            let step = challenge(&mut session, &[value]);
            assert!(
                matches!(step, Step::GiveUp(GiveUp::NothingFits(_) | GiveUp::Unprovable)),
                "{policy:?} {value}: {step:?}"
            );
            assert_eq!(authorize(&mut session, 1).0, None);
        }
    }
}

#[test]
fn the_strongest_challenge_is_answered() {
    for policy in [Policy::digest_or_basic(), Policy::digest_or_basic().without_md5()] {
        let mut session = Session::<64>::new(policy);
        again(challenge(&mut session, &[BASIC, MD5, SHA_256]));
        let (value, _) = authorize(&mut session, 1);
        assert_eq!(read(&value.unwrap()).algorithm(), Algorithm::Sha256);
    }
}

#[test]
fn the_form_of_rfc_2069_has_no_count_and_proves_nothing() {
    let mut session = Session::<64>::new(Policy::digest_only().with_rfc2069());
    again(challenge(&mut session, &["Digest realm=\"apps\", nonce=\"n\""]));
    let (value, pending) = authorize(&mut session, 1);
    let value = value.unwrap();
    let sent = read(&value);
    assert!(sent.qop().is_none() && sent.nc().is_none() && sent.cnonce().is_none());
    let stored = PasswordHash::new(
        Algorithm::Md5,
        DigestLogin::new(Username::new(LOGIN.name).unwrap(), LOGIN.password),
        "apps",
    );
    assert_eq!(stored.response(&sent, &request()).as_str(), sent.response().to_string());
    let rspauth = stored.rspauth(&sent, b"").to_string();
    let info = format!("rspauth=\"{rspauth}\"");
    assert_eq!(
        session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]),
        DONE
    );

    let mut session = Session::<64>::new(Policy::digest_only().with_rfc2069());
    let colon = challenge(&mut session, &["Digest realm=\"apps\", nonce=\"n:00000001:c:auth\""]);
    let invalid = |step: &Step| {
        matches!(
            step,
            Step::GiveUp(GiveUp::Unusable(SchemeError::Invalid { param: "nonce", .. }))
        )
    };
    assert!(invalid(&colon), "{colon:?}");
}

#[test]
fn the_content_is_protected_only_if_nothing_else_is_offered() {
    for (qop, sent_qop) in [("auth-int, auth", "auth"), ("auth-int", "auth-int")] {
        let mut session = Session::<64>::new(Policy::digest_only());
        let value = format!("Digest realm=\"apps\", nonce=\"n\", qop=\"{qop}\"");
        again(challenge(&mut session, &[&value]));
        let request = Request::new("POST", "/").unwrap().with_content(b"content");
        let (authorization, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [1; 16]).unwrap();
        let value = authorization.unwrap().to_string();
        let sent = read(&value);
        assert_eq!(sent.qop().unwrap().token().to_str(), sent_qop);
        let stored = PasswordHash::new(
            Algorithm::Md5,
            DigestLogin::new(Username::new(LOGIN.name).unwrap(), LOGIN.password),
            "apps",
        );
        assert_eq!(stored.response(&sent, &request).as_str(), sent.response().to_string());
        let rspauth = stored.rspauth(&sent, b"");
        let info = Info::new().with_rspauth(rspauth.as_bytes(), &sent).unwrap().to_string();
        let proved = sent_qop == "auth";
        let step = session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]);
        assert_eq!(step, Step::Done { proved });
    }
}

/// Returns a session whose request was answered, and the parameters that prove the response.
fn proved(policy: Policy) -> (Session<128>, Pending, String) {
    let mut proxy = Proxy::new(Algorithm::Sha256);
    let mut session = Session::new(policy);
    let (_, pending) = authorize(&mut session, 1);
    again(proxy.respond(None, request()).receive(&mut session, pending));
    let (value, pending) = authorize(&mut session, 1);
    let mut response = proxy.respond(value.as_deref(), request());
    (session, pending, response.fields.remove(0).1)
}

#[test]
fn a_forged_proof_is_not_accepted() {
    let (mut session, pending, info) = proved(Policy::digest_only());
    assert_eq!(
        session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]),
        PROVED
    );

    let digit = info.find("rspauth=\"").unwrap() + 9;
    let other = if info.as_bytes()[digit] == b'0' { "1" } else { "0" };
    let mut changed = info.clone();
    changed.replace_range(digit..=digit, other);
    let forged = [
        changed,
        info.replace("nc=00000001", "nc=00000002"),
        info.replace("qop=auth", "qop=auth-int"),
        info.replace("cnonce=\"01", "cnonce=\"02"),
        "rspauth=\"\"".to_owned(),
    ];
    for forged in forged {
        assert_ne!(forged, info);
        for policy in [Policy::digest_only(), Policy::digest_only().with_proof_required()] {
            let (mut session, pending, _) = proved(policy);
            let forged = format!("{forged}, nextnonce=\"x\"");
            let step = session.receive(pending, 200, [("Proxy-Authentication-Info", &forged)]);
            assert_eq!(step, Step::GiveUp(GiveUp::Forged), "{forged}");
            assert_ne!(read(&authorize(&mut session, 1).0.unwrap()).nonce(), "x");
        }
    }
}

#[test]
fn a_proof_covers_the_parameters_beside_it() {
    let (mut session, pending, info) = proved(Policy::digest_only());
    let alone = info.split(',').find(|param| param.contains("rspauth")).unwrap();
    assert_eq!(
        session.receive(pending, 200, [("Proxy-Authentication-Info", alone)]),
        PROVED
    );
}

#[test]
fn a_response_without_proof_is_accepted_unless_the_policy_requires_it() {
    let (_, _, info) = proved(Policy::digest_only());
    let fields: [&[(&str, &str)]; 4] = [
        &[],
        &[("Proxy-Authentication-Info", "nextnonce=x")],
        &[("Proxy-Authentication-Info", "rspauth=\"")],
        &[
            ("Proxy-Authentication-Info", &info),
            ("Proxy-Authentication-Info", &info),
        ],
    ];
    for fields in fields {
        let (mut session, pending, _) = proved(Policy::digest_only());
        let step = session.receive(pending, 200, fields.iter().copied());
        let empty = fields.iter().any(|(_, value)| value.ends_with("rspauth=\""));
        let expected = if empty { Step::GiveUp(GiveUp::Forged) } else { DONE };
        assert_eq!(step, expected, "{fields:?}");
        let (mut session, pending, _) = proved(Policy::digest_only().with_proof_required());
        let step = session.receive(pending, 200, fields.iter().copied());
        let expected = if empty { GiveUp::Forged } else { GiveUp::Unproved };
        assert_eq!(step, Step::GiveUp(expected), "{fields:?}");
    }
    let mut session = Session::<0>::new(Policy::digest_only().with_proof_required());
    let (_, pending) = authorize(&mut session, 1);
    assert_eq!(
        accept(&mut session, pending),
        Step::GiveUp(GiveUp::Unproved),
        "nothing was asked"
    );
    let (mut session, pending, info) = proved(Policy::digest_only().with_proof_required());
    assert_eq!(
        session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]),
        PROVED
    );
}

#[test]
fn a_proof_for_another_request_is_forged() {
    let (mut session, pending, info) = proved(Policy::digest_only());
    let (_, second) = authorize(&mut session, 1);
    let step = session.receive(second, 200, [("Proxy-Authentication-Info", &info)]);
    assert_eq!(step, Step::GiveUp(GiveUp::Forged));
    assert_eq!(
        session.receive(pending, 200, [("Proxy-Authentication-Info", &info)]),
        PROVED
    );
}

#[test]
fn too_little_memory_is_an_error_with_the_needed_length() {
    let value = "Digest realm=\"a\\\"b\", nonce=\"12345\", opaque=\"xyz\", qop=\"auth\"";
    let needed = |reason: GiveUp| match reason {
        GiveUp::BufferTooSmall(error) => error.needed,
        other => panic!("{other}"),
    };
    let mut session = Session::<10>::new(Policy::digest_only());
    let Step::GiveUp(reason) = challenge(&mut session, &[value]) else {
        panic!()
    };
    assert_eq!(needed(reason), 11);
    let mut session = Session::<17>::new(Policy::digest_only());
    again(challenge(&mut session, &[value]));
    assert_eq!(
        needed(session.authorize(Turn::FIRST, &LOGIN, &request(), [1; 16]).unwrap_err()),
        18
    );
    let mut session = Session::<18>::new(Policy::digest_only());
    again(challenge(&mut session, &[value]));
    let (sent, pending) = authorize(&mut session, 1);
    let sent = sent.unwrap();
    assert_eq!(read(&sent).realm(), "a\"b");
    assert_eq!(read(&sent).nonce(), "12345");
    assert_eq!(read(&sent).opaque().unwrap(), "xyz");
    // A longer nonce would overwrite the name.
    let longer = format!("{}, stale=true", value.replace("12345", "123456"));
    let Step::GiveUp(reason) = refuse(&mut session, pending, &[&longer]) else {
        panic!()
    };
    assert_eq!(needed(reason), 19);
    assert_eq!(read(&authorize(&mut session, 1).0.unwrap()).nc(), Some(2));
}

#[test]
fn an_opaque_value_that_is_absent_is_not_sent() {
    for (opaque, sent) in [
        ("", None),
        (", opaque=\"\"", Some(true)),
        (", opaque=\"x\"", Some(false)),
    ] {
        let mut session = Session::<64>::new(Policy::digest_only());
        again(challenge(&mut session, &[&format!("{SHA_256}{opaque}")]));
        let value = authorize(&mut session, 1).0.unwrap();
        assert_eq!(read(&value).opaque().map(|opaque| opaque.is_empty()), sent);
    }
}

#[test]
fn names_that_digest_cannot_carry_are_errors() {
    for parameter in ["", ", charset=UTF-8", ", userhash=true"] {
        let mut session = Session::<64>::new(Policy::digest_only());
        again(challenge(&mut session, &[&format!("{SHA_256}{parameter}")]));
        for name in ["a\r\nX: y", "a\0", "a:b", "\t"] {
            let error = session
                .authorize(Turn::FIRST, &Login { name, ..LOGIN }, &request(), [1; 16])
                .unwrap_err();
            assert!(
                matches!(error, GiveUp::InvalidLogin(error) if error.rule() == Rule::UserId),
                "{error:?}"
            );
        }
        assert_eq!(
            read(&authorize(&mut session, 1).0.unwrap()).nc(),
            Some(1),
            "an error uses no count"
        );
    }
}

/// The crate's own reader knows escapes that a realm may contain.
#[test]
fn a_realm_with_escapes_is_answered() {
    let realm = "a \"quoted\" \\ realm";
    let value = Challenge::new(realm, "n")
        .unwrap()
        .with_qop(QopOptions::AUTH)
        .to_string();
    let mut session = Session::<64>::new(Policy::digest_only());
    again(challenge(&mut session, &[&value]));
    let sent = authorize(&mut session, 1).0.unwrap();
    assert_eq!(read(&sent).realm(), realm);
    let stored = PasswordHash::new(
        Algorithm::Md5,
        DigestLogin::new(Username::new(LOGIN.name).unwrap(), LOGIN.password),
        realm,
    );
    assert_eq!(
        stored.response(&read(&sent), &request()).as_str(),
        read(&sent).response().to_string()
    );
}

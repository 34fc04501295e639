//! The benchmarks of a gate and of a session.

use std::hint::black_box;
use std::time::Duration;

use proxy_auth::digest::{Algorithm, Slot};
use proxy_auth::{
    Account, Attempt, DigestOffer, Encode, Gate, Login, Password, Policy, Reason, Refusal, Request, Session, Step,
    Ticket, Turn,
};

use crate::inputs::BASIC_CREDENTIALS;
use crate::work::Measure;

const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const NOW: Duration = Duration::from_secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
const STARTED: Duration = Duration::from_secs(1_445_412_479);
const LOGIN: Login<'static> = Login {
    name: "Aladdin",
    password: "open sesame",
};

pub(crate) fn each(measure: Measure<'_>) {
    let request = Request::new("CONNECT", "example.com:443").expect("a request");
    basic(measure, &request);
    for algorithm in [Algorithm::Md5, Algorithm::Sha256] {
        digest(measure, &request, algorithm);
    }
    deny(measure, &request);
}

fn check<'a>(attempt: Attempt<'a, &str>, password: &'static str) -> Result<Ticket<'a>, Refusal> {
    attempt.check(Some(Account::new(LOGIN.name, Password::new(black_box(password)))), NOW)
}

fn basic(measure: Measure<'_>, request: &Request<'_>) {
    let gate = Gate::new("apps").expect("a realm").with_basic();
    let fields = [("Host", "example.com:443"), ("Proxy-Authorization", BASIC_CREDENTIALS)];
    let mut scratch = [0; 64];
    measure("gate", "Basic", &mut || {
        let attempt = gate
            .read(black_box(request), black_box(fields), &mut scratch)
            .expect("valid");
        let pass = check(attempt, LOGIN.password).and_then(|ticket| ticket.redeem(&mut ()));
        assert_eq!(pass.expect("the right password").user(), LOGIN.name.as_bytes());
    });
    measure("gate", "wrong password", &mut || {
        let attempt = gate
            .read(black_box(request), black_box(fields), &mut scratch)
            .expect("valid");
        let refusal = check(attempt, "wrong").expect_err("the wrong password");
        assert_eq!(refusal.reason(), &Reason::Wrong);
    });
}

fn digest(measure: Measure<'_>, request: &Request<'_>, algorithm: Algorithm) {
    let gate = Gate::new("apps")
        .expect("a realm")
        .with_digest(&DigestOffer::new(KEY, [algorithm]));
    let refusal = gate
        .read(request, [("Host", "example.com")], &mut [])
        .expect_err("no credentials");
    let denial = gate.deny(&refusal, NOW, 1);
    let challenge = denial.challenges().next().expect("an offer").to_string();
    let mut session = Session::<256>::new(Policy::digest_only());
    let (_, pending) = session
        .authorize(Turn::FIRST, &LOGIN, request, [7; 16])
        .expect("no challenge");
    let step = session.receive(pending, 407, [("Proxy-Authenticate", challenge.as_str())]);
    assert!(matches!(step, Step::Again(_)));
    let (authorization, _) = session
        .authorize(Turn::FIRST, &LOGIN, request, [7; 16])
        .expect("a challenge");
    let answer = authorization.expect("a challenge").to_string();

    let fields = [("Host", "example.com:443"), ("Proxy-Authorization", answer.as_str())];
    let (mut scratch, mut slots) = ([0; 64], [Slot::EMPTY; 8]);
    measure("gate", &format!("Digest {algorithm}"), &mut || {
        let mut window = gate.replay_window(&mut slots, STARTED);
        let attempt = gate
            .read(black_box(request), black_box(fields), &mut scratch)
            .expect("valid");
        let pass = check(attempt, LOGIN.password).and_then(|ticket| ticket.redeem(&mut window));
        assert_eq!(pass.expect("the right password").user(), LOGIN.name.as_bytes());
    });
    let mut buffer = [0; 512];
    measure("session: answer", &format!("Digest {algorithm}"), &mut || {
        let (authorization, pending) = session
            .authorize(Turn::FIRST, &LOGIN, black_box(request), [7; 16])
            .expect("a challenge");
        let _ = black_box(authorization.expect("a challenge").encode(&mut buffer));
        drop(black_box(pending));
    });
}

fn deny(measure: Measure<'_>, request: &Request<'_>) {
    let offer = DigestOffer::new(KEY, [Algorithm::Sha256]);
    let gate = Gate::new("apps").expect("a realm").with_digest(&offer).with_basic();
    let refusal = gate
        .read(request, [("Host", "example.com")], &mut [])
        .expect_err("no credentials");
    let mut buffer = [0; 512];
    measure("gate: deny", "two challenges", &mut || {
        let denial = gate.deny(black_box(&refusal), black_box(NOW), 1);
        let response = denial.response();
        assert!(response.encode(&mut buffer).is_ok());
    });
}

//! Checks what a gate and a session log in an exchange, and that it contains no secrets.

#![cfg(test)]

use std::fmt::Debug;
use std::time::Duration;

use proxy_auth::digest::{Algorithm, Slot};
use proxy_auth::negotiate::Mechanism;
use proxy_auth::{
    Account, ConnectionGate, ConnectionStep, DigestOffer, Encode, Gate, GiveUp, Login, Password, Policy, Reason,
    Request, Session, Step, Turn,
};
use proxy_auth_defmt::logged;

const NOW: Duration = Duration::from_secs(1);
const SECRET: &str = "hunter2";
const LOGIN: Login<'static> = Login {
    name: SECRET,
    password: SECRET,
};

/// Asserts that `value` is logged as `expected`.
#[track_caller]
fn logs(value: &impl defmt::Format, expected: &str) {
    assert_eq!(logged(value).1, expected);
}

/// Asserts that `value` is logged like its `Debug`, and that none of the secrets is sent.
#[track_caller]
fn hides(value: &(impl defmt::Format + Debug), secrets: &[&str]) {
    let (sent, shown) = logged(value);
    assert_eq!(shown, format!("{value:?}"));
    for secret in secrets {
        let is_sent = sent.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
        assert!(!is_sent && !shown.contains(secret), "{shown}");
    }
}

#[test]
fn reasons_and_steps_take_a_few_bytes() {
    let gate = Gate::new("apps").unwrap().with_basic();
    let request = Request::new("GET", "http://example.com/").unwrap();
    let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
    logs(refusal.reason(), "Missing");
    let expected = "Refusal { reason: Missing, is_bearer: false, end: End { is_head: false, is_shared: false, connection: None } }";
    logs(&refusal, expected);
    assert!(logged(&refusal).0.len() < 16);
    logs(&Reason::TooLong { needed: 7 }, "TooLong { needed: 7 }");
    logs(&GiveUp::Downgraded, "Downgraded");
    logs(&Step::Done { proved: true }, "Done { proved: true }");
    logs(&Step::GiveUp(GiveUp::Refused), "GiveUp(Refused)");
    hides(&Policy::digest_only(), &[]);
}

#[test]
fn a_refusal_of_damaged_credentials_shows_no_part_of_them() {
    let gate = Gate::new("apps").unwrap().with_basic().with_bearer();
    let request = Request::new("GET", "http://example.com/").unwrap();
    for value in ["Bearer hunter2,", "Basic hunter2~", "Basic aHVudGVyMg==", "Own hunter2"] {
        let attempt = gate
            .read(&request, [("Proxy-Authorization", value)], &mut [0; 64])
            .map(drop);
        let refusal = attempt.unwrap_err();
        hides(&refusal, &[SECRET, "aHVudGVyM"]);
        hides(&gate.deny(&refusal, NOW, 1), &[SECRET, "aHVudGVyM"]);
    }
}

#[test]
fn an_exchange_of_digest_shows_no_secret() {
    // The key of the nonces starts with the secret.
    let mut key = [0; 32];
    key[..SECRET.len()].copy_from_slice(SECRET.as_bytes());
    let offer = DigestOffer::new(&key, [Algorithm::Sha256]);
    hides(&offer, &[SECRET]);
    let gate = Gate::new("apps").unwrap().with_digest(&offer);
    hides(&gate, &[SECRET]);
    hides(&LOGIN, &[SECRET]);

    let request = Request::new("GET", "http://example.com/").unwrap();
    let refusal = gate.read(&request, [("Host", "x")], &mut []).unwrap_err();
    let denial = gate.deny(&refusal, NOW, 1);
    hides(&denial, &[SECRET]);
    let challenge = denial.challenges().next().unwrap();
    hides(&challenge, &[SECRET]);
    let challenge = challenge.encode_string::<256>().unwrap();
    let mut session = Session::<256>::new(Policy::digest_only());
    let (_, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [7; 16]).unwrap();
    logs(&pending, "Pending(without credentials)");
    let step = session.receive(pending, 407, [("Proxy-Authenticate", challenge.as_str())]);
    logs(&step, "Again(Turn { renewals: 0, accepted: 0 })");

    let (authorization, pending) = session.authorize(Turn::FIRST, &LOGIN, &request, [7; 16]).unwrap();
    let authorization = authorization.unwrap();
    logs(&authorization, "Authorization([redacted])");
    let answer = authorization.to_string();
    hides(&pending, &[SECRET]);
    hides(&session, &[SECRET]);

    let (_, proof) = answer.split_once("response=\"").unwrap();
    let secrets = [SECRET, &proof[..16]];
    let mut scratch = [0; 64];
    let fields = [("Proxy-Authorization", answer.as_str())];
    let attempt = gate.read(&request, fields, &mut scratch).unwrap();
    hides(&attempt, &secrets);
    hides(&attempt.claim(), &secrets);
    let account = Account::new(SECRET, Password::new(SECRET));
    hides(&account, &secrets);
    hides(&Password::new(SECRET), &secrets);
    let ticket = attempt.check(Some(account), NOW).unwrap();
    hides(&ticket, &secrets);
    let pass = ticket
        .redeem(&mut gate.replay_window([Slot::EMPTY; 8], Duration::ZERO))
        .unwrap();
    hides(&pass, &secrets);
    let info = pass.info().unwrap();
    logs(&info, "Confirmation([redacted])");
    let info = info.to_string();
    let step = session.receive(pending, 200, [("Proxy-Authentication-Info", info.as_str())]);
    logs(&step, "Done { proved: true }");
}

#[test]
fn tokens_of_a_connection_are_not_shown() {
    let secrets = [SECRET, "aHVudGVyM"];
    let gate = Gate::new("apps").unwrap().with_negotiate(Mechanism::Negotiate);
    let request = Request::new("GET", "http://example.com/").unwrap();
    let mut connection = ConnectionGate::<&str>::new();
    let mut scratch = [0; 64];
    let fields = [("Proxy-Authorization", "Negotiate aHVudGVyMg==")];
    let step = connection.read(&gate, &request, fields, &mut scratch).unwrap();
    hides(&step, &secrets);
    let ConnectionStep::Token(round) = step else { panic!() };
    hides(&round, &secrets);
    hides(&round.proceed(SECRET.as_bytes()).unwrap(), &secrets);
    hides(&connection, &secrets);
}

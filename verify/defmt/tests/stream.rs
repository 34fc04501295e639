//! Decodes the log of a whole exchange, as a device sends it, and checks that it contains no secrets.

#![cfg(test)]

use std::time::Duration;

use proxy_auth::digest::{Algorithm, Slot};
use proxy_auth::{
    Account, DigestOffer, Encode, Gate, Login, Password, Policy, ReplayStore, Request, Session, Step, Turn,
};
use proxy_auth_defmt::recorded;

const NOW: Duration = Duration::from_secs(1);
const NAME: &str = "aladdin";
const PASSWORD: &str = "open sesame";
const RANDOM: [u8; 16] = [0x5A; 16];
/// NAME, a colon and PASSWORD in base64.
const LOGIN_IN_BASE64: &str = "YWxhZGRpbjpvcGVuIHNlc2FtZQ";

/// Sends requests until one is accepted, and logs everything that can be logged. Returns the credentials that were sent.
fn exchange(gate: &Gate<&str>, policy: Policy, store: &mut impl ReplayStore) -> Vec<String> {
    let login = Login {
        name: NAME,
        password: PASSWORD,
    };
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let mut session = Session::<256>::new(policy);
    let (mut turn, mut sent) = (Turn::FIRST, Vec::new());
    defmt::println!("{} {}", gate, login);
    loop {
        let (authorization, pending) = session.authorize(turn, &login, &request, RANDOM).unwrap();
        defmt::println!("{} {}", authorization, pending);
        let value = authorization.map_or(String::new(), |authorization| authorization.to_string());
        defmt::println!("{}", session);
        let fields = [("Proxy-Authorization", value.as_str())];
        let fields = if value.is_empty() { &[] } else { &fields[..] };
        let mut scratch = [0; 64];
        let attempt = gate.read(&request, fields.iter().copied(), &mut scratch);
        defmt::println!("{}", attempt);
        let account = Account::new(NAME, Password::new(PASSWORD));
        let ticket = attempt.and_then(|attempt| attempt.check(Some(account), NOW));
        defmt::println!("{}", ticket);
        let pass = ticket.and_then(|ticket| ticket.redeem(store));
        defmt::println!("{}", pass);
        let step = match &pass {
            Ok(pass) => {
                let info = pass.info();
                defmt::println!("{}", info);
                let info = info.map_or(String::new(), |info| info.to_string());
                session.receive(pending, 200, [("Proxy-Authentication-Info", info.as_str())])
            }
            Err(refusal) => {
                let denial = gate.deny(refusal, NOW, 1);
                defmt::println!("{}", denial);
                let challenge = denial.challenges().next().unwrap().encode_string::<256>().unwrap();
                session.receive(pending, 407, [("Proxy-Authenticate", challenge.as_str())])
            }
        };
        defmt::println!("{}", step);
        sent.push(value);
        match step {
            Step::Again(next) => turn = next,
            Step::Done { .. } => return sent,
            _ => panic!("{step:?}"),
        }
    }
}

/// Asserts that the log of an exchange ends with `last`, and contains none of the secrets: the password, the credentials, and the
/// values of the credentials that `secret_params` names.
fn assert_no_secret(
    gate: &Gate<&str>,
    policy: Policy,
    store: &mut impl ReplayStore,
    secret_params: &[&str],
    last: &str,
) {
    let mut values = Vec::new();
    let (bytes, shown) = recorded(|| values = exchange(gate, policy, store));
    assert_eq!(
        (values.len(), shown.len(), shown.last().unwrap().as_str()),
        (2, 15, last)
    );
    let answer = &values[1];
    let mut secrets = vec![PASSWORD.to_owned(), LOGIN_IN_BASE64.to_owned(), answer.clone()];
    for param in secret_params {
        let (_, value) = answer.split_once(&format!("{param}=\"")).unwrap();
        secrets.push(value[..16].to_owned());
    }
    let text = shown.join("\n");
    for secret in secrets {
        let is_sent = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
        assert!(!is_sent && !text.contains(&secret), "{secret}: {text}");
    }
    assert!(!bytes.windows(RANDOM.len()).any(|part| part == RANDOM));
}

#[test]
fn log_of_an_exchange_of_digest_shows_no_secret() {
    let gate = Gate::new("apps").unwrap();
    let gate = gate.with_digest(&DigestOffer::new(&[7; 32], [Algorithm::Sha256]));
    let mut window = gate.replay_window([Slot::EMPTY; 8], Duration::ZERO);
    let last = "Done { proved: true }";
    assert_no_secret(&gate, Policy::digest_only(), &mut window, &["response", "cnonce"], last);
}

#[test]
fn log_of_an_exchange_of_basic_shows_no_secret() {
    let gate = Gate::new("apps").unwrap().with_basic();
    assert_no_secret(&gate, Policy::basic_only(), &mut (), &[], "Done { proved: false }");
}

//! Each reason for a refusal that does not depend on Digest.

use proxy_auth::negotiate::Mechanism;
use proxy_auth::{Account, ConnectionGate, ConnectionStep, Gate, Password, Reason, Refusal, Verified};

use super::{BASIC, NAME, PASSWORD, connect, gate, refuse, send};

fn offer() -> Gate<&'static str> {
    gate().with_basic().with_bearer().with_negotiate(Mechanism::Ntlm)
}

fn refusal_of(value: &str) -> Refusal {
    refuse(&offer(), &connect(), &[("Proxy-Authorization", value)])
}

fn too_many_rounds() -> Refusal {
    let (gate, request) = (offer(), connect());
    let mut connection = ConnectionGate::<String>::new();
    loop {
        let mut scratch = [0; 8];
        let fields = [("Proxy-Authorization", "NTLM YQ==")];
        let ConnectionStep::Token(round) = connection.read(&gate, &request, fields, &mut scratch).unwrap() else {
            panic!("a token")
        };
        if let Err(refusal) = round.proceed(b"b") {
            return refusal;
        }
    }
}

fn insufficient_scope() -> Refusal {
    let (gate, request) = (offer(), connect());
    let attempt = gate
        .read(&request, [("Proxy-Authorization", "Bearer x")], &mut [])
        .unwrap();
    attempt.refuse_scope()
}

/// Returns refusals with the text of their reason, and if they are a guess.
fn refusals() -> Vec<(Refusal, &'static str, bool)> {
    let gate = offer();
    let account = |name, password| Some(Account::new(name, Password::new(password)));
    let mut short = [0; 4];
    let fields = [("Proxy-Authorization", BASIC)];
    let too_long = gate.read(&connect(), fields, &mut short).unwrap_err();
    let sent = |account| send(&gate, BASIC, account).unwrap_err();
    vec![
        (refuse(&gate, &connect(), &[]), "no credentials", false),
        (
            refusal_of("Basic YTpi,"),
            "damaged credentials: expected the end at byte 10",
            false,
        ),
        (
            refusal_of("Basic"),
            "invalid credentials: expected a token68 after the scheme",
            false,
        ),
        (
            too_long,
            "a name, a password or a token that is too long: 19 bytes are needed",
            false,
        ),
        (
            refusal_of("Negotiate YQ=="),
            "a scheme or an algorithm that is not offered",
            false,
        ),
        (sent(None), "an unknown user", true),
        (sent(account("jafar", PASSWORD)), "the account of another user", true),
        (sent(account(NAME, "x")), "a wrong password or token", true),
        (
            send(&gate, "Bearer x", account(NAME, "x")).unwrap_err(),
            "an account whose secret cannot verify the answer",
            false,
        ),
        (insufficient_scope(), "a token without the required scope", false),
        (
            refusal_of("NTLM YQ=="),
            "a scheme that authenticates a connection",
            false,
        ),
        (too_many_rounds(), "too many rounds", false),
    ]
}

#[test]
fn each_reason_has_a_text_and_tells_guesses() {
    fn is_error(_: &impl std::error::Error) {}
    for (refusal, text, is_guess) in refusals() {
        is_error(&refusal);
        assert_eq!(refusal.to_string(), text);
        assert_eq!(refusal.reason().to_string(), text);
        assert_eq!(refusal.is_guess(), is_guess, "{text}");
        assert!(!refusal.is_stale(), "{text}");
        assert_eq!(refusal, refusal.clone());
    }
}

#[test]
fn refusals_show_no_part_of_a_field_value() {
    for (refusal, ..) in refusals() {
        let shown = format!("{refusal:?} {refusal}");
        for secret in [NAME, PASSWORD, "YWxh", "YTpi", "jafar"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}

/// The caller chooses between 407 and 401 by the role alone.
#[test]
fn the_status_code_depends_on_the_role() {
    use proxy_auth::Role;
    for (refusal, text, _) in refusals() {
        let expected = match refusal.reason() {
            Reason::InsufficientScope => (403, 403),
            _ => (407, 401),
        };
        let status = |role| refusal.status(role).as_u16();
        assert_eq!((status(Role::Proxy), status(Role::Server)), expected, "{text}");
    }
}

#[test]
fn a_verdict_is_the_callers_whatever_name_was_sent() {
    let account = Some(Account::new("uid=aladdin", Verified));
    assert_eq!(send(&offer(), BASIC, account).unwrap(), "uid=aladdin");
}

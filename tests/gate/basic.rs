//! Basic, in the encodings that clients send.

use proxy_auth::{Account, Claim, Gate, Password, Reason, Scheme, basic};

use super::{BASIC, NAME, NOW, PASSWORD, connect, gate, reason, send};

fn offer() -> Gate<&'static str> {
    gate().with_basic()
}

fn written(name: &(impl AsRef<[u8]> + ?Sized), password: &(impl AsRef<[u8]> + ?Sized)) -> String {
    basic::Credentials::new(name, password).unwrap().to_string()
}

#[test]
fn a_name_and_a_password_pass_in_utf8_and_in_iso_8859_1() {
    let account = || Some(Account::new("J\u{e4}s\u{f8}n", Password::new("p\u{a3}ss")));
    let utf8 = written("J\u{e4}s\u{f8}n", "p\u{a3}ss");
    let latin1 = written(b"J\xE4s\xF8n", b"p\xA3ss");
    for value in [&utf8, &latin1] {
        assert_eq!(send(&offer(), value, account()).unwrap(), "J\u{e4}s\u{f8}n", "{value}");
    }
    for (value, expected) in [
        (written(b"J\xE4s\xF8n", b"p\xA4ss"), Reason::Wrong),
        (written(b"J\xE4s\xF8n", "p\u{a4}ss"), Reason::Wrong),
        (written(b"J\xE4s\xF9n", b"p\xA3ss"), Reason::OtherUser),
        (written("J\u{e4}s\u{f9}n", "p\u{a3}ss"), Reason::OtherUser),
    ] {
        assert_eq!(reason(send(&offer(), &value, account())), Some(expected));
    }
}

#[test]
fn a_password_beyond_iso_8859_1_passes_in_utf8_alone() {
    let account = || Some(Account::new("a", Password::new("10 \u{20ac}")));
    assert_eq!(send(&offer(), &written("a", "10 \u{20ac}"), account()).unwrap(), "a");
    // The code point ends with this byte.
    assert_eq!(
        reason(send(&offer(), &written("a", b"10 \xAC"), account())),
        Some(Reason::Wrong)
    );
}

#[test]
fn a_name_that_is_not_utf8_is_claimed_in_bytes() {
    let (gate, request) = (offer(), connect());
    let value = written(b"J\xE4s\xF8n", "x");
    let mut scratch = [0; 64];
    let attempt = gate
        .read(&request, [("Proxy-Authorization", &value)], &mut scratch)
        .unwrap();
    assert_eq!(attempt.name(), None);
    assert!(matches!(attempt.claim(), Claim::Name(b"J\xE4s\xF8n")));
}

#[test]
fn an_attempt_tells_what_was_sent_except_in_debug() {
    let (gate, request) = (offer(), connect());
    let mut scratch = [0; 64];
    let attempt = gate
        .read(&request, [("Proxy-Authorization", BASIC)], &mut scratch)
        .unwrap();
    assert_eq!(attempt.scheme(), Scheme::Basic);
    assert_eq!(attempt.name(), Some(NAME));
    assert_eq!(attempt.password(), Some(PASSWORD.as_bytes()));
    assert_eq!(
        format!("{attempt:?} {:?}", attempt.claim()),
        "Attempt(Basic [redacted]) Claim([redacted])"
    );
    let ticket = attempt
        .check(Some(Account::new(NAME, Password::new(PASSWORD))), NOW)
        .unwrap();
    assert_eq!(format!("{ticket:?}"), "Ticket(Basic [redacted])");
    let pass = ticket.redeem(&mut ()).unwrap();
    assert_eq!(format!("{pass:?}"), "Pass(Basic [redacted])");
    assert_eq!((pass.user(), pass.scheme()), (NAME.as_bytes(), Scheme::Basic));
}

#[test]
fn only_the_whole_password_passes() {
    for (sent, stored) in [
        ("", "x"),
        ("x", ""),
        ("open", PASSWORD),
        ("open sesame!", PASSWORD),
        ("Open sesame", PASSWORD),
        ("open sesamf", PASSWORD),
        ("\u{e9}", "e"),
    ] {
        let account = Some(Account::new("a", Password::new(stored)));
        assert_eq!(
            reason(send(&offer(), &written("a", sent), account)),
            Some(Reason::Wrong),
            "{sent} {stored}"
        );
    }
    for password in ["", ":", "a:b", "\u{20ac}", "a b"] {
        let account = Some(Account::new("a", Password::new(password)));
        assert_eq!(send(&offer(), &written("a", password), account).unwrap(), "a");
    }
}

#[test]
fn a_user_without_a_name_is_a_user() {
    let account = || Some(Account::new("", Password::new("x")));
    assert_eq!(send(&offer(), &written("", "x"), account()).unwrap(), "");
    assert_eq!(
        reason(send(&offer(), &written("a", "x"), account())),
        Some(Reason::OtherUser)
    );
}

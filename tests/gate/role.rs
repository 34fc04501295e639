//! The gate of an origin server.

use proxy_auth::{Account, Gate, Password, Reason, Role};

use super::{BASIC, NAME, NOW, PASSWORD, connect, gate, refuse, send};

fn offer() -> Gate<&'static str> {
    gate().with_role(Role::Server).with_basic()
}

#[test]
fn an_origin_server_reads_authorization() {
    let account = || Some(Account::new(NAME, Password::new(PASSWORD)));
    assert_eq!(send(&offer(), BASIC, account()).unwrap(), NAME);
    let gate = offer();
    assert_eq!(gate.role(), Role::Server);
    let refusal = refuse(&gate, &connect(), &[("Proxy-Authorization", BASIC)]);
    assert_eq!(refusal.reason(), &Reason::Missing);
}

#[test]
fn a_proxy_ignores_authorization() {
    let gate = gate().with_basic();
    let refusal = refuse(&gate, &connect(), &[("Authorization", BASIC)]);
    assert_eq!(refusal.reason(), &Reason::Missing);
}

#[test]
fn an_origin_server_writes_www_authenticate() {
    let gate = offer();
    let refusal = refuse(&gate, &connect(), &[]);
    let denial = gate.deny(&refusal, NOW, 1);
    assert_eq!(
        (denial.status().as_u16(), denial.name().as_str()),
        (401, "WWW-Authenticate")
    );
    assert_eq!(
        denial.response().encode_string::<256>().unwrap(),
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"apps\", charset=\"UTF-8\"\r\nContent-Length: 0\r\n\r\n"
    );
}

#[test]
fn the_role_can_be_set_before_and_after_the_offers() {
    let gate = gate().with_basic().with_role(Role::Server);
    assert_eq!(refuse(&gate, &connect(), &[]).status(gate.role()).as_u16(), 401);
    assert_eq!(gate.role().authentication_info().as_str(), "Authentication-Info");
}

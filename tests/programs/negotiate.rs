//! Negotiate on both sides of a connection, with libraries that stand for GSSAPI; and Basic beside it.

use proxy_auth::negotiate::{Challenge, Mechanism};
use proxy_auth::{
    Account, ConnectionGate, ConnectionSession, ConnectionStep, Gate, GiveUp, HandshakeStep, Password, Refusal, Request,
};

use super::{NOW, Response};

/// The proxy's side of a connection.
#[derive(Default)]
struct ProxySide {
    connection: ConnectionGate<String>,
    library: Acceptor,
}

/// The library of the proxy, which accepts a user after three tokens.
#[derive(Default)]
struct Acceptor(Vec<Vec<u8>>);

enum Verdict {
    /// The user, and a last token.
    Accepted(String, &'static [u8]),
    Continue(&'static [u8]),
    Refused,
}

impl Acceptor {
    fn accept(&mut self, is_first: bool, token: &[u8]) -> Verdict {
        if is_first {
            self.0.clear();
        }
        self.0.push(token.to_vec());
        match &self.0[..] {
            [one] if one == b"hello" => Verdict::Continue(b"who?"),
            [_, user] if user == b"jasmine" || user == b"jafar" => Verdict::Continue(b"proof?"),
            [_, user, three] if three == b"proof" => {
                Verdict::Accepted(String::from_utf8_lossy(user).into_owned(), b"mine")
            }
            _ => Verdict::Refused,
        }
    }
}

fn gate() -> Gate<&'static str> {
    let gate = Gate::new("apps").unwrap();
    gate.with_negotiate(Mechanism::Negotiate).with_basic()
}

impl ProxySide {
    fn check(
        &mut self,
        gate: &Gate<&str>,
        request: &Request<'_>,
        fields: &[(&str, &str)],
    ) -> Result<Response, Refusal> {
        let mut scratch = [0; 4096];
        let name = gate.role().authenticate();
        let account = Some(Account::new("aladdin", Password::new("open sesame")));
        let mut last_token = None;
        // authentication
        let pass = match self
            .connection
            .read(gate, request, fields.iter().copied(), &mut scratch)?
        {
            ConnectionStep::Pass(pass) => pass,
            ConnectionStep::Attempt(attempt) => attempt.check(account, NOW)?.redeem(&mut ())?,
            ConnectionStep::Token(round) => match self.library.accept(round.is_first(), round.token()) {
                Verdict::Accepted(user, last) => {
                    last_token = Challenge::from_token(round.mechanism(), last).ok();
                    round.accept(user)
                }
                Verdict::Continue(token) => return Ok(asking(407).with_field(name, round.proceed(token)?.challenge())),
                Verdict::Refused => return Err(round.refuse()),
            },
        };
        // end
        let response = Response::forwarded(pass.user());
        Ok(match last_token {
            Some(challenge) => response.with_field(name, challenge),
            None => response,
        })
    }

    fn respond(&mut self, request: &Request<'_>, fields: &[(&str, &str)]) -> Response {
        let gate = gate();
        self.check(&gate, request, fields).unwrap_or_else(|refusal| {
            let (denial, name) = (gate.deny(&refusal, NOW, 1), gate.role().authenticate());
            let response = asking(denial.status().as_u16());
            denial
                .challenges()
                .fold(response, |response, challenge| response.with_field(name, challenge))
        })
    }
}

fn asking(status: u16) -> Response {
    Response {
        status,
        ..Response::default()
    }
}

/// The client's side of a connection.
struct ClientSide {
    session: ConnectionSession,
    library: Initiator,
}

/// The library of the client.
struct Initiator {
    name: &'static str,
    /// The last token of a proxy that it trusts.
    trusted: &'static [u8],
}

impl Initiator {
    fn step(&self, received: Option<&[u8]>) -> &'static [u8] {
        match received {
            None => b"hello",
            Some(b"who?") => self.name.as_bytes(),
            Some(_) => b"proof",
        }
    }
}

impl ClientSide {
    fn new(name: &'static str) -> Self {
        Self {
            session: ConnectionSession::new(Mechanism::Negotiate).with_proof_required(),
            library: Initiator { name, trusted: b"mine" },
        }
    }

    fn fetch(&mut self, proxy: &mut ProxySide) -> Result<Response, GiveUp> {
        let request = Request::new("CONNECT", "example.com:443")?;
        let (mut authorization, mut scratch) = (None, [0; 4096]);
        loop {
            let value: Option<String> = authorization.take();
            let field = value.as_ref().map(|value| ("Proxy-Authorization", value.as_str()));
            let response = proxy.respond(&request, field.as_slice());
            // authentication
            match self.session.receive(response.status, response.fields(), &mut scratch) {
                HandshakeStep::Again(request) => {
                    let token = self.library.step(request.received());
                    authorization = Some(request.answer(token)?.to_string());
                }
                HandshakeStep::Verify(last) if last.token() == self.library.trusted => {
                    last.accept();
                    return Ok(response);
                }
                HandshakeStep::Verify(_) => return Err(GiveUp::Forged),
                HandshakeStep::Done => return Ok(response),
                HandshakeStep::GiveUp(reason) => return Err(reason),
            }
            // end
        }
    }
}

#[test]
fn a_connection_is_authenticated_once() {
    let (mut proxy, mut client) = (ProxySide::default(), ClientSide::new("jasmine"));
    for _ in 0..3 {
        assert_eq!(client.fetch(&mut proxy).unwrap().user, "jasmine");
    }
    assert_eq!(proxy.library.0.len(), 3, "the later requests needed no token");
}

#[test]
fn clients_on_two_connections_are_not_taken_for_each_other() {
    let mut sides = ["jasmine", "jafar"].map(|name| (ProxySide::default(), ClientSide::new(name), name));
    for _ in 0..2 {
        for (proxy, client, name) in &mut sides {
            assert_eq!(client.fetch(proxy).unwrap().user, *name);
        }
    }
    // The connection is authenticated, but the session is that of another connection, and wants a proof.
    let [(proxy, ..), _] = &mut sides;
    assert_eq!(ClientSide::new("jafar").fetch(proxy), Err(GiveUp::Unproved));
}

#[test]
fn a_user_or_a_proxy_that_the_other_side_does_not_trust_does_not_pass() {
    let (mut proxy, mut client) = (ProxySide::default(), ClientSide::new("nobody"));
    assert_eq!(client.fetch(&mut proxy), Err(GiveUp::Refused));
    assert_eq!(proxy.connection.user(), None);

    let (mut proxy, mut client) = (ProxySide::default(), ClientSide::new("jasmine"));
    client.library.trusted = b"another";
    assert_eq!(client.fetch(&mut proxy), Err(GiveUp::Forged));
}

#[test]
fn basic_passes_beside_it() {
    let request = Request::new("CONNECT", "example.com:443").unwrap();
    let mut proxy = ProxySide::default();
    let basic = [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
    assert_eq!(proxy.respond(&request, &basic).user, "aladdin");
    assert_eq!(proxy.respond(&request, &[]).status, 407);
}

//! A client that opens tunnels through a proxy, and uses its nonce again.

use proxy_auth::{GiveUp, Login, Policy, Request, Session, Step, Turn};

use super::Response;
use super::many_users::{Proxy, with_proxy};

struct Connector<'p, 'f> {
    proxy: &'p mut Proxy<'f>,
    session: Session<256>,
    /// The values of Proxy-Authorization that were sent.
    sent: Vec<Option<String>>,
}

impl Connector<'_, '_> {
    fn connect(&mut self, host_and_port: &str, login: &Login<'_>) -> Result<Response, GiveUp> {
        // authentication
        let request = Request::new("CONNECT", host_and_port)?;
        let mut turn = Turn::FIRST;
        loop {
            let (authorization, pending) = self.session.authorize(turn, login, &request, random())?;
            let response = self
                .proxy
                .send(&mut self.sent, &request, authorization.map(|value| value.to_string()));
            match self.session.receive(pending, response.status, response.fields()) {
                Step::Again(next) | Step::NewConnection(next) => turn = next,
                Step::Done { .. } => return Ok(response),
                Step::GiveUp(reason) => return Err(reason),
            }
        }
        // end
    }
}

impl Proxy<'_> {
    fn send(&mut self, sent: &mut Vec<Option<String>>, request: &Request<'_>, value: Option<String>) -> Response {
        let field = value.as_ref().map(|value| ("Proxy-Authorization", value.as_str()));
        let response = self.respond(request, field.as_slice());
        sent.push(value);
        response
    }
}

/// Stands for a random source.
fn random() -> [u8; 16] {
    [4; 16]
}

#[test]
fn only_the_first_tunnel_needs_a_challenge() {
    with_proxy(|proxy| {
        let session = Session::new(Policy::digest_only().with_proof_required());
        let mut connector = Connector {
            proxy,
            session,
            sent: Vec::new(),
        };
        let login = Login {
            name: "user 7",
            password: "password 7",
        };
        for host in ["a.example:443", "b.example:443", "c.example:22"] {
            assert_eq!(connector.connect(host, &login).unwrap().user, "user 7");
        }
        let counts: Vec<_> = connector
            .sent
            .iter()
            .map(|sent| sent.as_deref().and_then(count))
            .collect();
        assert_eq!(counts, [None, Some("00000001"), Some("00000002"), Some("00000003")]);
        assert_eq!(connector.proxy.requests, 4);
    });
}

/// Returns the number of times that the nonce was used.
fn count(value: &str) -> Option<&str> {
    value.split("nc=").nth(1).map(|rest| &rest[..8])
}

#[test]
fn a_wrong_password_is_sent_once() {
    with_proxy(|proxy| {
        let mut connector = Connector {
            proxy,
            session: Session::new(Policy::digest_only()),
            sent: Vec::new(),
        };
        let login = Login {
            name: "user 7",
            password: "password 8",
        };
        for requests in [2, 2] {
            assert_eq!(connector.connect("a.example:443", &login), Err(GiveUp::Refused));
            assert_eq!(connector.proxy.requests, requests);
        }
    });
}

//! A handler for a proxy such as hudsucker, with the types of the crate `http`: one call for a request, and one for its response.

use http::header::{HeaderMap, HeaderName, HeaderValue, PROXY_AUTHORIZATION};
use proxy_auth::digest::{Algorithm, ReplayWindow, Slot};
use proxy_auth::{
    Account, DigestOffer, Gate, Login, Password, Policy, Refusal, Request, Session, Step, ToHeaderValue, Turn, Version,
};

use super::{NOW, STARTED};

type Body = Vec<u8>;

/// Handles the requests of one client, one after the other.
struct Handler {
    gate: Gate<&'static str>,
    window: ReplayWindow<[Slot; 8]>,
    requests: u64,
    /// The parameters for the response to the request that was forwarded last.
    info: Option<HeaderValue>,
}

enum RequestOrResponse {
    Request(http::Request<Body>),
    Response(http::Response<Body>),
}

impl Handler {
    fn new() -> Self {
        let digest = DigestOffer::new(&[7; 32], [Algorithm::Sha256]);
        let gate = Gate::new("apps").unwrap().with_digest(&digest).with_basic();
        Self {
            window: gate.replay_window([Slot::EMPTY; 8], STARTED),
            gate,
            requests: 0,
            info: None,
        }
    }

    /// Returns the parameters for the response.
    fn check(&mut self, request: &Request<'_>, headers: &HeaderMap) -> Result<Option<HeaderValue>, Refusal> {
        let mut scratch = [0; 512];
        // authentication
        let attempt = self.gate.read(request, headers, &mut scratch)?;
        let is_known = attempt.name() == Some("aladdin");
        let account = is_known.then_some(Account::new("aladdin", Password::new("open sesame")));
        let pass = attempt.check(account, NOW)?.redeem(&mut self.window)?;
        Ok(pass.info().and_then(|info| info.to_header_value().ok()))
        // end
    }

    fn handle_request(
        &mut self,
        mut request: http::Request<Body>,
    ) -> Result<RequestOrResponse, Box<dyn std::error::Error>> {
        self.requests += 1;
        let (method, target) = (request.method().clone(), request.uri().to_string());
        let version = version(request.version());
        // authentication
        let signed = Request::new(method.as_str(), &target)?.with_version(version);
        match self.check(&signed, request.headers()) {
            Ok(info) => self.info = info,
            Err(refusal) => {
                let denial = self.gate.deny(&refusal, NOW, self.requests);
                return Ok(RequestOrResponse::Response(denial.response().to_response()?));
            }
        }
        request.headers_mut().remove(PROXY_AUTHORIZATION);
        // end
        Ok(RequestOrResponse::Request(request))
    }

    fn handle_response(&mut self, mut response: http::Response<Body>) -> http::Response<Body> {
        let name = HeaderName::from(self.gate.role().authentication_info());
        response.headers_mut().remove(&name);
        if let Some(info) = self.info.take() {
            response.headers_mut().insert(name, info);
        }
        response
    }
}

fn version(version: http::Version) -> Version {
    match version {
        http::Version::HTTP_09 | http::Version::HTTP_10 => Version::Http10,
        http::Version::HTTP_11 => Version::Http11,
        _ => Version::Http2,
    }
}

/// Lets a session send requests through the handler to an origin server, which answers with the fields that it received.
fn fetch(handler: &mut Handler, session: &mut Session<256>) -> Vec<http::StatusCode> {
    let login = Login {
        name: "aladdin",
        password: "open sesame",
    };
    let mut statuses = Vec::new();
    let mut turn = Turn::FIRST;
    loop {
        let signed = Request::new("GET", "http://example.com/a?b").unwrap();
        let (authorization, pending) = session.authorize(turn, &login, &signed, [3; 16]).unwrap();
        let mut request = http::Request::get("http://example.com/a?b").body(Vec::new()).unwrap();
        if let Some(authorization) = authorization {
            let value = authorization.to_header_value().unwrap();
            request.headers_mut().insert(PROXY_AUTHORIZATION, value);
        }
        let response = match handler.handle_request(request).unwrap() {
            RequestOrResponse::Request(request) => {
                assert!(!request.headers().contains_key(PROXY_AUTHORIZATION));
                let mut response = http::Response::new(Vec::new());
                let forged = HeaderValue::from_static("rspauth=\"00\"");
                response.headers_mut().insert("proxy-authentication-info", forged);
                handler.handle_response(response)
            }
            RequestOrResponse::Response(response) => response,
        };
        statuses.push(response.status());
        match session.receive(pending, response.status().as_u16(), response.headers()) {
            Step::Again(next) => turn = next,
            Step::Done { proved: true } => return statuses,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn requests_are_forwarded_without_credentials_and_responses_have_a_proof() {
    let mut handler = Handler::new();
    let mut session = Session::new(Policy::digest_only().with_proof_required());
    let (refused, passed) = (http::StatusCode::PROXY_AUTHENTICATION_REQUIRED, http::StatusCode::OK);
    assert_eq!(fetch(&mut handler, &mut session), [refused, passed]);
    assert_eq!(fetch(&mut handler, &mut session), [passed]);
}

#[test]
fn a_refused_request_leaves_no_proof_for_another() {
    let mut handler = Handler::new();
    let request = http::Request::connect("example.com:443").body(Vec::new()).unwrap();
    let Ok(RequestOrResponse::Response(response)) = handler.handle_request(request) else {
        panic!("a response")
    };
    assert_eq!(response.status(), http::StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    assert_eq!(response.headers().get_all("proxy-authenticate").iter().count(), 2);
    assert!(
        handler
            .handle_response(http::Response::new(Vec::new()))
            .headers()
            .is_empty()
    );
}

//! The client's side of the schemes that authenticate a connection, Negotiate and NTLM.

mod step;

pub use step::{HandshakeStep, LastToken, TokenRequest};

use super::field_lines::{closes, lines};
use super::session::GiveUp;
use crate::fields::Challenges;
use crate::response::Role;
use crate::schemes::Base64;
use crate::schemes::negotiate::{MAX_ROUNDS, Mechanism};
use crate::select::{Candidate, Chosen, NothingFits, choose};

/// Authenticates one connection to a proxy or an origin server with Negotiate or NTLM
/// ([RFC 4559, sections 4 and 5](https://www.rfc-editor.org/rfc/rfc4559#section-4)).
///
/// A GSSAPI or SSPI library of the caller creates and verifies the tokens. Send each request without credentials at first, and pass
/// its response to [`receive`](Self::receive). The returned step asks for a token if the peer wants one, and turns it into
/// credentials. A step takes one token, so no token is sent without a challenge.
///
/// ```
/// use proxy_auth::negotiate::Mechanism;
/// use proxy_auth::{ConnectionSession, HandshakeStep};
/// # use std::error::Error;
/// # struct Response { status: u16, lines: Vec<(&'static str, &'static str)> }
/// # struct Connection;
/// # impl Connection {
/// #     fn send(&mut self, authorization: Option<String>) -> Response {
/// #         let (status, value) = match authorization.as_deref() {
/// #             None => (407, "Negotiate, Basic realm=\"apps\""),
/// #             Some("Negotiate Zmlyc3Q=") => (407, "Negotiate bmV4dA=="),
/// #             Some("Negotiate c2Vjb25k") => (200, "Negotiate bGFzdA=="),
/// #             Some(other) => panic!("{other}"),
/// #         };
/// #         Response { status, lines: vec![("Proxy-Authenticate", value)] }
/// #     }
/// # }
/// # struct Library;
/// # impl Library {
/// #     fn step(&mut self, received: Option<&[u8]>) -> Result<&'static [u8], Box<dyn Error>> {
/// #         match received {
/// #             None => Ok(b"first"),
/// #             Some(b"next") => Ok(b"second"),
/// #             Some(_) => Err("a wrong token".into()),
/// #         }
/// #     }
/// #     fn finish(&mut self, last: &[u8]) -> Result<(), Box<dyn Error>> {
/// #         if last == b"last" { Ok(()) } else { Err("a wrong token".into()) }
/// #     }
/// # }
///
/// /// Sends a request until the proxy asks for no more tokens. `session` is kept beside `connection`.
/// fn fetch(
///     connection: &mut Connection,
///     session: &mut ConnectionSession,
///     library: &mut Library,
/// ) -> Result<Response, Box<dyn Error>> {
///     let (mut authorization, mut scratch) = (None, [0; 4096]);
///     loop {
///         let response = connection.send(authorization.take());
///         match session.receive(response.status, response.lines.iter().copied(), &mut scratch) {
///             HandshakeStep::Again(request) => {
///                 if request.needs_new_connection() { /* connect again */ }
///                 let token = library.step(request.received())?;
///                 authorization = Some(request.answer(token)?.to_string());
///             }
///             HandshakeStep::Verify(last) => {
///                 library.finish(last.token())?;
///                 last.accept();
///                 return Ok(response);
///             }
///             HandshakeStep::Done => return Ok(response),
///             HandshakeStep::GiveUp(reason) => return Err(reason.into()),
///         }
///     }
/// }
///
/// let mut session = ConnectionSession::new(Mechanism::Negotiate).with_proof_required();
/// assert_eq!(fetch(&mut Connection, &mut session, &mut Library)?.status, 200);
/// # Ok::<(), Box<dyn Error>>(())
/// ```
///
/// # One connection, one user
///
/// Both schemes authenticate a connection, not a request. All rounds of a handshake use the same connection, and so do the
/// requests after it, which need no credentials. So create a session for each connection, keep it beside the connection, and drop
/// both together. The connection must not carry requests of other users, and no other request while a handshake is running.
///
/// A connection of HTTP/2 or HTTP/3 carries requests that overlap, so neither scheme can be used there: use HTTP/1.1. A proxy
/// between client and origin server may share its connections between clients. Use [`Role::Server`] only if there is no such proxy, inside
/// of a tunnel, or if the response has the field `Proxy-Support: Session-Based-Authentication`
/// ([RFC 4559, section 6](https://www.rfc-editor.org/rfc/rfc4559#section-6)).
///
/// A session cannot be cloned, since a connection has one state:
///
/// ```compile_fail,E0599
/// # use proxy_auth::{ConnectionSession, negotiate::Mechanism};
/// let session = ConnectionSession::new(Mechanism::Ntlm);
/// let copy = session.clone();
/// ```
#[derive(Debug)]
pub struct ConnectionSession {
    mechanism: Mechanism,
    role: Role,
    requires_proof: bool,
    state: State,
    /// `false` if a granted request is not trusted, because a proof is missing or a last token was not accepted.
    is_trusted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No handshake is running.
    Idle,
    /// Tokens of the client were sent, this many, and the response to the last one has not arrived.
    Sent(u8),
    /// The peer refused a token.
    Refused,
}

impl ConnectionSession {
    /// Creates a session for a new connection to a proxy: status code 407, Proxy-Authenticate and Proxy-Authorization.
    ///
    /// Only challenges of the given mechanism are answered.
    #[must_use]
    pub const fn new(mechanism: Mechanism) -> Self {
        Self {
            mechanism,
            role: Role::Proxy,
            requires_proof: false,
            state: State::Idle,
            is_trusted: true,
        }
    }

    /// Sets the role of the peer. [`Role::Server`] is an origin server: status code 401, WWW-Authenticate and Authorization.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Requires that the peer proves its identity: no response is [`Done`](HandshakeStep::Done) before the peer has sent a last
    /// token, and the caller has [accepted](LastToken::accept) it.
    ///
    /// NTLM has no such token, so challenges of [`Mechanism::Ntlm`] are then not answered.
    ///
    /// ```
    /// use proxy_auth::{ConnectionSession, HandshakeStep, GiveUp, negotiate::Mechanism};
    ///
    /// let mut session = ConnectionSession::new(Mechanism::Negotiate).with_proof_required();
    /// // Somebody on the way lets the request through without asking for credentials.
    /// let step = session.receive(200, [("Server", "evil")], &mut []);
    /// assert!(matches!(step, HandshakeStep::GiveUp(GiveUp::Unproved)));
    /// ```
    #[must_use]
    pub fn with_proof_required(mut self) -> Self {
        self.requires_proof = true;
        self.is_trusted = false;
        self
    }

    /// Returns the role of the peer, which knows the name of the field for the credentials.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Returns the next step after the response to a request on this connection.
    ///
    /// `fields` are all field lines of the response, as for [`Session::receive`](crate::Session::receive). They are read
    /// [leniently](crate::Challenges::lenient); if there are several usable challenges of the scheme, the first counts. Pass the final
    /// response, not one with a status code of 1xx. The token of the peer is decoded into `scratch`; most are shorter than 4 KiB,
    /// but those of Kerberos can have up to 64 KiB.
    ///
    /// If the status code is not that of the [role](Role::status), the peer asks for no token, even if the request failed for
    /// another reason. A later response that asks for one starts a new handshake, since some peers authenticate each request.
    ///
    /// The step is one of [`GiveUp`](HandshakeStep::GiveUp) for these reasons:
    ///
    /// - [`NothingFits`](GiveUp::NothingFits): the peer does not offer the scheme, and no handshake is running.
    /// - [`Refused`](GiveUp::Refused): after a token, the peer starts again or offers other schemes alone.
    /// - [`ConnectionCloses`](GiveUp::ConnectionCloses): the peer closes the connection during a handshake.
    /// - [`TooManyRounds`](GiveUp::TooManyRounds): the peer asks for more than [`MAX_ROUNDS`] tokens.
    /// - [`UnexpectedToken`](GiveUp::UnexpectedToken): the peer sends a token although no handshake is running.
    /// - [`InvalidToken`](GiveUp::InvalidToken): the peer's token is not base64.
    /// - [`BufferTooSmall`](GiveUp::BufferTooSmall): `scratch` is too small. Pass the same response again, with more.
    /// - [`Unproved`](GiveUp::Unproved): a proof is required, but the peer does not send one; or a last token was not accepted.
    /// - [`Unprovable`](GiveUp::Unprovable): a proof is required, but the mechanism is NTLM.
    pub fn receive<'a, 'f, K, V>(
        &'a mut self,
        status: u16,
        fields: impl IntoIterator<Item = (&'f K, &'f V)> + Clone,
        scratch: &'a mut [u8],
    ) -> HandshakeStep<'a>
    where
        K: AsRef<[u8]> + ?Sized + 'f,
        V: AsRef<[u8]> + ?Sized + 'f,
    {
        let challenges = Challenges::from_lines(lines(fields.clone(), self.role.authenticate()));
        let choice = choose(challenges, &[Candidate::Scheme(self.mechanism.scheme())]);
        let token = choice.map(|choice| match choice.chosen() {
            Chosen::Negotiate(challenge) => challenge.token(),
            _ => None, // no candidate has another scheme
        });
        if self.role.status() == status {
            self.challenged(token, closes(fields), scratch)
        } else {
            self.granted(token.ok().flatten(), scratch)
        }
        .unwrap_or_else(HandshakeStep::GiveUp)
    }

    /// Handles a response that asks for a token. `token` is that of the challenge, if there is a challenge.
    fn challenged<'a>(
        &'a mut self,
        token: Result<Option<Base64<'_>>, NothingFits>,
        closes: bool,
        scratch: &'a mut [u8],
    ) -> Result<HandshakeStep<'a>, GiveUp> {
        let (received, sent) = match (token, self.state) {
            (_, State::Refused) => return Err(GiveUp::Refused),
            (Err(reason), State::Idle) => return Err(reason.into()),
            (Ok(Some(_)), State::Idle) => return Err(GiveUp::UnexpectedToken),
            (Ok(None), State::Idle) => (None, 0),
            (Ok(Some(_)), State::Sent(MAX_ROUNDS..)) => return Err(GiveUp::TooManyRounds),
            (Ok(Some(_)), State::Sent(_)) if closes => return Err(GiveUp::ConnectionCloses),
            (Ok(Some(token)), State::Sent(sent)) => (Some(token.decode(scratch)?), sent),
            (Ok(None) | Err(_), State::Sent(_)) => {
                self.state = State::Refused;
                return Err(GiveUp::Refused);
            }
        };
        if self.requires_proof && self.mechanism == Mechanism::Ntlm {
            return Err(GiveUp::Unprovable);
        }
        // The handshake goes on only if the request for a token is answered.
        self.state = State::Idle;
        self.is_trusted = !self.requires_proof;
        Ok(HandshakeStep::Again(TokenRequest {
            session: self,
            received,
            sent,
            closes,
        }))
    }

    /// Handles a response that asks for no token, but may have one.
    fn granted<'a>(
        &'a mut self,
        token: Option<Base64<'_>>,
        scratch: &'a mut [u8],
    ) -> Result<HandshakeStep<'a>, GiveUp> {
        // Without a handshake, there is nothing in the library that could verify a token.
        if let State::Sent(_) = self.state {
            if let Some(token) = token {
                self.is_trusted = false;
                let token = token.decode(scratch)?;
                self.state = State::Idle;
                return Ok(HandshakeStep::Verify(LastToken { session: self, token }));
            }
            self.state = State::Idle;
        }
        if self.is_trusted {
            Ok(HandshakeStep::Done)
        } else {
            Err(GiveUp::Unproved)
        }
    }
}

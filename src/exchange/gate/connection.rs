//! Negotiate and NTLM at the gate, which authenticate a connection (RFC 4559, 5).

use core::fmt;

use super::Gate;
use super::attempt::Attempt;
use super::head::Head;
use super::refusal::{Reason, Refusal};
use super::ticket::Pass;
use crate::encode::EncodeChallenge;
use crate::error::{InvalidInput, SchemeError};
use crate::fields::Credentials;
use crate::request::{Request, Version};
use crate::response::{ChallengeResponse, Challenges, End, Role};
use crate::schemes::negotiate::{self, MAX_ROUNDS, Mechanism};

/// Reads the requests of one connection, for a [`Gate`] that offers Negotiate or NTLM.
///
/// Both authenticate a connection, not a request: once a user is accepted, all later requests on the connection pass without
/// credentials ([RFC 4559, section 5](https://www.rfc-editor.org/rfc/rfc4559#section-5)). **Create one for each connection from a
/// client, and drop it with the connection.** If another proxy in front of this one shares its connections among its clients, do not
/// offer these schemes. `U` is the caller's type for a user.
///
/// A GSSAPI or SSPI library accepts the tokens:
///
/// ```
/// use proxy_auth::negotiate::{Challenge, Mechanism};
/// use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Request};
/// # enum Accepted { Done(String), Continue(Vec<u8>) }
/// # struct Context;
/// # impl Context { fn accept(&mut self, token: &[u8]) -> Result<Accepted, ()> {
/// #     if token == b"1" { Ok(Accepted::Continue(b"2".to_vec())) } else { Ok(Accepted::Done("aladdin".into())) }
/// # } }
///
/// let gate = Gate::new("apps")?.with_negotiate(Mechanism::Negotiate).with_basic();
/// let mut connection = ConnectionGate::<String>::new();
/// let mut library = Context;
/// let mut answer = |fields: &[(&str, &str)]| -> Result<String, Box<dyn std::error::Error>> {
///     let request = Request::new("CONNECT", "example.com:443")?;
///     let mut scratch = [0; 4096];
///     match connection.read(&gate, &request, fields.iter().copied(), &mut scratch)? {
///         ConnectionStep::Pass(pass) => Ok(format!("{} passes", String::from_utf8_lossy(pass.user()))),
///         ConnectionStep::Token(round) => match library.accept(round.token()) {
///             Ok(Accepted::Done(user)) => Ok(format!("{} is accepted", String::from_utf8_lossy(round.accept(user).user()))),
///             Ok(Accepted::Continue(token)) => Ok(round.proceed(&token)?.response().encode_string::<256>()?.to_string()),
///             Err(()) => Err(round.refuse().into()),
///         },
///         ConnectionStep::Attempt(_) => Ok("another scheme, as without a connection".into()),
///     }
/// };
///
/// let refusal = answer(&[]).unwrap_err();
/// assert_eq!(refusal.to_string(), "no credentials"); // deny it
/// assert!(answer(&[("Proxy-Authorization", "Negotiate MQ==")])?.contains("\r\nProxy-Authenticate: Negotiate Mg==\r\n"));
/// assert_eq!(answer(&[("Proxy-Authorization", "Negotiate Mw==")])?, "aladdin is accepted");
/// assert_eq!(answer(&[])?, "aladdin passes");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ConnectionGate<U> {
    /// The user of the connection, and how the user was accepted.
    user: Option<(Mechanism, U)>,
    /// The exchange that a client has started, and the number of its tokens.
    started: Option<(Mechanism, u8)>,
}

/// The next step of a [`ConnectionGate`].
///
/// See [`ConnectionGate`] for an example with tokens.
///
/// # Examples
/// ```
/// use proxy_auth::negotiate::Mechanism;
/// use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Request};
///
/// let gate = Gate::new("apps")?.with_negotiate(Mechanism::Ntlm).with_basic();
/// let mut connection = ConnectionGate::<String>::new();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let mut scratch = [0; 512];
/// let step = connection.read(&gate, &request, [("Proxy-Authorization", "Basic YTpi")], &mut scratch)?;
/// let ConnectionStep::Attempt(attempt) = step else { panic!("Basic authenticates a request") };
/// assert_eq!(attempt.name(), Some("a"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub enum ConnectionStep<'a, R, U> {
    /// The request may pass, since the connection is authenticated.
    Pass(Pass<'a>),
    /// The caller's library must accept a token.
    Token(Round<'a, U>),
    /// The credentials belong to a scheme that authenticates a request.
    Attempt(Attempt<'a, R>),
}

impl<R: AsRef<str>, U> fmt::Debug for ConnectionStep<'_, R, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass(pass) => fmt::Debug::fmt(pass, f),
            Self::Token(round) => fmt::Debug::fmt(round, f),
            Self::Attempt(attempt) => fmt::Debug::fmt(attempt, f),
        }
    }
}

impl<U: AsRef<[u8]>> ConnectionGate<U> {
    /// Creates the state of a new connection, which is not authenticated.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            user: None,
            started: None,
        }
    }

    /// Reads the credentials of a request, like [`Gate::read`].
    ///
    /// `scratch` must have room for a token, which can take 64 KiB with Kerberos.
    ///
    /// A token that no exchange expects starts a new one. A request with credentials of any scheme ends the authentication of the
    /// connection, even if the credentials are refused.
    ///
    /// # Errors
    /// Returns a [`Refusal`] like [`Gate::read`], and for Negotiate and NTLM also over HTTP/2 or HTTP/3, whose requests share a
    /// connection.
    pub fn read<'a, R, K, V>(
        &'a mut self,
        gate: &'a Gate<R>,
        request: &Request<'a>,
        fields: impl IntoIterator<Item = (&'a K, &'a V)>,
        scratch: &'a mut [u8],
    ) -> Result<ConnectionStep<'a, R, U>, Refusal>
    where
        R: AsRef<str>,
        K: AsRef<[u8]> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        // An exchange continues only with the next request.
        let started = self.started.take();
        let head = Head::read(request, fields, gate.role().authorization());
        let end = head.end;
        let credentials = gate.credentials(head);
        if !matches!(credentials, Ok(None)) {
            // Whoever sends credentials is not taken for the user of the connection, even if the credentials are damaged.
            self.user = None;
        }
        let Some(credentials) = credentials? else {
            return match &self.user {
                Some((mechanism, user)) if gate.offers_mechanism(*mechanism) && request.version() != Version::Http2 => {
                    Ok(ConnectionStep::Pass(Pass::new(user.as_ref(), mechanism.scheme())))
                }
                _ => Err(Refusal::new(Reason::Missing, end)),
            };
        };
        let Some(mechanism) = gate.mechanism(&credentials) else {
            return gate
                .attempt(request, Some(credentials), end, scratch)
                .map(ConnectionStep::Attempt);
        };
        let refuse = |reason| Err(Refusal::new(reason, end));
        if request.version() == Version::Http2 {
            return refuse(Reason::BoundToConnection);
        }
        let round = match started {
            Some((of, round)) if of == mechanism => round,
            _ => 0,
        };
        let token = match decode(&credentials, scratch) {
            Ok(token) => token,
            Err(reason) => return refuse(reason),
        };
        Ok(ConnectionStep::Token(Round {
            connection: self,
            mechanism,
            round,
            token,
            role: gate.role(),
            end,
        }))
    }

    /// Returns the user of the connection, if it is authenticated.
    #[must_use]
    pub fn user(&self) -> Option<&U> {
        self.user.as_ref().map(|(_, user)| user)
    }
}

fn decode<'a>(credentials: &Credentials<'_>, scratch: &'a mut [u8]) -> Result<&'a [u8], Reason> {
    let credentials = negotiate::Credentials::read(credentials)?;
    credentials
        .token()
        .decode(scratch)
        .map_err(|error| SchemeError::from(error).into())
}

impl<U: AsRef<[u8]>> Default for ConnectionGate<U> {
    fn default() -> Self {
        Self::new()
    }
}

impl<U> fmt::Debug for ConnectionGate<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionGate")
            .field("is_authenticated", &self.user.is_some())
            .field("is_started", &self.started.is_some())
            .finish()
    }
}

/// A token for the caller's library, and what follows from the library's verdict.
///
/// If it is dropped, the exchange ends, and the connection is not authenticated. `Debug` does not show the token.
///
/// # Examples
/// ```
/// use proxy_auth::negotiate::Mechanism;
/// use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Request};
///
/// let gate = Gate::new("apps")?.with_negotiate(Mechanism::Negotiate);
/// let mut connection = ConnectionGate::<&str>::new();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let mut scratch = [0; 4096];
/// let step = connection.read(&gate, &request, [("Proxy-Authorization", "Negotiate MQ==")], &mut scratch)?;
/// let ConnectionStep::Token(round) = step else { panic!("a token") };
/// assert_eq!((round.token(), round.is_first()), (&b"1"[..], true));
///
/// // The library accepts the token.
/// assert_eq!(round.accept("aladdin").user(), b"aladdin");
/// assert_eq!(connection.user(), Some(&"aladdin"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the library must accept the token"]
pub struct Round<'a, U> {
    connection: &'a mut ConnectionGate<U>,
    mechanism: Mechanism,
    /// The number of tokens before this one.
    round: u8,
    token: &'a [u8],
    role: Role,
    end: End,
}

impl<'a, U: AsRef<[u8]>> Round<'a, U> {
    /// Returns the scheme, Negotiate or NTLM.
    #[must_use]
    pub const fn mechanism(&self) -> Mechanism {
        self.mechanism
    }

    /// Returns the decoded token.
    #[must_use]
    pub const fn token(&self) -> &'a [u8] {
        self.token
    }

    /// Returns `true` if the token is the first of an exchange, so the library needs a new context.
    #[must_use]
    pub const fn is_first(&self) -> bool {
        self.round == 0
    }

    /// Authenticates the connection, since the library has accepted the client as `user`.
    ///
    /// If the library returned a last token, send it in the response to this request, as a
    /// [`negotiate::Challenge`] in the field [`Role::authenticate`]. The client authenticates the proxy with it.
    pub fn accept(self, user: U) -> Pass<'a> {
        let authenticated: &'a (Mechanism, U) = self.connection.user.insert((self.mechanism, user));
        Pass::new(authenticated.1.as_ref(), self.mechanism.scheme())
    }

    /// Continues the exchange with a token of the library.
    ///
    /// # Errors
    /// Returns a [`Refusal`] after [`MAX_ROUNDS`] tokens of the client, if `token` is empty, or if the connection must be closed after
    /// the response, so that the exchange cannot continue.
    pub fn proceed(self, token: &[u8]) -> Result<Continuation<'_>, Refusal> {
        let round = self.round.saturating_add(1);
        let refuse = |reason| Refusal::new(reason, self.end);
        if round >= MAX_ROUNDS {
            return Err(refuse(Reason::TooManyRounds));
        }
        if self.end.closes() {
            return Err(refuse(Reason::BoundToConnection));
        }
        let challenge = negotiate::Challenge::from_token(self.mechanism, token);
        let challenge = challenge.map_err(|InvalidInput { .. }| refuse(Reason::Unverifiable))?;
        self.connection.started = Some((self.mechanism, round));
        Ok(Continuation {
            challenge,
            role: self.role,
            end: self.end,
        })
    }

    /// Refuses the request, since the library has refused the client.
    #[must_use]
    pub fn refuse(self) -> Refusal {
        Refusal::new(Reason::Wrong, self.end)
    }
}

impl<U> fmt::Debug for Round<'_, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Round")
            .field("mechanism", &self.mechanism)
            .field("round", &self.round)
            .finish_non_exhaustive()
    }
}

/// The response that continues an exchange of Negotiate or NTLM, with a token of the proxy's library.
///
/// [`Round::proceed`] creates it. `Debug` does not show the token.
///
/// # Examples
/// ```
/// use proxy_auth::negotiate::Mechanism;
/// use proxy_auth::{ConnectionGate, ConnectionStep, Gate, Request};
///
/// let gate = Gate::new("apps")?.with_negotiate(Mechanism::Negotiate);
/// let mut connection = ConnectionGate::<String>::new();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let mut scratch = [0; 4096];
/// let step = connection.read(&gate, &request, [("Proxy-Authorization", "Negotiate MQ==")], &mut scratch)?;
/// let ConnectionStep::Token(round) = step else { panic!("a token") };
/// let continuation = round.proceed(b"2")?; // the token of the library
/// assert_eq!(continuation.challenge().to_string(), "Negotiate Mg==");
/// assert_eq!(continuation.response().status().as_u16(), 407);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Continuation<'t> {
    challenge: negotiate::Challenge<'t>,
    role: Role,
    end: End,
}

impl<'t> Continuation<'t> {
    /// Returns the challenge with the token, the only one of the response.
    #[must_use]
    pub const fn challenge(&self) -> negotiate::Challenge<'t> {
        self.challenge
    }

    /// Returns the response as a message of HTTP/1.1.
    #[must_use]
    pub fn response(&self) -> ChallengeResponse<'_> {
        ChallengeResponse::of_gate(self.role.status(), self.role.authenticate(), self, self.end)
    }
}

impl Challenges for Continuation<'_> {
    fn each(&self, visit: &mut dyn FnMut(&dyn EncodeChallenge)) {
        visit(&self.challenge);
    }
}

//! The client's side: answers challenges, from one request to the next.

mod authorization;
#[cfg(feature = "digest")]
mod digest;
#[cfg(feature = "digest")]
mod memory;
mod pending;
mod rounds;
mod step;
mod turn;

pub use authorization::Authorization;
pub use pending::Pending;
pub use step::{GiveUp, Step};
pub use turn::Turn;

use core::fmt;

use self::authorization::Inner;
#[cfg(feature = "digest")]
use self::digest::Digest;
#[cfg(feature = "digest")]
use self::memory::Memory;
use self::pending::Sent;
use super::Login;
use super::field_lines::{closes, lines};
use super::policy::{Policy, Strength};
use crate::request::Request;
use crate::response::Role;
use crate::schemes::basic;

/// Answers the challenges of one peer, a proxy or an origin server, with Digest and Basic.
///
/// [`authorize`](Self::authorize) returns the credentials for a request, and [`receive`](Self::receive) the next step after its
/// response. The first request is sent without credentials. Once the peer has sent a challenge, each request carries an answer at
/// once, on any connection to the peer.
///
/// ```
/// use proxy_auth::{GiveUp, Login, Policy, Request, Session, Step, Turn};
///
/// # struct Response { status: u16, headers: Vec<(&'static str, &'static str)> }
/// # fn send(_: &Request<'_>, authorization: Option<String>) -> Response {
/// #     match authorization.as_deref() {
/// #         Some("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==") => Response { status: 200, headers: vec![] },
/// #         _ => Response { status: 407, headers: vec![("Proxy-Authenticate", "Basic realm=\"apps\"")] },
/// #     }
/// # }
/// fn fetch(session: &mut Session<512>, login: &Login<'_>, request: &Request<'_>) -> Result<Response, GiveUp> {
///     let mut turn = Turn::FIRST;
///     loop {
///         let random = [7; 16]; // must come from a random source
///         let (authorization, pending) = session.authorize(turn, login, request, random)?;
///         // If there is an authorization, it is the value of Proxy-Authorization.
///         let response = send(request, authorization.map(|authorization| authorization.to_string()));
///         match session.receive(pending, response.status, response.headers.iter().copied()) {
///             Step::Again(next) => turn = next,
///             Step::NewConnection(next) => turn = next, // connect again
///             Step::Done { .. } => return Ok(response),
///             Step::GiveUp(reason) => return Err(reason),
///         }
///     }
/// }
///
/// let mut session = Session::new(Policy::basic_only()); // or Policy::digest_only(), with the feature `digest`
/// let login = Login { name: "aladdin", password: "open sesame" };
/// let request = Request::new("CONNECT", "example.com:443")?;
/// assert_eq!(fetch(&mut session, &login, &request)?.status, 200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Memory
///
/// `N` is the number of bytes for the realm, the nonce and the opaque data of a challenge of Digest, and for the user's name. If they
/// do not fit, the session gives up with [`GiveUp::BufferTooSmall`]. 512 bytes suffice for most peers. Basic needs none.
///
/// The session keeps a hash of the password for Digest, and nothing of it for Basic. With the feature `zeroize`, the hash, the name
/// and the challenge are overwritten when the session is dropped. A session that is moved leaves copies behind, which nothing
/// overwrites: create it where it stays.
///
/// # One peer, one user
///
/// Use a session for each peer and each user. A session cannot be cloned, since a clone would use the same counts of a nonce again,
/// and peers refuse that:
///
/// ```compile_fail,E0599
/// # use proxy_auth::{Policy, Session};
/// let session = Session::<512>::new(Policy::basic_only());
/// let copy = session.clone();
/// ```
///
/// # Overlapping requests
///
/// Requests may overlap: authorize several before the first response arrives, and keep a [`Pending`] for each. A request is sent
/// again at most twice: for a challenge, and for a stale nonce. If others overlap with it, it is sent again once more for each nonce
/// that one of them obtained in the meantime, and while no answer is accepted, each of them obtains at most eight.
pub struct Session<const N: usize> {
    policy: Policy,
    role: Role,
    /// The challenge to answer.
    known: Option<Known>,
    #[cfg(feature = "digest")]
    memory: Memory<N>,
    /// The random bytes of the first request, which distinguish this session from others.
    mark: Option<[u8; 16]>,
    /// It changes when a response changes the answers.
    generation: u32,
    /// The number of answers of Digest that the peer has accepted.
    #[cfg(feature = "digest")]
    accepted: u32,
    /// The number of stale nonces since the last accepted answer, in all requests.
    #[cfg(feature = "digest")]
    stale: u8,
    /// The strongest challenge that the peer has shown, unless the policy allows a downgrade.
    strongest: Option<Strength>,
    is_refused: bool,
}

#[cfg_attr(
    feature = "digest",
    expect(clippy::large_enum_variant, reason = "nothing here can allocate")
)]
enum Known {
    Basic,
    #[cfg(feature = "digest")]
    Digest(Digest),
}

impl<const N: usize> Session<N> {
    /// Creates a session with a proxy: status code 407, Proxy-Authenticate and Proxy-Authorization.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self {
            policy,
            role: Role::Proxy,
            known: None,
            #[cfg(feature = "digest")]
            memory: Memory::EMPTY,
            mark: None,
            generation: 0,
            #[cfg(feature = "digest")]
            accepted: 0,
            #[cfg(feature = "digest")]
            stale: 0,
            strongest: None,
            is_refused: false,
        }
    }

    /// Sets the role of the peer. [`Role::Server`] is an origin server: status code 401, WWW-Authenticate and Authorization.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Returns the role of the peer, which knows the name of the field for the credentials.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Returns the credentials for a request, and the token for its response. Returns no credentials if the peer has not sent a
    /// challenge yet. Each call counts as a use of the nonce, so send the credentials once.
    ///
    /// `turn` is [`Turn::FIRST`] for a new request, and that in [`Step::Again`] for a request that is sent again.
    ///
    /// `random` must come from a random source. The first answer to a nonce uses it as the client's nonce. That of the first request
    /// distinguishes this session from others.
    ///
    /// The password is hashed for the first answer to a challenge, and again if the name differs from that of the last call. Call
    /// [`forget_login`](Self::forget_login) if the password changes. Each answer of Digest takes two hashes, and two more for the
    /// proof that its response must contain.
    ///
    /// # Errors
    /// [`GiveUp::Refused`] if the peer has refused this login before. [`GiveUp::InvalidLogin`] if the name contains a control
    /// character or a colon, or for Basic, if the password contains a control character. [`GiveUp::BufferTooSmall`] if there is no
    /// memory for the name.
    #[cfg_attr(
        not(feature = "digest"),
        expect(unused_variables, reason = "Basic does not depend on the request")
    )]
    pub fn authorize<'a>(
        &'a mut self,
        turn: Turn,
        login: &Login<'a>,
        request: &Request<'a>,
        random: [u8; 16],
    ) -> Result<(Option<Authorization<'a>>, Pending), GiveUp> {
        if self.is_refused {
            return Err(GiveUp::Refused);
        }
        #[cfg(feature = "digest")]
        if matches!(&self.known, Some(Known::Digest(digest)) if digest.is_used_up()) {
            self.forget_challenge();
        }
        let mark = *self.mark.get_or_insert(random);
        let generation = self.generation;
        let pending = move |sent| Pending {
            mark,
            generation,
            turn,
            sent,
        };
        match &mut self.known {
            None => Ok((None, pending(Sent::Nothing))),
            Some(Known::Basic) => {
                let credentials = basic::Credentials::new(login.name, login.password)?;
                Ok((Some(Authorization(Inner::Basic(credentials))), pending(Sent::Basic)))
            }
            #[cfg(feature = "digest")]
            Some(Known::Digest(digest)) => {
                let (answer, proof) = digest.answer(&mut self.memory, login, request, random)?;
                Ok((Some(Authorization(Inner::Digest(answer))), pending(Sent::Digest(proof))))
            }
        }
    }

    /// Returns the next step after the response to a request.
    ///
    /// `fields` are all field lines of the response, as pairs of name and value: `&http::HeaderMap`, an iterator over the headers of
    /// `httparse`, or an array. They are read [leniently](crate::Challenges::lenient). Pass the final response, not one with a status code
    /// of 1xx.
    ///
    /// A request of another session changes nothing, and is answered with [`GiveUp::OtherSession`].
    ///
    /// If the status code is not that of the [role](Role::status), the peer asks for no credentials, even if the request failed for
    /// another reason.
    ///
    /// An HTTP/1.0 response closes the connection even if it does not say so. The session does not know the version.
    ///
    /// ```
    /// use proxy_auth::{Login, Policy, Request, Session, Step, Turn};
    ///
    /// let mut session = Session::<256>::new(Policy::basic_only());
    /// let login = Login { name: "aladdin", password: "open sesame" };
    /// let request = Request::new("GET", "http://example.com/")?;
    ///
    /// let (authorization, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16])?;
    /// assert!(authorization.is_none());
    /// let fields = [("Proxy-Authenticate", "Basic realm=\"apps\""), ("Connection", "close")];
    /// let Step::NewConnection(turn) = session.receive(pending, 407, fields) else { panic!() };
    ///
    /// let (authorization, pending) = session.authorize(turn, &login, &request, [7; 16])?;
    /// assert_eq!(authorization.unwrap().to_string(), "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    /// assert_eq!(session.receive(pending, 200, [("Date", "")]), Step::Done { proved: false });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn receive<'f, K, V>(
        &mut self,
        pending: Pending,
        status: u16,
        fields: impl IntoIterator<Item = (&'f K, &'f V)> + Clone,
    ) -> Step
    where
        K: AsRef<[u8]> + ?Sized + 'f,
        V: AsRef<[u8]> + ?Sized + 'f,
    {
        let Pending {
            mark,
            generation,
            turn,
            sent,
        } = pending;
        if self.mark != Some(mark) {
            return Step::GiveUp(GiveUp::OtherSession);
        }
        let is_current = generation == self.generation;
        if self.role.status() != status {
            let lines = lines(fields, self.role.authentication_info());
            return self
                .accepted(&sent, is_current, lines)
                .map_or_else(Step::GiveUp, |proved| Step::Done { proved });
        }
        let challenges = lines(fields.clone(), self.role.authenticate());
        match self.challenged(&sent, is_current, turn, challenges) {
            Ok(turn) if closes(fields) => Step::NewConnection(turn),
            Ok(turn) => Step::Again(turn),
            Err(reason) => Step::GiveUp(reason),
        }
    }

    /// Forgets the login: that the peer refused it, and the hash of its password. Call this before other credentials are used.
    ///
    /// Requests with the old login may still be on their way. If they are refused, they are sent again with the new one.
    pub fn forget_login(&mut self) {
        self.is_refused = false;
        #[cfg(feature = "digest")]
        if let Some(Known::Digest(digest)) = &mut self.known {
            digest.forget_login(&mut self.memory);
        }
        self.advance();
    }

    /// Records that answers differ from now on.
    fn advance(&mut self) {
        self.generation = self.generation.wrapping_add(1);
    }
}

impl<const N: usize> fmt::Debug for Session<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("role", &self.role)
            .field("is_refused", &self.is_refused)
            .finish_non_exhaustive()
    }
}

//! The proxy's side: decides which requests may pass.

mod attempt;
#[cfg(feature = "digest")]
mod confirmation;
mod connection;
mod denial;
#[cfg(feature = "digest")]
mod digest;
mod framing;
mod head;
mod offer;
mod refusal;
mod secret;
mod store;
mod ticket;

pub use attempt::{Attempt, Claim};
#[cfg(feature = "digest")]
pub use confirmation::Confirmation;
pub use connection::{ConnectionGate, ConnectionStep, Continuation, Round};
pub use denial::Denial;
#[cfg(feature = "digest")]
pub use offer::DigestOffer;
pub use offer::OfferedChallenge;
pub use refusal::{Reason, Refusal};
pub use secret::{Password, Secret, Verified};
pub use store::{AsyncReplayStore, NonceUse, ReplayStore};
pub use ticket::{Pass, Ticket};

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use self::head::Head;
use self::offer::{Offer, Offers};
use crate::error::{Base64Error, InvalidInput, SchemeError};
use crate::fields::{Challenge, Credentials, ParamValue, Scheme};
use crate::request::Request;
use crate::response::{End, Role};
#[cfg(feature = "digest")]
use crate::schemes::digest::Terms;
use crate::schemes::negotiate::Mechanism;
use crate::schemes::{basic, bearer};

/// Decides which requests may pass a proxy, or an origin server.
///
/// A request takes four steps, and none can be left out:
///
/// 1. [`read`](Self::read) reads its credentials. An [`Attempt`] says who the client claims to be.
/// 2. The caller looks the account up, in a file, a database or a remote service.
/// 3. [`Attempt::check`] verifies the credentials, and returns a [`Ticket`].
/// 4. [`Ticket::redeem`] records an answer of Digest in a store, so that it cannot be used again, and returns a [`Pass`].
///
/// Each step may refuse the request. [`deny`](Self::deny) then creates the response, with every challenge.
///
/// ```
/// use core::time::Duration;
/// use proxy_auth::{Account, Gate, Pass, Password, Refusal, Request};
///
/// fn check<'a>(
///     gate: &'a Gate<&str>,
///     request: &Request<'a>,
///     fields: &'a [(&str, &str)],
///     scratch: &'a mut [u8],
///     now: Duration,
/// ) -> Result<Pass<'a>, Refusal> {
///     let attempt = gate.read(request, fields.iter().copied(), scratch)?;
///     let account = match attempt.name() {
///         Some("aladdin") => Some(Account::new("aladdin", Password::new("open sesame"))),
///         _ => None,
///     };
///     attempt.check(account, now)?.redeem(&mut ()) // with Digest, a `ReplayWindow`
/// }
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let now = Duration::from_secs(1_445_412_480);
///
/// let fields = [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
/// assert_eq!(check(&gate, &request, &fields, &mut [0; 512], now)?.user(), b"aladdin");
///
/// let refusal = check(&gate, &request, &[], &mut [0; 512], now).unwrap_err();
/// let denial = gate.deny(&refusal, now, 1);
/// assert_eq!(denial.response().encode_string::<256>()?, concat!(
///     "HTTP/1.1 407 Proxy Authentication Required\r\n",
///     "Proxy-Authenticate: Basic realm=\"apps\", charset=\"UTF-8\"\r\n",
///     "Content-Length: 0\r\n",
///     "\r\n",
/// ));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Type parameters
///
/// `R` is the type of the realm: `&'static str`, `String` or `heapless::String`. A gate that offers nothing is a `Gate<R, Empty>`. It
/// cannot read a request, since a 407 must have a challenge:
///
/// ```compile_fail,E0599
/// # use proxy_auth::{Gate, Request};
/// let request = Request::new("CONNECT", "example.com:443").unwrap();
/// Gate::new("apps").unwrap().read(&request, [("Host", "x")], &mut []);
/// ```
///
/// # What remains to the caller
///
/// - **Forwarding.** Remove the field [`Role::authorization`] before the request is forwarded
///   ([RFC 9110, section 11.7.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.7.2)).
/// - **Guesses.** Count the refusals of each client address for which [`Refusal::is_guess`] returns `true`.
/// - **Normalization** of names and passwords (RFC 7616, section 4): prepare both as you prepared those that you store.
#[derive(Clone)]
pub struct Gate<R, O = Offering> {
    realm: R,
    role: Role,
    offers: Offers,
    /// The challenge of a scheme that only the caller knows.
    other: Option<Challenge<'static>>,
    #[cfg(feature = "digest")]
    terms: Option<Terms>,
    state: PhantomData<O>,
}

/// The state of a [`Gate`] that offers nothing yet.
#[derive(Clone, Copy, Debug)]
pub struct Empty;

/// The state of a [`Gate`] that offers at least one challenge.
#[derive(Clone, Copy, Debug)]
pub struct Offering;

impl<R: AsRef<str>> Gate<R, Empty> {
    /// Creates the gate of a proxy for the given realm: status code 407, Proxy-Authenticate and Proxy-Authorization.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `realm` contains a control character other than HTAB.
    pub fn new(realm: R) -> Result<Self, InvalidInput> {
        ParamValue::quoted(realm.as_ref())?;
        Ok(Self {
            realm,
            role: Role::Proxy,
            offers: Offers::new(),
            other: None,
            #[cfg(feature = "digest")]
            terms: None,
            state: PhantomData,
        })
    }
}

impl<R: AsRef<str>, O> Gate<R, O> {
    /// Sets the role. [`Role::Server`] is an origin server: status code 401, WWW-Authenticate and Authorization.
    #[must_use]
    pub fn with_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// Offers Basic, after the challenges that are offered already.
    ///
    /// **The password is sent in a readable form**
    /// ([RFC 7617, section 4](https://www.rfc-editor.org/rfc/rfc7617#section-4)): everybody who can read the connection can read it.
    #[must_use]
    pub fn with_basic(self) -> Gate<R> {
        self.with_offers([Offer::Basic])
    }

    /// Offers Bearer, after the challenges that are offered already.
    ///
    /// The caller verifies the token, and passes an account with the verdict [`Verified`].
    #[must_use]
    pub fn with_bearer(self) -> Gate<R> {
        self.with_offers([Offer::Bearer])
    }

    /// Offers Negotiate or NTLM, after the challenges that are offered already.
    ///
    /// Both authenticate a connection, so a [`ConnectionGate`](crate::ConnectionGate) must read the requests.
    #[must_use]
    pub fn with_negotiate(self, mechanism: Mechanism) -> Gate<R> {
        self.with_offers([Offer::Negotiate(mechanism)])
    }

    /// Offers a scheme that only the caller knows, after the challenges that are offered already. At most one: a second call replaces
    /// the challenge.
    ///
    /// The caller verifies [`Claim::Other`], and passes an account with the verdict [`Verified`]. Credentials of schemes that this
    /// gate knows are never passed to the caller in this way.
    ///
    /// # Examples
    /// ```
    /// use core::time::Duration;
    /// use proxy_auth::{Account, Challenge, Claim, Gate, Request, Scheme, Verified};
    ///
    /// let gate = Gate::new("apps")?.with_challenge(Challenge::new(Scheme::new("ApiKey")?)).with_basic();
    /// let request = Request::new("CONNECT", "example.com:443")?;
    /// let mut scratch = [0; 512];
    /// let attempt = gate.read(&request, [("Proxy-Authorization", "ApiKey 4d5a")], &mut scratch)?;
    /// let account = match attempt.claim() {
    ///     Claim::Other(credentials) if credentials.token68().is_some_and(|key| key.as_bytes() == b"4d5a") => {
    ///         Some(Account::new("build server", Verified))
    ///     }
    ///     _ => None,
    /// };
    /// assert_eq!(attempt.check(account, Duration::ZERO)?.redeem(&mut ())?.user(), b"build server");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_challenge(self, challenge: Challenge<'static>) -> Gate<R> {
        Gate {
            other: Some(challenge),
            ..self.with_offers([Offer::Other])
        }
    }

    fn with_offers(self, offers: impl IntoIterator<Item = Offer>) -> Gate<R> {
        let mut this = Gate {
            realm: self.realm,
            role: self.role,
            offers: self.offers,
            other: self.other,
            #[cfg(feature = "digest")]
            terms: self.terms,
            state: PhantomData,
        };
        for offered in offers {
            offer::add(&mut this.offers, offered);
        }
        this
    }
}

impl<R: AsRef<str>> Gate<R> {
    /// Returns the realm.
    #[must_use]
    pub fn realm(&self) -> &str {
        self.realm.as_ref()
    }

    /// Returns the realm, which was checked when the gate was created.
    pub(super) fn realm_value(&self) -> ParamValue<'_> {
        ParamValue::text(self.realm.as_ref().as_bytes())
    }

    /// Returns the role, which knows the names of the fields.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Reads the credentials of a request, strictly.
    ///
    /// `fields` are all field lines of the request, as pairs of name and value: `&http::HeaderMap`, an iterator over the headers of
    /// `httparse`, or an array. `scratch` is memory for the name, and for Basic, the password: 512 bytes suffice for most. If they do
    /// not, the reason is [`Reason::TooLong`] with the needed length. All of it may be overwritten. Clear it after use.
    ///
    /// # Errors
    /// Returns a [`Refusal`] if there are no credentials, or they cannot be an answer to a challenge of this gate for this request.
    pub fn read<'a, K, V>(
        &'a self,
        request: &Request<'a>,
        fields: impl IntoIterator<Item = (&'a K, &'a V)>,
        scratch: &'a mut [u8],
    ) -> Result<Attempt<'a, R>, Refusal>
    where
        K: AsRef<[u8]> + ?Sized + 'a,
        V: AsRef<[u8]> + ?Sized + 'a,
    {
        let head = Head::read(request, fields, self.role.authorization());
        let end = head.end;
        let credentials = self.credentials(head)?;
        self.attempt(request, credentials, end, scratch)
    }

    /// Returns the credentials of a request, if it has any.
    pub(in crate::exchange::gate) fn credentials<'a>(
        &self,
        head: Head<'a>,
    ) -> Result<Option<Credentials<'a>>, Refusal> {
        head.credentials.map_err(|error| Refusal {
            is_bearer: head.is_bearer && self.offers.contains(&Offer::Bearer),
            ..Refusal::new(Reason::Damaged(error), head.end)
        })
    }

    /// Reads the credentials of a request.
    pub(super) fn attempt<'a>(
        &'a self,
        request: &Request<'a>,
        credentials: Option<Credentials<'a>>,
        end: End,
        scratch: &'a mut [u8],
    ) -> Result<Attempt<'a, R>, Refusal> {
        let credentials = credentials.ok_or(Refusal::new(Reason::Missing, end))?;
        let sent = self.read_scheme(request, &credentials, scratch);
        let sent = sent.map_err(|reason| Refusal {
            is_bearer: credentials.scheme() == Scheme::Bearer && reason != Reason::NotOffered,
            ..Refusal::new(reason, end)
        })?;
        Ok(Attempt {
            gate: self,
            request: *request,
            sent,
            end,
        })
    }

    /// Reads credentials of an offered scheme.
    #[cfg_attr(
        not(feature = "digest"),
        expect(unused_variables, reason = "only an answer of Digest depends on the request")
    )]
    fn read_scheme<'a>(
        &self,
        request: &Request<'_>,
        credentials: &Credentials<'a>,
        scratch: &'a mut [u8],
    ) -> Result<attempt::Sent<'a>, Reason> {
        let offers = |offer| self.offers.contains(&offer);
        if self.mechanism(credentials).is_some() {
            return Err(Reason::BoundToConnection);
        }
        match credentials.scheme() {
            Scheme::Basic if offers(Offer::Basic) => {
                Ok(attempt::Sent::Basic(basic::Credentials::decode(credentials, scratch)?))
            }
            Scheme::Bearer if offers(Offer::Bearer) => {
                Ok(attempt::Sent::Bearer(bearer::Credentials::read(credentials)?))
            }
            #[cfg(feature = "digest")]
            Scheme::Digest if self.terms.is_some() => self.read_digest(request, credentials, scratch),
            scheme if self.offers_other(scheme) => Ok(attempt::Sent::Other(*credentials)),
            _ => Err(Reason::NotOffered),
        }
    }

    /// Returns the mechanism of credentials that authenticate a connection, if it is offered.
    pub(super) fn mechanism(&self, credentials: &Credentials<'_>) -> Option<Mechanism> {
        let mechanisms = [Mechanism::Negotiate, Mechanism::Ntlm].into_iter();
        let mut offered = mechanisms.filter(|&mechanism| self.offers_mechanism(mechanism));
        offered.find(|mechanism| mechanism.scheme() == credentials.scheme())
    }

    pub(super) fn offers_mechanism(&self, mechanism: Mechanism) -> bool {
        self.offers.contains(&Offer::Negotiate(mechanism))
    }

    /// Checks that the caller offers this scheme, and that the gate could not.
    fn offers_other(&self, scheme: Scheme<'_>) -> bool {
        let is_known = matches!(
            scheme,
            Scheme::Basic | Scheme::Bearer | Scheme::Digest | Scheme::Negotiate | Scheme::Ntlm
        );
        !is_known
            && self
                .other
                .as_ref()
                .is_some_and(|challenge| challenge.scheme() == scheme)
    }

    /// Creates the response to a refused request, with every challenge that the gate offers.
    ///
    /// `now` is the time of [`Attempt::check`]. `unique` must differ between calls in the same millisecond. Use a counter or a random
    /// number. All challenges of Digest share one nonce. Without Digest, neither `now` nor `unique` is used.
    #[cfg_attr(
        not(feature = "digest"),
        expect(unused_variables, reason = "only a nonce depends on them")
    )]
    #[must_use]
    pub fn deny<'a>(&'a self, refusal: &'a Refusal, now: Duration, unique: u64) -> Denial<'a, R> {
        Denial {
            gate: self,
            refusal,
            scope: None,
            #[cfg(feature = "digest")]
            nonce: self.nonce(now, unique),
        }
    }
}

impl From<SchemeError> for Reason {
    fn from(error: SchemeError) -> Self {
        match error {
            SchemeError::Base64(Base64Error::BufferTooSmall(error)) => Self::TooLong { needed: error.needed },
            error => Self::Invalid(error),
        }
    }
}

impl<R: fmt::Debug, O> fmt::Debug for Gate<R, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate")
            .field("realm", &self.realm)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

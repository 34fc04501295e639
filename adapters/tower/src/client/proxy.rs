//! A proxy, and what is known of it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use proxy_auth::{Credentials, Login, Policy, Session, basic};

use super::error::{Error, ErrorKind};
use super::port::port;
use super::tokens::TokenProvider;

/// The longest time for which the content of a 407 is read.
pub(super) const DISCARD_TIME: Duration = Duration::from_secs(5);

/// The memory of a session for the fields of a challenge.
pub(super) type ProxySession = Session<4096>;

/// A proxy, the login for it, and the sessions that remember its challenges: one for all tunnels, and one for all requests that it
/// forwards.
///
/// Clones share the sessions. So create one for each proxy and each user, and pass clones to [`ProxyConnector`](super::ProxyConnector)
/// and [`ProxyAuth`](super::ProxyAuth).
///
/// # Examples
/// ```
/// use proxy_auth_tower::client::{Policy, Proxy};
///
/// let proxy = Proxy::parse("http://aladdin:open%20sesame@proxy.example:3128", Policy::digest_only())?;
/// assert_eq!(proxy.uri(), "http://proxy.example:3128/");
/// assert!(!format!("{proxy:?}").contains("sesame"));
/// # Ok::<(), proxy_auth_tower::client::Error>(())
/// ```
#[derive(Clone)]
pub struct Proxy {
    uri: Uri,
    pub(super) time_limit: Duration,
    pub(super) max_head: usize,
    pub(super) max_discarded: usize,
    pub(super) shared: Arc<Shared>,
}

/// The state that the clones share.
pub(super) struct Shared {
    pub(super) authentication: Authentication,
}

pub(super) enum Authentication {
    None,
    Session(Box<Mutex<User>>),
    Tokens(Arc<dyn TokenProvider>),
}

/// The sessions, and the login that they use.
pub(super) struct User {
    pub(super) sessions: Sessions,
    pub(super) name: String,
    pub(super) password: String,
}

/// The sessions with a proxy.
pub(super) struct Sessions {
    pub(super) tunnels: ProxySession,
    /// It learns only from responses over connections of the connector to the proxy itself.
    pub(super) forwarded: ProxySession,
}

impl Proxy {
    /// Creates a proxy with a login, for Digest and Basic as the policy allows.
    ///
    /// `address` is a URI such as `http://proxy.example:3128`, or `https://` if the connector below speaks TLS.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidProxy`] if the address is not such a URI, or contains a name and a password.
    pub fn new(address: &str, login: &Login<'_>, policy: Policy) -> Result<Self, Error> {
        let user = User {
            sessions: Sessions {
                tunnels: Session::new(policy),
                forwarded: Session::new(policy),
            },
            name: login.name.to_owned(),
            password: login.password.to_owned(),
        };
        Self::with_authentication(address, Authentication::Session(Box::new(Mutex::new(user))))
    }

    /// Creates a proxy from a URI with a name and a password, percent-encoded, as in the proxy variables of the environment.
    ///
    /// Without a scheme, the address is that of an `http://` proxy. Without a name, the proxy is one that asks for no credentials.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidProxy`] if the address is not such a URI, the name contains a colon, or the encoded text is not UTF-8.
    pub fn parse(address: &str, policy: Policy) -> Result<Self, Error> {
        let intercept = intercept(address)?;
        let address = intercept.uri().to_string();
        let Some(value) = intercept.basic_auth() else {
            return Self::without_login(&address);
        };
        let mut scratch = vec![0; value.len()];
        let credentials = Credentials::parse(value.as_bytes()).ok();
        let login = credentials.and_then(|credentials| basic::Credentials::decode(&credentials, &mut scratch).ok());
        let text = |bytes| std::str::from_utf8(bytes).map_err(|_| Error::from(ErrorKind::InvalidProxy));
        let login = login.ok_or(ErrorKind::InvalidProxy)?;
        let (name, password) = (text(login.user_id())?, text(login.password())?);
        if [name, password]
            .iter()
            .any(|text| text.contains(char::REPLACEMENT_CHARACTER))
        {
            // It was not encoded in UTF-8.
            return Err(ErrorKind::InvalidProxy.into());
        }
        Self::new(&address, &Login { name, password }, policy)
    }

    /// Creates a proxy that asks for no credentials.
    ///
    /// # Errors
    /// See [`new`](Self::new).
    pub fn without_login(address: &str) -> Result<Self, Error> {
        Self::with_authentication(address, Authentication::None)
    }

    /// Creates a proxy that asks for tokens of Negotiate or NTLM.
    ///
    /// Both authenticate a connection. So the connector opens a tunnel for `http://`, too, which some proxies refuse.
    ///
    /// # Errors
    /// See [`new`](Self::new).
    pub fn from_provider(address: &str, provider: impl TokenProvider) -> Result<Self, Error> {
        Self::with_authentication(address, Authentication::Tokens(Arc::new(provider)))
    }

    fn with_authentication(address: &str, authentication: Authentication) -> Result<Self, Error> {
        let intercept = intercept(address)?;
        if intercept.basic_auth().is_some() {
            return Err(ErrorKind::InvalidProxy.into());
        }
        Ok(Self {
            uri: intercept.uri().clone(),
            time_limit: Duration::from_secs(30),
            max_head: 128 * 1024,
            max_discarded: 64 * 1024,
            shared: Arc::new(Shared { authentication }),
        })
    }

    /// Sets the time in which a tunnel must be open, from the first connection on. The default is 30 seconds.
    #[must_use]
    pub fn with_time_limit(self, time_limit: Duration) -> Self {
        Self { time_limit, ..self }
    }

    /// Sets the longest head of a response to CONNECT, in bytes. The default is 128 KiB, which has room for the longest token of
    /// Negotiate. Less than 8 KiB counts as 8 KiB.
    #[must_use]
    pub fn with_max_head(self, max_head: usize) -> Self {
        let max_head = max_head.max(8 * 1024);
        Self { max_head, ..self }
    }

    /// Sets the longest content of a 407 that is read to keep the connection, in bytes. The default is 64 KiB. If there is more, the
    /// next request uses a new connection.
    #[must_use]
    pub fn with_max_discarded(self, max_discarded: usize) -> Self {
        Self { max_discarded, ..self }
    }

    /// Returns the URI of the proxy, without a name and a password.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.uri
    }

    /// Replaces the name and the password, after a user was asked again.
    ///
    /// After [`GiveUp::Refused`](proxy_auth::GiveUp::Refused), nothing more is sent to the proxy before this call. It has no effect on a
    /// proxy without a login.
    pub fn set_login(&self, login: &Login<'_>) {
        if let Authentication::Session(user) = &self.shared.authentication {
            let mut user = lock(user);
            login.name.clone_into(&mut user.name);
            login.password.clone_into(&mut user.password);
            user.sessions.tunnels.forget_login();
            user.sessions.forwarded.forget_login();
        }
    }

    /// Checks that a connection belongs to one request: with Negotiate and NTLM.
    pub(super) fn is_bound_to_connection(&self) -> bool {
        matches!(self.shared.authentication, Authentication::Tokens(_))
    }
}

/// Locks without regard to panics elsewhere: no state is left half-changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Parses the address of a proxy, with or without a name and a password.
fn intercept(address: &str) -> Result<Intercept, Error> {
    let matcher = Matcher::builder().all(address.to_owned()).build();
    let intercept = matcher.intercept(&Uri::from_static("http://x/"));
    let is_http = |intercept: &Intercept| matches!(intercept.uri().scheme_str(), Some("http" | "https"));
    let intercept = intercept.filter(is_http).filter(|_| !has_colon_in_name(address));
    let intercept = intercept.filter(|intercept| is_delimited(address, intercept));
    intercept.ok_or_else(|| ErrorKind::InvalidProxy.into())
}

/// Checks that no part of a name or of a password was read as another part of the address, as after `/`, `?`, `#` or `@` that is not
/// percent-encoded.
fn is_delimited(address: &str, intercept: &Intercept) -> bool {
    let is_port_valid = intercept
        .uri()
        .authority()
        .is_some_and(|authority| port(authority).is_ok());
    let signs = address.matches('@').count();
    is_port_valid && signs == usize::from(intercept.basic_auth().is_some())
}

/// Checks for an encoded colon in the name, which would move a part of the name to the password.
fn has_colon_in_name(address: &str) -> bool {
    let authority = address.split_once("://").map_or(address, |(_, rest)| rest);
    let userinfo = authority.rsplit_once('@').map_or("", |(userinfo, _)| userinfo);
    let name = userinfo.split(':').next().unwrap_or_default();
    name.to_ascii_lowercase().contains("%3a")
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("uri", &self.uri).finish_non_exhaustive()
    }
}

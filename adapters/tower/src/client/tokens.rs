//! Tokens of Negotiate and NTLM, from a library of the caller.

use proxy_auth::negotiate::Mechanism;

use crate::BoxError;

/// A library that creates the tokens of Negotiate or NTLM, such as GSSAPI or SSPI.
///
/// Both schemes authenticate a connection, so each tunnel has a [`TokenContext`] of its own. Its methods run on a thread for blocking
/// calls, since they may ask a server for a ticket.
///
/// # Examples
/// ```
/// use proxy_auth_tower::BoxError;
/// use proxy_auth_tower::client::{Proxy, TokenContext, TokenProvider};
/// use proxy_auth_tower::proxy_auth::negotiate::Mechanism;
/// # struct Gss;
/// # impl Gss {
/// #     fn new(_: &str) -> Result<Self, BoxError> { Ok(Self) }
/// #     fn step(&mut self, _: Option<&[u8]>) -> Result<Vec<u8>, BoxError> { Ok(vec![1]) }
/// # }
///
/// struct Kerberos;
/// struct Context(Gss);
///
/// impl TokenProvider for Kerberos {
///     fn mechanism(&self) -> Mechanism {
///         Mechanism::Negotiate
///     }
///     fn start(&self, host: &str) -> Result<Box<dyn TokenContext>, BoxError> {
///         Ok(Box::new(Context(Gss::new(&format!("HTTP@{host}"))?)))
///     }
/// }
///
/// impl TokenContext for Context {
///     fn step(&mut self, received: Option<&[u8]>) -> Result<Vec<u8>, BoxError> {
///         self.0.step(received)
///     }
///     fn verify(&mut self, last: &[u8]) -> Result<(), BoxError> {
///         self.0.step(Some(last)).map(drop)
///     }
/// }
///
/// let proxy = Proxy::from_provider("http://proxy.example:3128", Kerberos)?;
/// # Ok::<(), BoxError>(())
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// Returns the scheme.
    fn mechanism(&self) -> Mechanism;

    /// Returns `true` if a proxy must prove its identity with a last token. By default, it need not.
    fn requires_proof(&self) -> bool {
        false
    }

    /// Starts a handshake with the proxy on the given host.
    ///
    /// # Errors
    /// Any error ends the tunnel with [`ErrorKind::Tokens`](super::ErrorKind::Tokens).
    fn start(&self, host: &str) -> Result<Box<dyn TokenContext>, BoxError>;
}

/// One handshake of a [`TokenProvider`].
pub trait TokenContext: Send + 'static {
    /// Returns the next token. `received` is that of the proxy, and `None` at the start.
    ///
    /// # Errors
    /// Any error ends the tunnel with [`ErrorKind::Tokens`](super::ErrorKind::Tokens).
    fn step(&mut self, received: Option<&[u8]>) -> Result<Vec<u8>, BoxError>;

    /// Verifies the last token of the proxy.
    ///
    /// # Errors
    /// Returns an error if the proxy is not trusted.
    fn verify(&mut self, last: &[u8]) -> Result<(), BoxError>;
}

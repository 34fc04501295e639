//! The user of a request that passed.

/// The user of a request, in its extensions. Only [`ProxyAuth`](super::ProxyAuth) creates it.
///
/// # Examples
/// ```
/// use http::Request;
/// use proxy_auth_tower::server::AuthenticatedUser;
///
/// fn name<B>(request: &Request<B>) -> Option<&str> {
///     request.extensions().get::<AuthenticatedUser>().map(AuthenticatedUser::name)
/// }
/// # assert_eq!(name(&Request::new(())), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthenticatedUser {
    pub(super) name: String,
    pub(super) scheme: String,
}

impl AuthenticatedUser {
    /// Returns the name in the account, in the proxy's spelling, not in the client's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the scheme of the credentials, such as `Digest`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }
}

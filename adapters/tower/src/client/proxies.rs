//! Which proxy is for which URI.

use std::fmt;
use std::sync::Arc;

use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use proxy_auth::Policy;

use super::error::Error;
use super::proxy::Proxy;

/// The proxies for `http://` and for `https://`, and the hosts that need none.
///
/// # Examples
/// ```
/// use proxy_auth_tower::client::{Policy, Proxies, Proxy};
///
/// let proxy = Proxy::parse("http://aladdin:open%20sesame@proxy.example:3128", Policy::digest_only())?;
/// let proxies = Proxies::new(proxy).with_exceptions(".example.com, 10.0.0.0/8");
/// assert!(proxies.for_uri(&"https://example.org/".parse()?).is_some());
/// assert!(proxies.for_uri(&"https://www.example.com/".parse()?).is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    no_proxy: Arc<str>,
    matcher: Arc<Matcher>,
}

impl Proxies {
    /// Uses the proxy for all URIs.
    #[must_use]
    pub fn new(proxy: Proxy) -> Self {
        Self::with_parts(Some(proxy.clone()), Some(proxy), "")
    }

    /// Sets the hosts that need no proxy, as in the variable `no_proxy`: domains with their subdomains, addresses and networks, with
    /// commas between them. `*` stands for all hosts.
    #[must_use]
    pub fn with_exceptions(self, no_proxy: &str) -> Self {
        Self::with_parts(self.http, self.https, no_proxy)
    }

    /// Reads the variables `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` of the environment.
    ///
    /// Like curl, names in lower case come first, and `HTTP_PROXY` is ignored in a CGI program, where a client could set it. Unlike
    /// curl, `HTTP_PROXY` is read elsewhere.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidProxy`](super::ErrorKind::InvalidProxy) if one of the variables is not the address of a proxy for HTTP. It is
    /// not ignored, since the requests would be sent without the proxy.
    pub fn from_env(policy: Policy) -> Result<Self, Error> {
        // A variable that is not Unicode is not ignored, either: the replacement character is in no address.
        let variable = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
        Self::from_variables(variable, policy)
    }

    /// Reads variables like [`from_env`](Self::from_env), from elsewhere.
    ///
    /// # Errors
    /// See [`from_env`](Self::from_env).
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>, policy: Policy) -> Result<Self, Error> {
        let read = |lower: &str| {
            let upper = lower.to_ascii_uppercase();
            let is_forged = upper == "HTTP_PROXY" && variable("REQUEST_METHOD").is_some();
            let value = variable(lower).or_else(|| variable(&upper).filter(|_| !is_forged));
            value.filter(|value| !value.is_empty())
        };
        let parse = |address: String| Proxy::parse(&address, policy).map(|proxy| (address, proxy));
        let all = read("all_proxy");
        let http = read("http_proxy").or_else(|| all.clone()).map(parse).transpose()?;
        let https = match (read("https_proxy").or(all), &http) {
            // One proxy has one session.
            (Some(address), Some((same, proxy))) if address == *same => Some((address, proxy.clone())),
            (address, _) => address.map(parse).transpose()?,
        };
        let no_proxy = read("no_proxy").unwrap_or_default();
        Ok(Self::with_parts(
            http.map(|(_, proxy)| proxy),
            https.map(|(_, proxy)| proxy),
            &no_proxy,
        ))
    }

    fn with_parts(http: Option<Proxy>, https: Option<Proxy>, no_proxy: &str) -> Self {
        // The matcher takes it for all domains, but not for addresses.
        let is_all = no_proxy.trim() == "*";
        let [http, https] = [http, https].map(|proxy| proxy.filter(|_| !is_all));
        // The addresses do not matter here: only the exceptions are asked for.
        let matcher = Matcher::builder().all("http://proxy").no(no_proxy.to_owned()).build();
        Self {
            http,
            https,
            no_proxy: no_proxy.into(),
            matcher: Arc::new(matcher),
        }
    }

    /// Returns the proxy for a URI. WebSocket counts as HTTP, and a URI without a scheme as `https://`.
    #[must_use]
    pub fn for_uri(&self, uri: &Uri) -> Option<&Proxy> {
        let host = uri.host()?;
        let as_http = Uri::builder()
            .scheme("http")
            .authority(host)
            .path_and_query("/")
            .build();
        self.matcher.intercept(&as_http.ok()?)?;
        if is_plain(uri) {
            self.http.as_ref()
        } else {
            self.https.as_ref()
        }
    }

    /// Returns the proxy that forwards requests for a URI, rather than tunnels their bytes.
    pub(super) fn forwarding(&self, uri: &Uri) -> Option<&Proxy> {
        self.for_uri(uri)
            .filter(|proxy| uri.scheme_str() == Some("http") && !proxy.is_bound_to_connection())
    }

    /// Checks that these and others forward the same requests, through the same proxy.
    pub(super) fn forward_like(&self, others: &Self) -> bool {
        let is_same = match (&self.http, &others.http) {
            (Some(proxy), Some(other)) => Arc::ptr_eq(&proxy.shared, &other.shared),
            (proxy, other) => proxy.is_none() && other.is_none(),
        };
        is_same && self.no_proxy == others.no_proxy
    }
}

/// Checks that requests for a URI are not encrypted.
pub(super) fn is_plain(uri: &Uri) -> bool {
    matches!(uri.scheme_str(), Some("http" | "ws"))
}

impl From<Proxy> for Proxies {
    fn from(proxy: Proxy) -> Self {
        Self::new(proxy)
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxies")
            .field("http", &self.http)
            .field("https", &self.https)
            .finish_non_exhaustive()
    }
}

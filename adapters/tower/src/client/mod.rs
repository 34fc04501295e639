//! For clients: connections through a proxy that asks for credentials.
//!
//! | Request | Who authenticates |
//! |---|---|
//! | `https://`, through a tunnel that CONNECT opens | [`ProxyConnector`], below the connector for TLS |
//! | `http://`, which the proxy forwards | [`ProxyAuth`], around the client |
//!
//! Both share a [`Proxy`], which remembers the challenges of the proxy. So only the first tunnel, and the first forwarded request of each
//! client, cost a second round trip. Credentials are sent on connections to the proxy alone.

mod auth;
mod connector;
mod error;
mod exchange;
#[cfg(feature = "http2")]
mod http2;
mod port;
mod proxies;
mod proxy;
mod repeat;
mod stream;
mod tokens;
mod tunnel;

pub use auth::{ProxyAuth, ProxyAuthLayer};
pub use connector::ProxyConnector;
pub use error::{Error, ErrorKind};
pub use proxies::Proxies;
pub use proxy::Proxy;
pub use repeat::{Once, RepeatBody};
pub use stream::ProxyStream;
pub use tokens::{TokenContext, TokenProvider};

pub use proxy_auth::{GiveUp, Login, Policy};

//! For proxies and origin servers: a layer that lets only authenticated requests pass.
//!
//! [`ProxyAuthLayer`] wraps a service for requests. [`Users`] looks their accounts up. The inner service finds the
//! [`AuthenticatedUser`] in the extensions of the request, which no longer has the credentials.

mod connection;
mod content;
mod gatekeeper;
mod layer;
mod service;
mod store;
mod user;
mod users;

pub use connection::{AcceptContext, Accepted, Connection, TokenAcceptor};
pub use gatekeeper::Refused;
pub use layer::{ProxyAuthLayer, random_key};
pub use service::{ProxyAuth, ResponseBody, Unavailable};
pub use store::SharedReplayStore;
pub use user::AuthenticatedUser;
pub use users::{Account, StoredPassword, StoredSecret, Users, claimed_name};

pub use proxy_auth::digest::Algorithm;
pub use proxy_auth::{Attempt, DigestOffer, Gate, Role};

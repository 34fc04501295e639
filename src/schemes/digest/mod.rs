//! Digest: a proof that the client knows the password ([RFC 7616](https://www.rfc-editor.org/rfc/rfc7616)).
//!
//! The types in this module read and write the fields. With the feature `digest`, `Client` and `Verifier` also compute their
//! contents, on the client's side and on the proxy's side.
//!
//! ```
//! use proxy_auth::{Challenges, digest};
//!
//! let value = r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XX""#;
//! let challenge = Challenges::new(value).next().unwrap()?;
//! let challenge = digest::Challenge::read(&challenge)?;
//! assert_eq!(challenge.algorithm(), digest::Algorithm::Sha256);
//! assert!(challenge.qop().unwrap().has(digest::Qop::AuthInt));
//! assert!(!challenge.is_stale());
//!
//! let again = digest::Challenge::new("http-auth@example.org", "7ypf/xlj9XX")?
//!     .with_qop(digest::QopOptions::AUTH_AND_AUTH_INT)
//!     .with_algorithm(digest::Algorithm::Sha256);
//! assert_eq!(again, challenge);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod algorithm;
mod challenge;
mod credentials;
mod info;
mod qop;
mod username;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use challenge::Challenge;
pub use credentials::{Credentials, Proof};
pub use info::Info;
pub use qop::{Qop, QopOptions};
pub use username::Username;

#[cfg(feature = "digest")]
mod client;
#[cfg(feature = "digest")]
mod compute;
#[cfg(feature = "digest")]
mod hash;
#[cfg(feature = "digest")]
mod login;
#[cfg(feature = "digest")]
mod mac;
#[cfg(feature = "digest")]
mod nonce;
#[cfg(feature = "digest")]
mod replay;
#[cfg(feature = "digest")]
mod target;
#[cfg(feature = "digest")]
mod terms;
#[cfg(feature = "digest")]
mod verifier;

#[cfg(feature = "digest")]
pub use crate::{account::Account, request::Request};

#[cfg(feature = "digest")]
pub use self::{
    client::{Answer, Client},
    compute::{PasswordHash, userhash},
    hash::HexHash,
    login::Login,
    nonce::{Nonce, Nonces},
    replay::{ReplayWindow, Slot},
    verifier::{Verdict, Verifier},
};
#[cfg(feature = "digest")]
pub(crate) use self::{
    client::{Keys, Parts, Signed, answered_qop, can_continue},
    compute::{A1, userhash_of},
    hash::Hash,
    nonce::{MAX_CLOCK_SKEW, millis},
    replay::NonceUse,
    target::Binding,
    terms::{Mismatch, Terms, is_named},
};

//! HTTP authentication for proxies and their clients (status code 407): parsers and formatters without `std`, allocation or
//! unsafe code.
//!
//! A proxy that refuses a request sends *challenges* in Proxy-Authenticate. A client answers one of them with *credentials* in
//! Proxy-Authorization. A proxy that accepts them can prove itself with *parameters* in Proxy-Authentication-Info
//! ([RFC 9110, section 11](https://www.rfc-editor.org/rfc/rfc9110#section-11)). Origin servers use the same grammar with status
//! code 401.
//!
//! ```
//! use proxy_auth::{Challenges, Credentials, Scheme, basic};
//!
//! // A client reads the challenges of a proxy,
//! let challenges = Challenges::new(r#"Negotiate, Basic realm="Access to internal site""#);
//! let schemes: Result<Vec<_>, _> = challenges.map(|challenge| challenge.map(|challenge| challenge.scheme())).collect();
//! assert_eq!(schemes?, [Scheme::Negotiate, Scheme::Basic]);
//!
//! // and answers one of them.
//! let value = basic::Credentials::new("aladdin", "open sesame")?.to_string();
//! assert_eq!(value, "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
//!
//! // The proxy checks the credentials.
//! let mut scratch = [0; 64];
//! let credentials = basic::Credentials::decode(&Credentials::parse(&value)?, &mut scratch)?;
//! assert!(credentials.verify("aladdin", "open sesame"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # From task to type
//!
//! | Task | Client | Proxy |
//! |---|---|---|
//! | Parse a field | [`Challenges`], [`AuthenticationInfo`] | [`Credentials`] |
//! | Answer each request that needs it | [`Session`] | |
//! | Choose the challenge to answer | [`choose`] | |
//! | Use a user name and a password | [`basic::Credentials`], `digest::Client` | [`basic::Credentials`], `digest::Verifier` |
//! | Refuse an answer that was used before | | `digest::ReplayWindow` |
//! | Read users from files | | [`users`] |
//! | Use a token | [`bearer::Credentials`], [`private_token::Credentials`] | the same |
//! | Use a GSSAPI, SSPI or SCRAM library | [`ConnectionSession`], [`scram::Credentials`] | [`ConnectionGate`], [`scram::Challenge`] |
//! | Write a field | [`Encode`] | [`Encode`] |
//! | Write the 407 | | [`ChallengeResponse`], [`StatusCode`], [`FieldName`] |
//! | Use the types of hyper, axum and reqwest | `ToHeaderValue`, `Challenges::from_headers` | `ToHeaderValue`, `to_response` |
//! | Show people where a value breaks | [`ParseError::snippet`] | the same |
//!
//! # Features
//!
//! No feature is enabled by default.
//!
//! - `defmt`: `defmt::Format` for errors and views, with secrets redacted as in `Debug`. Errors and names do not need `core::fmt`.
//! - `digest`: the computations of Digest, with `md-5`, `sha2` and `hmac`.
//! - `http`: conversions from and to the types of the crate `http`, which needs `std`.
//! - `zeroize`: overwrites the copies of secrets that the crate makes, when they are dropped. In optimized code, no password stays on
//!   the stack. [Values that you move](https://docs.rs/zeroize#stackheap-zeroing-notes) leave copies that it cannot reach.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]
#![forbid(unsafe_code)]
// Nothing here may panic.
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

pub mod _documentation;
mod account;
mod encode;
mod error;
mod exchange;
mod fields;
#[cfg(any(feature = "defmt", feature = "http"))]
mod interop;
mod redact;
mod request;
mod response;
mod schemes;
mod select;
mod syntax;

pub use account::Account;
pub use encode::{Encode, EncodeChallenge};
pub use error::{
    Base64Error, BufferTooSmall, Expected, InvalidInput, ParseError, ParseErrorKind, Rule, SchemeError, Snippet,
    StringError,
};
pub use exchange::{
    AsyncReplayStore, Attempt, Authorization, Claim, ConnectionGate, ConnectionSession, ConnectionStep, Continuation,
    Denial, Empty, Gate, GiveUp, HandshakeStep, LastToken, Login, NonceUse, OfferedChallenge, Offering, Pass, Password,
    Pending, Policy, Reason, Refusal, ReplayStore, Round, Secret, Session, Step, Ticket, TokenRequest, Verified, users,
};
#[cfg(feature = "digest")]
pub use exchange::{Confirmation, DigestOffer};
pub use fields::{
    AuthParam, AuthenticationInfo, Challenge, Challenges, Credentials, ParamValue, Params, ParamsIter, Scheme,
};
#[cfg(feature = "http")]
pub use interop::ToHeaderValue;
pub use request::{Request, Version};
pub use response::{ChallengeResponse, FieldLine, FieldName, Role, StatusCode};
pub use schemes::{Base64, basic, bearer, digest, negotiate, private_token, scram};
pub use select::{Candidate, Choice, Chosen, NothingFits, PassedOver, STRONGEST_FIRST, choose};
pub use syntax::{Token, Token68, Unescaped};

pub use heapless;
#[cfg(feature = "zeroize")]
pub use zeroize;

/// The code in README.md, as tests.
#[cfg(all(doctest, feature = "digest"))]
#[doc = include_str!("../README.md")]
struct Readme;

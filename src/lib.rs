//! HTTP authentication for proxies and their clients (status code 407): parsers and formatters without `std`, allocation or
//! unsafe code.
//!
//! A proxy that refuses a request sends *challenges* in Proxy-Authenticate. A client answers one of them with *credentials* in
//! Proxy-Authorization. A proxy that accepts them can prove itself with *parameters* in Proxy-Authentication-Info
//! ([RFC 9110, section 11](https://www.rfc-editor.org/rfc/rfc9110#section-11)). Origin servers use the same grammar with status
//! code 401.
//!
//! A [`Gate`] decides which requests may pass a proxy. A [`Session`] answers the challenges of a proxy:
//!
//! ```
//! use core::time::Duration;
//! use proxy_auth::{Account, Gate, Login, Password, Policy, Request, Session, Step, Turn};
//!
//! let gate = Gate::new("apps")?.with_basic(); // with the feature `digest`, also `with_digest`
//! let mut session = Session::<512>::new(Policy::basic_only()); // `Policy::digest_only()`
//! let login = Login { name: "aladdin", password: "open sesame" };
//! let (request, now) = (Request::new("CONNECT", "example.com:443")?, Duration::from_secs(1_445_412_480));
//!
//! // The client sends no credentials yet, so the proxy asks for them.
//! let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16])?; // from a random source
//! let refusal = gate.read(&request, [("Host", "example.com")], &mut []).unwrap_err();
//! let denial = gate.deny(&refusal, now, 1);
//! let challenges: Vec<_> = denial.challenges().map(|challenge| challenge.to_string()).collect();
//! let fields = challenges.iter().map(|challenge| ("Proxy-Authenticate", challenge.as_str()));
//! assert!(matches!(session.receive(pending, denial.status().as_u16(), fields), Step::Again(_)));
//!
//! // The client answers, and the proxy lets the request pass.
//! let (authorization, pending) = session.authorize(Turn::FIRST, &login, &request, [8; 16])?;
//! let fields = [("Proxy-Authorization", authorization.expect("an answer").to_string())];
//! let mut scratch = [0; 512];
//! let attempt = gate.read(&request, fields.iter().map(|(name, value)| (*name, value)), &mut scratch)?;
//! let account = (attempt.name() == Some("aladdin")).then(|| Account::new("aladdin", Password::new("open sesame")));
//! let pass = attempt.check(account, now)?.redeem(&mut ())?; // with Digest, a `ReplayWindow`
//! assert_eq!(pass.user(), b"aladdin");
//! assert_eq!(session.receive(pending, 200, [("Via", "1.1 apps")]), Step::Done { proved: false });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [Guides](_documentation) for proxies, clients, devices and schemes of your own say what remains to decide.
//!
//! # From task to type
//!
//! | Task | Client | Proxy |
//! |---|---|---|
//! | Answer each request that needs it | [`Session`], [`Policy`] | |
//! | Decide which requests may pass, and write the 407 | | [`Gate`], [`Account`], [`Denial`] |
//! | Refuse an answer that was used before | | [`ReplayStore`], `digest::ReplayWindow` |
//! | Authenticate a connection with Negotiate or NTLM | [`ConnectionSession`] | [`ConnectionGate`] |
//! | Read users from files | | [`users`] |
//! | Use a token | [`bearer::Credentials`], [`private_token::Credentials`] | [`Gate::with_bearer`] |
//! | Use the types of hyper, axum and reqwest | `ToHeaderValue` | `ToHeaderValue`, `to_response` |
//! | Show people where a value breaks | [`ParseError::snippet`] | the same |
//!
//! The primitives below are for those who need them. They leave to their caller what [`Session`] and [`Gate`] do.
//!
//! | Primitive | Client | Proxy |
//! |---|---|---|
//! | Parse a field | [`Challenges`], [`AuthenticationInfo`] | [`Credentials`] |
//! | Choose the challenge to answer | [`choose`] | |
//! | Use a user name and a password | [`basic::Credentials`], `digest::Client` | [`basic::Credentials`], `digest::Verifier` |
//! | Use a GSSAPI, SSPI or SCRAM library | [`negotiate::Credentials`], [`scram::Credentials`] | [`negotiate::Challenge`], [`scram::Challenge`] |
//! | Write a field | [`Encode`] | [`Encode`] |
//! | Write a 407 | | [`ChallengeResponse`], [`StatusCode`], [`FieldName`] |
//! | Use fields of the crate `http` | `Challenges::from_headers` | `Credentials::from_headers` |
//!
//! # Features
//!
//! No feature is enabled by default.
//!
//! - `defmt`: `defmt::Format` for errors and views, with secrets redacted as in `Debug`. Errors and names do not need `core::fmt`.
//! - `digest`: Digest in [`Gate`] and [`Session`], stores of used answers, hashes in [`users`], and the primitives that compute
//!   Digest. It depends on `md-5` and `sha2`.
//! - `http`: conversions from and to the types of the crate `http`, which needs `std`. [`Gate::read`] and [`Session::receive`] read
//!   a `HeaderMap` without it.
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
    Pending, Policy, Reason, Refusal, ReplayStore, Round, Secret, Session, Step, Ticket, TokenRequest, Turn, Verified,
    users,
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

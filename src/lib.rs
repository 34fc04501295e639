#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
// Nothing here may panic.
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod encode;
mod error;
mod fields;
#[cfg(any(feature = "defmt", feature = "http"))]
mod interop;
mod redact;
mod response;
mod schemes;
mod select;
mod syntax;

pub use encode::{Encode, EncodeChallenge};
pub use error::{
    Base64Error, BufferTooSmall, Expected, InvalidInput, ParseError, ParseErrorKind, Rule, SchemeError, Snippet,
    StringError,
};
pub use fields::{
    AuthParam, AuthenticationInfo, Challenge, Challenges, Credentials, ParamValue, Params, ParamsIter, Scheme,
};
#[cfg(feature = "http")]
pub use interop::ToHeaderValue;
pub use response::{FieldLine, FieldName, ProxyAuthenticationRequired, StatusCode};
pub use schemes::{Base64, basic, bearer, digest, negotiate, private_token, scram};
pub use select::{Candidate, Choice, Chosen, NothingFits, PassedOver, STRONGEST_FIRST, choose};
pub use syntax::{Token, Token68, Unescaped};

pub use heapless;
#[cfg(feature = "zeroize")]
pub use zeroize;

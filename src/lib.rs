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
mod response;
mod schemes;
mod select;
mod syntax;

pub use encode::{Encode, EncodeChallenge};
pub use error::{
    BufferTooSmall, Expected, InvalidInput, ParseError, ParseErrorKind, Pointer, Rule, SchemeError, StringError,
};
pub use fields::{
    AuthParam, AuthenticationInfo, Challenge, Challenges, Credentials, ParamValue, Params, ParamsIter, Scheme,
};
#[cfg(feature = "http")]
pub use interop::ToHeaderValue;
pub use response::{Field, FieldName, ProxyAuthenticationRequired, StatusCode};
pub use schemes::{Data, basic, bearer, digest, negotiate, private_token, scram};
pub use select::{Candidate, Choice, Chosen, NothingFits, PassedOver, STRONGEST_FIRST, choose};
pub use syntax::{Token, Token68, Unescaped};

#[cfg(feature = "zeroize")]
pub use zeroize;

#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
// Nothing here may panic.
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod syntax;

mod auth;
mod challenge;
mod challenges;
mod credentials;
mod data;
#[cfg(feature = "defmt")]
mod defmt;
mod encode;
mod error;
mod field;
#[cfg(feature = "http")]
mod http;
mod info;
mod param;
mod response;
mod rfc4648;
mod rules;
mod scheme;
mod schemes;
mod select;
mod status;
mod token68;

pub use challenge::Challenge;
pub use challenges::Challenges;
pub use credentials::Credentials;
pub use data::Data;
pub use encode::{Encode, EncodeChallenge};
pub use error::{
    BufferTooSmall, Expected, InvalidInput, ParseError, ParseErrorKind, Pointer, Rule, SchemeError, StringError,
};
pub use field::{Field, FieldName};
pub use info::AuthenticationInfo;
pub use param::{AuthParam, ParamValue, Params, ParamsIter};
pub use response::ProxyAuthenticationRequired;
pub use scheme::Scheme;
pub use schemes::{basic, bearer, digest, negotiate, private_token, scram};
pub use select::{Candidate, Choice, Chosen, NothingFits, PassedOver, STRONGEST_FIRST, choose};
pub use status::StatusCode;
pub use syntax::{Token, Unescaped};
pub use token68::Token68;

#[cfg(feature = "zeroize")]
pub use zeroize;

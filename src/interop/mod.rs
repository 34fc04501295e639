//! Conversions from and to the types of other crates. Nothing depends on this module.

#[cfg(feature = "defmt")]
mod defmt;
#[cfg(feature = "http")]
mod http;

#[cfg(feature = "http")]
pub use self::http::ToHeaderValue;

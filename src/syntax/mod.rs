//! The common syntax of field values (RFC 9110, 5.5, 5.6 and 11.2), and the encodings in them. No module here knows a scheme.

pub(crate) mod base64;
mod class;
mod cursor;
mod ext_value;
mod hex;
#[cfg(feature = "digest")]
mod latin1;
mod lossy;
mod quoted_string;
mod swar;
mod token;
mod token68;
#[cfg(feature = "digest")]
mod uri;

pub(crate) use class::{Class, check, run};
pub(crate) use cursor::Cursor;
pub(crate) use ext_value::{PercentDecoded, percent_encode};
#[cfg(feature = "digest")]
pub(crate) use hex::hex_run;
pub(crate) use hex::{from_hex, hex_digits, is_hex};
#[cfg(feature = "digest")]
pub(crate) use latin1::latin1_to_utf8;
pub(crate) use lossy::{is_text, write_lossy};
pub use quoted_string::Unescaped;
pub(crate) use quoted_string::{escape, quoted_string};
pub(crate) use swar::IS_LARGE;
pub use token::Token;
pub use token68::Token68;
#[cfg(feature = "digest")]
pub(crate) use uri::is_uri_scheme;

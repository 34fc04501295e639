//! The response with status code 407 (RFC 9110, 15.5.8), and the names of the fields around it.

mod header_field;
mod message;
mod status;

pub use header_field::{Field, FieldName};
pub use message::ProxyAuthenticationRequired;
pub use status::StatusCode;

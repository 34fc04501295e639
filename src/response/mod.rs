//! The response with status code 407 (RFC 9110, 15.5.8), and the fields around it.

mod header_field;
mod message;
mod role;
mod status;

pub use header_field::{FieldLine, FieldName};
pub use message::ProxyAuthenticationRequired;
pub use role::Role;
pub use status::StatusCode;

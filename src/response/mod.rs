//! Responses with challenges, their status codes, and the fields around them.

mod end;
mod header_field;
mod message;
mod role;
mod status;

pub(crate) use end::{Connection, End};
pub use header_field::{FieldLine, FieldName};
pub use message::ChallengeResponse;
pub(crate) use message::Challenges;
pub use role::Role;
pub use status::StatusCode;

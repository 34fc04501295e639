//! The exchange of challenges and credentials (RFC 9110, 11): the work of a proxy and of a client, without I/O, clock, random source
//! or allocation.

mod login;
pub mod users;

pub use login::Login;

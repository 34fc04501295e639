//! The exchange of challenges and credentials (RFC 9110, 11): the work of a proxy and of a client, without I/O, clock, random source
//! or allocation.

mod login;
mod policy;
mod session;
pub mod users;

pub use login::Login;
pub use policy::Policy;
pub use session::{Authorization, GiveUp, Pending, Session, Step};

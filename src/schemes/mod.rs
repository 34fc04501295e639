//! The schemes: a module each, with its `Challenge` and its `Credentials`.
//!
//! Each reads from the generic [`Challenge`](crate::Challenge) or [`Credentials`](crate::Credentials), enforces what its
//! RFC requires, and writes with the quoting that its RFC asks of senders.

mod data;

pub mod basic;
pub mod bearer;
pub mod digest;
pub mod negotiate;
pub mod private_token;
pub mod scram;

pub use data::Data;

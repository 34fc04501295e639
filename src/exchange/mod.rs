//! The exchange of challenges and credentials (RFC 9110, 11): the work of a proxy and of a client, without I/O, clock, random source
//! or allocation.

mod connection_session;
mod field_lines;
mod gate;
mod login;
mod policy;
mod session;
pub mod users;

pub use connection_session::{ConnectionSession, HandshakeStep, LastToken, TokenRequest};
pub use gate::{
    AsyncReplayStore, Attempt, Claim, ConnectionGate, ConnectionStep, Continuation, Denial, Empty, Gate, NonceUse,
    OfferedChallenge, Offering, Pass, Password, Reason, Refusal, ReplayStore, Round, Secret, Ticket, Verified,
};
#[cfg(feature = "digest")]
pub use gate::{Confirmation, DigestOffer};
pub use login::Login;
pub use policy::Policy;
pub use session::{Authorization, GiveUp, Pending, Session, Step, Turn};

//! The schemes. Each has a module with the types `Challenge` and `Credentials`.
//!
//! These types are read from the generic [`Challenge`](crate::Challenge) and [`Credentials`](crate::Credentials). They
//! enforce the rules of their RFC, and are written with the quoting that the RFC requires of senders.

/// Implements the access to parameters that a scheme's RFC does not define. `$known` lists those that it defines.
macro_rules! others {
    ($known:expr, $rfc:literal $(, $secret:ident)?) => {
        #[doc = concat!("Sets further parameters. Parameters that ", $rfc, " defines are omitted.")]
        #[must_use]
        pub fn with_others(self, others: Params<'a>) -> Self {
            let others = others.without(&$known)$(.$secret())?;
            Self { others, ..self }
        }

        #[doc = concat!("Returns the parameters that ", $rfc, " does not define.")]
        #[must_use]
        pub const fn others(&self) -> Params<'a> {
            self.others
        }
    };
}

mod base64;
pub(crate) mod user_id;

pub mod basic;
pub mod bearer;
pub mod digest;
pub mod negotiate;
pub mod private_token;
pub mod scram;

pub use base64::Base64;

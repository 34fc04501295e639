//! Implements `defmt::Format`, which shows the same as `Debug`.
//!
//! Types that contain no part of a value, such as errors, derive it at their definition. Logging them needs neither their text nor
//! `core::fmt` on the device. `Scheme` and `Token` log their names. Views use their `Debug`, at the cost of `core::fmt`, so that
//! only `Debug` decides which contents are secret.

use defmt::{Debug2Format, Format, Formatter, write};

use crate::{
    Account, Attempt, AuthParam, AuthenticationInfo, Authorization, Base64, Challenge, ChallengeResponse, Choice,
    Chosen, Claim, ConnectionGate, ConnectionStep, Continuation, Credentials, Denial, FieldLine, Gate, LastToken,
    Login, NonceUse, OfferedChallenge, ParamValue, Params, Pass, Password, Pending, Round, Scheme, Session, Ticket,
    Token, Token68, TokenRequest, basic, bearer, digest, negotiate, private_token, scram,
};
#[cfg(feature = "digest")]
use crate::{Confirmation, DigestOffer};

macro_rules! format_as_debug {
    ($($view:ty),+ $(,)?) => {$(
        impl Format for $view {
            fn format(&self, f: Formatter<'_>) {
                write!(f, "{}", Debug2Format(self));
            }
        }
    )+};
}

format_as_debug! {
    AuthParam<'_>,
    AuthenticationInfo<'_>,
    Authorization<'_>,
    Challenge<'_>,
    Choice<'_>,
    Chosen<'_>,
    Claim<'_>,
    Continuation<'_>,
    Credentials<'_>,
    Base64<'_>,
    FieldLine<'_>,
    LastToken<'_>,
    Login<'_>,
    NonceUse,
    OfferedChallenge<'_>,
    ParamValue<'_>,
    Params<'_>,
    Pass<'_>,
    Password<'_>,
    Pending,
    ChallengeResponse<'_>,
    Ticket<'_>,
    Token68<'_>,
    TokenRequest<'_>,
    basic::Challenge<'_>,
    basic::Credentials<'_>,
    bearer::Challenge<'_>,
    bearer::Credentials<'_>,
    digest::Challenge<'_>,
    digest::Credentials<'_>,
    digest::Info<'_>,
    digest::Username<'_>,
    negotiate::Challenge<'_>,
    negotiate::Credentials<'_>,
    private_token::Challenge<'_>,
    private_token::Credentials<'_>,
    scram::Challenge<'_>,
    scram::Credentials<'_>,
    scram::Info<'_>,
}

#[cfg(feature = "digest")]
format_as_debug!(Confirmation<'_>, DigestOffer<'_>);

macro_rules! format_generic_as_debug {
    ($(for($($generics:tt)+) $view:ty),+ $(,)?) => {$(
        impl<$($generics)+> Format for $view {
            fn format(&self, f: Formatter<'_>) {
                write!(f, "{}", Debug2Format(self));
            }
        }
    )+};
}

format_generic_as_debug! {
    for(S) Account<'_, S>,
    for(R: AsRef<str>) Attempt<'_, R>,
    for(U) ConnectionGate<U>,
    for(R: AsRef<str>, U) ConnectionStep<'_, R, U>,
    for(R: AsRef<str>) Denial<'_, R>,
    for(R: core::fmt::Debug, O) Gate<R, O>,
    for(U) Round<'_, U>,
    for(const N: usize) Session<N>,
}

macro_rules! format_as_str {
    ($($name:ty),+) => {$(
        impl Format for $name {
            fn format(&self, f: Formatter<'_>) {
                write!(f, "{=str}", self.to_str());
            }
        }
    )+};
}

format_as_str!(Scheme<'_>, Token<'_>);

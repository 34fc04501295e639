//! Writes errors: the kind, the message, and if there is one, the offset and what was expected there.
//!
//! ```json
//! {"kind": "Damaged", "message": "damaged credentials: expected the end at byte 10", "offset": 10, "expected": "the end"}
//! ```

use core::fmt::{Debug, Display};

use proxy_auth::{GiveUp, InvalidInput, NothingFits, ParseError, Reason, SchemeError};

use crate::json::Json;

/// The place of an error, and what was expected there.
#[derive(Clone, Copy)]
pub(super) enum Place<'e> {
    Unknown,
    Grammar(&'e ParseError),
    Scheme(SchemeError),
    Input(InvalidInput),
    Byte(usize),
}

/// Writes an object with an error.
pub(super) fn error(json: &mut Json<'_>, kind: &impl Debug, message: &impl Display, place: Place<'_>) {
    json.put("{\"kind\":");
    json.kind(kind);
    json.put(",\"message\":");
    json.display(message);
    json.put(",\"offset\":");
    json.number_or_null(place.offset());
    json.put(",\"expected\":");
    place.expected(json);
    json.put("}");
}

/// Writes an object with the key `error`.
pub(super) fn result(json: &mut Json<'_>, kind: &impl Debug, message: &impl Display, place: Place<'_>) {
    json.put("{\"error\":");
    error(json, kind, message, place);
    json.put("}");
}

/// Writes the error for text that cannot be sent.
pub(super) fn invalid(json: &mut Json<'_>, what: &str, input: InvalidInput) {
    let message = format_args!("{what}: {input}");
    result(json, &format_args!("InvalidInput"), &message, Place::Input(input));
}

/// Writes the error for bytes that are not UTF-8.
pub(super) fn not_utf8(json: &mut Json<'_>, what: &str, offset: usize) {
    let message = format_args!("{what}: expected UTF-8 at byte {offset}");
    result(json, &format_args!("InvalidInput"), &message, Place::Byte(offset));
}

impl<'e> Place<'e> {
    pub(super) fn of_reason(reason: &'e Reason) -> Self {
        match reason {
            Reason::Damaged(error) => Self::Grammar(error),
            Reason::Invalid(error) => Self::Scheme(*error),
            _ => Self::Unknown,
        }
    }

    pub(super) fn of_give_up(reason: &'e GiveUp) -> Self {
        match reason {
            GiveUp::NothingFits(error) => Self::of_nothing_fits(error),
            GiveUp::Unusable(error) => Self::Scheme(*error),
            GiveUp::Damaged(error) => Self::Grammar(error),
            GiveUp::InvalidLogin(error) => Self::Input(*error),
            _ => Self::Unknown,
        }
    }

    pub(super) fn of_nothing_fits(error: &'e NothingFits) -> Self {
        match (error.first_unusable(), error.first_damaged()) {
            (Some(error), _) => Self::Scheme(error),
            (None, Some(error)) => Self::Grammar(error),
            (None, None) => Self::Unknown,
        }
    }

    fn offset(self) -> Option<usize> {
        match self {
            Self::Grammar(error) => Some(error.offset()),
            Self::Scheme(SchemeError::Damaged(expected)) => Some(expected.offset()),
            Self::Scheme(SchemeError::Duplicate { offset, .. } | SchemeError::Invalid { offset, .. })
            | Self::Byte(offset) => Some(offset),
            Self::Input(error) => Some(error.offset()),
            Self::Unknown | Self::Scheme(_) => None,
        }
    }

    fn expected(self, json: &mut Json<'_>) {
        match self {
            Self::Grammar(error) => json.expected(error.kind()),
            Self::Scheme(SchemeError::Damaged(expected)) => json.expected(expected.kind()),
            Self::Scheme(
                SchemeError::Missing { param }
                | SchemeError::Duplicate { param, .. }
                | SchemeError::Invalid { param, .. },
            ) => json.display(format_args!("the parameter \"{param}\"")),
            Self::Input(error) => json.display(error.rule()),
            Self::Byte(_) => json.put("\"UTF-8\""),
            Self::Unknown | Self::Scheme(_) => json.put("null"),
        }
    }
}

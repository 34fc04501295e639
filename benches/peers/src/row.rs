//! One line of the table: a piece of work, its input, and how long each library took for it.

use std::fmt;

use crate::measure::{Contender, Measured, measure};

/// The work that is done with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    Read,
    ReadParams,
    ReadCredentials,
    Decode,
    WriteCredentials,
    Answer,
    Check,
    AnswerAgain,
    Deny,
    Display,
}

impl fmt::Display for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::ReadParams => "read, with each parameter",
            Self::ReadCredentials => "read and decode",
            Self::Decode => "decode what was read",
            Self::WriteCredentials => "write",
            Self::Answer => "read, compute and write the answer",
            Self::Check => "read, check and redeem",
            Self::AnswerAgain => "compute and write the next answer",
            Self::Deny => "issue a nonce and write the response",
            Self::Display => "write with `Display`",
        })
    }
}

pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) input: &'static str,
    /// The first is that of `proxy-auth`.
    pub(crate) measured: Vec<Measured>,
}

impl Row {
    pub(crate) fn measure(work: Work, input: &'static str, contenders: Vec<Contender<'_>>) -> Self {
        let measured = measure(contenders);
        Self { work, input, measured }
    }

    pub(crate) fn by(&self, by: &str) -> Option<&Measured> {
        self.measured.iter().find(|measured| measured.by == by)
    }
}

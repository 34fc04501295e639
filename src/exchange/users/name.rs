//! The names that clients send.

use subtle::{Choice, ConstantTimeEq};

use crate::schemes::basic::is_latin1_of;

/// A name that a client sent, in UTF-8, or in ISO-8859-1 if it is not UTF-8.
#[derive(Clone, Copy)]
pub(super) struct SentName<'a> {
    bytes: &'a [u8],
    is_utf8: bool,
}

impl<'a> SentName<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let is_utf8 = core::str::from_utf8(bytes).is_ok();
        Self { bytes, is_utf8 }
    }

    /// Checks in constant time that this is a name of a file, in the same bytes, or in another encoding.
    pub(super) fn is(self, name: &[u8]) -> bool {
        let is_same = self.bytes.ct_eq(name);
        let text = if self.is_utf8 {
            None
        } else {
            core::str::from_utf8(name).ok()
        };
        let is_latin1 = text.map_or(Choice::from(0), |text| is_latin1_of(self.bytes, text));
        (is_same | is_latin1).into()
    }
}

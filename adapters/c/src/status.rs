//! The outcome of a call.

use core::ffi::c_char;

/// The outcome of a call. `PA_OK` is the only one that lets a request pass. Others above zero are outcomes; those below zero are
/// mistakes of the program, or of its configuration.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum pa_status {
    /// Success. From `pa_gate_check` and `pa_basic_verify`: the request may pass.
    PA_OK = 0,
    /// There is no further item.
    PA_END = 1,
    /// Send the request again, on this connection.
    PA_AGAIN = 2,
    /// Send the request again, on a new connection.
    PA_NEW_CONNECTION = 3,
    /// The request must not pass.
    PA_REFUSED = 4,
    /// No further answer can help. `pa_turn_text` says why.
    PA_GAVE_UP = 5,
    /// A field value breaks the grammar.
    PA_SYNTAX = 6,
    /// A buffer is too small. Its `len` is the needed size. Nothing was written.
    PA_E_SIZE = -1,
    /// A pointer is null.
    PA_E_NULL = -2,
    /// A length is impossible, or too large.
    PA_E_LENGTH = -3,
    /// A pointer is not aligned.
    PA_E_ALIGN = -4,
    /// Memory that the call writes overlaps other memory of the call.
    PA_E_OVERLAP = -5,
    /// A handle was not initialised, was wiped, is of another kind, or was copied.
    PA_E_HANDLE = -6,
    /// Another call uses the handle at this moment.
    PA_E_BUSY = -7,
    /// The calls were made in the wrong order.
    PA_E_ORDER = -8,
    /// A number or a combination is not one that the header names.
    PA_E_ARGUMENT = -9,
    /// A text contains bytes that may not be sent, such as a line break.
    PA_E_TEXT = -10,
    /// A text is not UTF-8.
    PA_E_UTF8 = -11,
    /// A key or random bytes are missing, or all bytes are equal.
    PA_E_RANDOM = -12,
    /// The program was compiled with the header of another version.
    PA_E_ABI = -13,
    /// The account has no secret, or one of another kind than the gate.
    PA_E_SECRET = -14,
}

pub(crate) use pa_status::{
    PA_AGAIN, PA_END, PA_E_ABI, PA_E_ALIGN, PA_E_ARGUMENT, PA_E_BUSY, PA_E_HANDLE, PA_E_LENGTH, PA_E_NULL, PA_E_ORDER,
    PA_E_OVERLAP, PA_E_RANDOM, PA_E_SECRET, PA_E_SIZE, PA_E_TEXT, PA_E_UTF8, PA_GAVE_UP, PA_NEW_CONNECTION, PA_OK,
    PA_REFUSED, PA_SYNTAX,
};

impl pa_status {
    /// Checks that this is not the error for a pointer. After such an error, nothing is written.
    pub(crate) const fn may_write(self) -> bool {
        !matches!(self, PA_E_NULL | PA_E_LENGTH | PA_E_ALIGN | PA_E_OVERLAP)
    }
}

/// The result of what a function does, before it is returned to C.
pub(crate) type Outcome<T = ()> = Result<T, pa_status>;

impl From<Outcome> for pa_status {
    fn from(outcome: Outcome) -> Self {
        outcome.err().unwrap_or(PA_OK)
    }
}

/// The text for a number that is no status.
const UNKNOWN: &[u8] = b"unknown status\0";

/// Returns a short text, which ends with a zero byte and lives forever.
#[no_mangle]
#[expect(unsafe_code, reason = "an exported name")]
pub extern "C" fn pa_status_text(status: i32) -> *const c_char {
    let texts: &[(pa_status, &[u8])] = &[
        (PA_OK, b"success\0"),
        (PA_END, b"no further item\0"),
        (PA_AGAIN, b"send the request again\0"),
        (PA_NEW_CONNECTION, b"send the request again on a new connection\0"),
        (PA_REFUSED, b"the request must not pass\0"),
        (PA_GAVE_UP, b"no further answer can help\0"),
        (PA_SYNTAX, b"a field value breaks the grammar\0"),
        (PA_E_SIZE, b"a buffer is too small\0"),
        (PA_E_NULL, b"a pointer is null\0"),
        (PA_E_LENGTH, b"a length is impossible or too large\0"),
        (PA_E_ALIGN, b"a pointer is not aligned\0"),
        (PA_E_OVERLAP, b"memory overlaps\0"),
        (
            PA_E_HANDLE,
            b"a handle is not initialised, of another kind, wiped or copied\0",
        ),
        (PA_E_BUSY, b"another call uses the handle\0"),
        (PA_E_ORDER, b"calls in the wrong order\0"),
        (PA_E_ARGUMENT, b"an unknown number or combination\0"),
        (PA_E_TEXT, b"a text contains bytes that may not be sent\0"),
        (PA_E_UTF8, b"a text is not UTF-8\0"),
        (PA_E_RANDOM, b"a key or random bytes are missing\0"),
        (PA_E_ABI, b"the header is one of another version\0"),
        (
            PA_E_SECRET,
            b"an account without a secret, or with one of another kind\0",
        ),
    ];
    let found = texts.iter().find(|(known, _)| *known as i32 == status);
    found.map_or(UNKNOWN.as_ptr(), |(_, text)| text.as_ptr()).cast()
}

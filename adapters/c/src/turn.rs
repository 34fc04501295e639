//! One request of a session, from its first sending to its last response.

use proxy_auth::{GiveUp, Pending, Turn};

use crate::handle::{self, Memory};
use crate::memory::{pa_buffer, target, Buffer, Written};
use crate::status::{pa_status, Outcome, PA_E_ORDER};

/// The size of the struct, in units of 8 bytes.
pub const PA_TURN_WORDS: usize = 40;

/// One request, which may be sent several times. A copy is refused.
#[repr(C)]
#[derive(Debug)]
pub struct pa_turn {
    #[doc(hidden)]
    pub private_words: [u64; PA_TURN_WORDS],
}

/// The state of a request.
pub(crate) enum TurnValue {
    /// It is about to be authorized.
    Next(Turn),
    /// It was authorized, and waits for its response. The turn is for sending it again without one.
    Sent(Turn, Pending),
    Done,
    GaveUp(GiveUp),
}

impl Memory for pa_turn {
    type Value = TurnValue;
    const MAGIC: u64 = 0x7061_5F74_7572_6E31;
    const IS_BOUND: bool = true;
}

/// Begins a new request.
///
/// # Safety
/// The pointer must be null or valid. Nothing else may use the turn during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_turn_init(turn: *mut pa_turn) -> pa_status {
    let outcome = target(turn).map(|_| {
        // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
        unsafe { handle::init(turn, TurnValue::Next(Turn::FIRST)) };
    });
    outcome.into()
}

/// Overwrites a turn, whatever its memory contains. Null is ignored.
///
/// # Safety
/// The pointer must be null or valid. Nothing else may use the turn during the call.
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_turn_wipe(turn: *mut pa_turn) {
    // SAFETY: the caller guarantees it.
    let _ = unsafe { handle::wipe(turn) };
}

/// Writes a text that says why the session gave up. Returns `PA_E_ORDER` if it did not.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use them during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_turn_text(turn: *const pa_turn, text: *mut pa_buffer) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { why(turn, text) }.into()
}

/// # Safety
/// See [`pa_turn_text`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn why(turn: *const pa_turn, text: *mut pa_buffer) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    unsafe {
        let mut text = Buffer::new(text)?;
        Written::new(text.regions)?.one(turn)?;
        text.empty();
        match handle::shared(turn)? {
            TurnValue::GaveUp(reason) => text.display(reason),
            _ => Err(PA_E_ORDER),
        }
    }
}

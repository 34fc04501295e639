//! The refusal of a request, and the response to it.

use core::mem::MaybeUninit;
use core::ptr;
use core::time::Duration;

use proxy_auth::{Denial, Reason, Refusal, Role};

use crate::gate::{pa_gate, pa_moment, PA_MAX_REALM};
use crate::handle::{self, Memory};
use crate::memory::{pa_buffer, Buffer, Written};
use crate::status::{pa_status, Outcome, PA_END};

/// There are no credentials.
pub const PA_REASON_MISSING: u32 = 1;
/// The credentials break the grammar or a rule of their scheme, or there are two lines of them.
pub const PA_REASON_DAMAGED: u32 = 2;
/// The name and the password are longer than `PA_MAX_CREDENTIALS`.
pub const PA_REASON_TOO_LONG: u32 = 3;
/// The gate does not offer the scheme or the algorithm.
pub const PA_REASON_NOT_OFFERED: u32 = 4;
/// The answer is for another realm or target.
pub const PA_REASON_OTHER: u32 = 5;
/// There is no account.
pub const PA_REASON_UNKNOWN_USER: u32 = 6;
/// The account has another name than the credentials.
pub const PA_REASON_OTHER_USER: u32 = 7;
/// The password is wrong.
pub const PA_REASON_WRONG: u32 = 8;
/// The account has no hash for the algorithm of the answer.
pub const PA_REASON_UNVERIFIABLE: u32 = 9;
/// The answer is correct, but its nonce is too old or of another key.
pub const PA_REASON_STALE: u32 = 10;
/// The answer is correct, but was used before, or may have been.
pub const PA_REASON_REPLAYED: u32 = 11;

/// The size of the struct, in units of 8 bytes.
pub const PA_REFUSAL_WORDS: usize = 24;

/// The refusal of a request. It contains no secret, owns nothing, and may be copied. The program reads the named members, and changes none.
#[repr(C)]
#[derive(Debug)]
pub struct pa_refusal {
    /// `PA_REASON_MISSING` or another reason.
    pub reason: u32,
    /// The status code of the response: 407 or 401.
    pub status: u32,
    /// 1 if the client may have guessed a name or a password. Count these for each address.
    pub is_guess: u32,
    /// 1 if the connection must be closed after the response.
    pub closes: u32,
    #[doc(hidden)]
    pub private_words: [u64; PA_REFUSAL_WORDS],
}

/// The part of a refusal that is a handle.
#[repr(C)]
pub(crate) struct Words([u64; PA_REFUSAL_WORDS]);

/// A refusal, and the moment of the check.
pub(crate) struct State {
    pub(crate) refusal: Refusal,
    pub(crate) moment: pa_moment,
}

impl Memory for Words {
    type Value = State;
    const MAGIC: u64 = 0x7061_5F72_6566_7531;
    const IS_BOUND: bool = false;
}

impl pa_refusal {
    fn words(ptr: *const Self) -> *const Words {
        ptr.wrapping_byte_add(core::mem::offset_of!(Self, private_words)).cast()
    }

    /// Overwrites a refusal with zeros.
    ///
    /// # Safety
    /// `ptr` must be checked, and point to memory that nothing else uses during the call.
    #[expect(unsafe_code, reason = "memory of the caller")]
    pub(crate) unsafe fn clear(ptr: *mut Self) {
        // SAFETY: zeros are a refusal without a state; the caller guarantees the rest.
        unsafe { ptr.write(MaybeUninit::zeroed().assume_init()) };
    }

    /// Writes a refusal.
    ///
    /// # Safety
    /// See [`clear`](Self::clear).
    #[expect(unsafe_code, reason = "memory of the caller")]
    pub(crate) unsafe fn fill(ptr: *mut Self, state: State, role: Role) {
        let reason = match state.refusal.reason() {
            Reason::Missing => PA_REASON_MISSING,
            Reason::TooLong { .. } => PA_REASON_TOO_LONG,
            Reason::NotOffered | Reason::BoundToConnection => PA_REASON_NOT_OFFERED,
            Reason::OtherRealm | Reason::OtherTarget => PA_REASON_OTHER,
            Reason::UnknownUser => PA_REASON_UNKNOWN_USER,
            Reason::OtherUser => PA_REASON_OTHER_USER,
            Reason::Wrong => PA_REASON_WRONG,
            Reason::Unverifiable => PA_REASON_UNVERIFIABLE,
            Reason::Stale => PA_REASON_STALE,
            Reason::Replayed => PA_REASON_REPLAYED,
            _ => PA_REASON_DAMAGED,
        };
        let filled = Self {
            reason,
            status: state.refusal.status(role).as_u16().into(),
            is_guess: state.refusal.is_guess().into(),
            closes: state.refusal.closes().into(),
            private_words: [0; PA_REFUSAL_WORDS],
        };
        // SAFETY: the caller guarantees it.
        unsafe {
            ptr.write(filled);
            handle::init(Self::words(ptr).cast_mut(), state);
        }
    }
}

/// Writes the value of one challenge, for programs that write field lines themselves: one line of Proxy-Authenticate each. `index` is
/// 0, 1, ..., until the call returns `PA_END`.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `value` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_refusal_challenge(
    refusal: *const pa_refusal,
    gate: *const pa_gate,
    index: usize,
    value: *mut pa_buffer,
) -> pa_status {
    let write = |denial: &Denial<'_, _>, value: &mut Buffer<'_>| {
        let challenge = denial.challenges().nth(index).ok_or(PA_END)?;
        value.encode(&challenge)
    };
    // SAFETY: the caller guarantees it.
    unsafe { with_denial(refusal, gate, value, write) }.into()
}

/// Writes the response to a refused request as a whole message of HTTP/1.1, without content. If `refusal->closes`, close the
/// connection after it.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `message` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_refusal_message(
    refusal: *const pa_refusal,
    gate: *const pa_gate,
    message: *mut pa_buffer,
) -> pa_status {
    let write = |denial: &Denial<'_, _>, message: &mut Buffer<'_>| {
        let response = denial.response();
        match response.encode(message.memory()) {
            Ok(written) => {
                let len = written.len();
                message.end(len)
            }
            Err(error) => Err(message.too_small(error.needed)),
        }
    };
    // SAFETY: the caller guarantees it.
    unsafe { with_denial(refusal, gate, message, write) }.into()
}

/// Writes the reason for a refusal as a text for logs, with the offset of a damaged byte. It contains no part of the request.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `text` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_refusal_text(refusal: *const pa_refusal, text: *mut pa_buffer) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { with_state(refusal, text, |state, text| text.display(&state.refusal)) }.into()
}

/// Marks the response so that it closes the connection: because content of the request remains unread, or after too many refusals.
///
/// # Safety
/// The pointer must be null or valid. Nothing else may use the refusal during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_refusal_close(refusal: *mut pa_refusal) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { close(refusal) }.into()
}

/// # Safety
/// See [`pa_refusal_close`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn close(ptr: *mut pa_refusal) -> Outcome {
    crate::memory::target(ptr)?;
    // SAFETY: the caller guarantees that the pointer is valid.
    let state = unsafe { handle::exclusive(pa_refusal::words(ptr).cast_mut()) }?;
    state.value.refusal = state.value.refusal.clone().with_close();
    let closes = state.value.refusal.closes().into();
    drop(state);
    // SAFETY: `target` has checked the pointer, and no reference to it is left.
    unsafe { ptr::addr_of_mut!((*ptr).closes).write(closes) };
    Ok(())
}

/// # Safety
/// See [`pa_refusal_message`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn with_denial(
    refusal: *const pa_refusal,
    gate: *const pa_gate,
    buffer: *mut pa_buffer,
    write: impl FnOnce(&Denial<'_, proxy_auth::heapless::String<PA_MAX_REALM>>, &mut Buffer<'_>) -> Outcome,
) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    unsafe {
        Written::new(Buffer::new(buffer)?.regions)?.one(gate)?;
        with_state(refusal, buffer, |state, buffer| {
            let gate = &handle::shared(gate)?.gate;
            // The same moment each time: all challenges share one nonce.
            let now = Duration::from_millis(state.moment.now_ms);
            write(&gate.deny(&state.refusal, now, state.moment.unique), buffer)
        })
    }
}

/// # Safety
/// See [`pa_refusal_message`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn with_state(
    refusal: *const pa_refusal,
    buffer: *mut pa_buffer,
    write: impl FnOnce(&State, &mut Buffer<'_>) -> Outcome,
) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    unsafe {
        let mut buffer = Buffer::new(buffer)?;
        Written::new(buffer.regions)?.one(refusal)?;
        buffer.empty();
        let state = handle::shared(pa_refusal::words(refusal))?;
        write(state, &mut buffer)
    }
}

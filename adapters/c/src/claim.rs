//! The user that a client claims to be.

use core::ffi::c_char;
use core::ptr;

use proxy_auth::Claim;

use crate::account::{number, PA_BASIC, PA_VERDICTS};
use crate::gate::{needed, pa_gate};
use crate::handle;
use crate::memory::{pa_buffer, pa_string, target, Buffer, Written};
use crate::request::{pa_request, Fields};
use crate::status::{pa_status, Outcome, PA_REFUSED};

/// The user that a client claims to be. Nothing is verified.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_claim {
    /// `PA_BASIC`, or the algorithm of an answer of Digest.
    pub scheme: u32,
    /// Not 0 if `user` is the hash of a name, in hexadecimal digits in lower case: see `pa_userhash`.
    pub is_userhash: u32,
    /// The name, in the buffer, in any encoding, with a zero byte behind it.
    pub user: pa_string,
    /// The password of Basic, in the buffer, for a gate with `PA_VERDICTS`. Otherwise null.
    pub password: pa_string,
}

const NOTHING: pa_string = pa_string {
    ptr: ptr::null(),
    len: 0,
};

/// Returns the user that a client claims to be, for the look-up of the account. `buffer` holds the texts of the claim; wipe it after use.
///
/// Returns `PA_REFUSED` if there are no usable credentials. In both cases, go on with `pa_gate_check`, which decides. Returns
/// `PA_E_SIZE` if the buffer is too small; `PA_MAX_CREDENTIALS` plus 1 always suffices.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `buffer` and `claim` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_gate_claim(
    gate: *const pa_gate,
    request: *const pa_request,
    buffer: *mut pa_buffer,
    claim: *mut pa_claim,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { read(gate, request, buffer, claim) }.into()
}

/// # Safety
/// See [`pa_gate_claim`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn read(
    gate: *const pa_gate,
    request: *const pa_request,
    buffer: *mut pa_buffer,
    claim: *mut pa_claim,
) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    let mut buffer = unsafe { Buffer::new(buffer) }?;
    let [outer, inner] = buffer.regions;
    let written = Written::new([target(claim)?, outer, inner])?;
    let mut found = pa_claim {
        scheme: 0,
        is_userhash: 0,
        user: NOTHING,
        password: NOTHING,
    };
    // SAFETY: the caller guarantees that the pointers are valid, and they are checked before the claim is written.
    let (value, fields, request) = unsafe {
        written.one(gate)?;
        let request = written.one(request)?;
        let fields = Fields::new(request.fields, request.fields_len, &written)?;
        claim.write(found);
        buffer.empty();
        (handle::shared(gate)?, fields, request.read(&written)?)
    };
    let memory = buffer.memory();
    let base: *const u8 = memory.as_ptr();
    let attempt = match value.gate.read(&request, fields.iter(), memory) {
        Ok(attempt) => attempt,
        Err(refusal) => {
            let needed = needed(&refusal).filter(|needed| *needed <= crate::gate::PA_MAX_CREDENTIALS);
            return Err(needed.map_or(PA_REFUSED, |needed| buffer.too_small(needed)));
        }
    };
    let (user, is_userhash) = match attempt.claim() {
        Claim::Name(name) => (name, false),
        Claim::Userhash(digits) => (digits, true),
        _ => (&b""[..], false),
    };
    // Both are in the buffer: Basic is decoded there, and the name of Digest is copied to its start.
    let start = (user.as_ptr() as usize).saturating_sub(base as usize);
    let user_end = start.saturating_add(user.len());
    let password = attempt.password().filter(|_| value.secrets == PA_VERDICTS);
    let password = password.map(|password| {
        let start = (password.as_ptr() as usize).saturating_sub(base as usize);
        (start, password.len())
    });
    let end = password.map_or(user_end, |(start, len)| start.saturating_add(len));
    found.scheme = attempt.algorithm().map_or(PA_BASIC, number);
    found.is_userhash = is_userhash.into();
    found.user = text(base, start, user.len());
    if let Some((start, len)) = password {
        found.password = text(base, start, len);
    }
    // Overwrites the colon of Basic, or a byte of the password that is not for the caller.
    let memory = buffer.memory();
    if let Some(rest) = memory.get_mut(user_end..) {
        let keep = if password.is_some() {
            end.saturating_sub(user_end)
        } else {
            0
        };
        if let Some(separator) = rest.first_mut() {
            *separator = 0;
        }
        rest.iter_mut().skip(keep).for_each(|byte| *byte = 0);
    }
    buffer.end(end)?;
    // SAFETY: `target` has checked the pointer, and the caller guarantees the rest.
    unsafe { claim.write(found) };
    Ok(())
}

fn text(base: *const u8, start: usize, len: usize) -> pa_string {
    let ptr = base.wrapping_add(start).cast::<c_char>();
    pa_string { ptr, len }
}

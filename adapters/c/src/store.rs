//! Stores of used answers: a window in memory of the caller, or a function of the caller.

use core::ffi::c_void;
use core::mem::{align_of, size_of};
use core::ptr;
use core::slice;
use core::time::Duration;

use proxy_auth::digest::{ReplayWindow, Slot};
use proxy_auth::{NonceUse, ReplayStore};

use crate::gate::pa_gate;
use crate::handle::{self, Memory};
use crate::memory::{target, Written};
use crate::status::{pa_status, Outcome, PA_E_ALIGN, PA_E_LENGTH, PA_E_NULL, PA_E_OVERLAP};

/// The size of the struct, in units of 8 bytes.
pub const PA_USE_WORDS: usize = 16;

/// One use of a nonce, which must not happen twice. It is valid until the function of the store returns.
#[repr(C)]
#[derive(Debug)]
pub struct pa_use {
    #[doc(hidden)]
    pub private_words: [u64; PA_USE_WORDS],
}

impl Memory for pa_use {
    type Value = NonceUse;
    const MAGIC: u64 = 0x7061_5F75_7365_6431;
    const IS_BOUND: bool = true;
}

/// Returned by the function of a store if it has recorded a use that it did not know. Every other number refuses the request.
pub const PA_FIRST_USE: i32 = 1;
/// Returned by the function of a store if it knows the use, or cannot be reached.
pub const PA_USED: i32 = 0;

/// A store of used answers. `pa_window_admit` with a `pa_window` as `context` is one.
///
/// The function must record the use and check that it is new as one step, as `SET key NX` of Redis or `INSERT` into a table with a
/// primary key do. It may lock, and may call this library. It must not leave by an exception or by `longjmp`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_store {
    /// Records a use, and returns `PA_FIRST_USE` or `PA_USED`.
    pub admit: Option<unsafe extern "C" fn(context: *mut c_void, nonce_use: *const pa_use) -> i32>,
    /// Passed to `admit`.
    pub context: *mut c_void,
}

/// The length of the key of a use, in bytes.
pub const PA_USE_KEY_LEN: usize = 20;

/// A store of the caller.
pub(crate) struct Callback {
    store: pa_store,
}

impl Callback {
    /// Refuses every answer of Digest.
    pub(crate) const NONE: Self = Self {
        store: pa_store {
            admit: None,
            context: ptr::null_mut(),
        },
    };

    pub(crate) fn new(store: pa_store) -> Outcome<Self> {
        store.admit.ok_or(PA_E_NULL)?;
        Ok(Self { store })
    }
}

impl ReplayStore for Callback {
    #[expect(unsafe_code, reason = "a function of the caller")]
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        let Some(admit) = self.store.admit else {
            return false;
        };
        let mut memory = pa_use {
            private_words: [0; PA_USE_WORDS],
        };
        let memory = ptr::addr_of_mut!(memory);
        // SAFETY: it is memory of this function. The caller of `pa_gate_check` guarantees that its function may be called with it.
        let answer = unsafe {
            handle::init(memory, *nonce_use);
            let answer = admit(self.store.context, memory);
            // If the caller has kept the pointer, it is no handle any more.
            let _ = handle::wipe(memory);
            answer
        };
        answer == PA_FIRST_USE
    }
}

/// Writes the key of a use, `PA_USE_KEY_LEN` bytes that no other use has among all gates with the same key of nonces, and the time in
/// milliseconds for which a store must remember it.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `key` and `lifetime_ms` during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_use_key(nonce_use: *const pa_use, key: *mut u8, lifetime_ms: *mut u64) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { use_key(nonce_use, key.cast(), lifetime_ms) }.into()
}

/// # Safety
/// See [`pa_use_key`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn use_key(nonce_use: *const pa_use, key: *mut [u8; PA_USE_KEY_LEN], lifetime_ms: *mut u64) -> Outcome {
    let written = Written::new([target(key)?, target(lifetime_ms)?])?;
    // SAFETY: the pointers are checked, and the caller guarantees the rest.
    unsafe {
        written.one(nonce_use)?;
        let nonce_use = handle::shared(nonce_use)?;
        key.write(nonce_use.key());
        lifetime_ms.write(u64::try_from(nonce_use.lifetime().as_millis()).unwrap_or(u64::MAX));
    }
    Ok(())
}

/// The size of the struct, in units of 8 bytes.
pub const PA_WINDOW_WORDS: usize = 16;

/// The head of a replay window. The slots follow it: allocate `PA_WINDOW_SIZE(slots)` bytes.
#[repr(C)]
#[derive(Debug)]
pub struct pa_window {
    #[doc(hidden)]
    pub private_words: [u64; PA_WINDOW_WORDS],
}

/// The size of a slot of a window, in bytes.
pub const PA_SLOT_SIZE: usize = 40;

const _: () = assert!(size_of::<Slot>() == PA_SLOT_SIZE && align_of::<Slot>() <= align_of::<pa_window>());

/// The slots behind the head of a window.
pub(crate) struct Slots {
    first: *mut Slot,
    len: usize,
}

impl AsMut<[Slot]> for Slots {
    #[expect(unsafe_code, reason = "memory of the caller")]
    fn as_mut(&mut self) -> &mut [Slot] {
        // SAFETY: `create` has filled them, and who has the window alone has the slots alone.
        unsafe { slice::from_raw_parts_mut(self.first, self.len) }
    }
}

impl Memory for pa_window {
    type Value = ReplayWindow<Slots>;
    const MAGIC: u64 = 0x7061_5F77_696E_6431;
    // It knows the address of its slots.
    const IS_BOUND: bool = true;
}

/// Creates an empty window for the answers that `gate` accepts, in `size` bytes at `window`: at least `PA_WINDOW_SIZE(8)`. Use about
/// twice as many slots as nonces are in use within their lifetime. Nonces that were issued at `now_ms` or before are stale.
///
/// The memory may be shared by processes that see it at the same address, as after `fork`. Each call must be made under a lock of
/// theirs. A call that another one overlaps is refused.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use the window during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_window_init(
    window: *mut pa_window,
    size: usize,
    gate: *const pa_gate,
    now_ms: u64,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { create(window, size, gate, now_ms) }.into()
}

/// # Safety
/// See [`pa_window_init`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn create(window: *mut pa_window, size: usize, gate: *const pa_gate, now_ms: u64) -> Outcome {
    target(window)?;
    let room = size.checked_sub(size_of::<pa_window>()).ok_or(PA_E_LENGTH)?;
    let len = room.checked_div(size_of::<Slot>()).unwrap_or_default();
    if isize::try_from(size).is_err() || len < 8 {
        return Err(PA_E_LENGTH);
    }
    (window as usize).checked_add(size).ok_or(PA_E_LENGTH)?;
    let first = window.wrapping_add(1).cast::<Slot>();
    if first.align_offset(align_of::<Slot>()) != 0 {
        return Err(PA_E_ALIGN);
    }
    let gate_start = gate as usize;
    let gate_end = gate_start.saturating_add(size_of::<pa_gate>());
    if gate_start < (window as usize).saturating_add(size) && (window as usize) < gate_end {
        return Err(PA_E_OVERLAP);
    }
    // SAFETY: the caller guarantees that the pointers are valid, and the sizes are checked.
    unsafe {
        let gate = &handle::shared(gate)?.gate;
        for index in 0..len {
            first.add(index).write(Slot::EMPTY);
        }
        let slots = Slots { first, len };
        handle::init(window, gate.replay_window(slots, Duration::from_millis(now_ms)));
    }
    Ok(())
}

/// Overwrites the head of a window, whatever its memory contains: no answer is admitted from then on. Null is ignored.
///
/// # Safety
/// The pointer must be null or valid. Nothing else may use the window during the call.
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_window_wipe(window: *mut pa_window) {
    // SAFETY: the caller guarantees it.
    let _ = unsafe { handle::wipe(window) };
}

/// Records a use, and returns `PA_FIRST_USE` or `PA_USED`. `window` is a `pa_window`. Returns another number, which refuses the request
/// as well, if it is none or if another call uses it.
///
/// # Safety
/// Pointers must be null or valid. Nothing but this library may use the window during the call.
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_window_admit(window: *mut c_void, nonce_use: *const pa_use) -> i32 {
    // SAFETY: the caller guarantees it.
    match unsafe { record(window.cast(), nonce_use) } {
        Ok(true) => PA_FIRST_USE,
        Ok(false) => PA_USED,
        Err(error) => error as i32,
    }
}

/// # Safety
/// See [`pa_window_admit`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn record(window: *mut pa_window, nonce_use: *const pa_use) -> Outcome<bool> {
    // SAFETY: the caller guarantees that the pointers are valid.
    unsafe {
        let nonce_use = handle::shared(nonce_use)?;
        let window = handle::exclusive(window)?;
        Ok(ReplayStore::admit(window.value, nonce_use))
    }
}

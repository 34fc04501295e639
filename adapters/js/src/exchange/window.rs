//! The replay window of a gate. It is the only state that stays in the memory of a module, so it has an instance of its own.

use proxy_auth::digest::{ReplayWindow, Slot};
use proxy_auth::{NonceUse, ReplayStore};

use super::config::Config;
use crate::block::State;
use crate::lines::Lines;

/// A window whose slots follow it in the state.
type Window = ReplayWindow<&'static mut [Slot]>;

pub(super) const SIZE: usize = size_of::<Window>().next_multiple_of(align_of::<Slot>());
pub(super) const SLOT_SIZE: usize = size_of::<Slot>();

/// Creates a window for a gate, in the state.
#[expect(unsafe_code, reason = "memory of the host")]
pub(super) fn create(mut state: State<'_>, mut args: Lines<'_>) -> Option<()> {
    let gate = Config::read(&mut args)?.gate()?.ok()?;
    let now = args.millis()?;
    // SAFETY: a slot is numbers alone. The host uses this memory for the window alone, at the same place in each call.
    let slots: &'static mut [Slot] = unsafe { state.slice(SIZE)? };
    state.write::<Window>(0, gate.replay_window(slots, now))
}

/// Records the use of a nonce. Returns `false` if it was recorded before, or may have been.
#[expect(unsafe_code, reason = "the host keeps values as bytes")]
pub(super) fn admit(mut state: State<'_>, mut args: Lines<'_>) -> Option<bool> {
    let bytes: &[u8; size_of::<NonceUse>()] = args.next()?.try_into().ok()?;
    // SAFETY: `check` has written the use, and the host keeps it unchanged.
    let nonce_use = unsafe { bytes.as_ptr().cast::<NonceUse>().read_unaligned() };
    // SAFETY: `create` has written the window, and the host keeps it unchanged.
    let mut window: Window = unsafe { state.read(0)? };
    let is_new = ReplayStore::admit(&mut window, &nonce_use);
    state.write(0, window)?;
    Some(is_new)
}

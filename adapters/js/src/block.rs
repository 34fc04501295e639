//! The memory of one call.

use core::marker::PhantomData;
use core::slice;

use crate::lines::Lines;

/// The memory of one call: a state, the arguments, and room for the result, in this order.
pub(crate) struct Block<'m> {
    #[cfg_attr(not(feature = "exchange"), expect(dead_code, reason = "parsing has no state"))]
    pub(crate) state: State<'m>,
    pub(crate) args: Lines<'m>,
    pub(crate) out: &'m mut [u8],
}

impl Block<'_> {
    /// Splits a block. Returns `None` if it is not memory of the host.
    ///
    /// # Safety
    /// See [`proxy_auth_call`](crate::proxy_auth_call).
    #[expect(unsafe_code, reason = "a pointer of the host")]
    pub(crate) unsafe fn new(block: *mut u8, state_len: usize, args_len: usize, out_len: usize) -> Option<Self> {
        let args_at = state_len;
        let out_at = args_at.checked_add(args_len)?;
        let len = out_at.checked_add(out_len)?;
        if !is_of_host(block, len) {
            return None;
        }
        // SAFETY: the parts are within the block, which the caller guarantees, and do not overlap.
        let (args, out) = unsafe {
            (
                slice::from_raw_parts(block.add(args_at), args_len),
                slice::from_raw_parts_mut(block.add(out_at), out_len),
            )
        };
        let state = State {
            start: block,
            len: state_len,
            memory: PhantomData,
        };
        Some(Self {
            state,
            args: Lines(args),
            out,
        })
    }
}

/// Checks that a block is after everything that the module uses itself, and within the memory.
#[cfg(target_arch = "wasm32")]
fn is_of_host(block: *mut u8, len: usize) -> bool {
    #[expect(unsafe_code, reason = "a symbol of the linker")]
    unsafe extern "C" {
        /// The end of the stack and of the data.
        safe static __heap_base: u8;
    }
    const PAGE: usize = 64 * 1024;
    let end = block.addr().checked_add(len);
    let size = core::arch::wasm32::memory_size(0).saturating_mul(PAGE);
    let is_in_memory = block.addr() >= (&raw const __heap_base).addr() && end.is_some_and(|end| end <= size);
    is_in_memory && isize::try_from(len).is_ok()
}

#[cfg(not(target_arch = "wasm32"))]
fn is_of_host(block: *mut u8, len: usize) -> bool {
    !block.is_null() && isize::try_from(len).is_ok()
}

/// Values that the host keeps as bytes.
#[cfg_attr(not(feature = "exchange"), expect(dead_code, reason = "parsing has no state"))]
pub(crate) struct State<'m> {
    start: *mut u8,
    len: usize,
    memory: PhantomData<&'m mut [u8]>,
}

#[cfg(feature = "exchange")]
impl State<'_> {
    /// Returns `true` if the state has this length.
    pub(crate) const fn has_len(&self, len: usize) -> bool {
        self.len == len
    }

    /// Moves a value out of the state.
    ///
    /// # Safety
    /// At `offset`, there must be a `T` that [`write`](Self::write) has written. The module and the host that keeps the bytes
    /// guarantee it; the host keeps them where no other code can change them.
    #[expect(unsafe_code, reason = "the host keeps values as bytes")]
    pub(crate) unsafe fn read<T>(&self, offset: usize) -> Option<T> {
        let end = offset.checked_add(size_of::<T>())?;
        // SAFETY: the value is within the state, and the caller guarantees that there is one.
        (end <= self.len).then(|| unsafe { self.start.add(offset).cast::<T>().read_unaligned() })
    }

    /// Moves a value into the state.
    pub(crate) fn write<T>(&mut self, offset: usize, value: T) -> Option<()> {
        let end = offset.checked_add(size_of::<T>())?;
        if end > self.len {
            return None;
        }
        #[expect(unsafe_code, reason = "the host keeps values as bytes")]
        // SAFETY: the value is within the state.
        unsafe {
            self.start.add(offset).cast::<T>().write_unaligned(value);
        };
        Some(())
    }

    /// Returns the memory after `offset` as items, as many as fit.
    ///
    /// # Safety
    /// Any bytes must be a valid `T`, and nothing else may use this memory as long as the slice exists.
    #[expect(unsafe_code, reason = "memory of the host")]
    pub(crate) unsafe fn slice<'s, T>(&self, offset: usize) -> Option<&'s mut [T]> {
        let count = self.len.checked_sub(offset)?.checked_div(size_of::<T>())?;
        // SAFETY: the offset is within the state, and the caller guarantees the rest.
        let items = unsafe { self.start.add(offset).cast::<T>() };
        // SAFETY: as many items as fit in the state, if they are aligned.
        items
            .is_aligned()
            .then(|| unsafe { slice::from_raw_parts_mut(items, count) })
    }
}

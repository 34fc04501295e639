//! Handles: values of the library in memory of the caller, behind a word that says what they are.

use core::mem::{align_of, size_of, MaybeUninit};
use core::ptr;
use core::sync::atomic::{compiler_fence, AtomicU32, Ordering};

use crate::memory::target;
use crate::status::{Outcome, PA_E_BUSY, PA_E_HANDLE};

/// A value in memory of the caller.
#[repr(C)]
pub(crate) struct Handle<T> {
    magic: u64,
    /// 1 while a call changes the value.
    busy: AtomicU32,
    value: MaybeUninit<T>,
}

/// The memory that a header declares for a kind of value.
pub(crate) trait Memory: Sized {
    type Value;
    /// The word of initialised memory.
    const MAGIC: u64;
    /// A copy of the memory is refused.
    const IS_BOUND: bool;
    /// Checks at compile time that the value fits into the memory.
    const FITS: () = assert!(
        size_of::<Handle<Self::Value>>() <= size_of::<Self>()
            && align_of::<Handle<Self::Value>>() <= align_of::<Self>()
    );

    /// The word of this memory.
    fn magic(ptr: *const Self) -> u64 {
        let () = Self::FITS;
        let address = if Self::IS_BOUND { ptr as usize as u64 } else { 0 };
        Self::MAGIC ^ address.rotate_left(17)
    }
}

/// Writes a value into memory of the caller, whatever is there.
///
/// # Safety
/// `ptr` must be checked by [`target`], and point to memory that nothing else uses during the call.
#[expect(unsafe_code, reason = "memory of the caller")]
pub(crate) unsafe fn init<M: Memory>(ptr: *mut M, value: M::Value) {
    // SAFETY: the caller guarantees it.
    unsafe { overwrite(ptr) };
    let handle = Handle {
        magic: M::magic(ptr),
        busy: AtomicU32::new(0),
        value: MaybeUninit::new(value),
    };
    // SAFETY: `Memory::FITS` has checked size and alignment; the caller guarantees the rest.
    unsafe { ptr.cast::<Handle<M::Value>>().write(handle) }
}

/// Checks that memory of the caller was initialised as a value of this kind.
#[expect(unsafe_code, reason = "memory of the caller")]
fn check<M: Memory>(ptr: *const M) -> Outcome {
    target(ptr.cast_mut())?;
    // SAFETY: `target` has checked null and alignment. The word is read as such, whatever it is.
    let magic = unsafe { ptr::addr_of!((*ptr.cast::<Handle<M::Value>>()).magic).read() };
    if magic == M::magic(ptr) {
        Ok(())
    } else {
        Err(PA_E_HANDLE)
    }
}

/// Returns a value that no call changes.
///
/// # Safety
/// Unless it is null, `ptr` must point to memory of this kind, which nothing changes during the call.
#[expect(unsafe_code, reason = "memory of the caller")]
pub(crate) unsafe fn shared<'a, M: Memory>(ptr: *const M) -> Outcome<&'a M::Value> {
    check(ptr)?;
    // SAFETY: the word says that the value was written; the caller guarantees the rest.
    Ok(unsafe { (*ptr.cast::<Handle<M::Value>>()).value.assume_init_ref() })
}

/// A value that this call alone uses.
pub(crate) struct Exclusive<'a, T> {
    busy: &'a AtomicU32,
    pub(crate) value: &'a mut T,
}

impl<T> Drop for Exclusive<'_, T> {
    fn drop(&mut self) {
        self.busy.store(0, Ordering::Release);
    }
}

/// Returns a value for a call that changes it, unless another call does.
///
/// # Safety
/// Unless it is null, `ptr` must point to memory of this kind, which only this library uses during the call.
#[expect(unsafe_code, reason = "memory of the caller")]
pub(crate) unsafe fn exclusive<'a, M: Memory>(ptr: *mut M) -> Outcome<Exclusive<'a, M::Value>> {
    check(ptr.cast_const())?;
    let handle = ptr.cast::<Handle<M::Value>>();
    // SAFETY: the word says that it was written. Other calls that use it at this moment use it as an atomic, too.
    let busy = unsafe { &*ptr::addr_of!((*handle).busy) };
    if busy.swap(1, Ordering::Acquire) != 0 {
        return Err(PA_E_BUSY);
    }
    // SAFETY: the word says that the value was written, and no other call uses it.
    let value = unsafe { (*ptr::addr_of_mut!((*handle).value)).assume_init_mut() };
    Ok(Exclusive { busy, value })
}

/// Overwrites all of the memory, in a way that the compiler does not leave out.
///
/// # Safety
/// `ptr` must be checked by [`target`], and point to memory that nothing else uses during the call.
#[expect(unsafe_code, reason = "memory of the caller")]
unsafe fn overwrite<M>(ptr: *mut M) {
    let bytes = ptr.cast::<u8>();
    for offset in 0..size_of::<M>() {
        // SAFETY: the offset is within the memory, and the caller guarantees the rest.
        unsafe { bytes.add(offset).write_volatile(0) }
    }
    compiler_fence(Ordering::SeqCst);
}

/// Overwrites all of the memory, whatever is there. It is no handle from then on.
///
/// # Safety
/// Unless it is null, `ptr` must point to memory of this kind that nothing else uses during the call.
#[expect(unsafe_code, reason = "memory of the caller")]
pub(crate) unsafe fn wipe<M: Memory>(ptr: *mut M) -> Outcome {
    target(ptr)?;
    // SAFETY: it is checked, and the caller guarantees the rest.
    unsafe { overwrite(ptr) };
    Ok(())
}

//! How much stack a call takes: what lies under the stack pointer is painted, and where the paint is gone, it was used.

use core::ptr;

use cortex_m::register::msp;

/// How far down it is painted, in bytes.
const DEPTH: usize = 8 * 1024;
const PAINT: u32 = 0xA5A5_5A5A;

/// What `call` returns, and the bytes of stack that it took, its own frame included.
#[inline(never)]
pub fn used_by<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let top = msp::read() as usize;
    let bottom = top - DEPTH;
    let mut address = bottom;
    while address < top {
        // SAFETY: no interrupt is enabled, nothing of this function lies under the stack pointer, and nothing else does: RAM
        // has 64 KiB, of which little is in use.
        unsafe { ptr::write_volatile(address as *mut u32, PAINT) };
        address += 4;
    }
    let result = not_inlined(call);
    address = bottom;
    // SAFETY: as above.
    while address < top && unsafe { ptr::read_volatile(address as *const u32) } == PAINT {
        address += 4;
    }
    (result, top - address)
}

#[inline(never)]
fn not_inlined<T>(call: impl FnOnce() -> T) -> T {
    call()
}

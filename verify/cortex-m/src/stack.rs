//! Measures the stack that a call takes: paints the memory below the stack pointer, and checks how much paint is gone
//! afterwards.

use core::ptr;

use cortex_m::register::msp;

/// The number of bytes that are painted.
const DEPTH: usize = 8 * 1024;
const PAINT: u32 = 0xA5A5_5A5A;

/// Returns the result of `call`, and the bytes of stack that it took, including its own frame.
#[inline(never)]
pub fn used_by<T>(call: impl FnOnce() -> T) -> (T, usize) {
    let top = msp::read() as usize;
    let bottom = top - DEPTH;
    let mut address = bottom;
    while address < top {
        // SAFETY: no interrupt is enabled, this function uses no memory below the stack pointer, and neither does
        // anything else: RAM has 64 KiB, and little of it is in use.
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

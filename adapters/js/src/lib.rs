//! proxy-auth for WebAssembly, through an interface as C has it: pointers, lengths and numbers. Nothing is imported.
//!
//! The memory is the host's: it hands in field lines, and a buffer for what is made of them, both of any length. Each
//! function returns how many bytes it has to write, as `snprintf` does; when that is more than the buffer holds, its
//! contents are of no use, and a second call with so much room succeeds. `proxy_auth.mjs` is such a host.
//!
//! How field lines are handed in, `lines.rs` says, and `read.rs` what is made of them.

#![cfg_attr(target_arch = "wasm32", no_std)]

mod json;
mod lines;
mod read;
mod respond;

use core::slice;

use lines::Lines;

/// Reads field lines, and writes what they hold, or where they break, as JSON.
///
/// `field` is 0 for Proxy-Authenticate, 1 for Proxy-Authorization, 2 for Proxy-Authentication-Info; another writes nothing.
/// Reading is strict when `lenient` is 0.
///
/// # Safety
/// As of [`memory`].
#[expect(unsafe_code, reason = "an exported name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn proxy_auth_read(
    field: u32,
    lenient: u32,
    lines: *const u8,
    lines_len: usize,
    out: *mut u8,
    out_len: usize,
) -> usize {
    // SAFETY: what the caller sees to.
    let (framed, out) = unsafe { memory(lines, lines_len, out, out_len) };
    read::read(field, lenient != 0, &Lines(framed), out)
}

/// Reads the field lines of Proxy-Authenticate, and writes the response with status code 407 that carries their challenges.
///
/// Nothing is written when there are none, or more than 64, or one is in error and reading is strict.
///
/// # Safety
/// As of [`memory`].
#[expect(unsafe_code, reason = "an exported name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn proxy_auth_respond(
    lenient: u32,
    lines: *const u8,
    lines_len: usize,
    out: *mut u8,
    out_len: usize,
) -> usize {
    // SAFETY: what the caller sees to.
    let (framed, out) = unsafe { memory(lines, lines_len, out, out_len) };
    respond::respond(lenient != 0, &Lines(framed), out).unwrap_or_default()
}

/// The host's memory.
///
/// # Safety
/// Both pieces are initialized memory that nobody else uses during the call, and they do not overlap. In WebAssembly, pages
/// that the host added with `memory.grow` are: nothing in here knows of them.
#[expect(unsafe_code, reason = "pointers of the host")]
unsafe fn memory<'m>(lines: *const u8, lines_len: usize, out: *mut u8, out_len: usize) -> (&'m [u8], &'m mut [u8]) {
    // SAFETY: what the caller sees to.
    unsafe {
        (
            slice::from_raw_parts(lines, lines_len),
            slice::from_raw_parts_mut(out, out_len),
        )
    }
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

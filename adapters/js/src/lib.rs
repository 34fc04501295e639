//! proxy-auth for WebAssembly, with an interface like that of a C library: pointers, lengths and numbers. It has no
//! imports.
//!
//! The memory belongs to the host, which passes field lines and a buffer for the result, both of any length. Each
//! function returns the number of bytes of its result, like `snprintf`. If the buffer is too small, its contents are
//! unspecified, and a second call with a buffer of that length succeeds. `proxy_auth.mjs` is such a host.
//!
//! `lines.rs` describes the form of the field lines, and `read.rs` the form of the result.

#![cfg_attr(target_arch = "wasm32", no_std)]

mod json;
mod lines;
mod read;
mod respond;

use core::slice;

use lines::Lines;

/// Parses field lines, and writes their contents and errors as JSON.
///
/// `field` is 0 for Proxy-Authenticate, 1 for Proxy-Authorization, and 2 for Proxy-Authentication-Info. Otherwise,
/// writes nothing. Reading is strict if `lenient` is 0.
///
/// # Safety
/// See [`memory`].
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
    // SAFETY: the caller guarantees it.
    let (framed, out) = unsafe { memory(lines, lines_len, out, out_len) };
    read::read(field, lenient != 0, &Lines(framed), out)
}

/// Parses the field lines of Proxy-Authenticate, and writes the response with status code 407 that carries their
/// challenges.
///
/// Writes nothing if there is no challenge, if there are more than 64, or if reading is strict and finds an error.
///
/// # Safety
/// See [`memory`].
#[expect(unsafe_code, reason = "an exported name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn proxy_auth_respond(
    lenient: u32,
    lines: *const u8,
    lines_len: usize,
    out: *mut u8,
    out_len: usize,
) -> usize {
    // SAFETY: the caller guarantees it.
    let (framed, out) = unsafe { memory(lines, lines_len, out, out_len) };
    respond::respond(lenient != 0, &Lines(framed), out).unwrap_or_default()
}

/// Returns the memory of the host as slices.
///
/// # Safety
/// Both must be initialized memory that nothing else uses during the call, and must not overlap. In WebAssembly, pages
/// that the host added with `memory.grow` satisfy this, since the module does not use them.
#[expect(unsafe_code, reason = "pointers of the host")]
unsafe fn memory<'m>(lines: *const u8, lines_len: usize, out: *mut u8, out_len: usize) -> (&'m [u8], &'m mut [u8]) {
    // SAFETY: the caller guarantees it.
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

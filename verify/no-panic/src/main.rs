//! A program that contains every public function of `proxy-auth`, with any argument. It links only if none of them can
//! panic, since the panic handler calls a function that does not exist. It is not meant to be run.

#![no_std]
#![no_main]

use core::fmt::{Debug, Display};
use core::hash::{Hash, Hasher};
use core::hint::black_box;
use core::iter::Copied;
use core::panic::PanicInfo;
use core::slice::Iter;
use core::str::{FromStr, Utf8Error};

use proxy_auth::*;

include!(concat!(env!("CARGO_MANIFEST_DIR"), "/target/roots.rs"));

#[unsafe(no_mangle)]
extern "C" fn _start() {
    every_public_function();
    #[cfg(feature = "deliberate")]
    black_box((|bytes: &[u8], index: usize| bytes[index]) as fn(_, _) -> _);
}

// Contains memcpy and similar functions.
#[cfg(not(target_os = "none"))]
#[link(name = "c")]
unsafe extern "C" {}

#[cfg(not(feature = "allow-panics"))]
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    unsafe extern "C" {
        safe fn a_panic_is_left() -> !;
    }
    a_panic_is_left()
}

#[cfg(feature = "allow-panics")]
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

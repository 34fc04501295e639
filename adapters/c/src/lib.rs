//! proxy-auth for C and C++. `include/proxy_auth.h` is generated from this crate, and README.md explains how to use it.
//!
//! All `unsafe` code deals with pointers of the caller: `memory.rs` checks them, and `handle.rs` checks the state of handles. The library
//! itself has none.

#![no_std]
#![allow(non_camel_case_types, reason = "the names of C")]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod account;
mod basic;
mod claim;
mod gate;
mod handle;
mod hash;
mod memory;
mod reader;
mod refusal;
mod request;
mod session;
mod status;
mod store;
mod turn;

pub use account::*;
pub use basic::*;
pub use claim::*;
pub use gate::*;
pub use hash::*;
pub use memory::{pa_buffer, pa_string};
pub use reader::*;
pub use refusal::*;
pub use request::*;
pub use session::*;
pub use status::*;
pub use store::*;
pub use turn::*;

#[cfg(feature = "std")]
extern crate std;

/// The version of the interface that this header describes. It changes when a program must be compiled again.
pub const PA_ABI_VERSION: u32 = 1;

/// Returns the version of the interface of the library. If it is not `PA_ABI_VERSION`, the header is one of another library.
#[no_mangle]
#[expect(unsafe_code, reason = "an exported name")]
pub extern "C" fn pa_abi_version() -> u32 {
    PA_ABI_VERSION
}

/// Ends the program. Nothing in this library panics, so the linker removes it.
#[cfg(not(feature = "std"))]
#[panic_handler]
#[expect(unsafe_code, reason = "a function of C")]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    extern "C" {
        fn abort() -> !;
    }
    // SAFETY: it takes no argument, and may be called at any time.
    unsafe { abort() }
}

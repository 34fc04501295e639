//! A program that contains every public function of `proxy-auth`, with any argument. It links only if none of them can
//! panic, since the panic handler calls a function that does not exist. It is not meant to be run.

#![no_std]
#![no_main]

use core::fmt::{Debug, Display};
use core::future::Future;
use core::hash::{Hash, Hasher};
use core::hint::black_box;
use core::iter::Copied;
use core::panic::PanicInfo;
use core::pin::pin;
use core::slice::Iter;
use core::str::{FromStr, Utf8Error};
use core::task::{Context, Poll, Waker};

use proxy_auth::*;

include!(concat!(env!("CARGO_MANIFEST_DIR"), "/target/roots.rs"));

#[unsafe(no_mangle)]
extern "C" fn _start() {
    every_public_function();
    #[cfg(feature = "deliberate")]
    black_box((|bytes: &[u8], index: usize| bytes[index]) as fn(_, _) -> _);
}

/// Makes `Attempt::check` part of the program with each kind of secret.
fn check_with_every_secret() {
    black_box(Attempt::<&str>::check::<Password> as fn(_, _, _) -> _);
    black_box(Attempt::<&str>::check::<Verified> as fn(_, _, _) -> _);
    #[cfg(feature = "digest")]
    black_box((
        Attempt::<&str>::check::<&digest::PasswordHash> as fn(_, _, _) -> _,
        Attempt::<&str>::check::<&[digest::PasswordHash]> as fn(_, _, _) -> _,
    ));
}

/// A store that answers at once.
struct Ready(bool);

impl AsyncReplayStore for Ready {
    async fn admit(&mut self, _: &NonceUse) -> bool {
        self.0
    }
}

/// Polls once. Every asynchronous function panics if it is polled after its end, which is up to the caller.
fn redeem_async(ticket: Ticket<'static>, is_new: bool) -> Poll<Result<Pass<'static>, Refusal>> {
    let mut store = Ready(is_new);
    pin!(ticket.redeem_async(&mut store)).poll(&mut Context::from_waker(Waker::noop()))
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

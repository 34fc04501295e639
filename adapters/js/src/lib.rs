//! The WebAssembly modules of the npm package `proxy-auth`: one that parses, and one with the feature `exchange`, which
//! also contains `Gate` and `Session`. Neither imports anything.
//!
//! There is one function, and it works on one block of memory: a state, then the arguments, then room for the result.
//! The host keeps states as bytes that it cannot interpret, and passes them back. So nothing that lives longer than a
//! call is in the memory of the module, except for a replay window, which has an instance of its own.
//!
//! The result is JSON. The function returns its length, like `snprintf`. If the room is too small, the contents of the
//! result and of the state are unspecified, and the host calls again with the state of before and more room.
//! `lib/instance.js` is the host.

#![cfg_attr(target_arch = "wasm32", no_std)]

mod block;
#[cfg(feature = "exchange")]
mod exchange;
mod json;
mod lines;
mod read;
mod respond;

use block::Block;
use json::Json;

/// The result if the block is not memory of the host, or the arguments have not the expected form. The host does neither.
const REFUSED: usize = usize::MAX;

/// Calls a function by its number, and returns the length of the result, or [`REFUSED`].
///
/// # Safety
/// `block` must be memory that nothing else uses during the call, `state_len + args_len + out_len` bytes long, and a
/// state must be one that the same function, or the one that creates it, has written. WebAssembly refuses other memory.
#[expect(unsafe_code, reason = "an exported name")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn proxy_auth_call(
    function: u32,
    block: *mut u8,
    state_len: usize,
    args_len: usize,
    out_len: usize,
) -> usize {
    // SAFETY: the caller guarantees it.
    let block = unsafe { Block::new(block, state_len, args_len, out_len) };
    block.and_then(|block| call(function, block)).unwrap_or(REFUSED)
}

fn call(function: u32, block: Block<'_>) -> Option<usize> {
    let (mut args, mut json) = (block.args, Json::new(block.out));
    match function {
        0 => {
            let [field, lenient] = args.array()?;
            read::read(field, lenient != 0, &args, &mut json);
            Some(json.len())
        }
        1 => {
            let [lenient] = args.array()?;
            Some(respond::respond(lenient != 0, &args, json.into_rest()).unwrap_or_default())
        }
        #[cfg(feature = "exchange")]
        function => exchange::call(function, block.state, args, json),
        #[cfg(not(feature = "exchange"))]
        _ => None,
    }
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

//! A logger that stores messages, and the decoder that reads them, like the host of a debug probe.

use std::cell::RefCell;
use std::{env, fs};

use defmt_decoder::Table;

thread_local! {
    static FRAME: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

#[defmt::global_logger]
struct Logger;

// SAFETY: each thread has its own frame, so none can write to the frame of another.
#[expect(unsafe_code, reason = "the trait is unsafe")]
unsafe impl defmt::Logger for Logger {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        FRAME.with_borrow_mut(|frame| frame.extend_from_slice(bytes));
    }
}

/// Logs `value`, and returns the bytes that are sent and the text that the host decodes.
///
/// # Panics
/// Panics if the host cannot decode the bytes.
#[expect(clippy::unwrap_used, reason = "only tests use it")]
pub fn logged(value: &impl defmt::Format) -> (Vec<u8>, String) {
    let (sent, shown) = recorded(|| defmt::println!("{}", value));
    (sent, shown.into_iter().next().unwrap())
}

/// Returns the bytes that are sent while `run` logs, and the texts that the host decodes.
///
/// # Panics
/// Panics if the host cannot decode the bytes.
#[expect(clippy::unwrap_used, reason = "only tests use it")]
pub fn recorded(run: impl FnOnce()) -> (Vec<u8>, Vec<String>) {
    FRAME.take();
    run();
    let sent = FRAME.take();
    let program = fs::read(env::current_exe().unwrap()).unwrap();
    let table = Table::parse(&program).unwrap().unwrap();
    let (mut rest, mut shown) = (&sent[..], Vec::new());
    while !rest.is_empty() {
        let (frame, len) = table.decode(rest).unwrap();
        shown.push(frame.display_message().to_string());
        rest = &rest[len..];
    }
    (sent, shown)
}

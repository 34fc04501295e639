//! A logger that keeps what is logged, and the decoder that reads it, as a probe's host does.

use std::cell::RefCell;
use std::{env, fs};

use defmt_decoder::Table;

thread_local! {
    static FRAME: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

#[defmt::global_logger]
struct Logger;

// SAFETY: each thread has a frame of its own, so none can write into that of another.
#[expect(unsafe_code, reason = "how defmt has its loggers")]
unsafe impl defmt::Logger for Logger {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        FRAME.with_borrow_mut(|frame| frame.extend_from_slice(bytes));
    }
}

/// What is sent when `value` is logged: the bytes, and what the host makes of them.
///
/// # Panics
/// When the host can make nothing of them.
#[expect(clippy::unwrap_used, reason = "for tests alone")]
pub fn logged(value: &impl defmt::Format) -> (Vec<u8>, String) {
    FRAME.take();
    defmt::println!("{}", value);
    let sent = FRAME.take();
    let program = fs::read(env::current_exe().unwrap()).unwrap();
    let table = Table::parse(&program).unwrap().unwrap();
    let (frame, len) = table.decode(&sent).unwrap();
    assert_eq!(len, sent.len());
    let shown = frame.display_message().to_string();
    (sent, shown)
}

//! Prints to the host by semihosting, without `core::fmt`, and reads its command line.

use cortex_m_semihosting::{hio, syscall};

/// Prints a line.
pub fn line(text: &str) {
    if let Ok(mut out) = hio::hstdout() {
        // If the host does not listen, there is nobody to tell.
        let _ = out.write_all(text.as_bytes());
        let _ = out.write_all(b"\n");
    }
}

/// Prints a number, a tab and its name.
pub fn figure(name: &str, number: usize) {
    let (mut digits, mut rest, mut start) = ([0; 10], number, 10usize);
    while let Some(digit) = start.checked_sub(1).and_then(|at| digits.get_mut(at)) {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        start -= 1;
        if rest == 0 {
            break;
        }
    }
    if let Ok(mut out) = hio::hstdout() {
        let _ = out.write_all(digits.get(start..).unwrap_or_default());
        let _ = out.write_all(b"\t");
        let _ = out.write_all(name.as_bytes());
        let _ = out.write_all(b"\n");
    }
}

/// Returns the command line that the host passes, or an empty one if it does not fit.
pub fn command_line(buffer: &mut [u8]) -> &str {
    // SAFETY: the host writes into the buffer, at most its length.
    unsafe { syscall!(GET_CMDLINE, buffer.as_mut_ptr(), buffer.len()) };
    let text = buffer.split(|&byte| byte == 0).next().unwrap_or_default();
    core::str::from_utf8(text).unwrap_or_default()
}

//! Firmware for a Cortex-M3 that checks the results of the crate, and prints the stack that each call takes. The exit
//! status of QEMU is that of the checks: `cargo xtask cortex-m`.

#![no_std]
#![no_main]

mod calls;
mod corpus;
mod exchange;
mod length;
mod stack;

use core::panic::PanicInfo;

use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;

#[entry]
fn main() -> ! {
    let mut failed = 0;

    for case in corpus::CASES {
        if !case.passes() {
            hprintln!("case {} failed", case.id);
            failed += 1;
        }
    }
    hprintln!("{} cases of the corpus, {} failed", corpus::CASES.len(), failed);

    if !length::fits_no_buffer() {
        hprintln!("a message of more than 4 GiB was written partly");
        failed += 1;
    }

    hprintln!("\nstack\tcall");
    calls::each(|name, holds, stack| {
        hprintln!("{}\t{}{}", stack, name, if holds { "" } else { ": FAILED" });
        failed += usize::from(!holds);
    });

    debug::exit(if failed == 0 { EXIT_SUCCESS } else { EXIT_FAILURE });
    loop {}
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    debug::exit(EXIT_FAILURE);
    loop {}
}

//! Runs each benchmark once for callgrind, and prints its name. `cargo xtask instructions` counts the instructions.

mod exchange;
mod inputs;
mod work;

use std::hint::black_box;

fn main() {
    work::each(&mut |work, input, run| {
        // The first run, which is not counted, does one-time work such as detecting processor features.
        run();
        counted(run);
        println!("{work}\t{input}");
    });
}

/// Runs `run`. Callgrind counts the instructions of this function.
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
    // Prevents a tail call, so that `run` returns to here.
    black_box(());
}

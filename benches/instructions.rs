//! Does everything once where callgrind counts it, and prints what it did: `cargo xtask instructions`.

mod inputs;
mod work;

use std::hint::black_box;

fn main() {
    work::each(&mut |work, input, run| {
        // What is done once only, such as asking the processor what it can, is not counted.
        run();
        counted(run);
        println!("{work}\t{input}");
    });
}

/// Callgrind counts what happens here.
#[inline(never)]
fn counted(run: &mut dyn FnMut()) {
    run();
    // The call above is not the last thing done, so that it returns to here.
    black_box(());
}

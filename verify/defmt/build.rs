//! Has the tests linked as `defmt.x` says. What is interned has its address there as its number, so the program must stand
//! where it was linked.

use std::env;

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo:rerun-if-changed=defmt.x");
    println!("cargo:rustc-link-arg-tests=-no-pie");
    println!("cargo:rustc-link-arg-tests=-Wl,-T,{here}/defmt.x");
}

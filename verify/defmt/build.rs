//! Links the tests with `defmt.x`. The address of an interned string is its index, so the program must not be
//! position-independent.

use std::env;

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo:rerun-if-changed=defmt.x");
    println!("cargo:rustc-link-arg-tests=-no-pie");
    println!("cargo:rustc-link-arg-tests=-Wl,-T,{here}/defmt.x");
}

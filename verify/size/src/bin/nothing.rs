//! Does not use the library, to measure the rest of a program.
#![no_std]
#![no_main]

size::program!(|input, output| input.len() + output.len());

//! Nothing of the library: what a program has by itself.
#![no_std]
#![no_main]

size::program!(|input, output| input.len() + output.len());

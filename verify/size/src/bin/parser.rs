//! Reads the three fields.
#![no_std]
#![no_main]

size::program!(|input, _| size::read(input).unwrap_or_else(|error| error.offset()));

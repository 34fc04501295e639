//! Lets clients talk to a proxy over a hostile network.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proxy_auth_fuzz::exchange::Scenario;

fuzz_target!(|scenario: Scenario| scenario.play());

//! Entropy for the test alone. QEMU's board has no random source.

use firmware::Entropy;

/// **Anybody can predict these bytes, and they are those of every start.** A device must use the generator of its chip, such as the
/// `RNG` peripheral of a microcontroller: with predictable bytes, an attacker chooses both halves of what is hashed with the password,
/// and looks it up in a precomputed table.
pub struct PredictableEntropyForTestsOnly {
    calls: u8,
}

impl PredictableEntropyForTestsOnly {
    pub fn new() -> Self {
        Self { calls: 0 }
    }
}

impl Entropy for PredictableEntropyForTestsOnly {
    fn random(&mut self) -> [u8; 16] {
        self.calls = self.calls.wrapping_add(1);
        [self.calls; 16]
    }
}

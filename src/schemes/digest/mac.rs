//! HMAC with SHA-256 ([RFC 2104, section 2](https://www.rfc-editor.org/rfc/rfc2104#section-2)).

use sha2::{Digest, Sha256};

/// The states of both hashes after their block of the key.
///
/// The crate `hmac` leaves a copy of the key on the stack, so that the feature `zeroize` could not keep its promise.
#[derive(Clone)]
pub(super) struct Mac {
    inner: Sha256,
    outer: Sha256,
}

impl Mac {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        let mut block = [INNER; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        let inner = Sha256::new_with_prefix(block.as_slice());
        for byte in &mut block {
            *byte ^= INNER ^ OUTER;
        }
        let outer = Sha256::new_with_prefix(block.as_slice());
        #[cfg(feature = "zeroize")]
        zeroize::Zeroize::zeroize(&mut block);
        Self { inner, outer }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    pub(super) fn finalize(self) -> [u8; 32] {
        self.outer.chain_update(self.inner.finalize()).finalize().into()
    }
}

const INNER: u8 = 0x36;
const OUTER: u8 = 0x5C;

//! With the feature `zeroize`, copies of secrets are overwritten when they are dropped.
#![cfg(all(feature = "zeroize", feature = "digest"))]
#![expect(unsafe_code, reason = "to look at what was dropped")]

use std::mem::{MaybeUninit, size_of};

use proxy_auth::digest::{Algorithm, HexHash, Username, userhash};
use proxy_auth::zeroize::{ZeroizeOnDrop, Zeroizing};
use proxy_auth::{Credentials, basic};

/// The bytes of `value`, which must have no padding, after it was dropped.
fn dropped<T>(value: T) -> Vec<u8> {
    let mut place = MaybeUninit::new(value);
    // SAFETY: `place` is initialised, and dropped once; without padding, all its bytes are initialised.
    unsafe {
        place.as_mut_ptr().drop_in_place();
        std::slice::from_raw_parts(place.as_ptr().cast(), size_of::<T>()).to_vec()
    }
}

#[test]
fn a_hash_is_overwritten() {
    let hash = userhash(Algorithm::Sha256, Username::new("user"), "realm");
    let digits = hash.as_bytes().to_vec();
    let left = dropped(hash);
    assert!(
        !left
            .windows(8)
            .any(|window| digits.windows(8).any(|digits| digits == window))
    );
}

#[test]
fn a_hash_says_that_it_is() {
    fn is_overwritten<T: ZeroizeOnDrop>() {}
    is_overwritten::<HexHash>();
}

#[test]
fn credentials_are_decoded_to_a_buffer_that_clears_itself() {
    let credentials = Credentials::parse("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
    let mut buffer = Zeroizing::new([0; 64]);
    let basic = basic::Credentials::decode(&credentials, &mut *buffer).unwrap();
    assert!(basic.verify("aladdin", "open sesame"));
    assert!(dropped(buffer).iter().all(|byte| *byte == 0));
}

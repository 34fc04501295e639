//! Lower bounds: the hash functions alone, over the bytes that a check or an answer of Digest hashes.

use std::fmt::Write;
use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use proxy_auth::digest::{Algorithm, Credentials};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

/// The input of each hash, as text that is built in advance.
pub(crate) struct Inputs {
    /// `user ":" realm ":" password`.
    pub(crate) a1: Vec<u8>,
    /// `method ":" uri`.
    pub(crate) a2: Vec<u8>,
    /// `H(A1) ":" nonce ":" nc ":" cnonce ":" qop ":" H(A2)`.
    pub(crate) proof: Vec<u8>,
    /// `":" uri`: the A2 of the proof in the response.
    pub(crate) response_a2: Vec<u8>,
    pub(crate) response_proof: Vec<u8>,
}

impl Inputs {
    /// Builds the inputs for credentials with `qop=auth`, and checks that they lead to the proof in the credentials.
    pub(crate) fn new(credentials: &Credentials<'_>, method: &str, password: &str) -> Self {
        let (user, realm, uri) = (
            credentials.username().bytes().map(char::from).collect::<String>(),
            credentials.realm().to_string(),
            credentials.uri().to_string(),
        );
        let digits = |input: &str| match credentials.algorithm() {
            Algorithm::Md5 => hex(&Md5::digest(input)),
            Algorithm::Sha256 => hex(&Sha256::digest(input)),
            other => panic!("not measured: {other}"),
        };
        let (a1, a2, response_a2) = (
            format!("{user}:{realm}:{password}"),
            format!("{method}:{uri}"),
            format!(":{uri}"),
        );
        let (nonce, nc, cnonce) = (credentials.nonce(), credentials.nc(), credentials.cnonce());
        let (nc, cnonce) = (nc.expect("nc"), cnonce.expect("cnonce"));
        let proof = |a2: &str| format!("{}:{nonce}:{nc:08x}:{cnonce}:auth:{}", digits(&a1), digits(a2));
        let (proof, response_proof) = (proof(&a2), proof(&response_a2));
        assert_eq!(credentials.response(), *digits(&proof));
        Self {
            a1: a1.into_bytes(),
            a2: a2.into_bytes(),
            proof: proof.into_bytes(),
            response_a2: response_a2.into_bytes(),
            response_proof: response_proof.into_bytes(),
        }
    }
}

/// Hashes each input.
pub(crate) fn hash_each<D: Digest, const N: usize>(inputs: [&[u8]; N]) -> [Output<D>; N] {
    inputs.map(|input| D::digest(black_box(input)))
}

/// The keyed hash of nonces. As in the gate, the key and the realm are hashed in advance.
#[derive(Clone)]
pub(crate) struct NonceMac(Hmac<Sha256>);

impl NonceMac {
    /// Creates the keyed hash, and checks that `nonce` ends with the tag that it computes.
    pub(crate) fn new(key: &[u8; 32], realm: &str, nonce: &str) -> Self {
        let mac = Hmac::new_from_slice(key).expect("a key of any length");
        let this = Self(mac.chain_update(realm));
        let (stamp, tag) = nonce.split_at(32);
        assert_eq!(hex(&this.tag(stamp_bytes(stamp))[..16]), tag);
        this
    }

    pub(crate) fn tag(&self, stamp: [u8; 16]) -> [u8; 32] {
        self.0
            .clone()
            .chain_update(black_box(stamp))
            .finalize()
            .into_bytes()
            .into()
    }
}

/// Returns the time and the number in a nonce: the first 32 digits.
pub(crate) fn stamp_bytes(nonce: &str) -> [u8; 16] {
    u128::from_str_radix(&nonce[..32], 16)
        .expect("hexadecimal digits")
        .to_be_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

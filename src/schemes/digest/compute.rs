//! The computations of RFC 7616, section 3.4. `unq(X)` is what the value X means.

use super::hash::{Hasher, HexHash};
use super::request::Request;
use super::{Algorithm, Challenge, Credentials, Qop, Username};
use crate::error::InvalidInput;
use crate::param::ParamValue;
use crate::syntax::to_hex;

/// `H(username ":" realm ":" password)`: what a proxy stores in place of a password, and what a client needs of it.
///
/// It is as good as the password for that realm: keep it likewise. `Debug` says `[redacted]`.
///
/// ([RFC 7616, section 3.4.2](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.2))
///
/// ```
/// use proxy_auth::digest::{Algorithm, PasswordHash, Username};
///
/// let hash = PasswordHash::new(Algorithm::Md5, Username::new("Mufasa"), "testrealm@host.com", "Circle Of Life");
/// // As Apache's `htdigest` writes it.
/// assert_eq!(hash.to_hex(), "939e7578ed9e3c518a452acee763bce9");
/// assert!(PasswordHash::from_hex(Algorithm::Md5, "939e7578ed9e3c518a452acee763bce9").is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct PasswordHash {
    algorithm: Algorithm,
    hash: HexHash,
}

impl PasswordHash {
    /// The hash of a password.
    #[must_use]
    pub fn new<R, P>(algorithm: Algorithm, username: Username<'_>, realm: &R, password: &P) -> Self
    where
        R: AsRef<[u8]> + ?Sized,
        P: AsRef<[u8]> + ?Sized,
    {
        let user = username_and_realm(algorithm, username, |hash| hash.update(realm.as_ref()));
        Self::with_password(algorithm, user, password.as_ref())
    }

    /// The hash of a password for the realm of that challenge.
    pub(super) fn for_challenge(challenge: &Challenge<'_>, username: Username<'_>, password: &[u8]) -> Self {
        let algorithm = challenge.algorithm();
        let user = username_and_realm(algorithm, username, |hash| update(hash, b"", challenge.realm()));
        Self::with_password(algorithm, user, password)
    }

    fn with_password(algorithm: Algorithm, mut user: Hasher, password: &[u8]) -> Self {
        user.update(b":");
        user.update(password);
        Self {
            algorithm,
            hash: user.finish(),
        }
    }

    /// A hash that was stored in hexadecimal digits.
    ///
    /// # Errors
    /// [`InvalidInput`] when these are not as many digits as the hash of the algorithm has.
    pub fn from_hex(algorithm: Algorithm, digits: &str) -> Result<Self, InvalidInput> {
        let hash = HexHash::read(digits.as_bytes(), algorithm.hash_len() * 2)?;
        Ok(Self { algorithm, hash })
    }

    /// The hash in hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> &str {
        self.hash.as_str()
    }

    /// The proof that the credentials of a request must hold (RFC 7616, 3.4.1), whatever they do hold.
    #[must_use]
    pub fn response(&self, credentials: &Credentials<'_>, request: &Request<'_>) -> HexHash {
        self.a1_for(credentials).response(credentials, request)
    }

    /// The proof that a proxy's answer holds, `rspauth`, for the content of its response (RFC 7616, 3.5).
    #[must_use]
    pub fn rspauth(&self, credentials: &Credentials<'_>, content: &[u8]) -> HexHash {
        self.a1_for(credentials).rspauth(credentials, content)
    }

    fn a1_for(&self, credentials: &Credentials<'_>) -> A1 {
        let session = credentials.cnonce().filter(|_| credentials.algorithm().is_session());
        self.a1(session.map(|cnonce| (credentials.nonce(), cnonce)))
    }

    /// `H(A1)` (RFC 7616, 3.4.2): this hash, or for a session the key that is made of it and the session's first nonces.
    pub(super) fn a1(&self, session: Option<(ParamValue<'_>, ParamValue<'_>)>) -> A1 {
        let hash = session.map_or_else(
            || self.hash.clone(),
            |(nonce, cnonce)| {
                let mut hash = Hasher::new(self.algorithm);
                hash.update(self.hash.as_bytes());
                update(&mut hash, b":", nonce);
                update(&mut hash, b":", cnonce);
                hash.finish()
            },
        );
        A1 {
            algorithm: self.algorithm,
            hash,
        }
    }

    /// Whether this hash can check credentials of that algorithm: with a session key or without.
    pub(super) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm.without_session() == algorithm.without_session()
    }
}

/// `H(A1)`, from which proofs are computed.
#[derive(Clone)]
pub(super) struct A1 {
    algorithm: Algorithm,
    hash: HexHash,
}

impl A1 {
    pub(super) fn response(&self, credentials: &Credentials<'_>, request: &Request<'_>) -> HexHash {
        self.proof(credentials, request.method.as_bytes(), request.content)
    }

    /// The same without a method.
    pub(super) fn rspauth(&self, credentials: &Credentials<'_>, content: &[u8]) -> HexHash {
        self.proof(credentials, b"", content)
    }

    /// `KD(H(A1), unq(nonce) ":" nc ":" unq(cnonce) ":" unq(qop) ":" H(A2))`, where `KD(secret, data)` is
    /// `H(secret ":" data)`; without `qop` it is `KD(H(A1), unq(nonce) ":" H(A2))`, the form of RFC 2069.
    fn proof(&self, credentials: &Credentials<'_>, method: &[u8], content: &[u8]) -> HexHash {
        let mut hash = Hasher::new(self.algorithm);
        hash.update(self.hash.as_bytes());
        update(&mut hash, b":", credentials.nonce());
        if let (Some(qop), Some(nc), Some(cnonce)) = (credentials.qop(), credentials.nc(), credentials.cnonce()) {
            hash.update(b":");
            for byte in nc.to_be_bytes() {
                hash.update(&to_hex(byte));
            }
            update(&mut hash, b":", cnonce);
            hash.update(b":");
            hash.update(qop.token().as_bytes());
        }
        hash.update(b":");
        hash.update(self.a2(credentials, method, content).as_bytes());
        hash.finish()
    }

    /// `H(A2)` (RFC 7616, 3.4.3), where A2 is `method ":" unq(uri)`, and for auth-int `":" H(content)` after it.
    fn a2(&self, credentials: &Credentials<'_>, method: &[u8], content: &[u8]) -> HexHash {
        let mut hash = Hasher::new(self.algorithm);
        hash.update(method);
        update(&mut hash, b":", credentials.uri());
        if credentials.qop() == Some(Qop::AuthInt) {
            let mut content_hash = Hasher::new(self.algorithm);
            content_hash.update(content);
            hash.update(b":");
            hash.update(content_hash.finish().as_bytes());
        }
        hash.finish()
    }
}

/// A user's name as it is sent with `userhash=true`: `H(unq(username) ":" unq(realm))`.
///
/// A proxy that offers it finds the user by it.
///
/// ([RFC 7616, section 3.4.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.4))
#[must_use]
pub fn userhash<R: AsRef<[u8]> + ?Sized>(algorithm: Algorithm, username: Username<'_>, realm: &R) -> HexHash {
    username_and_realm(algorithm, username, |hash| hash.update(realm.as_ref())).finish()
}

/// The same for the realm of a challenge.
pub(super) fn userhash_for(challenge: &Challenge<'_>, username: Username<'_>) -> HexHash {
    let realm = |hash: &mut Hasher| update(hash, b"", challenge.realm());
    username_and_realm(challenge.algorithm(), username, realm).finish()
}

fn username_and_realm(algorithm: Algorithm, username: Username<'_>, realm: impl FnOnce(&mut Hasher)) -> Hasher {
    let mut hash = Hasher::new(algorithm);
    username.bytes().for_each(|byte| hash.update(&[byte]));
    hash.update(b":");
    realm(&mut hash);
    hash
}

/// Feeds `hash` a separator, and what `value` means.
fn update(hash: &mut Hasher, separator: &[u8], value: ParamValue<'_>) {
    hash.update(separator);
    match value.as_bytes() {
        Some(bytes) => hash.update(bytes),
        None => value.unescaped().for_each(|byte| hash.update(&[byte])),
    }
}

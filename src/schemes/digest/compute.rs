//! The computations of Digest (RFC 7616, 3.4). `unq(X)` is the unescaped value of X.

use super::hash::{Hash, Hasher, HexHash};
use super::login::Login;
use super::{Algorithm, Credentials, Qop, Username};
use crate::error::InvalidInput;
use crate::fields::ParamValue;
use crate::request::Request;
use crate::syntax::hex_digits;
use crate::syntax::latin1_to_utf8;

/// The hash that a proxy stores instead of a password: `H(username ":" realm ":" password)`.
///
/// Keep it as secret as the password, since it is equivalent to the password for its realm
/// ([RFC 7616, section 3.4.2](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.2)). `Debug` writes `[redacted]` for it.
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Algorithm, Login, PasswordHash, Username};
///
/// let login = Login::new(Username::new("Mufasa")?, "Circle Of Life");
/// let hash = PasswordHash::new(Algorithm::Md5, login, "testrealm@host.com");
/// // Apache's `htdigest` writes the same digits.
/// assert_eq!(hash.as_hex(), "939e7578ed9e3c518a452acee763bce9");
/// assert!(PasswordHash::from_hex(Algorithm::Md5, "939e7578ed9e3c518a452acee763bce9").is_ok());
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[derive(Clone, Debug)]
pub struct PasswordHash {
    algorithm: Algorithm,
    hash: HexHash,
}

impl PasswordHash {
    /// Computes the hash of a password.
    #[must_use]
    pub fn new<R: AsRef<[u8]> + ?Sized>(algorithm: Algorithm, login: Login<'_>, realm: &R) -> Self {
        Self::of(algorithm, login, ParamValue::text(realm.as_ref()))
    }

    /// Computes the hash of a password for a name that was checked.
    pub(crate) fn of_user(algorithm: Algorithm, name: &[u8], password: &[u8], realm: &[u8]) -> Self {
        let username = Username::from_checked(name);
        Self::of(algorithm, Login { username, password }, ParamValue::text(realm))
    }

    /// Computes the hash of a password for the realm of a challenge.
    #[inline(never)]
    pub(super) fn of(algorithm: Algorithm, login: Login<'_>, realm: ParamValue<'_>) -> Self {
        let hash = user_hash(algorithm, login.username.bytes(), realm, |hash| {
            hash.update(login.password);
        });
        Self {
            algorithm,
            hash: hash.to_hex(),
        }
    }

    /// Returns a hash that belongs to no password, for unknown users.
    pub(crate) fn of_nobody(algorithm: Algorithm) -> Self {
        let hash = HexHash::zeros(algorithm.digits_len());
        Self { algorithm, hash }
    }

    /// Parses a stored hash from hexadecimal digits.
    ///
    /// # Errors
    /// Returns [`InvalidInput`] if `digits` are not hexadecimal digits, or not as many as the algorithm's hash has.
    pub fn from_hex(algorithm: Algorithm, digits: &str) -> Result<Self, InvalidInput> {
        let hash = HexHash::read(digits.as_bytes(), algorithm.digits_len())?;
        Ok(Self { algorithm, hash })
    }

    /// Creates a stored hash from hexadecimal digits that were checked: there are as many as the algorithm requires.
    pub(crate) fn from_checked(algorithm: Algorithm, digits: &[u8]) -> Self {
        let hash = HexHash::from_digits(digits);
        Self { algorithm, hash }
    }

    /// Returns the algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the hash in hexadecimal digits.
    #[must_use]
    pub fn as_hex(&self) -> &str {
        self.hash.as_str()
    }

    /// Computes the proof that credentials for `request` must contain
    /// ([RFC 7616, section 3.4.1](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.1)). Ignores the proof in `credentials`.
    #[must_use]
    pub fn response(&self, credentials: &Credentials<'_>, request: &Request<'_>) -> HexHash {
        self.a1_for(credentials).response(credentials, request).to_hex()
    }

    /// Computes `rspauth`, the proof in a proxy's response, for the content of that response
    /// ([RFC 7616, section 3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5)).
    #[must_use]
    pub fn rspauth(&self, credentials: &Credentials<'_>, content: &[u8]) -> HexHash {
        self.a1_for(credentials).rspauth(credentials, content).to_hex()
    }

    pub(crate) fn a1_for(&self, credentials: &Credentials<'_>) -> A1 {
        let session = credentials.cnonce().filter(|_| credentials.algorithm().is_session());
        self.clone()
            .into_a1(session.map(|cnonce| (credentials.nonce(), cnonce)))
    }

    /// Computes `H(A1)` (RFC 7616, 3.4.2): this hash, or the key of a session, from this hash and the session's first nonces.
    pub(super) fn into_a1(mut self, session: Option<(ParamValue<'_>, ParamValue<'_>)>) -> A1 {
        if let Some((nonce, cnonce)) = session {
            self.hash = self.session_key(nonce, cnonce);
        }
        A1 {
            algorithm: self.algorithm,
            hash: self.hash,
        }
    }

    #[inline(never)]
    fn session_key(&self, nonce: ParamValue<'_>, cnonce: ParamValue<'_>) -> HexHash {
        let mut hash = Hasher::new(self.algorithm);
        hash.update(self.hash.as_bytes());
        update(&mut hash, b":", nonce);
        update(&mut hash, b":", cnonce);
        hash.finish().to_hex()
    }

    /// Checks that this is the hash of a password with `algorithm`. The time does not depend on the algorithm of this hash.
    pub(crate) fn is_of(&self, algorithm: Algorithm, name: &[u8], password: &[u8], realm: &[u8]) -> bool {
        let hash = Self::of_user(algorithm, name, password, realm).hash;
        self.hash == hash && self.is_for(algorithm)
    }

    /// Checks that this is the hash of a password with `algorithm`. The password is given in ISO-8859-1, and was hashed in UTF-8.
    pub(crate) fn is_of_latin1(&self, algorithm: Algorithm, name: &[u8], password: &[u8], realm: &[u8]) -> bool {
        let hash = user_hash(algorithm, name.iter().copied(), ParamValue::text(realm), |hash| {
            latin1_to_utf8(password).for_each(|byte| hash.update(&[byte]));
        });
        self.hash == hash.to_hex() && self.is_for(algorithm)
    }

    /// Checks that this hash can verify credentials of `algorithm`, with or without a session key.
    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.algorithm.without_session() == algorithm.without_session()
    }
}

/// `H(A1)`, the key of all proofs.
#[derive(Clone)]
pub(crate) struct A1 {
    algorithm: Algorithm,
    hash: HexHash,
}

impl A1 {
    pub(crate) fn response(&self, credentials: &Credentials<'_>, request: &Request<'_>) -> Hash {
        self.proof(credentials, request.method().as_bytes(), request.content())
    }

    /// Computes the proof of a response, which has no method.
    pub(crate) fn rspauth(&self, credentials: &Credentials<'_>, content: &[u8]) -> Hash {
        self.proof(credentials, b"", content)
    }

    /// Computes `KD(H(A1), unq(nonce) ":" nc ":" unq(cnonce) ":" unq(qop) ":" H(A2))`, where `KD(secret, data)` is
    /// `H(secret ":" data)`; without `qop` it is `KD(H(A1), unq(nonce) ":" H(A2))`, the form of RFC 2069.
    fn proof(&self, credentials: &Credentials<'_>, method: &[u8], content: &[u8]) -> Hash {
        let protects_content = credentials.qop() == Some(Qop::AuthInt);
        let content = protects_content.then(|| hash_of(self.algorithm, content));
        let a2 = self.a2(credentials, method, content.as_ref());
        self.kd(credentials, &a2)
    }

    // The hash functions take most of the stack. These are not inlined, so that only one of them does at a time.
    #[inline(never)]
    fn kd(&self, credentials: &Credentials<'_>, a2: &Hash) -> Hash {
        let mut hash = Hasher::new(self.algorithm);
        hash.update(self.hash.as_bytes());
        update(&mut hash, b":", credentials.nonce());
        if let (Some(qop), Some(nc), Some(cnonce)) = (credentials.qop(), credentials.nc(), credentials.cnonce()) {
            hash.update(b":");
            hash.update(&hex_digits::<8>(&nc.to_be_bytes()));
            update(&mut hash, b":", cnonce);
            hash.update(b":");
            hash.update(qop.token().as_bytes());
        }
        hash.update(b":");
        hash.update_hex(a2);
        hash.finish()
    }

    /// Computes `H(A2)` (RFC 7616, 3.4.3). A2 is `method ":" unq(uri)`, followed by `":" H(content)` for auth-int.
    #[inline(never)]
    fn a2(&self, credentials: &Credentials<'_>, method: &[u8], content: Option<&Hash>) -> Hash {
        let mut hash = Hasher::new(self.algorithm);
        hash.update(method);
        update(&mut hash, b":", credentials.uri());
        if let Some(content) = content {
            hash.update(b":");
            hash.update_hex(content);
        }
        hash.finish()
    }
}

#[inline(never)]
fn hash_of(algorithm: Algorithm, bytes: &[u8]) -> Hash {
    let mut hash = Hasher::new(algorithm);
    hash.update(bytes);
    hash.finish()
}

/// Computes the hash of a name, which is sent with `userhash=true`: `H(unq(username) ":" unq(realm))`.
///
/// A proxy that offers `userhash` finds the user by this hash
/// ([RFC 7616, section 3.4.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.4)).
///
/// # Examples
/// ```
/// use proxy_auth::digest::{Algorithm, Username, userhash};
///
/// let hash = userhash(Algorithm::Md5, Username::new("Mufasa")?, "testrealm@host.com");
/// assert_eq!(hash.as_str(), "74f54fe2c8045a5ffda7d02fd97f1716");
/// # Ok::<(), proxy_auth::InvalidInput>(())
/// ```
#[must_use]
pub fn userhash<R: AsRef<[u8]> + ?Sized>(algorithm: Algorithm, username: Username<'_>, realm: &R) -> HexHash {
    userhash_of(algorithm, username.bytes(), ParamValue::text(realm.as_ref()))
}

/// Computes the hash of a name from the bytes of the name.
#[inline(never)]
pub(crate) fn userhash_of(algorithm: Algorithm, username: impl Iterator<Item = u8>, realm: ParamValue<'_>) -> HexHash {
    let mut hash = Hasher::new(algorithm);
    update_user(&mut hash, username, realm);
    hash.finish().to_hex()
}

/// Feeds `hash` with `unq(username) ":" unq(realm)`.
fn update_user(hash: &mut Hasher, username: impl Iterator<Item = u8>, realm: ParamValue<'_>) {
    hash.update_each(username);
    update(hash, b":", realm);
}

/// Computes the hash of a password, which `update_password` feeds to the hash function.
fn user_hash(
    algorithm: Algorithm,
    username: impl Iterator<Item = u8>,
    realm: ParamValue<'_>,
    update_password: impl FnOnce(&mut Hasher),
) -> Hash {
    let mut hash = Hasher::new(algorithm);
    update_user(&mut hash, username, realm);
    hash.update(b":");
    update_password(&mut hash);
    hash.finish_secret()
}

/// Feeds `hash` with a separator and the unescaped `value`.
fn update(hash: &mut Hasher, separator: &[u8], value: ParamValue<'_>) {
    hash.update(separator);
    match value.to_bytes() {
        Some(bytes) => hash.update(bytes),
        None => hash.update_each(value.unescaped()),
    }
}

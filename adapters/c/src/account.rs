//! The account of a user.

use proxy_auth::digest::{Algorithm, PasswordHash};
use proxy_auth::heapless;

use crate::memory::{pa_string, Written};
use crate::status::{Outcome, PA_E_ARGUMENT, PA_E_LENGTH, PA_E_SECRET, PA_E_TEXT, PA_E_UTF8};

/// Basic, in `pa_gate_config.offers` and `pa_claim.scheme`.
pub const PA_BASIC: u32 = 1;
/// Digest with MD5, which RFC 7616 keeps for old clients.
pub const PA_DIGEST_MD5: u32 = 2;
/// Digest with SHA-256.
pub const PA_DIGEST_SHA_256: u32 = 3;
/// Digest with SHA-512/256.
pub const PA_DIGEST_SHA_512_256: u32 = 4;

/// Returns the algorithm of an offer of Digest.
pub(crate) fn algorithm(offer: u32) -> Outcome<Algorithm> {
    match offer {
        PA_DIGEST_MD5 => Ok(Algorithm::Md5),
        PA_DIGEST_SHA_256 => Ok(Algorithm::Sha256),
        PA_DIGEST_SHA_512_256 => Ok(Algorithm::Sha512_256),
        _ => Err(PA_E_ARGUMENT),
    }
}

/// Returns the number of an algorithm in the header.
pub(crate) fn number(algorithm: Algorithm) -> u32 {
    match algorithm.without_session() {
        Algorithm::Sha256 => PA_DIGEST_SHA_256,
        Algorithm::Sha512_256 => PA_DIGEST_SHA_512_256,
        _ => PA_DIGEST_MD5,
    }
}

/// `pa_gate_config.secrets`: accounts have passwords in readable form.
pub const PA_PASSWORDS: u32 = 1;
/// `pa_gate_config.secrets`: accounts have hashes from `pa_password_hash` or `htdigest`, one for each algorithm that is offered.
pub const PA_HASHES: u32 = 2;
/// `pa_gate_config.secrets`: the program itself checks passwords of Basic, with bcrypt or LDAP, and passes an account only if the
/// password is correct. A gate with Digest cannot have it.
pub const PA_VERDICTS: u32 = 3;

/// The greatest number of hashes of an account.
pub const PA_MAX_HASHES: usize = 3;

/// The hash of a password for Digest.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_hash {
    /// `PA_DIGEST_MD5` or another algorithm.
    pub algorithm: u32,
    /// 32 or 64 hexadecimal digits.
    pub digits: pa_string,
}

/// An account of a user, as the program stores it. **The name must come from where the account is stored, not from the request.**
/// Credentials with another name do not pass.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct pa_account {
    /// The name.
    pub name: pa_string,
    /// `PA_PASSWORDS`, `PA_HASHES` or `PA_VERDICTS`, as in the configuration of the gate.
    pub kind: u32,
    /// The password, for `PA_PASSWORDS`. It must not be empty.
    pub password: pa_string,
    /// The hashes, for `PA_HASHES`.
    pub hashes: *const pa_hash,
    /// The number of hashes, from 1 to `PA_MAX_HASHES`.
    pub hashes_len: usize,
}

/// The hashes of an account.
pub(crate) type Hashes = heapless::Vec<PasswordHash, PA_MAX_HASHES>;

/// Reads as many hashes as an account has, for a user who has none.
#[inline(never)]
pub(crate) fn hashes_of_nobody(algorithms: &[Algorithm]) -> Hashes {
    // Digits of any value take the same time.
    let digits = core::hint::black_box("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
    let mut hashes = Hashes::new();
    for algorithm in algorithms {
        let digits = digits.get(..algorithm.hash_len().saturating_mul(2)).unwrap_or_default();
        if let Ok(hash) = PasswordHash::from_hex(*algorithm, digits) {
            // There is room for each algorithm.
            let _ = hashes.push(hash);
        }
    }
    hashes
}

impl pa_account {
    /// Returns the name of an account of the given kind.
    ///
    /// # Safety
    /// See [`Written::array`].
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn name<'a, const N: usize>(&self, kind: u32, written: &Written<N>) -> Outcome<&'a [u8]> {
        if self.kind != kind {
            return Err(PA_E_SECRET);
        }
        // SAFETY: the caller guarantees it.
        let name = unsafe { written.bytes(self.name) }?;
        if name.is_empty() {
            return Err(PA_E_TEXT);
        }
        Ok(name)
    }

    /// Returns the password.
    ///
    /// # Safety
    /// See [`Written::array`].
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn password<'a, const N: usize>(&self, written: &Written<N>) -> Outcome<&'a [u8]> {
        // SAFETY: the caller guarantees it.
        let password = unsafe { written.bytes(self.password) }?;
        if password.is_empty() {
            return Err(PA_E_SECRET);
        }
        Ok(password)
    }

    /// Returns the hashes.
    ///
    /// # Safety
    /// See [`Written::array`].
    #[expect(unsafe_code, reason = "pointers of the caller")]
    pub(crate) unsafe fn hashes<const N: usize>(&self, written: &Written<N>) -> Outcome<Hashes> {
        // SAFETY: the caller guarantees it.
        let listed = unsafe { written.array(self.hashes, self.hashes_len) }?;
        if listed.is_empty() {
            return Err(PA_E_SECRET);
        }
        let mut hashes = Hashes::new();
        for hash in listed {
            // SAFETY: the caller guarantees it.
            let digits = unsafe { written.bytes(hash.digits) }?;
            let digits = core::str::from_utf8(digits).map_err(|_| PA_E_UTF8)?;
            let read = PasswordHash::from_hex(algorithm(hash.algorithm)?, digits).map_err(|_| PA_E_SECRET)?;
            hashes.push(read).map_err(|_| PA_E_LENGTH)?;
        }
        Ok(hashes)
    }
}

//! Hashes that a program stores for its users.

use proxy_auth::digest::{userhash, HexHash, Login, PasswordHash, Username};

use crate::account::algorithm;
use crate::memory::{pa_buffer, pa_string, Buffer, Written};
use crate::status::{pa_status, Outcome, PA_E_SECRET, PA_E_TEXT, PA_E_UTF8};

/// Writes the hash of a password for accounts with `PA_HASHES`, in hexadecimal digits. `algorithm` is `PA_DIGEST_MD5` or another.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `digits` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_password_hash(
    algorithm: u32,
    name: pa_string,
    realm: pa_string,
    password: pa_string,
    digits: *mut pa_buffer,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { hash(algorithm, name, realm, Some(password), digits) }.into()
}

/// Writes the hash of a name, which a client may send instead of the name: the key of a table of accounts for `pa_claim.is_userhash`.
///
/// # Safety
/// Pointers must be null or valid. Nothing else may use `digits` during the call, or change other memory.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_userhash(
    algorithm: u32,
    name: pa_string,
    realm: pa_string,
    digits: *mut pa_buffer,
) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { hash(algorithm, name, realm, None, digits) }.into()
}

/// # Safety
/// See [`pa_password_hash`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn hash(
    offer: u32,
    name: pa_string,
    realm: pa_string,
    password: Option<pa_string>,
    digits: *mut pa_buffer,
) -> Outcome {
    // SAFETY: the caller guarantees that the pointers are valid.
    let mut digits = unsafe { Buffer::new(digits) }?;
    let written = Written::new(digits.regions)?;
    // SAFETY: the caller guarantees that the pointers are valid.
    let (name, realm) = unsafe { (written.bytes(name)?, written.bytes(realm)?) };
    digits.empty();
    let algorithm = algorithm(offer)?;
    let name = core::str::from_utf8(name).map_err(|_| PA_E_UTF8)?;
    let username = Username::new(name).map_err(|_| PA_E_TEXT)?;
    match password {
        None => write(&mut digits, &userhash(algorithm, username, realm)),
        Some(password) => {
            // SAFETY: the caller guarantees that the pointer is valid.
            let password = unsafe { written.bytes(password) }?;
            if password.is_empty() {
                return Err(PA_E_SECRET);
            }
            let login = Login::new(username, password);
            let hash = PasswordHash::new(algorithm, login, realm);
            digits.display(&hash.as_hex())
        }
    }
}

fn write(digits: &mut Buffer<'_>, hash: &HexHash) -> Outcome {
    digits.display(&hash.as_str())
}

//! Basic alone, for small proxies. A gate does the same, and more.

use proxy_auth::zeroize::Zeroizing;
use proxy_auth::{basic, Credentials};

use crate::account::{pa_account, PA_PASSWORDS};
use crate::gate::PA_MAX_CREDENTIALS;
use crate::memory::{pa_string, Written};
use crate::status::{pa_status, Outcome, PA_REFUSED};

/// Checks the value of Proxy-Authorization against one account with a password. Returns `PA_OK` if the request may pass, and
/// `PA_REFUSED` if it may not. Comparisons take the same time wherever names and passwords differ.
///
/// If there are several accounts, call it for each of them, without stopping at the first that passes: the time then says nothing about
/// which users exist.
///
/// # Safety
/// Pointers must be null or valid. Nothing may change their memory during the call.
#[must_use]
#[no_mangle]
#[expect(unsafe_code, reason = "pointers of the caller")]
pub unsafe extern "C" fn pa_basic_verify(value: pa_string, account: *const pa_account) -> pa_status {
    // SAFETY: the caller guarantees it.
    unsafe { verify(value, account) }.into()
}

/// # Safety
/// See [`pa_basic_verify`].
#[expect(unsafe_code, reason = "pointers of the caller")]
unsafe fn verify(value: pa_string, account: *const pa_account) -> Outcome {
    let written = Written::NOTHING;
    // SAFETY: the caller guarantees that the pointers are valid.
    let (value, name, password) = unsafe {
        let account = written.one(account)?;
        let name = account.name(PA_PASSWORDS, &written)?;
        (written.bytes(value)?, name, account.password(&written)?)
    };
    let mut memory = Zeroizing::new([0; PA_MAX_CREDENTIALS]);
    let credentials = Credentials::parse(value).map_err(|_| PA_REFUSED)?;
    let basic = basic::Credentials::decode(&credentials, &mut *memory).map_err(|_| PA_REFUSED)?;
    if basic.verify(name, password) {
        Ok(())
    } else {
        Err(PA_REFUSED)
    }
}

//! The characters of names and passwords (RFC 7617, 2), which Basic and Digest share.

use crate::error::{InvalidInput, Rule};
use crate::syntax::{check, run};

/// Checks that `name` contains neither a control character nor a colon.
pub(super) fn check_user_id(name: &[u8]) -> Result<(), InvalidInput> {
    check(name, is_in_user_id, Rule::UserId)
}

/// Checks that `password` contains no control character.
pub(super) fn check_password(password: &[u8]) -> Result<(), InvalidInput> {
    check(password, is_in_password, Rule::Password)
}

/// Returns the length of the user-id at the start of `user_pass`.
pub(crate) fn user_id_len(user_pass: &[u8]) -> usize {
    run(user_pass, is_in_user_id)
}

/// Returns the length of the password at the start of `bytes`.
pub(crate) fn password_len(bytes: &[u8]) -> usize {
    run(bytes, is_in_password)
}

const fn is_in_user_id(byte: u8) -> bool {
    is_in_password(byte) && byte != b':'
}

const fn is_in_password(byte: u8) -> bool {
    !byte.is_ascii_control()
}

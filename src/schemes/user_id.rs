//! The characters of names and passwords (RFC 7617, 2), which Basic and Digest share.

use crate::error::{InvalidInput, Rule};
use crate::syntax::Class;

/// Checks that `name` contains neither a control character nor a colon.
pub(super) fn check_user_id(name: &[u8]) -> Result<(), InvalidInput> {
    Class::UserId.check(name, Rule::UserId)
}

/// Checks that `password` contains no control character.
pub(super) fn check_password(password: &[u8]) -> Result<(), InvalidInput> {
    Class::Password.check(password, Rule::Password)
}

/// Returns the length of the user-id at the start of `user_pass`.
pub(crate) fn user_id_len(user_pass: &[u8]) -> usize {
    Class::UserId.long_run(user_pass)
}

/// Returns the length of the password at the start of `bytes`.
pub(crate) fn password_len(bytes: &[u8]) -> usize {
    Class::Password.long_run(bytes)
}

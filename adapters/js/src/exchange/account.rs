//! The account that the host has found for a user.

use core::time::Duration;

use proxy_auth::digest::PasswordHash;
use proxy_auth::{Account, Attempt, InvalidInput, Password, Refusal, Ticket, Verified, heapless};

use super::config::{self, SecretKind};
use crate::lines::Lines;

/// An account, or nobody.
pub(super) struct Found<'a> {
    /// `true` if the host's store has refused the answer that this account verifies.
    pub(super) is_replayed: bool,
    name: Option<&'a [u8]>,
    password: &'a [u8],
    /// One for each algorithm at most.
    hashes: heapless::Vec<PasswordHash, 6>,
}

/// The reason why an account cannot be used.
pub(super) enum Fault {
    /// The host does not do this.
    Form,
    Hash(InvalidInput),
}

impl<'a> Found<'a> {
    pub(super) fn read(args: &mut Lines<'a>) -> Result<Self, Fault> {
        let [is_present, is_replayed] = args.array().ok_or(Fault::Form)?;
        let name = args.next().ok_or(Fault::Form)?;
        let password = args.next().ok_or(Fault::Form)?;
        let mut hashes = heapless::Vec::new();
        for code in args.next().ok_or(Fault::Form)? {
            let algorithm = config::algorithm(*code).ok_or(Fault::Form)?;
            let digits = args.text().ok_or(Fault::Form)?;
            let hash = PasswordHash::from_hex(algorithm, digits).map_err(Fault::Hash)?;
            hashes.push(hash).map_err(|_| Fault::Form)?;
        }
        Ok(Self {
            is_replayed: is_replayed != 0,
            name: (is_present != 0).then_some(name),
            password,
            hashes,
        })
    }

    /// Checks an attempt with this account.
    pub(super) fn check(
        &'a self,
        attempt: Attempt<'a, &str>,
        kind: SecretKind,
        now: Duration,
    ) -> Result<Ticket<'a>, Refusal> {
        match kind {
            SecretKind::Password => {
                let secret = Password::new(self.password);
                attempt.check(self.name.map(|name| Account::new(name, secret)), now)
            }
            SecretKind::Hashes => {
                let secret = self.hashes.as_slice();
                attempt.check(self.name.map(|name| Account::new(name, secret)), now)
            }
            SecretKind::Verified => attempt.check(self.name.map(|name| Account::new(name, Verified)), now),
        }
    }
}

//! Files of Apache's `htpasswd`.

use super::error::{LineError, LineErrorKind, Position};
use super::lines::{Line, Lines};
use super::name::SentName;
use crate::exchange::{Claim, Password};
use crate::redact::redact;
#[cfg(feature = "digest")]
use crate::schemes::digest::{Algorithm, PasswordHash};
use crate::schemes::user_id::password_len;

/// A file with a name and a secret in each line, `name:secret`, as Apache's
/// [`htpasswd`](https://httpd.apache.org/docs/2.4/programs/htpasswd.html) writes it.
///
/// [`users`](super) lists the rules for lines. The secret is everything after the first colon: a password as plain text, or a hash
/// in one of Apache's [formats](https://httpd.apache.org/docs/2.4/misc/password_encryptions.html). This crate computes none of these
/// hashes; the caller checks them. A hash is never taken for a [password](HtpasswdEntry::password).
///
/// `Debug` writes `[redacted]`.
///
/// ```
/// use core::time::Duration;
/// use proxy_auth::users::Htpasswd;
/// use proxy_auth::{Account, Gate, Request};
///
/// let users = Htpasswd::parse("# staff\naladdin:open sesame\nMufasa:Circle Of Life\n")?;
///
/// let gate = Gate::new("apps")?.with_basic();
/// let request = Request::new("CONNECT", "example.com:443")?;
/// let fields = [("Proxy-Authorization", "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==")];
/// let mut scratch = [0; 64];
/// let attempt = gate.read(&request, fields, &mut scratch)?;
/// let entry = users.find(attempt.claim())?;
/// let account = entry.and_then(|entry| Some(Account::new(entry.name(), entry.password()?)));
/// assert_eq!(attempt.check(account, Duration::ZERO)?.redeem(&mut ())?.user(), b"aladdin");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Htpasswd<'a> {
    file: &'a [u8],
}

impl<'a> Htpasswd<'a> {
    /// Parses a file. The time is linear in its length.
    ///
    /// # Errors
    /// [`LineError`] for the first line that cannot be read.
    pub fn parse<F: AsRef<[u8]> + ?Sized>(file: &'a F) -> Result<Self, LineError> {
        let file = file.as_ref();
        Lines::new(file).try_for_each(|line| HtpasswdEntry::read(&line?).map(drop))?;
        Ok(Self { file })
    }

    /// Returns an iterator over the entries, in the order of the file.
    pub fn entries(&self) -> impl Iterator<Item = HtpasswdEntry<'a>> + use<'a> {
        // `parse` has found no error.
        Lines::new(self.file).filter_map(|line| HtpasswdEntry::read(&line.ok()?).ok())
    }

    /// Finds the entry of a user.
    ///
    /// It always reads the whole file and compares every name in constant time, so response time doesn't reveal whether the user
    /// exists or where its line is. It reveals how many names have the length of `name`. If the check of the secret takes long, as
    /// with bcrypt, check a fixed hash for unknown users, and refuse them whatever the result is.
    ///
    /// # Errors
    /// [`LineError`] for the second line of the user, if there are two.
    pub fn find_by_name<N: AsRef<[u8]> + ?Sized>(&self, name: &N) -> Result<Option<HtpasswdEntry<'a>>, LineError> {
        let name = SentName::new(name.as_ref());
        only(
            self.entries().map(|entry| (name.is(entry.name), entry)),
            HtpasswdEntry::repeated,
        )
    }

    /// Finds the user that a client claims to be, like [`find_by_name`](Self::find_by_name). Nothing is verified. For a claim without a
    /// name, returns `None`; the hash of a name needs a `UserhashTable`.
    ///
    /// # Errors
    /// See [`find_by_name`](Self::find_by_name).
    pub fn find(&self, claim: Claim<'_>) -> Result<Option<HtpasswdEntry<'a>>, LineError> {
        match claim {
            Claim::Name(name) => self.find_by_name(name),
            _ => Ok(None),
        }
    }
}

/// Returns the only item that is marked with `true`. All items are consumed in any case.
pub(super) fn only<T>(
    items: impl Iterator<Item = (bool, T)>,
    error: impl Fn(&T) -> LineError,
) -> Result<Option<T>, LineError> {
    let (mut found, mut repeated) = (None, None);
    for (is_it, item) in items {
        if is_it {
            if found.is_none() {
                found = Some(item);
            } else {
                repeated = repeated.or(Some(error(&item)));
            }
        }
    }
    repeated.map_or(Ok(found), Err)
}

/// A name and a secret. `Debug` writes `[redacted]`.
#[derive(Clone, Copy)]
pub struct HtpasswdEntry<'a> {
    name: &'a [u8],
    secret: &'a [u8],
    start: Position,
}

impl<'a> HtpasswdEntry<'a> {
    fn read(line: &Line<'a>) -> Result<Self, LineError> {
        let (name, secret) = line.name()?;
        match password_len(secret) {
            0 if secret.is_empty() => Err(line.error_in(LineErrorKind::ExpectedSecret, secret, 0)),
            len if len < secret.len() => Err(line.error_in(LineErrorKind::InvalidSecret, secret, len)),
            _ => Ok(Self {
                name,
                secret,
                start: line.start(),
            }),
        }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Returns the secret as it stands in the file, for the caller's own check of a hash. For a password, call
    /// [`password`](Self::password).
    #[must_use]
    pub const fn secret(&self) -> &'a [u8] {
        self.secret
    }

    /// Returns the secret as a password. Returns `None` if it has the form of a hash, `$id$...` or `{SCHEME}...`: who steals the file
    /// could otherwise send the hash in place of the password. A password in this form is taken for a hash. A hash in another form, such
    /// as DES in 13 or 20 characters, is taken for a password.
    #[must_use]
    pub fn password(&self) -> Option<Password<'a>> {
        (!is_hash(self.secret)).then(|| Password::new(self.secret))
    }

    /// Returns the number of the line. The first is 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.start.line
    }

    /// Computes the hash that Digest needs. Returns `None` if the secret is not a [`password`](Self::password).
    #[cfg(feature = "digest")]
    #[must_use]
    pub fn to_password_hash<R>(&self, algorithm: Algorithm, realm: &R) -> Option<PasswordHash>
    where
        R: AsRef<[u8]> + ?Sized,
    {
        (!is_hash(self.secret)).then(|| PasswordHash::of_user(algorithm, self.name, self.secret, realm.as_ref()))
    }

    /// Returns the error for an entry whose user has an earlier line.
    pub(super) const fn repeated(&self) -> LineError {
        LineError::new(LineErrorKind::RepeatedUser, self.start)
    }
}

/// Checks for the form of a hash: `$2y$...`, `$md5,rounds=904$...`, `{SHA}...`, `{x-issha, 1024}...`.
fn is_hash(secret: &[u8]) -> bool {
    let (id, end) = match secret {
        [b'$', rest @ ..] => (rest, b'$'),
        [b'{', rest @ ..] => (rest, b'}'),
        _ => return false,
    };
    id.iter().position(|&byte| byte == end).is_some_and(|len| len > 0)
}

redact!(Htpasswd<'_>, HtpasswdEntry<'_>);

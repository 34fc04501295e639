//! Files of Apache's `htdigest`.

use subtle::ConstantTimeEq;

use super::error::{LineError, LineErrorKind, Position};
use super::htpasswd::only;
use super::lines::{Line, Lines};
use super::name::SentName;
use crate::digest::{Algorithm, PasswordHash};
use crate::exchange::Claim;
use crate::redact::redact;
use crate::syntax::{Class, hex_run, run};

/// A file with a name, a realm and a hash in each line, `name:realm:hash`, as Apache's
/// [`htdigest`](https://httpd.apache.org/docs/2.4/programs/htdigest.html) writes it for MD5.
///
/// [`users`](super) lists the rules for lines. The hash is `H(name ":" realm ":" password)`
/// ([RFC 7616, section 3.4.2](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.2)). The caller names its algorithm, since 64
/// digits can be SHA-256 or SHA-512-256. Use a file for each algorithm. A realm may be empty, and contains no colon.
///
/// `Debug` writes `[redacted]`.
///
/// ```
/// use proxy_auth::digest::Algorithm;
/// use proxy_auth::users::{Htdigest, LineErrorKind};
///
/// let file = "Mufasa:testrealm@host.com:939e7578ed9e3c518a452acee763bce9\n";
/// let users = Htdigest::parse(file, Algorithm::Md5)?;
/// let entry = users.find_by_name("Mufasa", "testrealm@host.com")?.expect("the user exists");
/// assert_eq!(entry.to_password_hash().as_hex(), "939e7578ed9e3c518a452acee763bce9");
/// assert!(users.find_by_name("Mufasa", "apps")?.is_none());
///
/// let error = Htdigest::parse(file, Algorithm::Sha256).unwrap_err();
/// assert_eq!(error.kind(), LineErrorKind::ExpectedHash(Algorithm::Sha256));
/// assert_eq!(error.to_string(), "line 1: expected a hash of SHA-256, 64 hexadecimal digits at byte 58");
/// # Ok::<(), proxy_auth::users::LineError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Htdigest<'a> {
    file: &'a [u8],
    algorithm: Algorithm,
}

impl<'a> Htdigest<'a> {
    /// Parses a file whose hashes are of `algorithm`. The time is linear in its length.
    ///
    /// # Errors
    /// [`LineError`] for the first line that cannot be read, or whose hash has another length.
    pub fn parse<F: AsRef<[u8]> + ?Sized>(file: &'a F, algorithm: Algorithm) -> Result<Self, LineError> {
        let file = file.as_ref();
        Lines::new(file).try_for_each(|line| HtdigestEntry::read(&line?, algorithm).map(drop))?;
        Ok(Self { file, algorithm })
    }

    /// Returns the algorithm of the hashes.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns an iterator over the entries of all realms, in the order of the file.
    pub fn entries(&self) -> impl Iterator<Item = HtdigestEntry<'a>> + use<'a> {
        let algorithm = self.algorithm;
        // `parse` has found no error.
        Lines::new(self.file).filter_map(move |line| HtdigestEntry::read(&line.ok()?, algorithm).ok())
    }

    /// Finds the entry of a user of `realm`.
    ///
    /// It always reads the whole file and compares every name in constant time, so response time doesn't reveal whether the user
    /// exists or where its line is. It reveals how many names have the length of `name`.
    ///
    /// # Errors
    /// [`LineError`] for the second line of the user and the realm, if there are two.
    pub fn find_by_name<N, R>(&self, name: &N, realm: &R) -> Result<Option<HtdigestEntry<'a>>, LineError>
    where
        N: AsRef<[u8]> + ?Sized,
        R: AsRef<[u8]> + ?Sized,
    {
        let (name, realm) = (SentName::new(name.as_ref()), realm.as_ref());
        only(
            self.entries()
                .map(|entry| (name.is(entry.name) & bool::from(entry.realm.ct_eq(realm)), entry)),
            HtdigestEntry::repeated,
        )
    }

    /// Finds the user of `realm` that a client claims to be, like [`find_by_name`](Self::find_by_name). Nothing is verified. For a claim
    /// without a name, returns `None`; the hash of a name needs a [`UserhashTable`](super::UserhashTable).
    ///
    /// # Errors
    /// See [`find_by_name`](Self::find_by_name).
    pub fn find<R>(&self, claim: Claim<'_>, realm: &R) -> Result<Option<HtdigestEntry<'a>>, LineError>
    where
        R: AsRef<[u8]> + ?Sized,
    {
        match claim {
            Claim::Name(name) => self.find_by_name(name, realm),
            _ => Ok(None),
        }
    }
}

/// A name, a realm and the hash of a password. `Debug` writes `[redacted]`.
#[derive(Clone, Copy)]
pub struct HtdigestEntry<'a> {
    name: &'a [u8],
    realm: &'a [u8],
    /// As many hexadecimal digits as `algorithm` has.
    digits: &'a [u8],
    algorithm: Algorithm,
    start: Position,
}

impl<'a> HtdigestEntry<'a> {
    fn read(line: &Line<'a>, algorithm: Algorithm) -> Result<Self, LineError> {
        let (name, rest) = line.name()?;
        let realm_len = run(rest, |byte| Class::Text.contains(byte) && byte != b':');
        let Some((realm, [b':', digits @ ..])) = rest.split_at_checked(realm_len) else {
            return Err(line.error_in(LineErrorKind::ExpectedRealm, rest, realm_len));
        };
        let (digits_len, needed) = (hex_run(digits), algorithm.digits_len());
        if digits_len != needed || digits.len() != needed {
            let offset = digits_len.min(needed);
            return Err(line.error_in(LineErrorKind::ExpectedHash(algorithm), digits, offset));
        }
        Ok(Self {
            name,
            realm,
            digits,
            algorithm,
            start: line.start(),
        })
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Returns the realm.
    #[must_use]
    pub const fn realm(&self) -> &'a [u8] {
        self.realm
    }

    /// Returns the number of the line. The first is 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.start.line
    }

    /// Copies the hash, for an [`Account`](crate::Account). It is valid for this name and this realm.
    #[must_use]
    pub fn to_password_hash(&self) -> PasswordHash {
        PasswordHash::from_checked(self.algorithm, self.digits)
    }

    /// Returns the error for an entry whose user has an earlier line.
    pub(super) const fn repeated(&self) -> LineError {
        LineError::new(LineErrorKind::RepeatedUser, self.start)
    }
}

redact!(Htdigest<'_>, HtdigestEntry<'_>);

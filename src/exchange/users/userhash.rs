//! Looks users up by the hash of their names (RFC 7616, 3.4.4).

use core::error::Error;
use core::fmt;

use super::error::LineError;
use super::htdigest::{Htdigest, HtdigestEntry};
use super::htpasswd::{Htpasswd, HtpasswdEntry};
use super::sort::sort;
use crate::digest::{Algorithm, HexHash, userhash_of};
use crate::exchange::Claim;
use crate::fields::ParamValue;
use crate::syntax::latin1_to_utf8;

/// The users of a realm, ordered by the hashes of their names.
///
/// A client that was asked with `userhash=true` sends the hash of its name, `H(name ":" realm)`, and not the name
/// ([RFC 7616, section 3.4.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.4)). The table computes the hashes of all users
/// once. Its memory is a slice of [`Slot`]s, one for each user. Use a table for each algorithm that the proxy offers.
///
/// A look-up is a binary search. The number of its steps depends on the number of users, not on whether the user exists.
///
/// ```
/// use proxy_auth::{Account, Claim};
/// use proxy_auth::digest::Algorithm;
/// use proxy_auth::users::{Htdigest, Slot, TableError, UserhashTable};
///
/// let file = concat!(
///     "Mufasa:testrealm@host.com:939e7578ed9e3c518a452acee763bce9\n",
///     "aladdin:apps:02d80b5ac2ad70718c1e512bdfb9fd1d\n",
/// );
/// let users = Htdigest::parse(file, Algorithm::Md5)?;
/// let mut slots = vec![Slot::EMPTY; 100];
/// let table = UserhashTable::from_htdigest(&users, "apps", &mut slots)?;
///
/// // In a proxy, the claim is that of an `Attempt`.
/// let entry = table.find(Claim::Name(b"aladdin"));
/// let account = entry.map(|entry| Account::new(entry.name(), entry.to_password_hash()));
/// assert!(account.is_some());
/// assert!(table.find_by_name("Mufasa").is_none()); // a user of another realm
///
/// let error = UserhashTable::from_htdigest(&users, "apps", &mut []).unwrap_err();
/// assert_eq!(error, TableError::TooFewSlots { needed: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct UserhashTable<'s, E> {
    /// In the order of the hashes. None is empty.
    slots: &'s [Slot<E>],
    algorithm: Algorithm,
    realm: &'s [u8],
}

/// The memory for one user in a [`UserhashTable`].
#[derive(Clone)]
pub struct Slot<E> {
    user: Option<(HexHash, E)>,
}

/// An entry of a file: [`HtpasswdEntry`] or [`HtdigestEntry`]. This trait is sealed.
pub trait Entry: Located {}

/// A name, and the error for a second line with it. Only this crate can name this trait.
pub trait Located {
    #[doc(hidden)]
    fn name(&self) -> &[u8];

    #[doc(hidden)]
    fn repeated(&self) -> LineError;
}

macro_rules! impl_entry {
    ($($entry:ident),+) => {$(
        impl Entry for $entry<'_> {}

        impl Located for $entry<'_> {
            fn name(&self) -> &[u8] {
                $entry::name(self)
            }

            fn repeated(&self) -> LineError {
                $entry::repeated(self)
            }
        }
    )+};
}

impl_entry!(HtpasswdEntry, HtdigestEntry);

impl<E> Slot<E> {
    /// An empty slot.
    pub const EMPTY: Self = Self { user: None };

    fn digits(&self) -> &[u8] {
        self.user.as_ref().map_or(&[], |(hash, _)| hash.as_bytes())
    }
}

impl<E: Entry> Slot<E> {
    fn repeated(&self) -> Option<LineError> {
        self.user.as_ref().map(|(_, entry)| entry.repeated())
    }

    fn is_before(&self, other: &Self) -> bool {
        let line = |slot: &Self| slot.repeated().map(|error| error.line());
        (self.digits(), line(self)) < (other.digits(), line(other))
    }
}

impl<'s, 'a> UserhashTable<'s, HtpasswdEntry<'a>> {
    /// Creates a table of the users in `file`, for challenges with this algorithm and this realm.
    ///
    /// With `n` users, the time is proportional to `n log n`. The previous contents of `slots` are overwritten.
    ///
    /// # Errors
    /// [`TableError`] if there are more users than slots, or a user has two lines.
    pub fn from_htpasswd<R: AsRef<[u8]> + ?Sized>(
        file: &Htpasswd<'a>,
        algorithm: Algorithm,
        realm: &'s R,
        slots: &'s mut [Slot<HtpasswdEntry<'a>>],
    ) -> Result<Self, TableError> {
        Self::build(|| file.entries(), algorithm, realm.as_ref(), slots)
    }
}

impl<'s, 'a> UserhashTable<'s, HtdigestEntry<'a>> {
    /// Creates a table of the users of `realm` in `file`, for challenges with the algorithm of the file.
    ///
    /// With `n` users, the time is proportional to `n log n`. The previous contents of `slots` are overwritten.
    ///
    /// # Errors
    /// [`TableError`] if there are more users than slots, or a user has two lines.
    pub fn from_htdigest<R: AsRef<[u8]> + ?Sized>(
        file: &Htdigest<'a>,
        realm: &'s R,
        slots: &'s mut [Slot<HtdigestEntry<'a>>],
    ) -> Result<Self, TableError> {
        let realm = realm.as_ref();
        let of_realm = || file.entries().filter(|entry| entry.realm() == realm);
        Self::build(of_realm, file.algorithm(), realm, slots)
    }
}

impl<'s, E: Entry> UserhashTable<'s, E> {
    fn build<I: Iterator<Item = E>>(
        entries: impl Fn() -> I,
        algorithm: Algorithm,
        realm: &'s [u8],
        slots: &'s mut [Slot<E>],
    ) -> Result<Self, TableError> {
        for slot in slots.iter_mut() {
            *slot = Slot::EMPTY;
        }
        let needed = entries().fold(0_usize, |count, _| count.saturating_add(1));
        let slots = slots.get_mut(..needed).ok_or(TableError::TooFewSlots { needed })?;
        for (slot, entry) in slots.iter_mut().zip(entries()) {
            let hash = userhash(algorithm, entry.name(), realm);
            slot.user = Some((hash, entry));
        }
        sort(slots, Slot::is_before);
        let pairs = slots.iter().zip(slots.iter().skip(1));
        let repeated = pairs.filter(|(first, second)| first.digits() == second.digits());
        let errors = repeated.filter_map(|(_, second)| second.repeated());
        match errors.min_by_key(LineError::line) {
            Some(error) => Err(error.into()),
            None => Ok(Self {
                slots,
                algorithm,
                realm,
            }),
        }
    }

    /// Finds the user that a client claims to be, by name or by its hash. For claims without a name, returns `None`. Nothing is verified.
    #[must_use]
    pub fn find(&self, claim: Claim<'_>) -> Option<&'s E> {
        match claim {
            Claim::Name(name) => self.find_by_name(name),
            Claim::Userhash(digits) => self.find_by_userhash(digits),
            _ => None,
        }
    }

    /// Finds a user by name. It computes the hash of the name. A name that is not UTF-8 is that of the file in the same bytes, or in
    /// ISO-8859-1.
    #[must_use]
    pub fn find_by_name<N: AsRef<[u8]> + ?Sized>(&self, name: &N) -> Option<&'s E> {
        let name = name.as_ref();
        let entry = self.find_by_bytes(name.iter().copied());
        let is_utf8 = core::str::from_utf8(name).is_ok();
        entry.or_else(|| {
            if is_utf8 {
                None
            } else {
                self.find_by_bytes(latin1_to_utf8(name))
            }
        })
    }

    fn find_by_bytes(&self, name: impl Iterator<Item = u8> + Clone) -> Option<&'s E> {
        let hash = userhash_of(self.algorithm, name.clone(), ParamValue::text(self.realm));
        let entry = self.find_by_userhash(hash.as_bytes())?;
        name.eq(entry.name().iter().copied()).then_some(entry)
    }

    /// Finds a user by the hash of the name, in lower-case hexadecimal digits.
    #[must_use]
    pub fn find_by_userhash<D: AsRef<[u8]> + ?Sized>(&self, digits: &D) -> Option<&'s E> {
        let digits = digits.as_ref();
        let index = self.slots.partition_point(|slot| slot.digits() < digits);
        let slot = self.slots.get(index).filter(|slot| slot.digits() == digits)?;
        slot.user.as_ref().map(|(_, entry)| entry)
    }
}

fn userhash(algorithm: Algorithm, name: &[u8], realm: &[u8]) -> HexHash {
    userhash_of(algorithm, name.iter().copied(), ParamValue::text(realm))
}

/// The error for users that do not fit in a [`UserhashTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TableError {
    /// There are more users than slots.
    TooFewSlots {
        /// The least sufficient number of slots.
        needed: usize,
    },
    /// A user has two lines.
    Line(LineError),
}

impl From<LineError> for TableError {
    fn from(error: LineError) -> Self {
        Self::Line(error)
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewSlots { needed } => write!(f, "too few slots: {needed} are needed"),
            Self::Line(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl Error for TableError {}

impl<E> fmt::Debug for UserhashTable<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserhashTable")
            .field("users", &self.slots.len())
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl<E> fmt::Debug for Slot<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}

//! The bytes that a session keeps of a challenge and of the user's name.

use core::ops::Range;

use crate::error::BufferTooSmall;
use crate::fields::ParamValue;
use crate::schemes::digest::Challenge;

/// The realm, the data to return and the nonce of a challenge, unescaped, at the start of `N` bytes; and the user's name at the end.
pub(super) struct Memory<const N: usize> {
    bytes: [u8; N],
    realm_len: usize,
    opaque_len: Option<usize>,
    nonce_len: usize,
    name_len: Option<usize>,
}

impl<const N: usize> Memory<N> {
    pub(super) const EMPTY: Self = Self {
        bytes: [0; N],
        realm_len: 0,
        opaque_len: None,
        nonce_len: 0,
        name_len: None,
    };

    pub(super) fn realm(&self) -> ParamValue<'_> {
        self.value(0..self.realm_len)
    }

    pub(super) fn opaque(&self) -> Option<ParamValue<'_>> {
        self.opaque_len?;
        Some(self.value(self.realm_len..self.nonce_start()))
    }

    pub(super) fn nonce(&self) -> ParamValue<'_> {
        self.value(self.nonce_start()..self.nonce_end())
    }

    /// Returns `true` if the stored name is `name`.
    pub(super) fn is_name(&self, name: &str) -> bool {
        let stored = self.name_len.and_then(|len| self.bytes.get(N.checked_sub(len)?..));
        stored == Some(name.as_bytes())
    }

    /// Stores the parts of a challenge in place of those of another.
    pub(super) fn set_challenge(&mut self, challenge: &Challenge<'_>) -> Result<(), BufferTooSmall> {
        let (realm, nonce, opaque) = (challenge.realm(), challenge.nonce(), challenge.opaque());
        let (realm_len, nonce_len, opaque_len) = (realm.len(), nonce.len(), opaque.map(|opaque| opaque.len()));
        let start = realm_len.saturating_add(opaque_len.unwrap_or(0));
        check_room::<N>(start.saturating_add(nonce_len), self.name_len)?;
        let opaque = opaque.into_iter().flat_map(|opaque| opaque.unescaped());
        for (to, byte) in self
            .bytes
            .iter_mut()
            .zip(realm.unescaped().chain(opaque).chain(nonce.unescaped()))
        {
            *to = byte;
        }
        (self.realm_len, self.opaque_len, self.nonce_len) = (realm_len, opaque_len, nonce_len);
        Ok(())
    }

    /// Stores a nonce in place of another.
    pub(super) fn set_nonce(&mut self, nonce: ParamValue<'_>) -> Result<(), BufferTooSmall> {
        let (start, len) = (self.nonce_start(), nonce.len());
        check_room::<N>(start.saturating_add(len), self.name_len)?;
        for (to, byte) in self.bytes.iter_mut().skip(start).zip(nonce.unescaped()) {
            *to = byte;
        }
        self.nonce_len = len;
        Ok(())
    }

    /// Stores a name in place of another.
    pub(super) fn set_name(&mut self, name: &str) -> Result<(), BufferTooSmall> {
        check_room::<N>(self.nonce_end(), Some(name.len()))?;
        for (to, byte) in self.bytes.iter_mut().rev().zip(name.bytes().rev()) {
            *to = byte;
        }
        self.name_len = Some(name.len());
        Ok(())
    }

    pub(super) fn forget_name(&mut self) {
        self.name_len = None;
    }

    fn nonce_start(&self) -> usize {
        self.realm_len.saturating_add(self.opaque_len.unwrap_or(0))
    }

    fn nonce_end(&self) -> usize {
        self.nonce_start().saturating_add(self.nonce_len)
    }

    /// Returns a part of a challenge. The reader of the challenge refused control characters in it.
    fn value(&self, range: Range<usize>) -> ParamValue<'_> {
        ParamValue::text(self.bytes.get(range).unwrap_or_default())
    }
}

fn check_room<const N: usize>(challenge_len: usize, name_len: Option<usize>) -> Result<(), BufferTooSmall> {
    let needed = challenge_len.saturating_add(name_len.unwrap_or(0));
    if needed > N {
        Err(BufferTooSmall { needed })
    } else {
        Ok(())
    }
}

#[cfg(feature = "zeroize")]
impl<const N: usize> Drop for Memory<N> {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.bytes);
    }
}

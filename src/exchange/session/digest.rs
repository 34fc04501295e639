//! The answers to a challenge of Digest, from one request to the next (RFC 7616, 3.3 to 3.5).

use super::memory::Memory;
use super::step::GiveUp;
use crate::exchange::Login;
use crate::fields::ParamValue;
use crate::request::Request;
use crate::schemes::digest::{
    Algorithm, Challenge, Hash, Info, Keys, Parts, Qop, Signed, Username, answered_qop, can_continue,
};
use crate::syntax::{from_hex, hex_digits};

/// A challenge, and how its nonce was used. Its texts are in [`Memory`].
pub(super) struct Digest {
    algorithm: Option<Algorithm>,
    qop: Option<Qop>,
    is_utf8: bool,
    is_userhash: bool,
    /// The hashes of the login whose name is in the memory.
    keys: Option<Keys>,
    /// The client's nonce, in hexadecimal digits; one for each nonce of the peer.
    cnonce: Option<[u8; 32]>,
    nc: u32,
    /// `true` if an answer to this challenge was accepted.
    is_accepted: bool,
}

impl Digest {
    /// Stores a challenge in place of another.
    pub(super) fn adopt<const N: usize>(challenge: &Challenge<'_>, memory: &mut Memory<N>) -> Result<Self, GiveUp> {
        let qop = answered_qop(challenge).map_err(GiveUp::Unusable)?;
        memory.set_challenge(challenge)?;
        Ok(Self {
            algorithm: challenge.algorithm,
            qop,
            is_utf8: challenge.is_utf8(),
            is_userhash: challenge.is_userhash(),
            keys: None,
            cnonce: None,
            nc: 0,
            is_accepted: false,
        })
    }

    /// Returns `true` if the nonce cannot be answered once more, because its count would overflow.
    pub(super) const fn is_used_up(&self) -> bool {
        self.nc == u32::MAX
    }

    /// Answers the challenge, and computes the proof in the response.
    pub(super) fn answer<'a, const N: usize>(
        &'a mut self,
        memory: &'a mut Memory<N>,
        login: &Login<'a>,
        request: &Request<'a>,
        random: [u8; 16],
    ) -> Result<(Signed<'a>, Option<Proof>), GiveUp> {
        let username = if self.is_utf8 {
            Username::new(login.name)
        } else {
            Username::plain(login.name)
        }?;
        if !memory.is_name(login.name) {
            memory.set_name(login.name)?;
            self.keys = None;
        }
        self.nc = self.nc.saturating_add(1);
        let cnonce: &'a [u8; 32] = self.cnonce.get_or_insert_with(|| hex_digits(&random));
        let memory: &'a Memory<N> = memory;
        let mut parts = Parts {
            username,
            realm: memory.realm(),
            nonce: memory.nonce(),
            opaque: memory.opaque(),
            algorithm: self.algorithm,
            cnonce: ParamValue::text(cnonce),
            qop: self.qop,
            nc: self.nc,
        };
        let password = login.password.as_bytes();
        let keys = self
            .keys
            .get_or_insert_with(|| Keys::new(&parts, password, self.is_userhash));
        if let Some(userhash) = keys.userhash() {
            parts.username = userhash;
        }
        let answer = keys.answer(parts, request);
        let proof = (self.qop == Some(Qop::Auth)).then(|| Proof {
            rspauth: keys.rspauth(&answer, b""),
            cnonce: from_hex(cnonce).unwrap_or_default(),
            nc: self.nc,
        });
        Ok((answer, proof))
    }

    /// Records that an answer to this challenge was accepted.
    pub(super) const fn accept(&mut self) {
        self.is_accepted = true;
    }

    /// Continues with the next nonce that the peer named, if that is possible. If not, it will be asked for later.
    pub(super) fn continue_with<const N: usize>(&mut self, nonce: ParamValue<'_>, memory: &mut Memory<N>) -> bool {
        let continues = can_continue(self.algorithm.unwrap_or_default(), self.qop, nonce)
            && nonce != memory.nonce()
            && memory.set_nonce(nonce).is_ok();
        if continues {
            (self.cnonce, self.nc) = (None, 0);
        }
        continues
    }

    /// Returns `true` if the response to an answer can prove that the peer knows the password. With `auth-int`, the proof would
    /// depend on the content of the response.
    pub(super) fn is_proved(&self) -> bool {
        self.qop == Some(Qop::Auth)
    }

    /// Checks that `challenge`, which came after an answer, refuses only its nonce: it says so, or the peer accepted answers to this
    /// challenge and may have been restarted without its nonces.
    pub(super) fn is_renewed_by<const N: usize>(&self, challenge: &Challenge<'_>, memory: &Memory<N>) -> bool {
        (challenge.is_stale() || self.is_accepted) && challenge.nonce() != memory.nonce()
    }

    /// Returns `true` if more than one request used the nonce.
    pub(super) const fn is_shared(&self) -> bool {
        self.nc > 1
    }

    /// Forgets the login, but not how often the nonce was used.
    pub(super) fn forget_login<const N: usize>(&mut self, memory: &mut Memory<N>) {
        memory.forget_name();
        self.keys = None;
        self.is_accepted = false;
    }
}

/// The proof that the response to an answer with `qop=auth` contains, if the peer knows the password.
pub(super) struct Proof {
    rspauth: Hash,
    cnonce: [u8; 16],
    nc: u32,
}

impl Proof {
    /// Compares this proof with that in a response; `None` if there is none. It covers the parameters beside it, so they may be
    /// missing, but must not differ.
    pub(super) fn is_in(&self, info: &Info<'_>) -> Option<bool> {
        let rspauth = info.rspauth()?;
        Some(
            self.rspauth.is(rspauth)
                && info
                    .cnonce()
                    .is_none_or(|cnonce| cnonce == hex_digits::<32>(&self.cnonce)[..])
                && info.qop().is_none_or(|qop| qop == Qop::Auth)
                && info.nc().is_none_or(|nc| nc == self.nc),
        )
    }
}

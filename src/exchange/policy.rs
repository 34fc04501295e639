//! The client's word on which answers may be sent to a peer.

use crate::fields::Scheme;
use crate::schemes::digest::Algorithm;
use crate::select::{Candidate, Chosen};

/// The schemes that a [`Session`](crate::Session) may answer, and what it demands of the peer.
///
/// There is no default: only the caller knows which peers may see a password.
///
/// ```
/// use proxy_auth::Policy;
///
/// let over_tls = Policy::basic_only();
/// # #[cfg(feature = "digest")]
/// let in_the_clear = Policy::digest_only().without_md5();
/// ```
///
/// ```compile_fail,E0599
/// let policy = proxy_auth::Policy::default();
/// ```
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Policy {
    allows_digest: bool,
    allows_basic: bool,
    allows_md5: bool,
    allows_rfc2069: bool,
    allows_downgrade: bool,
    requires_proof: bool,
}

impl Policy {
    const NOTHING: Self = Self {
        allows_digest: false,
        allows_basic: false,
        allows_md5: true,
        allows_rfc2069: false,
        allows_downgrade: false,
        requires_proof: false,
    };

    /// Allows Basic alone.
    ///
    /// **Basic sends the password in a readable form.** Everybody who can read the connection to the peer can read the password, and
    /// so can the peer ([RFC 7617, section 4](https://www.rfc-editor.org/rfc/rfc7617#section-4)). Use it only over TLS.
    #[must_use]
    pub const fn basic_only() -> Self {
        Self {
            allows_basic: true,
            ..Self::NOTHING
        }
    }
}

#[cfg(feature = "digest")]
impl Policy {
    /// Allows Digest alone (feature `digest`).
    ///
    /// The password does not leave the client. Who reads the connection can still try passwords against an answer, so a weak
    /// password needs TLS ([RFC 7616, section 5.7](https://www.rfc-editor.org/rfc/rfc7616#section-5.7)).
    #[must_use]
    pub const fn digest_only() -> Self {
        Self {
            allows_digest: true,
            ..Self::NOTHING
        }
    }

    /// Allows Digest, and Basic if the peer offers no Digest (feature `digest`). A Digest that another rule forbids counts as an offer,
    /// too: Basic is not answered in its place.
    ///
    /// **Basic sends the password in a readable form.** An attacker who can change the first response to a new session gets it by
    /// removing the challenges of Digest, unless the connection uses TLS.
    #[must_use]
    pub const fn digest_or_basic() -> Self {
        Self {
            allows_basic: true,
            ..Self::digest_only()
        }
    }

    /// Forbids MD5 (feature `digest`). This includes the form of RFC 2069, which knows no other algorithm.
    #[must_use]
    pub const fn without_md5(self) -> Self {
        Self {
            allows_md5: false,
            ..self
        }
    }

    /// Allows Digest without `qop`, the form of RFC 2069, if the peer offers no other Digest (feature `digest`).
    ///
    /// Such an answer contains nothing that the client chose. An attacker who chooses the nonce can therefore look the password up
    /// in precomputed tables ([RFC 7616, section 5.8](https://www.rfc-editor.org/rfc/rfc7616#section-5.8)).
    #[must_use]
    pub const fn with_rfc2069(self) -> Self {
        Self {
            allows_rfc2069: true,
            ..self
        }
    }

    /// Allows a weaker challenge than this peer has shown before, and a challenge beside one that may be stronger but is damaged or
    /// unusable (feature `digest`). An attacker can then choose the weakest answer that the other rules allow.
    #[must_use]
    pub const fn with_downgrade(self) -> Self {
        Self {
            allows_downgrade: true,
            ..self
        }
    }

    /// Requires that each response proves that the peer knows the password, too: `rspauth` with `qop=auth` (feature `digest`).
    ///
    /// A challenge is not answered if the response cannot be proved: Basic, and Digest without `qop` or with `auth-int` alone. The
    /// proof covers the target of the request, not the content of the response
    /// ([RFC 7616, section 3.5](https://www.rfc-editor.org/rfc/rfc7616#section-3.5)).
    ///
    /// ```
    /// use proxy_auth::{GiveUp, Login, Policy, Request, Session, Step, Turn};
    ///
    /// let mut session = Session::<512>::new(Policy::digest_only().with_proof_required());
    /// let login = Login { name: "aladdin", password: "open sesame" };
    /// let request = Request::new("CONNECT", "example.com:443")?;
    ///
    /// // Somebody on the way lets the request through without asking for credentials.
    /// let (_, pending) = session.authorize(Turn::FIRST, &login, &request, [7; 16])?;
    /// assert_eq!(session.receive(pending, 200, [("Server", "evil")]), Step::GiveUp(GiveUp::Unproved));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn with_proof_required(self) -> Self {
        Self {
            requires_proof: true,
            ..self
        }
    }
}

/// The strength of a challenge, the weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Basic,
    DigestWithoutQop(Algorithm),
    Digest(Algorithm),
}

impl Strength {
    /// Returns the strength of a challenge; `None` if it is neither Basic nor Digest. A session key adds no strength.
    pub(super) fn of(chosen: &Chosen<'_>) -> Option<Self> {
        match chosen {
            Chosen::Basic(_) => Some(Self::Basic),
            Chosen::Digest(challenge) => {
                let algorithm = challenge.algorithm().without_session();
                Some(match challenge.qop() {
                    Some(_) => Self::Digest(algorithm),
                    None => Self::DigestWithoutQop(algorithm),
                })
            }
            _ => None,
        }
    }
}

/// The algorithms but MD5, the strongest first.
const WITHOUT_MD5: [Candidate<'static>; 4] = [
    Candidate::Digest(Algorithm::Sha512_256Sess),
    Candidate::Digest(Algorithm::Sha512_256),
    Candidate::Digest(Algorithm::Sha256Sess),
    Candidate::Digest(Algorithm::Sha256),
];

/// The algorithms that [`Policy::without_md5`] forbids.
const MD5: [Candidate<'static>; 2] = [Candidate::Digest(Algorithm::Md5Sess), Candidate::Digest(Algorithm::Md5)];

/// Kinds of challenges, the strongest first.
pub(super) type Candidates = heapless::Vec<Candidate<'static>, 8>;

impl Policy {
    /// Returns the kinds of challenges to choose from. A chosen one may be answered if the policy [allows](Self::allows) it.
    #[inline(never)]
    pub(super) fn candidates(self) -> Candidates {
        let (all, none) = (&WITHOUT_MD5[..], &[][..]);
        let digest = match (self.allows_digest, self.allows_md5) {
            (false, _) => none,
            (true, false) => all,
            (true, true) => &[Candidate::Scheme(Scheme::Digest)],
        };
        let rfc2069 = self.allows_digest && self.allows_rfc2069 && self.allows_md5 && !self.requires_proof;
        let basic = self.allows_basic && !self.requires_proof;
        // It is chosen rather than Basic, and then refused.
        let forbidden = self.allows_digest && !self.allows_md5 && basic && !self.allows_downgrade;
        let forbidden = if forbidden { &MD5[..] } else { none };
        let further = [
            rfc2069.then_some(Candidate::DigestWithoutQop),
            basic.then_some(Candidate::Scheme(Scheme::Basic)),
        ];
        let mut candidates = Candidates::new();
        for candidate in digest
            .iter()
            .chain(forbidden)
            .copied()
            .chain(further.into_iter().flatten())
        {
            // There is room for all of them.
            let _ = candidates.push(candidate);
        }
        candidates
    }

    /// Checks that a chosen challenge may be answered.
    pub(super) fn allows(self, strength: Option<Strength>) -> bool {
        match strength {
            Some(Strength::Digest(Algorithm::Md5)) => self.allows_md5,
            _ => true,
        }
    }

    pub(super) const fn allows_downgrade(self) -> bool {
        self.allows_downgrade
    }

    #[cfg(feature = "digest")]
    pub(super) const fn requires_proof(self) -> bool {
        self.requires_proof
    }
}

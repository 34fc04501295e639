//! The set-ups of the conversations that are checked.

use proxy_auth::digest::Algorithm;
use proxy_auth::{DigestOffer, Gate, Policy};

/// The realm of all proxies.
pub(crate) const REALM: &str = "model";
/// The lifetime of a nonce, in seconds.
pub(crate) const MAX_AGE: u64 = 60;

/// A user of the proxies. The attacker is the user `bob`, and does not know the password of `alice`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum User {
    Alice,
    Bob,
}

impl User {
    pub(crate) const ALL: [Self; 2] = [Self::Alice, Self::Bob];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Alice => "alice",
            Self::Bob => "bobby",
        }
    }

    pub(crate) const fn password(self) -> &'static str {
        match self {
            Self::Alice => "the password of alice",
            Self::Bob => "the password of bobby",
        }
    }
}

/// The challenges that the proxies offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Offer {
    DigestThenBasic,
    Md5ThenSha256,
    Userhash,
}

/// The policy of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Allowed {
    DigestOnly,
    DigestOrBasic,
    Proof,
}

/// The stores of two proxies with one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Stores {
    /// There is one proxy.
    OneProxy,
    /// Both proxies use the same store.
    Shared,
    /// Each proxy has its own store, so each accepts an answer once.
    Separate,
}

/// The set-up of a conversation: the offer, the policy and the stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Setup {
    pub(crate) offer: Offer,
    pub(crate) allowed: Allowed,
    pub(crate) stores: Stores,
    /// The proxy looks up the account of Alice for every name, as a proxy does that verifies unknown users with any hash.
    pub(crate) is_careless: bool,
}

impl Setup {
    pub(crate) const ALL: [Self; 7] = [
        Self::new(Offer::DigestThenBasic, Allowed::DigestOrBasic, Stores::OneProxy),
        Self::new(Offer::DigestThenBasic, Allowed::DigestOnly, Stores::OneProxy),
        Self::new(Offer::Md5ThenSha256, Allowed::Proof, Stores::OneProxy),
        Self::new(Offer::Userhash, Allowed::DigestOnly, Stores::OneProxy),
        Self::new(Offer::DigestThenBasic, Allowed::DigestOnly, Stores::Shared),
        Self::new(Offer::DigestThenBasic, Allowed::DigestOnly, Stores::Separate),
        Self {
            is_careless: true,
            ..Self::new(Offer::DigestThenBasic, Allowed::DigestOnly, Stores::OneProxy)
        },
    ];

    const fn new(offer: Offer, allowed: Allowed, stores: Stores) -> Self {
        Self {
            offer,
            allowed,
            stores,
            is_careless: false,
        }
    }

    pub(crate) const fn proxies(self) -> usize {
        match self.stores {
            Stores::OneProxy => 1,
            Stores::Shared | Stores::Separate => 2,
        }
    }

    /// Returns the number of the store of a proxy.
    pub(crate) const fn store_of(self, proxy: usize) -> usize {
        match self.stores {
            Stores::OneProxy | Stores::Shared => 0,
            Stores::Separate => proxy,
        }
    }

    /// Creates the gate of a proxy with this key.
    pub(crate) fn gate(self, key: u8) -> Gate<&'static str> {
        let key = [key; 32];
        let max_age = std::time::Duration::from_secs(MAX_AGE);
        let gate = Gate::new(REALM).expect("the realm is valid");
        let digest = |algorithms| DigestOffer::new(&key, algorithms).with_max_age(max_age);
        match self.offer {
            Offer::DigestThenBasic => gate
                .with_digest(&digest([Algorithm::Sha256, Algorithm::Md5]))
                .with_basic(),
            Offer::Md5ThenSha256 => gate.with_digest(&digest([Algorithm::Md5, Algorithm::Sha256])),
            Offer::Userhash => gate.with_digest(&digest([Algorithm::Sha256, Algorithm::Sha256]).with_userhash()),
        }
    }

    pub(crate) const fn policy(self) -> Policy {
        match self.allowed {
            Allowed::DigestOnly => Policy::digest_only(),
            Allowed::DigestOrBasic => Policy::digest_or_basic(),
            Allowed::Proof => Policy::digest_only().with_proof_required(),
        }
    }
}

//! The steps of a conversation.

/// A step of the client, the network, the proxies, their clock, or the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// The client sends a request, for the first time or again.
    Send { slot: usize },
    /// The network delivers a message, in any order. `proxy` is the receiver of a request.
    Deliver { message: usize, proxy: usize },
    /// A message is lost, and the client gives the attempt up.
    Lose { message: usize },
    /// The attacker changes a response on its way.
    Change { message: usize, change: Change },
    /// The attacker answers a request instead of a proxy.
    Forge { message: usize, forgery: Forgery },
    /// The attacker sends credentials that it has seen.
    Replay { seen: usize, proxy: usize, replay: Replay },
    /// The attacker sends its own credentials.
    Impersonate { proxy: usize, lie: Lie },
    /// A proxy restarts, with a new store. With `Stores::Shared`, the store stays.
    Restart { proxy: usize, keeps_key: bool },
    /// Time passes.
    Wait,
    /// The clock of the proxies is set back.
    TurnBack,
}

/// A change of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Change {
    /// The challenges of Digest are removed.
    StripDigest,
    /// The challenges of Digest with SHA-256 are removed.
    StripSha256,
    /// The challenges of Digest are damaged.
    Damage,
    /// The status code becomes 200.
    Grant,
}

/// A response of the attacker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Forgery {
    /// 200, without a proof.
    Grant,
    /// 200, with a wrong proof.
    GrantWithProof,
    /// 407 that offers Basic alone.
    AskBasic,
    /// 407 that says that the nonce is stale, and offers Digest with MD5 and a nonce of the attacker.
    AskMd5,
}

/// A use of credentials that the attacker has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Replay {
    Unchanged,
    /// For another target.
    OtherTarget,
    /// With the name of the other user.
    OtherName,
    /// With the next count of the nonce.
    NextCount,
}

/// An attempt of the attacker, who is the user `bob`, to pass as `alice`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Lie {
    /// A guess of her password.
    Guess,
    /// Its own answer, with her name.
    OtherName,
}

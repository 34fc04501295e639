//! Chooses the challenge to answer, the strongest that the client supports (RFC 9110, 11.4).

use core::cmp::Reverse;
use core::error::Error;
use core::fmt;

use crate::error::{ParseError, SchemeError};
use crate::fields::Challenge;
use crate::fields::Challenges;
use crate::fields::Scheme;
use crate::schemes::digest::Algorithm;
use crate::schemes::{basic, bearer, digest, negotiate};

/// A kind of challenge that a client is able and willing to answer.
///
/// # Examples
/// ```
/// use proxy_auth::{Candidate, Challenges, Scheme, choose, digest::Algorithm};
///
/// // A client that does not accept MD5.
/// let candidates = [Candidate::Digest(Algorithm::Sha256), Candidate::Scheme(Scheme::Basic)];
/// let choice = choose(Challenges::new("Digest realm=x, nonce=y, qop=auth, Basic realm=x"), &candidates)?;
/// assert_eq!(choice.chosen().scheme(), Scheme::Basic);
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate<'c> {
    /// Challenges of this scheme. For Digest, only challenges with `qop`, the strongest algorithm first.
    Scheme(Scheme<'c>),
    /// Challenges of Digest with this algorithm and `qop`.
    Digest(Algorithm),
    /// Challenges of Digest without `qop`, in the form of RFC 2069.
    ///
    /// An answer in this form contains nothing that the client chose. An attacker who chooses the nonce can therefore look
    /// passwords up in precomputed tables
    /// ([RFC 7616, section 5.8](https://www.rfc-editor.org/rfc/rfc7616#section-5.8)).
    DigestWithoutQop,
}

/// The schemes that use a name and a password, or a token, the strongest first: Digest with SHA-512-256, with SHA-256 and
/// with MD5, then Bearer, then Basic.
///
/// Omit schemes that you cannot answer, such as Bearer without a token, and schemes that you do not want to use, such as
/// Basic over a connection without TLS. Negotiate and NTLM are not in this list, because they authenticate a connection and
/// need several rounds. Add them if you support them.
///
/// # Examples
/// ```
/// use proxy_auth::{Candidate, Challenges, STRONGEST_FIRST, Scheme, choose};
///
/// let candidates = [&[Candidate::Scheme(Scheme::Negotiate)], &STRONGEST_FIRST[..]].concat();
/// let choice = choose(Challenges::new("Basic realm=x, Negotiate"), &candidates)?;
/// assert_eq!(choice.chosen().scheme(), Scheme::Negotiate);
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
pub const STRONGEST_FIRST: [Candidate<'static>; 3] = [
    Candidate::Scheme(Scheme::Digest),
    Candidate::Scheme(Scheme::Bearer),
    Candidate::Scheme(Scheme::Basic),
];

/// A challenge to answer, read as the type of its scheme.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, Chosen, STRONGEST_FIRST, basic, choose};
///
/// let choice = choose(Challenges::new("NTLM, Basic realm=x"), &STRONGEST_FIRST)?;
/// let answer = match choice.chosen() {
///     Chosen::Basic(_) => basic::Credentials::new("aladdin", "open sesame").unwrap(),
///     other => unimplemented!("{}", other.scheme()),
/// };
/// assert_eq!(answer.to_string(), "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Chosen<'a> {
    /// A challenge of Basic.
    Basic(basic::Challenge<'a>),
    /// A challenge of Bearer.
    Bearer(bearer::Challenge<'a>),
    /// A challenge of Digest.
    Digest(digest::Challenge<'a>),
    /// A challenge of Negotiate or NTLM.
    Negotiate(negotiate::Challenge<'a>),
    /// A challenge of another scheme. Only its grammar was checked.
    Other(Challenge<'a>),
}

impl<'a> Chosen<'a> {
    #[inline(never)]
    fn read(challenge: &Challenge<'a>, scheme: Scheme<'a>) -> Result<Self, SchemeError> {
        Ok(match scheme {
            Scheme::Basic => Self::Basic(basic::Challenge::read(challenge)?),
            Scheme::Bearer => Self::Bearer(bearer::Challenge::read(challenge)?),
            Scheme::Digest => Self::Digest(digest::Challenge::read(challenge)?),
            Scheme::Negotiate | Scheme::Ntlm => Self::Negotiate(negotiate::Challenge::read(challenge)?),
            _ => {
                challenge.undamaged()?;
                Self::Other(*challenge)
            }
        })
    }

    fn lacks_qop(&self) -> bool {
        matches!(self, Self::Digest(challenge) if challenge.qop().is_none())
    }

    /// Returns the scheme of the challenge.
    #[must_use]
    pub fn scheme(&self) -> Scheme<'a> {
        match self {
            Self::Basic(_) => Scheme::Basic,
            Self::Bearer(_) => Scheme::Bearer,
            Self::Digest(_) => Scheme::Digest,
            Self::Negotiate(challenge) => challenge.mechanism().scheme(),
            Self::Other(challenge) => challenge.scheme(),
        }
    }
}

impl Candidate<'_> {
    fn scheme(&self) -> Scheme<'_> {
        match self {
            Self::Scheme(scheme) => *scheme,
            Self::Digest(_) | Self::DigestWithoutQop => Scheme::Digest,
        }
    }

    /// Checks that this kind includes `challenge`.
    fn includes(&self, challenge: &Chosen<'_>) -> bool {
        match (self, challenge) {
            (Self::DigestWithoutQop, challenge) => challenge.lacks_qop(),
            (_, challenge) if challenge.lacks_qop() => false,
            (Self::Digest(algorithm), Chosen::Digest(challenge)) => challenge.algorithm() == *algorithm,
            (Self::Scheme(scheme), challenge) => *scheme == challenge.scheme(),
            _ => false,
        }
    }
}

/// Chooses the challenge to answer: a usable challenge for the first possible of `candidates`.
///
/// This is a primitive. Prefer [`Session`](crate::Session).
///
/// If several challenges are equally good, the first is chosen. A challenge of Basic that lacks a realm or is damaged ranks
/// after a complete one.
///
/// Challenges are read [leniently](Challenges::lenient). A damaged, unusable or unknown challenge is passed over, so that it
/// does not hide a usable one. If a challenge that was passed over may have been stronger than the chosen one, or damage may
/// hide such a challenge, [`Choice::passed_over`] returns it: an attacker between client and proxy may have damaged it to get a
/// weaker answer.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, Scheme, choose, Candidate, Chosen, STRONGEST_FIRST};
///
/// let lines = [
///     r#"Negotiate, Basic realm="x", Digest realm="x", nonce="a", qop="auth", algorithm=MD5"#,
///     r#"Digest realm="x", nonce="b", qop="auth", algorithm=SHA-256"#,
/// ];
/// let choice = choose(Challenges::from_lines(lines), &STRONGEST_FIRST)?;
/// assert!(choice.passed_over().is_none());
/// match choice.chosen() {
///     Chosen::Digest(digest) => assert_eq!(digest.nonce(), "b"),
///     other => panic!("{other:?}"),
/// }
///
/// let only_basic = [Candidate::Scheme(Scheme::Basic)];
/// let choice = choose(Challenges::from_lines(lines), &only_basic)?;
/// assert_eq!(choice.chosen().scheme(), Scheme::Basic);
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
///
/// # Errors
/// Returns [`NothingFits`], which holds the reasons, if there is no challenge to answer.
pub fn choose<'a, L, V>(challenges: Challenges<'a, L>, candidates: &[Candidate<'_>]) -> Result<Choice<'a>, NothingFits>
where
    L: Iterator<Item = &'a V>,
    V: AsRef<[u8]> + ?Sized + 'a,
{
    let mut nothing_fits = NothingFits::default();
    let mut best: Option<(Rank, Chosen<'a>)> = None;
    let mut passed_over: Option<(Rank, PassedOver<'a>)> = None;
    for challenge in challenges.lenient() {
        if let Ok(challenge) = &challenge
            && let Some(damage) = challenge.damage()
        {
            // After the damage, there may have been a challenge of any scheme.
            let (scheme, error) = (challenge.scheme(), SchemeError::Damaged(damage));
            keep_best(&mut passed_over, Rank::new(0), PassedOver::Unusable { scheme, error });
        }
        let (rank, unusable) = match challenge {
            Ok(challenge) => match consider(&challenge, candidates, &mut best) {
                Ok(()) => continue,
                Err(None) => {
                    nothing_fits.unsupported = nothing_fits.unsupported.saturating_add(1);
                    continue;
                }
                Err(Some((rank, error))) => {
                    let scheme = challenge.scheme();
                    (rank, PassedOver::Unusable { scheme, error })
                }
            },
            // The challenge may have had any scheme.
            Err(error) => (Rank::new(0), PassedOver::Damaged(error)),
        };
        nothing_fits.because(&unusable);
        keep_best(&mut passed_over, rank, unusable);
    }
    let (rank, chosen) = best.ok_or(nothing_fits)?;
    let passed_over = passed_over.filter(|(stronger, _)| stronger.is_stronger_than(rank));
    Ok(Choice {
        chosen,
        passed_over: passed_over.map(|(_, unusable)| unusable),
    })
}

/// Keeps `challenge` if it is better than `best`.
///
/// # Errors
/// Returns the reason if the challenge is unusable, with the best rank that its scheme can have. Returns `None` if no candidate
/// includes it.
#[inline(never)]
fn consider<'a>(
    challenge: &Challenge<'a>,
    candidates: &[Candidate<'_>],
    best: &mut Option<(Rank, Chosen<'a>)>,
) -> Result<(), Option<(Rank, SchemeError)>> {
    let scheme = challenge.scheme();
    let mut schemes = candidates.iter().map(Candidate::scheme);
    let place = schemes.position(|candidate| candidate == scheme).ok_or(None)?;
    let unusable = |error| Err(Some((Rank::at_best(place, scheme), error)));
    // Views are large, so they are not moved more than once.
    let read = Chosen::read(challenge, scheme);
    let chosen = match &read {
        Ok(chosen) => chosen,
        Err(error) => return unusable(*error),
    };
    match Rank::of(chosen, challenge, candidates) {
        Some(rank) => {
            if is_better(rank, best.as_ref()) {
                *best = Some((rank, *chosen));
            }
            Ok(())
        }
        None if chosen.lacks_qop() => unusable(SchemeError::Missing { param: "qop" }),
        None => Err(None),
    }
}

/// Keeps `new` in place of `best` if its rank is better.
fn keep_best<T>(best: &mut Option<(Rank, T)>, rank: Rank, new: T) {
    if is_better(rank, best.as_ref()) {
        *best = Some((rank, new));
    }
}

fn is_better<T>(rank: Rank, best: Option<&(Rank, T)>) -> bool {
    best.is_none_or(|(best, _)| rank < *best)
}

/// The rank of a challenge; the least is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// The position among the candidates.
    place: usize,
    algorithm: Reverse<Option<Algorithm>>,
    /// `true` for a challenge of Basic that lacks a realm or is damaged.
    incomplete: bool,
}

impl Rank {
    /// Compares the candidates and algorithms, but not how complete the challenges are.
    fn is_stronger_than(self, other: Self) -> bool {
        (self.place, self.algorithm) < (other.place, other.algorithm)
    }

    const fn new(place: usize) -> Self {
        Self {
            place,
            algorithm: Reverse(None),
            incomplete: false,
        }
    }

    /// Returns the best rank that a challenge of `scheme` can have, if the scheme is at `place` among the candidates.
    fn at_best(place: usize, scheme: Scheme<'_>) -> Self {
        Self {
            algorithm: Reverse((scheme == Scheme::Digest).then_some(Algorithm::STRONGEST)),
            ..Self::new(place)
        }
    }

    /// Returns the rank of `chosen`, which was read from `challenge`, or `None` if no candidate includes it.
    fn of(chosen: &Chosen<'_>, challenge: &Challenge<'_>, candidates: &[Candidate<'_>]) -> Option<Self> {
        let place = candidates.iter().position(|candidate| candidate.includes(chosen))?;
        Some(match chosen {
            Chosen::Digest(digest) => Self {
                algorithm: Reverse(Some(digest.algorithm())),
                ..Self::new(place)
            },
            Chosen::Basic(basic) => Self {
                incomplete: !basic.has_realm() || challenge.damage().is_some(),
                ..Self::new(place)
            },
            _ => Self::new(place),
        })
    }
}

/// The challenge to answer, and a report of a stronger one that could not be used.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, STRONGEST_FIRST, Scheme, choose};
///
/// let choice = choose(Challenges::new("Digest nonce=\"\x01\", Basic realm=x"), &STRONGEST_FIRST)?;
/// assert_eq!(choice.chosen().scheme(), Scheme::Basic);
/// assert_eq!(
///     choice.passed_over().unwrap().to_string(),
///     "Digest: expected no control character in a quoted-string at byte 14",
/// );
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Choice<'a> {
    chosen: Chosen<'a>,
    passed_over: Option<PassedOver<'a>>,
}

impl<'a> Choice<'a> {
    /// Returns the challenge to answer.
    #[must_use]
    pub const fn chosen(&self) -> Chosen<'a> {
        self.chosen
    }

    pub(crate) const fn chosen_ref(&self) -> &Chosen<'a> {
        &self.chosen
    }

    /// Returns the strongest challenge that could not be used, if it may have been stronger than the chosen one.
    ///
    /// Also returns a damaged challenge, even the chosen one, if the damage may hide a stronger challenge after it.
    #[must_use]
    pub const fn passed_over(&self) -> Option<&PassedOver<'a>> {
        self.passed_over.as_ref()
    }
}

/// A challenge that could not be used, and the reason.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, PassedOver, STRONGEST_FIRST, Scheme, choose};
///
/// let choice = choose(Challenges::new("Digest realm=x, Basic realm=x"), &STRONGEST_FIRST)?;
/// // The nonce is missing.
/// assert!(matches!(choice.passed_over(), Some(PassedOver::Unusable { scheme: Scheme::Digest, .. })));
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PassedOver<'a> {
    /// A challenge that breaks the rules of its scheme, asks for something that this crate does not know, or is damaged.
    Unusable {
        /// The scheme.
        scheme: Scheme<'a>,
        /// The reason.
        error: SchemeError,
    },
    /// A challenge that breaks the grammar at its scheme.
    Damaged(ParseError),
}

impl fmt::Display for PassedOver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable { scheme, error } => write!(f, "{scheme}: {error}"),
            Self::Damaged(error) => fmt::Display::fmt(error, f),
        }
    }
}

/// The error if there is no challenge to answer, with the reasons.
///
/// # Examples
/// ```
/// use proxy_auth::{Challenges, STRONGEST_FIRST, choose};
///
/// let error = choose(Challenges::new("NTLM, Digest realm=x, nonce=y"), &STRONGEST_FIRST).unwrap_err();
/// assert_eq!((error.unsupported(), error.unusable()), (1, 1));
/// assert_eq!(
///     error.to_string(),
///     "no challenge to answer: 1 not supported, 1 unusable (the first: expected the parameter \"qop\")",
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NothingFits {
    unsupported: usize,
    unusable: usize,
    damaged: usize,
    first_unusable: Option<SchemeError>,
    first_damaged: Option<ParseError>,
}

impl NothingFits {
    /// Creates the error for a challenge that is not supported.
    pub(crate) fn unsupported_only() -> Self {
        Self {
            unsupported: 1,
            ..Self::default()
        }
    }

    /// Returns `true` if a challenge is unusable or damaged.
    pub(crate) const fn has_unusable(&self) -> bool {
        self.unusable > 0 || self.damaged > 0
    }

    fn because(&mut self, reason: &PassedOver<'_>) {
        match reason {
            PassedOver::Unusable { error, .. } => {
                self.unusable = self.unusable.saturating_add(1);
                self.first_unusable.get_or_insert(*error);
            }
            PassedOver::Damaged(error) => {
                self.damaged = self.damaged.saturating_add(1);
                self.first_damaged.get_or_insert_with(|| error.clone());
            }
        }
    }

    /// Returns the number of challenges whose scheme or algorithm is not among the candidates.
    #[must_use]
    pub const fn unsupported(&self) -> usize {
        self.unsupported
    }

    /// Returns the number of challenges that break the rules of their scheme, or ask for something that this crate does not
    /// know.
    #[must_use]
    pub const fn unusable(&self) -> usize {
        self.unusable
    }

    /// Returns the number of challenges that break the grammar at their scheme.
    #[must_use]
    pub const fn damaged(&self) -> usize {
        self.damaged
    }

    /// Returns the reason why the first unusable challenge is unusable.
    #[must_use]
    pub const fn first_unusable(&self) -> Option<SchemeError> {
        self.first_unusable
    }

    /// Returns the error of the first damaged challenge.
    #[must_use]
    pub const fn first_damaged(&self) -> Option<&ParseError> {
        self.first_damaged.as_ref()
    }
}

impl fmt::Display for NothingFits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no challenge to answer")?;
        let mut separator = ": ";
        if self.unsupported > 0 {
            write!(f, "{separator}{} not supported", self.unsupported)?;
            separator = ", ";
        }
        if let Some(first) = &self.first_unusable {
            write!(f, "{separator}{} unusable (the first: {first})", self.unusable)?;
            separator = ", ";
        }
        if let Some(first) = &self.first_damaged {
            write!(f, "{separator}{} damaged (the first: {first})", self.damaged)?;
        }
        Ok(())
    }
}

impl Error for NothingFits {}

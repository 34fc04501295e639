//! Which challenge to answer (RFC 9110, 11.4: the strongest that one understands).

use core::cmp::Reverse;
use core::error::Error;
use core::fmt;

use crate::challenge::Challenge;
use crate::challenges::Challenges;
use crate::error::{ParseError, SchemeError};
use crate::scheme::Scheme;
use crate::schemes::digest::Algorithm;
use crate::schemes::{basic, bearer, digest, negotiate};

/// What a client is able and willing to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate<'c> {
    /// Challenges of that scheme; of Digest, those with the stronger algorithm first.
    Scheme(Scheme<'c>),
    /// Challenges of Digest with that algorithm.
    Digest(Algorithm),
}

/// The schemes that take a name and a password or a token, the strongest first: Digest with SHA-512-256, with SHA-256, with
/// MD5, Bearer, Basic.
///
/// Leave out what you cannot answer: Bearer without a token, for instance. Negotiate and NTLM are not here: they
/// authenticate a connection and need several rounds, so a caller that can do them names them.
pub const STRONGEST_FIRST: [Candidate<'static>; 3] = [
    Candidate::Scheme(Scheme::Digest),
    Candidate::Scheme(Scheme::Bearer),
    Candidate::Scheme(Scheme::Basic),
];

/// The challenge to answer, read as its scheme has it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Chosen<'a> {
    /// One of Basic.
    Basic(basic::Challenge<'a>),
    /// One of Bearer.
    Bearer(bearer::Challenge<'a>),
    /// One of Digest.
    Digest(digest::Challenge<'a>),
    /// One of Negotiate or NTLM.
    Negotiate(negotiate::Challenge<'a>),
    /// One of another scheme, of which nothing but the grammar was checked.
    Other(Challenge<'a>),
}

impl<'a> Chosen<'a> {
    fn read(challenge: &Challenge<'a>) -> Result<Self, SchemeError> {
        Ok(match challenge.scheme() {
            Scheme::Basic => Self::Basic(basic::Challenge::read(challenge)?),
            Scheme::Bearer => Self::Bearer(bearer::Challenge::read(challenge)?),
            Scheme::Digest => Self::Digest(digest::Challenge::read(challenge)?),
            Scheme::Negotiate | Scheme::Ntlm => Self::Negotiate(negotiate::Challenge::read(challenge)?),
            _ => Self::Other(*challenge),
        })
    }

    /// The algorithm, where there is a choice.
    fn algorithm(&self) -> Option<Algorithm> {
        match self {
            Self::Digest(challenge) => Some(challenge.algorithm()),
            _ => None,
        }
    }
}

impl Candidate<'_> {
    fn scheme(&self) -> Scheme<'_> {
        match self {
            Self::Scheme(scheme) => *scheme,
            Self::Digest(_) => Scheme::Digest,
        }
    }

    /// Whether it means a challenge of that scheme and algorithm.
    fn is_for(&self, scheme: Scheme<'_>, algorithm: Option<Algorithm>) -> bool {
        match self {
            Self::Scheme(candidate) => *candidate == scheme,
            Self::Digest(candidate) => Some(*candidate) == algorithm,
        }
    }
}

/// Chooses the challenge to answer: the first of `candidates` for which there is a usable one.
///
/// Among challenges that are alike, the first is chosen. They are read [leniently](Challenges::lenient), and a challenge that
/// is damaged, unusable or unknown is passed over, so that none hides a good one.
///
/// ```
/// use proxy_auth::{Challenges, Scheme, choose, Candidate, Chosen, STRONGEST_FIRST};
///
/// let lines = [
///     r#"Negotiate, Basic realm="x", Digest realm="x", nonce="a", algorithm=MD5"#,
///     r#"Digest realm="x", nonce="b", algorithm=SHA-256, Digest realm="x", nonce="c", algorithm=SHA3"#,
/// ];
/// match choose(Challenges::from_fields(lines), &STRONGEST_FIRST)? {
///     Chosen::Digest(digest) => assert_eq!(digest.nonce(), "b"),
///     other => panic!("{other:?}"),
/// }
///
/// let only_basic = [Candidate::Scheme(Scheme::Basic)];
/// assert!(matches!(choose(Challenges::from_fields(lines), &only_basic)?, Chosen::Basic(_)));
///
/// let error = choose(Challenges::new("NTLM, Basic charset=x, Digest realm=\""), &STRONGEST_FIRST).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "no challenge to answer: 1 not supported, 2 unusable (the first: expected the parameter \"realm\")",
/// );
/// # Ok::<(), proxy_auth::NothingFits>(())
/// ```
///
/// # Errors
/// [`NothingFits`], which says why.
pub fn choose<'a, L, V>(challenges: Challenges<'a, L>, candidates: &[Candidate<'_>]) -> Result<Chosen<'a>, NothingFits>
where
    L: Iterator<Item = &'a V>,
    V: AsRef<[u8]> + ?Sized + 'a,
{
    let mut nothing_fits = NothingFits::default();
    let mut best: Option<(Rank, Chosen<'a>)> = None;
    for challenge in challenges.lenient() {
        match assess(challenge, candidates) {
            Ok((rank, chosen)) if best.is_none_or(|(best, _)| rank < best) => best = Some((rank, chosen)),
            Ok(_) => {}
            Err(reason) => nothing_fits.because(reason),
        }
    }
    best.map(|(_, chosen)| chosen).ok_or(nothing_fits)
}

/// The place among the candidates, and then the algorithm. The least is the best.
type Rank = (usize, Reverse<Option<Algorithm>>);

/// Why a challenge is passed over.
enum Reason {
    Damaged(ParseError),
    Unusable(SchemeError),
    Unsupported,
}

fn assess<'a>(
    challenge: Result<Challenge<'a>, ParseError>,
    candidates: &[Candidate<'_>],
) -> Result<(Rank, Chosen<'a>), Reason> {
    let challenge = challenge.map_err(Reason::Damaged)?;
    let scheme = challenge.scheme();
    if !candidates.iter().any(|candidate| candidate.scheme() == scheme) {
        return Err(Reason::Unsupported);
    }
    let chosen = Chosen::read(&challenge).map_err(Reason::Unusable)?;
    let algorithm = chosen.algorithm();
    let place = candidates
        .iter()
        .position(|candidate| candidate.is_for(scheme, algorithm))
        .ok_or(Reason::Unsupported)?;
    Ok(((place, Reverse(algorithm)), chosen))
}

/// Why there is no challenge to answer: what was wrong with each.
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
    fn because(&mut self, reason: Reason) {
        match reason {
            Reason::Unsupported => self.unsupported += 1,
            Reason::Unusable(error) => {
                self.unusable += 1;
                self.first_unusable.get_or_insert(error);
            }
            Reason::Damaged(error) => {
                self.damaged += 1;
                self.first_damaged.get_or_insert(error);
            }
        }
    }

    /// How many challenges are of a scheme, or with an algorithm, that is no candidate.
    #[must_use]
    pub const fn unsupported(&self) -> usize {
        self.unsupported
    }

    /// How many challenges break the rules of their scheme, or ask for what is not known here.
    #[must_use]
    pub const fn unusable(&self) -> usize {
        self.unusable
    }

    /// How many challenges break the grammar.
    #[must_use]
    pub const fn damaged(&self) -> usize {
        self.damaged
    }

    /// What is wrong with the first challenge that is unusable.
    #[must_use]
    pub const fn first_unusable(&self) -> Option<SchemeError> {
        self.first_unusable
    }

    /// What is wrong with the first challenge that is damaged.
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

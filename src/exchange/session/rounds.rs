//! The rounds of challenge and answer: what a response changes in a session.

#[cfg(feature = "digest")]
use super::digest::Digest;
use super::pending::Sent;
use super::step::GiveUp;
use super::turn::Turn;
use super::{Known, Session};
use crate::exchange::policy::Strength;
#[cfg(feature = "digest")]
use crate::fields::AuthenticationInfo;
use crate::fields::Challenges;
#[cfg(feature = "digest")]
use crate::schemes::digest::Info;
use crate::select::{Choice, Chosen, NothingFits, choose};

/// The number of stale nonces without an accepted answer, in all requests. It ends a loop that starts each turn as the first.
#[cfg(feature = "digest")]
const MAX_STALE: u8 = 64;

impl<const N: usize> Session<N> {
    /// Handles a response that asks for no credentials. Returns `true` if it proves that the peer knows the password.
    #[cfg(feature = "digest")]
    #[inline(never)]
    pub(super) fn accepted<'f, V>(
        &mut self,
        sent: &Sent,
        is_current: bool,
        info: impl Iterator<Item = &'f V>,
    ) -> Result<bool, GiveUp>
    where
        V: AsRef<[u8]> + ?Sized + 'f,
    {
        // A damaged field is none: without it, nothing is proved.
        let info = AuthenticationInfo::from_lines_lenient(info).ok().flatten();
        let info = info.and_then(|info| Info::read(&info).ok()).unwrap_or_default();
        let proof = match sent {
            Sent::Digest(proof) => proof.as_ref().and_then(|proof| proof.is_in(&info)),
            Sent::Nothing | Sent::Basic => None,
        };
        match proof {
            Some(false) => return Err(GiveUp::Forged),
            None if self.policy.requires_proof() => return Err(GiveUp::Unproved),
            _ => {}
        }
        if let Sent::Digest(_) = sent {
            self.accepted = self.accepted.wrapping_add(1);
            self.stale = 0;
            if let (true, Some(Known::Digest(digest))) = (is_current, &mut self.known) {
                digest.accept();
                let nonce = info.nextnonce();
                if nonce.is_some_and(|nonce| digest.continue_with(nonce, &mut self.memory)) {
                    self.advance();
                }
            }
        }
        Ok(proof == Some(true))
    }

    #[cfg(not(feature = "digest"))]
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "Basic proves nothing, and no policy requires it"
    )]
    pub(super) fn accepted<'f, V: ?Sized + 'f>(
        &self,
        _: &Sent,
        _: bool,
        _: impl Iterator<Item = &'f V>,
    ) -> Result<bool, GiveUp> {
        Ok(false)
    }

    /// Handles a response that asks for credentials. Returns the next turn of the request if it should be sent again.
    #[inline(never)]
    pub(super) fn challenged<'f, V>(
        &mut self,
        sent: &Sent,
        is_current: bool,
        turn: Turn,
        lines: impl Iterator<Item = &'f V>,
    ) -> Result<Turn, GiveUp>
    where
        V: AsRef<[u8]> + ?Sized + 'f,
    {
        if self.is_refused {
            return Err(GiveUp::Refused);
        }
        let choice = choose(Challenges::from_lines(lines), &self.policy.candidates());
        if !is_current {
            // Another response has changed the answers since. If an attacker forged it, this one shows what the peer really offers.
            let Sent::Nothing = sent else { return Ok(turn) };
            match choice {
                Ok(ref choice) if Strength::of(choice.chosen_ref()) > self.strongest => self.adopt(choice)?,
                Ok(ref choice) => self.check_passed_over(choice)?,
                Err(reason) if !self.policy.allows_downgrade() && reason.has_unusable() => return Err(reason.into()),
                Err(_) => {}
            }
            return Ok(turn);
        }
        match sent {
            Sent::Nothing => match choice {
                Ok(ref choice) => self.adopt(choice).map(|()| turn),
                Err(reason) => Err(reason.into()),
            },
            Sent::Basic => Err(self.refuse()),
            #[cfg(feature = "digest")]
            Sent::Digest(_) => match choice {
                Ok(ref choice) => self.renew(choice, turn),
                Err(_) => Err(self.refuse()),
            },
        }
    }

    fn refuse(&mut self) -> GiveUp {
        self.is_refused = true;
        GiveUp::Refused
    }

    /// Answers the chosen challenge from now on, if the policy allows it.
    fn adopt(&mut self, choice: &Choice<'_>) -> Result<(), GiveUp> {
        let chosen = choice.chosen_ref();
        let strength = Strength::of(chosen);
        if !self.policy.allows(strength) {
            return Err(NothingFits::unsupported_only().into());
        }
        self.check_passed_over(choice)?;
        if strength < self.strongest && !self.policy.allows_downgrade() {
            return Err(GiveUp::Downgraded);
        }
        self.known = Some(match chosen {
            Chosen::Basic(_) => Known::Basic,
            #[cfg(feature = "digest")]
            Chosen::Digest(challenge) => {
                let digest = Digest::adopt(challenge, &mut self.memory)?;
                if self.policy.requires_proof() && !digest.is_proved() {
                    self.forget_challenge();
                    return Err(GiveUp::Unprovable);
                }
                Known::Digest(digest)
            }
            // No candidate has another scheme.
            _ => return Err(NothingFits::default().into()),
        });
        self.strongest = strength;
        self.advance();
        Ok(())
    }

    /// Checks that no challenge was passed over that may be stronger than the chosen one, unless the policy allows a downgrade.
    fn check_passed_over(&self, choice: &Choice<'_>) -> Result<(), GiveUp> {
        match choice.passed_over() {
            Some(reason) if !self.policy.allows_downgrade() => Err(reason.into()),
            _ => Ok(()),
        }
    }

    /// Answers the chosen challenge from now on, if only the nonce of the last answer was refused. No other scheme is tried.
    #[cfg(feature = "digest")]
    fn renew(&mut self, choice: &Choice<'_>, turn: Turn) -> Result<Turn, GiveUp> {
        let (Some(Known::Digest(digest)), Chosen::Digest(challenge)) = (&self.known, choice.chosen_ref()) else {
            return Err(self.refuse());
        };
        if !digest.is_renewed_by(challenge, &self.memory) {
            return Err(self.refuse());
        }
        let next = turn.renewed(self.accepted, digest.is_shared());
        let Some(turn) = next.filter(|_| self.stale < MAX_STALE) else {
            self.forget_challenge();
            self.stale = 0;
            return Err(GiveUp::TooManyRounds);
        };
        self.stale = self.stale.saturating_add(1);
        self.adopt(choice)?;
        Ok(turn)
    }

    /// Starts again without a challenge.
    #[cfg(feature = "digest")]
    pub(super) fn forget_challenge(&mut self) {
        self.known = None;
        self.advance();
    }
}

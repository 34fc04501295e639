//! Writes requests with credentials, and reads the heads of responses. Does no I/O.

use httparse::EMPTY_HEADER;
use proxy_auth::{Login, Pending, Policy, Request, Session, Step, Turn};

use crate::head::{Head, MAX_FIELDS};
use crate::{Content, Error, Next, Outgoing, Reply};

/// A client of one proxy, with one login. `N` is the memory of its [`Session`].
#[derive(Debug)]
pub struct Client<'a, const N: usize> {
    session: Session<N>,
    login: Login<'a>,
}

impl<'a, const N: usize> Client<'a, N> {
    /// Creates a client that may send what the policy allows.
    #[must_use]
    pub const fn new(policy: Policy, login: Login<'a>) -> Self {
        Self {
            session: Session::new(policy),
            login,
        }
    }

    /// Writes a request into `buffer`, and returns its length and the token for its response.
    ///
    /// # Errors
    /// Returns an error if the buffer is too small, the target is damaged, or the session gives up.
    // Inlined into the same function, both would take their stack at the same time.
    #[inline(never)]
    pub fn write<E>(
        &mut self,
        turn: Turn,
        outgoing: &Outgoing<'_>,
        random: [u8; 16],
        buffer: &mut [u8],
    ) -> Result<(usize, Pending), Error<E>> {
        let request = Request::new(outgoing.method, outgoing.target).map_err(Error::Target)?;
        match self.session.authorize(turn, &self.login, &request, random) {
            Ok((authorization, pending)) => Ok((outgoing.write(authorization.as_ref(), buffer)?, pending)),
            Err(reason) => Err(Error::GiveUp(reason)),
        }
    }

    /// Reads the head of a response, and returns the next step. Adds one to `rounds` unless the response is interim.
    ///
    /// # Errors
    /// Returns an error if the head is damaged, or the session gives up.
    #[inline(never)]
    pub fn read<E>(
        &mut self,
        pending: Pending,
        rounds: &mut u8,
        outgoing: &Outgoing<'_>,
        head: &[u8],
    ) -> Result<Next, Error<E>> {
        let mut fields = [EMPTY_HEADER; MAX_FIELDS];
        let head = Head::parse(head, &mut fields).ok_or(Error::Damaged)?;
        let status = head.status;
        if (100..200).contains(&status) {
            return Ok(Next::Read(pending));
        }
        let content = head.content(outgoing.method).ok_or(Error::Damaged)?;
        let lines = head.fields.iter().map(|field| (field.name, field.value));
        *rounds = rounds.saturating_add(1);
        Ok(match self.session.receive(pending, status, lines) {
            Step::Again(turn) if !head.is_http_1_0 && content != Content::Unbounded => Next::Again(turn, content),
            Step::Again(turn) | Step::NewConnection(turn) => Next::NewConnection(turn),
            Step::Done { proved } => Next::Done(Reply {
                status,
                is_proved: proved,
                rounds: *rounds,
                content,
            }),
            Step::GiveUp(reason) => return Err(Error::GiveUp(reason)),
        })
    }
}

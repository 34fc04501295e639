//! The client's side.

use proxy_auth::{GiveUp, Login, Pending, Policy, Role, Session, Step, Turn};

use super::attempt::truth;
use super::errors::{self, Place};
use super::request;
use crate::block::State;
use crate::json::Json;
use crate::lines::{Fields, Lines};

/// A session with room for the challenges of all known peers.
type OwnSession = Session<2048>;

/// The rounds of one request.
struct Exchange {
    turn: Turn,
    /// `None` if there is no response to receive.
    pending: Option<Pending>,
}

pub(super) const SIZE: usize = size_of::<OwnSession>();
pub(super) const EXCHANGE_SIZE: usize = size_of::<Exchange>();

/// Creates a session in the state, and the first turn of a request after it.
pub(super) fn create(mut state: State<'_>, mut args: Lines<'_>) -> Option<()> {
    let [
        kind,
        allows_md5,
        allows_rfc2069,
        allows_downgrade,
        requires_proof,
        is_server,
    ] = args.array()?;
    let mut policy = match kind {
        0 => Policy::digest_only(),
        1 => Policy::digest_or_basic(),
        2 => Policy::basic_only(),
        _ => return None,
    };
    if allows_md5 == 0 {
        policy = policy.without_md5();
    }
    if allows_rfc2069 != 0 {
        policy = policy.with_rfc2069();
    }
    if allows_downgrade != 0 {
        policy = policy.with_downgrade();
    }
    if requires_proof != 0 {
        policy = policy.with_proof_required();
    }
    let role = if is_server == 0 { Role::Proxy } else { Role::Server };
    state.write(0, OwnSession::new(policy).with_role(role))?;
    let first = Exchange {
        turn: Turn::FIRST,
        pending: None,
    };
    state.write(SIZE, first)
}

/// Writes the credentials for the next turn of a request.
pub(super) fn authorize(mut state: State<'_>, mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let (mut session, mut exchange) = read(&state)?;
    let [has_content] = args.array()?;
    let random = args.array()?;
    let login = Login {
        name: args.text()?,
        password: args.text()?,
    };
    let request = match request::read(&mut args, has_content != 0) {
        Ok(request) => request,
        Err(fault) => return fault.write(json),
    };
    exchange.pending = None;
    match session.authorize(exchange.turn, &login, &request, random) {
        Ok((authorization, pending)) => {
            exchange.pending = Some(pending);
            json.put("{\"authorization\":");
            json.encoded_or_null(authorization.as_ref());
            json.put("}");
        }
        Err(reason) => give_up(json, &reason),
    }
    write(&mut state, session, exchange)
}

/// Writes the next step after a response.
pub(super) fn receive(mut state: State<'_>, mut args: Lines<'_>, json: &mut Json<'_>) -> Option<()> {
    let (mut session, mut exchange) = read(&state)?;
    let status = u16::from_le_bytes(args.array()?);
    let pending = exchange.pending.take()?;
    let (mut again, mut new_connection, mut is_proved) = (false, false, false);
    match session.receive(pending, status, Fields(args)) {
        Step::Again(turn) => (exchange.turn, again) = (turn, true),
        Step::NewConnection(turn) => (exchange.turn, again, new_connection) = (turn, true, true),
        Step::Done { proved } => is_proved = proved,
        Step::GiveUp(reason) => {
            give_up(json, &reason);
            return write(&mut state, session, exchange);
        }
    }
    json.put("{\"again\":");
    json.put(truth(again));
    json.put(",\"newConnection\":");
    json.put(truth(new_connection));
    json.put(",\"proved\":");
    json.put(truth(is_proved));
    json.put("}");
    write(&mut state, session, exchange)
}

/// Forgets the login of a session.
pub(super) fn forget_login(mut state: State<'_>) -> Option<()> {
    let (mut session, exchange) = read(&state)?;
    session.forget_login();
    write(&mut state, session, exchange)
}

fn give_up(json: &mut Json<'_>, reason: &GiveUp) {
    errors::result(json, reason, reason, Place::of_give_up(reason));
}

#[expect(unsafe_code, reason = "the host keeps values as bytes")]
fn read(state: &State<'_>) -> Option<(OwnSession, Exchange)> {
    if !state.has_len(SIZE + EXCHANGE_SIZE) {
        return None;
    }
    // SAFETY: `create` and `write` have written both, and the host keeps them unchanged.
    unsafe { Some((state.read(0)?, state.read(SIZE)?)) }
}

fn write(state: &mut State<'_>, session: OwnSession, exchange: Exchange) -> Option<()> {
    state.write(0, session)?;
    state.write(SIZE, exchange)
}

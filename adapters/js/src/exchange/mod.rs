//! Both sides of the exchange, and the choice of a challenge.

mod account;
mod attempt;
mod config;
mod errors;
mod pick;
mod request;
mod session;
mod window;

use crate::block::State;
use crate::json::Json;
use crate::lines::Lines;

/// Calls a function by its number. Returns `None` if there is no such function, or the arguments have not the expected form.
pub(crate) fn call(function: u32, state: State<'_>, args: Lines<'_>, mut json: Json<'_>) -> Option<usize> {
    match function {
        2 => pick::choose(args, &mut json)?,
        3 => sizes(&mut json),
        4 => session::create(state, args)?,
        5 => session::authorize(state, args, &mut json)?,
        6 => session::receive(state, args, &mut json)?,
        7 => session::forget_login(state)?,
        8 => config::check(args, &mut json)?,
        9 => attempt::read(args, &mut json)?,
        10 => attempt::check(state, args, &mut json)?,
        11 => attempt::refuse(args, &mut json)?,
        12 => window::create(state, args)?,
        13 => return window::admit(state, args).map(usize::from),
        _ => return None,
    }
    Some(json.len())
}

/// Writes the sizes of the states.
fn sizes(json: &mut Json<'_>) {
    json.put("{\"session\":");
    json.number(session::SIZE);
    json.put(",\"exchange\":");
    json.number(session::EXCHANGE_SIZE);
    json.put(",\"use\":");
    json.number(attempt::USE_SIZE);
    json.put(",\"window\":");
    json.number(window::SIZE);
    json.put(",\"slot\":");
    json.number(window::SLOT_SIZE);
    json.put("}");
}

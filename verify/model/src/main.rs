//! Checks all conversations between the real `Gate` and the real `Session` up to a bound, with an attacker between them; and those
//! between the real `ConnectionGate` and the real `ConnectionSession` (`connection`).
//!
//! The attacker is a user of the proxy. It loses, reorders, changes and forges messages, and sends credentials that it has seen or
//! made. The proxies restart with and without their key, and their clock changes. `world.rs` holds all parties, and
//! `conversation.rs` the properties.

mod action;
mod connection;
mod conversation;
mod message;
mod proxy;
mod setup;
mod world;

use std::fmt::Debug;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use clap::Parser;
use stateright::{Checker, Expectation, HasDiscoveries, Model};

use crate::connection::Connections;
use crate::conversation::Conversations;

/// Checks all conversations of a client and a proxy up to a bound
#[derive(Parser)]
struct Options {
    /// The greatest number of steps of a conversation
    #[arg(long, default_value = "8")]
    depth: usize,
    /// The greatest number of steps of a conversation on connections that are authenticated
    #[arg(long, default_value = "14")]
    connection_depth: usize,
    /// The greatest number of steps of the attacker
    #[arg(long, default_value = "2")]
    attacks: usize,
    /// The greatest number of restarts and changes of the clock
    #[arg(long, default_value = "1")]
    events: usize,
    /// The greatest time in seconds; the check is then incomplete, which is an error
    #[arg(long, default_value = "3600")]
    seconds: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let (attacks, events) = (options.attacks, options.events);
    let depth = options.connection_depth;
    println!("ConnectionGate and ConnectionSession, up to {depth} steps and {attacks} attacks:");
    let holds = check(Connections { attacks }, depth, options.seconds) && {
        let depth = options.depth;
        println!("\nGate and Session, up to {depth} steps, {attacks} attacks and {events} events:");
        check(Conversations { attacks, events }, depth, options.seconds)
    };
    if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Checks all states of a model up to a number of steps, in so many seconds. Returns `true` if all properties hold.
fn check<M>(model: M, depth: usize, seconds: u64) -> bool
where
    M: Model + Send + Sync + 'static,
    M::State: Clone + Debug + Hash + PartialEq + Send + Sync,
    M::Action: Clone + Debug + PartialEq + Send + Sync,
{
    let start = Instant::now();
    let checker = model
        .checker()
        .threads(thread::available_parallelism().map_or(1, NonZeroUsize::get))
        // The first state has depth 1, and states of the greatest depth are not checked.
        .target_max_depth(depth + 2)
        .finish_when(HasDiscoveries::AnyFailures)
        .timeout(Duration::from_secs(seconds))
        .spawn_bfs()
        .join();
    println!(
        "{} states, {} of them different, in {:.0} s",
        checker.state_count(),
        checker.unique_state_count(),
        start.elapsed().as_secs_f64(),
    );
    let discoveries = checker.discoveries();
    let mut failed = start.elapsed() >= Duration::from_secs(seconds);
    for property in checker.model().properties() {
        let found = discoveries.get(property.name);
        let is_example = matches!(property.expectation, Expectation::Sometimes);
        let holds = found.is_some() == is_example;
        println!("{} {}", if holds { "holds:" } else { "FAILS:" }, property.name);
        if let (false, Some(path)) = (holds, found) {
            for action in path.clone().into_actions() {
                println!("    {action:?}");
            }
        }
        failed |= !holds;
    }
    !failed
}

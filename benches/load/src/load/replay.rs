//! The store of used answers, with the nonces of a million users.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use proxy_auth::digest::{self, Algorithm, Client, QopOptions, ReplayWindow, Slot, Username};
use proxy_auth::{Account, DigestOffer, Gate, NonceUse, Password, ReplayStore, Request};

const USERS: u32 = 1_000_000;
/// As the documentation advises: twice the nonces that are in use.
const SLOTS: usize = 2_000_000;
const KEY: &[u8; 32] = b"32 bytes from a random source   ";
const PASSWORD: &str = "open sesame";
const STARTED: Duration = Duration::from_secs(1_445_412_481);
/// The time between the first answers of two users, so that the last is within the lifetime of the first one's nonce.
const BETWEEN: Duration = Duration::from_micros(200);

pub(crate) struct Figures {
    bytes: usize,
    first: Pass,
    second: Pass,
}

/// The answers of all users, one of each.
struct Pass {
    /// The time for an answer, in nanoseconds.
    nanoseconds: f64,
    refused: u32,
}

/// A store that remembers only the last use, to admit it later.
struct Capture(Option<NonceUse>);

impl ReplayStore for Capture {
    fn admit(&mut self, nonce_use: &NonceUse) -> bool {
        self.0 = Some(*nonce_use);
        true
    }
}

pub(crate) fn measure() -> Result<Figures, Box<dyn Error>> {
    let gate = Gate::new("apps")?.with_digest(&DigestOffer::new(KEY, [Algorithm::Md5]));
    let mut window = gate.replay_window(vec![Slot::EMPTY; SLOTS], STARTED);
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for user in 0..USERS {
        let [one, two] = uses(&gate, user)?;
        first.push(one);
        second.push(two);
    }
    // In an order without a pattern: the step is a prime number that does not divide the number of users.
    let mut place = 0;
    for index in 0..second.len() {
        place = (place + 611_953) % second.len();
        second.swap(index, place);
    }
    Ok(Figures {
        bytes: SLOTS * size_of::<Slot>(),
        first: admit(&mut window, &first),
        second: admit(&mut window, &second),
    })
}

/// Returns the first two uses of a user's nonce, which the gate has checked.
fn uses(gate: &Gate<&str>, user: u32) -> Result<[NonceUse; 2], Box<dyn Error>> {
    let (name, issued) = (format!("user{user}"), STARTED + BETWEEN * (user + 10));
    let last = STARTED + BETWEEN * (USERS + 10);
    let nonce = gate.nonce(issued, user.into()).ok_or("an offer of Digest")?;
    let challenge = digest::Challenge::new("apps", &nonce)?
        .with_algorithm(Algorithm::Md5)
        .with_qop(QopOptions::AUTH);
    let login = digest::Login::new(Username::new(&name)?, PASSWORD);
    let mut client = Client::new(&challenge, login, "0a4f113b0a4f113b")?;
    let mut next = |now| {
        let request = Request::new("CONNECT", "example.com:443")?;
        let answer = client.answer(request).to_string();
        let (fields, mut scratch) = ([("Proxy-Authorization", answer.as_str())], [0; 32]);
        let attempt = gate.read(&request, fields, &mut scratch)?;
        let ticket = attempt.check(Some(Account::new(&*name, Password::new(PASSWORD))), now)?;
        let mut capture = Capture(None);
        let _pass = ticket.redeem(&mut capture)?;
        capture.0.ok_or(Box::<dyn Error>::from("no use of a nonce"))
    };
    Ok([next(issued)?, next(last)?])
}

fn admit(window: &mut ReplayWindow<Vec<Slot>>, uses: &[NonceUse]) -> Pass {
    let start = Instant::now();
    let mut refused = 0;
    for nonce_use in uses {
        refused += u32::from(!ReplayStore::admit(window, black_box(nonce_use)));
    }
    Pass {
        nanoseconds: start.elapsed().as_secs_f64() * 1e9 / f64::from(USERS),
        refused,
    }
}

pub(crate) fn print(figures: &Figures) {
    println!("| Window of {SLOTS} slots, with {USERS} users' nonces | an answer | refused |");
    println!("|---|--:|--:|");
    for (name, pass) in [
        ("the first answer of each user", &figures.first),
        ("the second, in random order", &figures.second),
    ] {
        let percent = 100.0 * f64::from(pass.refused) / f64::from(USERS);
        println!("| {name} | {:.0} ns | {percent:.1} % |", pass.nanoseconds);
    }
    println!("| memory of a user | {} bytes | |", figures.bytes / USERS as usize);
}

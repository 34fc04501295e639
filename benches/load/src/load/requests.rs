//! Requests a second, without authentication and with each scheme, and what authentication costs the proxy.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use proxy_auth::Policy;

use crate::client::{Client, LOGIN};
use crate::process::Process;
use crate::{median, origin};

/// The number of rounds. In each round, every kind of request is sent, so that other load affects all of them.
const ROUNDS: usize = 15;
/// The number of connections, and the requests that each sends in a round.
const CONNECTIONS: usize = 8;
const REQUESTS: usize = 250;
/// The longest time for all rounds. It is much longer than they take, unless the machine is overloaded.
const MAX_TIME: Duration = Duration::from_secs(90);

/// The kinds of requests: a name, and what the proxy offers.
const KINDS: [(&str, Option<&str>); 4] = [
    ("no authentication", None),
    ("Basic", Some("basic")),
    ("Digest MD5, pre-emptive", Some("md5")),
    ("Digest SHA-256, pre-emptive", Some("sha-256")),
];

/// The requests of one kind in one round.
#[derive(Clone, Copy)]
struct Round {
    per_second: f64,
    /// The time that the proxy ran for a request, in microseconds.
    microseconds: f64,
}

/// The figures of a kind of request: medians of the rounds.
pub(crate) struct Figures {
    name: &'static str,
    per_second: f64,
    microseconds: f64,
    /// The microseconds beyond those of a request without authentication in the same round, and that part of them.
    authentication: f64,
    part: f64,
}

pub(crate) async fn measure(open_proxy: &Path, proxy: &Path) -> Result<Vec<Figures>, Box<dyn Error>> {
    let target = format!("http://{}/", origin::start().await?);
    let mut kinds = Vec::new();
    for (_, offer) in KINDS {
        let process = start(open_proxy, proxy, offer)?;
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            let policy = offer.map(|offer| match offer {
                "basic" => Policy::basic_only(),
                _ => Policy::digest_only(),
            });
            let mut client = Client::connect(process.address, policy).await?;
            client.receive_challenge(&target).await?;
            clients.push(client);
        }
        kinds.push((process, clients));
    }

    let start = Instant::now();
    let mut rounds = Vec::new();
    // The first round is for warming up.
    while rounds.len() <= ROUNDS && start.elapsed() < MAX_TIME {
        let mut round = Vec::new();
        for (process, clients) in &mut kinds {
            round.push(run(process, clients, &target).await?);
        }
        rounds.push(round);
    }
    let rounds = rounds
        .get(1..)
        .filter(|rounds| !rounds.is_empty())
        .ok_or("no round in time")?;
    let figures = KINDS.iter().enumerate().map(|(kind, (name, _))| {
        let median = |of: &dyn Fn(Round, Round) -> f64| median(rounds.iter().map(|round| of(round[kind], round[0])));
        Figures {
            name,
            per_second: median(&|round, _| round.per_second),
            microseconds: median(&|round, _| round.microseconds),
            authentication: median(&|round, without| round.microseconds - without.microseconds),
            part: median(&|round, without| round.microseconds / without.microseconds - 1.0),
        }
    });
    Ok(figures.collect())
}

fn start(open_proxy: &Path, proxy: &Path, offer: Option<&str>) -> Result<Process, Box<dyn Error>> {
    let mut command = Command::new(if offer.is_some() { proxy } else { open_proxy });
    if let Some(offer) = offer {
        command.args(["--listen", "127.0.0.1:0", "--user", LOGIN.name, "--offer", offer]);
        command.env("PROXY_PASSWORD", LOGIN.password);
    }
    // One processor is for the proxy, so requests a second are those of one core.
    Process::start(command.env("TOKIO_WORKER_THREADS", "1"))
}

/// Sends the requests of a round, which are built before the time is taken.
async fn run(process: &Process, clients: &mut Vec<Client>, target: &str) -> Result<Round, Box<dyn Error>> {
    let mut work = Vec::new();
    for mut client in clients.drain(..) {
        let requests: Result<Vec<_>, _> = (0..REQUESTS).map(|_| client.build(target)).collect();
        work.push((client, requests?));
    }
    let (cpu_time, start) = (process.cpu_time()?, Instant::now());
    let tasks: Vec<_> = work
        .into_iter()
        .map(|(mut client, requests)| {
            tokio::spawn(async move {
                for request in requests {
                    client.exchange(&request).await.map_err(|error| error.to_string())?;
                }
                Ok::<_, String>(client)
            })
        })
        .collect();
    for task in tasks {
        clients.push(task.await??);
    }
    let (time, cpu_time) = (start.elapsed(), process.cpu_time()?.saturating_sub(cpu_time));
    #[expect(clippy::cast_precision_loss, reason = "it is some thousands")]
    let count = (CONNECTIONS * REQUESTS) as f64;
    Ok(Round {
        per_second: count / time.as_secs_f64(),
        microseconds: cpu_time.as_secs_f64() * 1e6 / count,
    })
}

pub(crate) fn print(figures: &[Figures]) {
    println!("| Requests through the example proxy | a second | \u{b5}s of a core | of them, authentication |");
    println!("|---|--:|--:|--:|");
    for figures in figures {
        let authentication = match figures.name {
            "no authentication" => String::new(),
            _ => format!("{:.1} \u{b5}s ({:.1} %)", figures.authentication, 100.0 * figures.part),
        };
        println!(
            "| {} | {:.0} | {:.1} | {authentication} |",
            figures.name, figures.per_second, figures.microseconds
        );
    }
}

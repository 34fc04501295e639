//! The memory of idle connections.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use proxy_auth::Policy;
use tokio::time::sleep;

use crate::client::{Client, LOGIN};
use crate::origin;
use crate::process::{Process, max_open_files};

const CONNECTIONS: u16 = 10_000;
/// The files that are open beside the connections.
const OTHER_FILES: u16 = 100;
/// The longest time for all connections.
const MAX_TIME: Duration = Duration::from_secs(60);

/// The resident memory of the proxy, in bytes.
pub(crate) struct Figures {
    connections: u16,
    /// Before the first connection.
    before: u64,
    /// For each connection that has sent nothing.
    silent: u64,
    /// For each connection that has sent a request with credentials, and received the response.
    used: u64,
}

pub(crate) async fn measure(proxy: &Path) -> Result<Figures, Box<dyn Error>> {
    let free = u16::try_from(max_open_files())
        .unwrap_or(u16::MAX)
        .saturating_sub(OTHER_FILES);
    let connections = CONNECTIONS.min(free);
    let target = format!("http://{}/", origin::start().await?);
    let limit = (u32::from(connections) + 1).to_string();
    let mut command = Command::new(proxy);
    command.args(["--listen", "127.0.0.1:0", "--user", LOGIN.name, "--offer", "basic"]);
    command.args(["--max-connections", &limit, "--head-time", "600"]);
    let process = Process::start(command.env("PROXY_PASSWORD", LOGIN.password))?;

    // The threads and the code have been used once.
    let start = Instant::now();
    use_once(
        &mut Client::connect(process.address, Some(Policy::basic_only())).await?,
        &target,
    )
    .await?;
    let (before, others) = (process.memory()?, process.open_files()?);

    let mut clients = Vec::new();
    for _ in 0..connections {
        clients.push(Client::connect(process.address, Some(Policy::basic_only())).await?);
    }
    while process.open_files()? + 1 < others + usize::from(connections) {
        in_time(start)?;
        sleep(Duration::from_millis(20)).await;
    }
    let of_each = |memory: u64| memory.saturating_sub(before) / u64::from(connections);
    let silent = of_each(process.memory()?);

    for client in &mut clients {
        use_once(client, &target).await?;
        in_time(start)?;
    }
    let used = of_each(process.memory()?);
    Ok(Figures {
        connections,
        before,
        silent,
        used,
    })
}

async fn use_once(client: &mut Client, target: &str) -> Result<(), Box<dyn Error>> {
    client.receive_challenge(target).await?;
    let request = client.build(target)?;
    client.exchange(&request).await
}

fn in_time(start: Instant) -> Result<(), Box<dyn Error>> {
    if start.elapsed() > MAX_TIME {
        return Err("the connections take too long".into());
    }
    Ok(())
}

pub(crate) fn print(figures: &Figures) {
    let Figures {
        connections,
        before,
        silent,
        used,
    } = figures;
    let kib = |bytes: u64| format!("{}.{} KiB", bytes >> 10, ((bytes & 1023) * 10) >> 10);
    println!("| Memory of the example proxy | {connections} idle connections |");
    println!("|---|--:|");
    println!("| before the first connection | {} in all |", kib(*before));
    println!("| a connection without a request | {} |", kib(*silent));
    println!("| a connection after a 407 and a request with Basic | {} |", kib(*used));
}

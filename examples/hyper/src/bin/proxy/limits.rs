//! Limits on what a client may take: connections, bytes and time. Without them, slow clients keep all others out.

use std::time::Duration;

use clap::Args;

/// The longest head of a message, in bytes.
pub(crate) const MAX_HEAD: usize = 32 * 1024;
/// The longest content of a refused request that is read so that the connection can be kept, in bytes.
pub(crate) const MAX_DISCARDED: usize = 64 * 1024;
/// The number of requests that are refused on one connection. The last of them is told that the connection closes.
pub(crate) const MAX_REFUSALS: u32 = 8;
/// How long connecting to an origin server may take.
pub(crate) const CONNECT_TIME: Duration = Duration::from_secs(10);

/// Limits that options can change.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits, in seconds")]
pub(crate) struct Limits {
    /// Connections at a time, not seconds; others wait until one of these is closed
    #[arg(long, value_name = "NUMBER", default_value = "256", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_connections: u16,
    /// Until the head of a request is complete, counted from the end of the response before it
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) head_time: Duration,
    /// Until the next bytes of content come, or until the client takes those that it is sent
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) idle_time: Duration,
    /// Until the content of a refused request is read, and again until its connection is closed
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) refusal_time: Duration,
    /// Until a request is sent with its content, and the head of the response is there
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub(crate) request_time: Duration,
    /// Until a connection ends with all its requests and responses, but for a tunnel
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds)]
    pub(crate) connection_time: Duration,
    /// Until a tunnel is closed if nothing comes from either side
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub(crate) tunnel_idle_time: Duration,
    /// Until a tunnel is closed in any case
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds)]
    pub(crate) tunnel_time: Duration,
}

/// Parses a number of seconds, which may have a fraction.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| String::from("not a number"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

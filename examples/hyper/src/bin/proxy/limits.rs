//! Limits on the connections, bytes and time of clients. Without limits, slow clients could keep all others out.

use std::time::Duration;

use clap::Args;

/// The longest head of a message, in bytes.
pub(crate) const MAX_HEAD: usize = 32 * 1024;
/// The longest content of a refused request that is discarded to keep the connection open, in bytes.
pub(crate) const MAX_DISCARDED: usize = 64 * 1024;
/// The number of requests that are refused on one connection. The response to the last one has `Connection: close`.
pub(crate) const MAX_REFUSALS: u32 = 8;
/// The longest time for connecting to an origin server.
pub(crate) const CONNECT_TIME: Duration = Duration::from_secs(10);

/// Limits that options can change.
#[derive(Args, Debug)]
#[command(next_help_heading = "Limits, in seconds")]
pub(crate) struct Limits {
    /// Number of connections at a time, not seconds; further clients wait until a connection closes
    #[arg(long, value_name = "NUMBER", default_value = "256", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_connections: u16,
    /// Until the head of a request is complete, counted from the end of the previous response
    #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) head_time: Duration,
    /// Until the next bytes of content arrive, or until the client accepts the bytes sent to it
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) idle_time: Duration,
    /// Until the content of a refused request is read, and again until the connection closes
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) refusal_time: Duration,
    /// Until a request with its content is sent and the head of the response arrives
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub(crate) request_time: Duration,
    /// Until a connection with all its requests and responses ends, not counting a tunnel
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds)]
    pub(crate) connection_time: Duration,
    /// Until a tunnel closes if neither side sends anything
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = seconds)]
    pub(crate) tunnel_idle_time: Duration,
    /// Until a tunnel closes in any case
    #[arg(long, value_name = "SECONDS", default_value = "3600", value_parser = seconds)]
    pub(crate) tunnel_time: Duration,
}

/// Parses a number of seconds, which may have a fraction.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| String::from("not a number"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

//! Loads the example proxy over the loopback interface: requests a second, the cost of authentication, the memory of idle
//! connections, and the store of used answers for a million users. Prints tables in Markdown.

mod client;
mod idle;
mod origin;
mod process;
mod replay;
mod requests;

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;

#[derive(Parser)]
struct Options {
    /// The example proxy
    #[arg(long, value_name = "FILE")]
    proxy: PathBuf,
    /// The example proxy without authentication
    #[arg(long, value_name = "FILE")]
    open_proxy: PathBuf,
}

// With one thread, the clients and the origin server leave the other processor to the proxy.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    process::raise_open_files()?;
    idle::print(&idle::measure(&options.proxy).await?);
    println!();
    requests::print(&requests::measure(&options.open_proxy, &options.proxy).await?);
    println!();
    replay::print(&replay::measure()?);
    Ok(())
}

/// Returns the median.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

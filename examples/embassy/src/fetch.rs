//! Fetches a page through a tunnel, with the HTTP client `reqwless`.

use core::net::SocketAddr;

use embassy_net::Stack;
use embassy_net::dns::DnsSocket;
use embassy_net::tcp::client::{TcpClient, TcpClientState};
use embassy_time::Duration;
use embedded_io_async::Read;
use embedded_nal_async::{Dns, TcpConnect};
use firmware::Entropy;
use proxy_auth::{Login, Policy};
use reqwless::client::HttpClient;
use reqwless::request::Method;

use crate::Tunnels;

/// Fetches a page with the given stack, which may be [`Tunnels`], and returns its status code and the length of its content.
///
/// # Errors
/// Returns an error if the page cannot be fetched, or does not fit into the buffer.
pub async fn fetch(
    stack: &impl TcpConnect,
    dns: &impl Dns,
    url: &str,
    buffer: &mut [u8],
    content: &mut [u8],
) -> Result<(u16, usize), reqwless::Error> {
    let mut http = HttpClient::new(stack, dns);
    let mut request = http.request(Method::GET, url).await?;
    let response = request.send(buffer).await?;
    let status = response.status.0;
    let mut reader = response.body().reader();
    let mut len = 0;
    while let Some(free @ [_, ..]) = content.get_mut(len..) {
        match reader.read(free).await? {
            0 => break,
            read => len += read,
        }
    }
    Ok((status, len))
}

/// Fetches a page with the network stack of embassy, through a tunnel that Digest opens.
///
/// # Errors
/// Returns an error if the page cannot be fetched, or does not fit into the buffer.
pub async fn fetch_with_embassy_net(
    network: Stack<'_>,
    entropy: impl Entropy,
    proxy: SocketAddr,
    url: &str,
    content: &mut [u8],
) -> Result<(u16, usize), reqwless::Error> {
    let state = TcpClientState::<1, 512, 512>::new();
    let mut tcp = TcpClient::new(network, &state);
    // Otherwise, a silent proxy blocks the task forever.
    tcp.set_timeout(Some(Duration::from_secs(10)));
    let login = Login {
        name: "sensor-7",
        password: "open sesame",
    };
    let tunnels = Tunnels::<_, _, 256, 640>::new(&tcp, proxy, Policy::digest_only(), login, entropy);
    fetch(&tunnels, &DnsSocket::new(network), url, &mut [0; 640], content).await
}

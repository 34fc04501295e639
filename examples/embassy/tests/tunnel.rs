//! Opens tunnels through a gate in the same process, and fetches a page through one with `reqwless`.

mod peer;

use core::net::{IpAddr, Ipv4Addr, SocketAddr};

use embassy_example::{TunnelError, Tunnels, fetch};
use embassy_futures::block_on;
use embassy_futures::select::{Either, select};
use embedded_nal_async::{AddrType, Dns};
use firmware::{Entropy, Error};
use proxy_auth::{GiveUp, Login, Policy};

use self::peer::{PAGE, Peer};

const PROXY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3128);

/// The same bytes in each run, so that a failure can be repeated.
struct PredictableEntropyForTestsOnly(u8);

impl Entropy for PredictableEntropyForTestsOnly {
    fn random(&mut self) -> [u8; 16] {
        self.0 += 1;
        [self.0; 16]
    }
}

struct OneHost;

impl Dns for OneHost {
    type Error = ();

    async fn get_host_by_name(&self, host: &str, _: AddrType) -> Result<IpAddr, ()> {
        if host == "origin.test" {
            Ok(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)))
        } else {
            Err(())
        }
    }

    async fn get_host_by_address(&self, _: IpAddr, _: &mut [u8]) -> Result<usize, ()> {
        Err(())
    }
}

fn tunnels<'a>(peer: &'a Peer, password: &'a str) -> Tunnels<'a, Peer, PredictableEntropyForTestsOnly, 256, 640> {
    let login = Login {
        name: "aladdin",
        password,
    };
    Tunnels::new(
        peer,
        PROXY,
        Policy::digest_only(),
        login,
        PredictableEntropyForTestsOnly(0),
    )
}

/// Runs the client and the peer, until the client ends.
fn run<T>(peer: &Peer, client: impl Future<Output = T>) -> T {
    match block_on(select(client, peer.serve())) {
        Either::First(result) => result,
        Either::Second(never) => match never {},
    }
}

#[test]
fn reqwless_fetches_a_page_through_a_tunnel() {
    let peer = Peer::new();
    let tunnels = tunnels(&peer, "open sesame");
    let mut content = [0; 64];
    let fetched = run(
        &peer,
        fetch(
            &tunnels,
            &OneHost,
            "http://origin.test:8080/hello",
            &mut [0; 640],
            &mut content,
        ),
    );
    let (status, len) = fetched.unwrap();
    assert_eq!((status, &content[..len]), (200, PAGE));
    assert_eq!(
        peer.requests(),
        ["CONNECT 192.0.2.7:8080", "CONNECT 192.0.2.7:8080", "GET /hello"]
    );
}

#[test]
fn next_tunnel_is_opened_with_the_next_count_at_once() {
    let peer = Peer::new();
    let tunnels = tunnels(&peer, "open sesame");
    run(&peer, tunnels.open("example.com:443")).map(drop).unwrap();
    run(&peer, tunnels.open("example.org:443")).map(drop).unwrap();
    let expected = [
        "CONNECT example.com:443",
        "CONNECT example.com:443",
        "CONNECT example.org:443",
    ];
    assert_eq!(peer.requests(), expected);
    assert_eq!(peer.counts(), ["00000001", "00000002"]);
}

#[test]
fn wrong_password_is_sent_once() {
    let peer = Peer::new();
    let tunnels = tunnels(&peer, "close sesame");
    let refused = run(&peer, tunnels.open("example.com:443")).map(drop);
    assert_eq!(refused, Err(TunnelError::Proxy(Error::GiveUp(GiveUp::Refused))));
    assert_eq!(peer.requests().len(), 2);
}

#[test]
fn connection_that_the_proxy_closes_is_replaced() {
    let peer = Peer::closing();
    let tunnels = tunnels(&peer, "open sesame");
    run(&peer, tunnels.open("example.com:443")).map(drop).unwrap();
    assert_eq!((peer.connections(), peer.requests().len()), (2, 2));
}

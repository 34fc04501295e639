//! Firmware for a Cortex-M3 that speaks with a proxy through its UART, and checks what it does: `cargo xtask cortex-m`.
//!
//! The command line that semihosting passes contains a scheme (digest or basic), the authority of an origin server that sends a page
//! for /hello, the number of connections that it takes, and `proof` if the proxy must prove that it knows the password. The exit status of QEMU is that of the checks.

#![no_std]
#![no_main]

mod clock;
mod report;
#[path = "../../../../verify/cortex-m/src/stack.rs"]
mod stack;
mod test_entropy;
mod uart;

use core::panic::PanicInfo;

use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use embedded_io::Write;
use firmware::{Client, Connection, Error, Outgoing, read_content, read_head, send};
use proxy_auth::heapless::String;
use proxy_auth::{Login, Policy};

use self::clock::SysTick;
use self::report::{figure, line};
use self::test_entropy::PredictableEntropyForTestsOnly;
use self::uart::{Uart, UartError};

/// Realm, nonce, opaque data and name.
const MEMORY: usize = 192;
/// A request, or the head of a response.
const BUFFER: usize = 640;
const LOGIN: Login<'static> = Login {
    name: "aladdin",
    password: "open sesame",
};

#[entry]
fn main() -> ! {
    let mut command_line = [0; 80];
    let command_line = report::command_line(&mut command_line);
    let peripherals = cortex_m::Peripherals::take();
    let mut uart = peripherals.map(|peripherals| Uart::new(SysTick::new(peripherals.SYST)));
    let mut buffer = [0; BUFFER];
    let (result, stack) = stack::used_by(|| {
        let uart = uart.as_mut().ok_or(Failure::Check("peripherals are taken"))?;
        let mut client = Client::new(policy(command_line)?, LOGIN);
        run(command_line, uart, &mut client, &mut buffer)
    });
    figure("stack, with the client and its buffer", stack + BUFFER);
    figure("the client", size_of::<Client<'_, MEMORY>>());
    figure("its buffer", BUFFER);
    let status = match result {
        Ok(()) => EXIT_SUCCESS,
        Err(failure) => {
            failure.report();
            EXIT_FAILURE
        }
    };
    debug::exit(status);
    loop {}
}

enum Failure {
    Check(&'static str),
    Request(Error<UartError>),
}

impl From<Error<UartError>> for Failure {
    fn from(error: Error<UartError>) -> Self {
        Self::Request(error)
    }
}

impl Failure {
    /// Prints the failure without `core::fmt`, which would be larger than the client.
    fn report(&self) {
        line(match self {
            Self::Check(name) => name,
            Self::Request(Error::Io(UartError::TimedOut)) => "the proxy is silent",
            Self::Request(Error::Closed) => "closed",
            Self::Request(Error::TooLong) => "too long",
            Self::Request(Error::Damaged) => "damaged",
            Self::Request(Error::Target(_)) => "the target is invalid",
            Self::Request(Error::GiveUp(_)) => "the session gave up",
        });
        line("FAILED");
    }
}

/// Returns the policy for the scheme, the first word of the command line.
fn policy(command_line: &str) -> Result<Policy, Failure> {
    match command_line.split(' ').next() {
        Some("digest") => Ok(Policy::digest_only()),
        Some("basic") => Ok(Policy::basic_only()),
        _ => Err(Failure::Check("no scheme")),
    }
}

fn run(command_line: &str, uart: &mut Uart, client: &mut Client<'_, MEMORY>, buffer: &mut [u8]) -> Result<(), Failure> {
    let mut words = command_line.split(' ').skip(1);
    let origin = words.next().ok_or(Failure::Check("no origin"))?;
    let connections = words.next().ok_or(Failure::Check("no number of connections"))?;
    let needs_proof = words.next() == Some("proof");
    let mut entropy = PredictableEntropyForTestsOnly::new();
    let mut check = |uart: &mut Uart, outgoing: Outgoing<'_>, rounds, buffer: &mut [u8]| {
        let reply = send(client, uart, &mut entropy, &outgoing, buffer)?;
        figure(outgoing.method, usize::from(reply.status));
        figure("rounds", usize::from(reply.rounds));
        figure("proved", usize::from(reply.is_proved));
        if reply.status != 200 || reply.rounds != rounds || (needs_proof && !reply.is_proved) {
            return Err(Failure::Check("another reply than expected"));
        }
        Ok(reply.content)
    };

    // The first request meets a 407, and is sent again, on the same connection unless the proxy closes it.
    uart.reconnect().map_err(Error::Io)?;
    let tunnel = Outgoing {
        method: "CONNECT",
        target: origin,
    };
    check(uart, tunnel, 2, buffer)?;
    fetch(origin, uart, buffer)?;

    // The next ones contain credentials at once: nc=2 and nc=3 of Digest, on another connection.
    uart.reconnect().map_err(Error::Io)?;
    let mut target = String::<64>::new();
    for part in ["http://", origin, "/hello"] {
        target
            .push_str(part)
            .map_err(|_| Failure::Check("the origin is too long"))?;
    }
    let get = Outgoing {
        method: "GET",
        target: &target,
    };
    for _ in 0..2 {
        let content = check(uart, get, 1, buffer)?;
        is_page(read_content(uart, content, buffer)?)?;
    }
    if connections.as_bytes() != [b'0' + uart.connections] {
        return Err(Failure::Check("another number of connections than expected"));
    }
    Ok(())
}

/// Fetches the page through the tunnel, and has it closed.
fn fetch(origin: &str, uart: &mut Uart, buffer: &mut [u8]) -> Result<(), Failure> {
    for part in ["GET /hello HTTP/1.1\r\nHost: ", origin, "\r\nConnection: close\r\n\r\n"] {
        uart.write_all(part.as_bytes()).map_err(Error::Io)?;
    }
    let head = read_head(uart, buffer)?;
    let content = firmware::content_of("GET", head).ok_or(Error::Damaged)?;
    is_page(read_content(uart, content, buffer)?)
}

fn is_page(content: &[u8]) -> Result<(), Failure> {
    if content != b"<!DOCTYPE html><title>hello</title>\n" {
        return Err(Failure::Check("another page than expected"));
    }
    line("the page");
    Ok(())
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    line("panic");
    debug::exit(EXIT_FAILURE);
    loop {}
}

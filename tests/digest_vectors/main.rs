//! Tests Digest with values that others computed and sent, and cases beyond `digest.rs` and `digest_compute.rs`.

#![cfg(test)]

mod views;

#[cfg(feature = "digest")]
mod computed;
#[cfg(feature = "digest")]
mod peers;
#[cfg(feature = "digest")]
mod sides;

use proxy_auth::{AuthenticationInfo, Challenges, SchemeError, digest};

fn challenge<V: AsRef<[u8]> + ?Sized>(value: &V) -> Result<digest::Challenge<'_>, SchemeError> {
    digest::Challenge::read(&Challenges::new(value).next().unwrap().unwrap())
}

fn credentials<V: AsRef<[u8]> + ?Sized>(value: &V) -> Result<digest::Credentials<'_>, SchemeError> {
    digest::Credentials::read(&proxy_auth::Credentials::parse(value).unwrap())
}

fn info<V: AsRef<[u8]> + ?Sized>(value: &V) -> Result<digest::Info<'_>, SchemeError> {
    digest::Info::read(&AuthenticationInfo::parse(value).unwrap())
}

/// Splits the lines of a file into tab-separated fields, without comments.
#[cfg(feature = "digest")]
fn table<const N: usize>(file: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().expect(line))
}

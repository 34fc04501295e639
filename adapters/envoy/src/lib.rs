//! Proxy authentication for Envoy: Basic, Digest and Bearer, as a filter for proxy-wasm.
//!
//! [`config`] reads the configuration, [`decide`] decides about a request, and [`replay`] remembers used answers in memory that
//! all workers share. None of them calls the host. Only `filter` and `random` do.

pub mod config;
pub mod decide;
mod filter;
mod random;
pub mod replay;

#[cfg(target_arch = "wasm32")]
#[allow(missing_docs, reason = "the macro exports a function")]
mod entry {
    proxy_wasm::main! {{
        crate::filter::start();
    }}
}

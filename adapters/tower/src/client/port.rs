//! The port of an authority.

use http::uri::Authority;

/// A port that is not a number up to 65535.
pub(super) struct InvalidPort;

/// Returns the port. `http` takes an invalid one for none.
pub(super) fn port(authority: &Authority) -> Result<Option<u16>, InvalidPort> {
    let text = authority.as_str();
    let text = text.rsplit_once('@').map_or(text, |(_, host_and_port)| host_and_port);
    match text.strip_prefix(authority.host()) {
        Some("" | ":") => Ok(None),
        Some(port) if port.starts_with(':') => authority.port_u16().map(Some).ok_or(InvalidPort),
        _ => Err(InvalidPort),
    }
}

//! The request of a client, as the host describes it.

use core::time::Duration;

use proxy_auth::{InvalidInput, Request, Version};

use super::errors;
use crate::json::Json;
use crate::lines::Lines;

/// The request of a client, and the circumstances of its check.
pub(super) struct Incoming<'a> {
    pub(super) request: Request<'a>,
    /// `true` if a refusal closes the connection in any case.
    pub(super) closes: bool,
    pub(super) now: Duration,
    pub(super) unique: u64,
}

/// The reason why a request cannot be described.
pub(super) enum Fault {
    /// The host does not do this.
    Form,
    /// The method or the target is not UTF-8.
    NotUtf8(&'static str, usize),
    Target(InvalidInput),
}

impl<'a> Incoming<'a> {
    pub(super) fn read(args: &mut Lines<'a>) -> Result<Self, Fault> {
        let [version, drained, closes, has_content] = args.array().ok_or(Fault::Form)?;
        let (now, unique) = (args.millis().ok_or(Fault::Form)?, args.number().ok_or(Fault::Form)?);
        let request = read(args, has_content != 0)?.with_version(match version {
            10 => Version::Http10,
            11 => Version::Http11,
            _ => Version::Http2,
        });
        Ok(Self {
            request: if drained != 0 {
                request.with_drained_content()
            } else {
                request
            },
            closes: closes != 0,
            now,
            unique,
        })
    }
}

/// Reads a method, a target and a content.
pub(super) fn read<'a>(args: &mut Lines<'a>, has_content: bool) -> Result<Request<'a>, Fault> {
    let mut text = |what| {
        let bytes = args.next().ok_or(Fault::Form)?;
        core::str::from_utf8(bytes).map_err(|error| Fault::NotUtf8(what, error.valid_up_to()))
    };
    let (method, target) = (text("method")?, text("target")?);
    let content = args.next().ok_or(Fault::Form)?;
    let request = Request::new(method, target).map_err(Fault::Target)?;
    Ok(if has_content {
        request.with_content(content)
    } else {
        request
    })
}

impl Fault {
    /// Writes the error. Returns `None` if the host is at fault.
    pub(super) fn write(self, json: &mut Json<'_>) -> Option<()> {
        match self {
            Self::Form => return None,
            Self::NotUtf8(what, offset) => errors::not_utf8(json, what, offset),
            Self::Target(error) => errors::invalid(json, "target", error),
        }
        Some(())
    }
}

//! The side of the client.

use libgssapi::context::{ClientCtx, CtxFlags, SecurityContext};
use libgssapi::credential::{Cred, CredUsage};
use libgssapi::name::Name;
use libgssapi::oid::{GSS_MECH_SPNEGO, GSS_NT_HOSTBASED_SERVICE, OidSet};
use proxy_auth_tower::BoxError;
use proxy_auth_tower::client::{TokenContext, TokenProvider};
use proxy_auth_tower::proxy_auth::negotiate::Mechanism;

use crate::NTLM;

/// Answers proxies as the user of the process: with a ticket for `HTTP/` and the proxy's host, or with NTLM.
#[derive(Clone, Copy, Debug)]
pub enum GssProvider {
    /// Negotiate, with a ticket.
    Kerberos {
        /// The proxy must prove its identity with a last token.
        requires_proof: bool,
    },
    /// NTLM. The proxy proves nothing.
    Ntlm,
}

impl TokenProvider for GssProvider {
    fn mechanism(&self) -> Mechanism {
        match self {
            Self::Kerberos { .. } => Mechanism::Negotiate,
            Self::Ntlm => Mechanism::Ntlm,
        }
    }

    fn requires_proof(&self) -> bool {
        matches!(self, Self::Kerberos { requires_proof: true })
    }

    fn start(&self, host: &str) -> Result<Box<dyn TokenContext>, BoxError> {
        let mechanism = match self {
            Self::Kerberos { .. } => GSS_MECH_SPNEGO,
            Self::Ntlm => NTLM,
        };
        let target = Name::new(format!("HTTP@{host}").as_bytes(), Some(GSS_NT_HOSTBASED_SERVICE))?;
        let credentials = Cred::acquire(None, None, CredUsage::Initiate, Some(&OidSet::singleton(mechanism)?))?;
        let flags = match self {
            Self::Kerberos { .. } => CtxFlags::GSS_C_MUTUAL_FLAG,
            Self::Ntlm => CtxFlags::empty(),
        };
        Ok(Box::new(Context(ClientCtx::new(
            Some(credentials),
            target,
            flags,
            Some(mechanism),
        ))))
    }
}

struct Context(ClientCtx);

impl TokenContext for Context {
    fn step(&mut self, received: Option<&[u8]>) -> Result<Vec<u8>, BoxError> {
        let token = self.0.step(received, None)?.ok_or("the library has no token")?;
        Ok(token.to_vec())
    }

    fn verify(&mut self, last: &[u8]) -> Result<(), BoxError> {
        self.0.step(Some(last), None)?;
        let is_proved = self.0.is_complete() && self.0.flags()?.contains(CtxFlags::GSS_C_MUTUAL_FLAG);
        if is_proved {
            Ok(())
        } else {
            Err("the proxy has proved nothing".into())
        }
    }
}

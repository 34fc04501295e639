//! The side of the proxy.

use libgssapi::context::{CtxFlags, SecurityContext, ServerCtx};
use libgssapi::credential::{Cred, CredUsage};
use libgssapi::oid::{GSS_MECH_KRB5, GSS_MECH_SPNEGO, OidSet};
use proxy_auth_tower::BoxError;
use proxy_auth_tower::proxy_auth::negotiate::Mechanism;
use proxy_auth_tower::server::{AcceptContext, Accepted, TokenAcceptor};

use crate::{NTLM, ntlm};

/// Accepts tickets for the services in the proxy's keytab with Negotiate, and users that `gss-ntlmssp` knows with NTLM.
#[derive(Clone, Copy, Debug)]
pub struct GssAcceptor;

struct Context {
    context: ServerCtx,
    mechanism: Mechanism,
}

impl TokenAcceptor for GssAcceptor {
    fn start(&self, mechanism: Mechanism) -> Result<Box<dyn AcceptContext>, BoxError> {
        let mut accepted = OidSet::new();
        match mechanism {
            // Some clients send tokens of Kerberos without SPNEGO around them.
            Mechanism::Negotiate => [GSS_MECH_SPNEGO, GSS_MECH_KRB5]
                .into_iter()
                .try_for_each(|oid| accepted.add(oid))?,
            Mechanism::Ntlm => accepted.add(NTLM)?,
        }
        let credentials = Cred::acquire(None, None, CredUsage::Accept, Some(&accepted))?;
        let context = ServerCtx::new(Some(credentials));
        Ok(Box::new(Context { context, mechanism }))
    }
}

impl AcceptContext for Context {
    fn step(&mut self, token: &[u8]) -> Result<Accepted, BoxError> {
        let token = match self.mechanism {
            Mechanism::Negotiate => None,
            Mechanism::Ntlm => ntlm::with_version(token),
        }
        .unwrap_or_else(|| token.to_vec());
        let answer = self.context.step(&token, None)?.map(|token| token.to_vec());
        if !self.context.is_complete() {
            return Ok(Accepted::Continue(answer.ok_or("the library has no token")?));
        }
        // SPNEGO may also agree on other mechanisms that are installed.
        let expected = match self.mechanism {
            Mechanism::Negotiate => GSS_MECH_KRB5,
            Mechanism::Ntlm => NTLM,
        };
        let is_anonymous = self.context.flags()?.contains(CtxFlags::GSS_C_ANON_FLAG);
        if self.context.mechanism()? != expected || is_anonymous {
            return Err("not a user of the expected mechanism".into());
        }
        let name = self.context.source_name()?.display_name()?;
        // `gss-ntlmssp` adds a zero byte.
        let user = str::from_utf8(&name)?.trim_end_matches('\0');
        if user.is_empty() || user.contains(char::is_control) {
            return Err("not a name".into());
        }
        Ok(Accepted::Done {
            user: user.to_owned(),
            last: answer.filter(|token| !token.is_empty()),
        })
    }
}

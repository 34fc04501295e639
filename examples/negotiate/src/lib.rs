//! Kerberos and NTLM for `proxy-auth-tower`, with the system's GSSAPI library.
//!
//! Kerberos needs a `krb5.conf`, a keytab (proxies) or tickets (clients). NTLM needs the mechanism `gss-ntlmssp`, which reads users
//! from the file in the environment variable `NTLM_USER_FILE`, or asks winbind.

mod acceptor;
mod ntlm;
mod provider;

pub use acceptor::GssAcceptor;
pub use provider::GssProvider;

use libgssapi::oid::Oid;

/// NTLM without SPNEGO around it (MS-NLMP, 1.9).
static NTLM: Oid<'static> = Oid::from_slice(b"\x2B\x06\x01\x04\x01\x82\x37\x02\x02\x0A");

//! Users in files, as Apache's `htpasswd` and `htdigest` write them, without allocation.
//!
//! A file is bytes that the caller has read. [`Htpasswd`] has a name and a secret in each line, `Htdigest` (feature `digest`) a
//! name, a realm and a hash. Both read the whole file when they are created, so an error in any line is found before the first
//! request.
//!
//! A user is found in time linear in the file, or, with a `UserhashTable` (feature `digest`), by one hash and a binary search. The
//! table also finds a user by the hash of the name, which a client sends with `userhash=true`
//! ([RFC 7616, section 3.4.4](https://www.rfc-editor.org/rfc/rfc7616#section-3.4.4)).
//!
//! # Lines
//!
//! Lines end with LF or CRLF; the last line may lack it. Empty lines and lines of spaces and tabs are ignored. So are comments: lines
//! that start with `#`, possibly after spaces and tabs. A name is not empty, and contains no colon and no control character, as in
//! Basic and Digest.
//!
//! [Apache](https://httpd.apache.org/docs/2.4/mod/mod_authn_file.html#authuserfile) tolerates more. Its tolerances are errors here,
//! so that no line is an account for one of the two and something else for the other. Only a secret with a colon differs, because
//! a password may contain colons. No hash of Apache does.
//!
//! | Line | Apache | Here |
//! |---|---|---|
//! | White space before or after an entry | is removed | is an error |
//! | A backslash before the end of the line, even in a comment | continues the line | is an error |
//! | Control characters | are read | are an error, except in comments |
//! | An empty name, an empty secret | is read | is an error |
//! | No colon | matches no password | is an error |
//! | `user:secret:more` | the secret ends at the colon | the secret is `secret:more` |
//! | `user:realm:hash:more` | the hash ends at the colon | is an error |
//! | A second line for a user | is ignored | is an error when the user is looked up |

mod error;
mod htpasswd;
mod lines;
mod name;

pub use error::{LineError, LineErrorKind};
pub use htpasswd::{Htpasswd, HtpasswdEntry};

#[cfg(feature = "digest")]
mod htdigest;
#[cfg(feature = "digest")]
mod sort;
#[cfg(feature = "digest")]
mod userhash;

#[cfg(feature = "digest")]
pub use self::{
    htdigest::{Htdigest, HtdigestEntry},
    userhash::{Entry, Slot, TableError, UserhashTable},
};

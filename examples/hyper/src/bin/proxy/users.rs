//! The users who may pass, and their passwords.

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use proxy_auth::basic;
use proxy_auth::users::{Htpasswd, LineErrorKind};

/// The password of each user.
pub(crate) type Users = HashMap<String, String>;

/// Returns one user.
pub(crate) fn one(name: String, password: String) -> Result<Users, Box<dyn Error>> {
    // Basic allows fewer characters than Digest, and the user must be the same in both.
    basic::Credentials::new(&name, &password)?;
    Ok(Users::from([(name, password)]))
}

/// Reads the users from a file with a name, a colon and a password in each line.
pub(crate) fn read(path: &Path) -> Result<Users, Box<dyn Error>> {
    let users = fs::read_to_string(path)
        .map_err(Box::from)
        .and_then(|file| parse(&file));
    users.map_err(|error| format!("{}: {error}", path.display()).into())
}

fn parse(file: &str) -> Result<Users, Box<dyn Error>> {
    let mut users = Users::new();
    for entry in Htpasswd::parse(file)?.entries() {
        let [name, password] = [entry.name(), entry.secret()].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        if entry.password().is_none() {
            return Err(format!("line {}: expected a password, not a hash", entry.line()).into());
        }
        if users.insert(name, password).is_some() {
            return Err(format!("line {}: {}", entry.line(), LineErrorKind::RepeatedUser).into());
        }
    }
    Ok(users)
}

//! Small proxies and clients, as their authors would write them. Each side needs at most 15 lines of authentication, those between
//! the comments `authentication` and `end`.

mod bearer;
mod negotiate;

#[cfg(feature = "digest")]
mod connector;
#[cfg(feature = "digest")]
mod device;
#[cfg(all(feature = "digest", feature = "http"))]
mod handler;
#[cfg(feature = "digest")]
mod many_hashes;
#[cfg(feature = "digest")]
mod many_users;
#[cfg(feature = "digest")]
mod raw;

use std::time::Duration;

const NOW: Duration = Duration::from_secs(1_445_412_480);
/// The window of used answers is created earlier: nonces of its first moment are stale.
#[cfg(feature = "digest")]
const STARTED: Duration = Duration::from_secs(1_445_412_479);

/// A response, as a client sees it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Response {
    status: u16,
    fields: Vec<(String, String)>,
    /// The user for whom the proxy forwarded the request.
    user: String,
}

impl Response {
    /// Creates the response to a request that was forwarded.
    fn forwarded(user: &[u8]) -> Self {
        Self {
            status: 200,
            fields: Vec::new(),
            user: String::from_utf8_lossy(user).into_owned(),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a shorter call")]
    fn with_field(mut self, name: impl ToString, value: impl ToString) -> Self {
        self.fields.push((name.to_string(), value.to_string()));
        self
    }

    fn fields(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// Returns the numbers of lines between the comments that mark the authentication.
fn authentication_lines(source: &str) -> Vec<usize> {
    let lines: Vec<_> = source.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let parts = lines.split(|line| *line == "// authentication").skip(1);
    let len = |part: &[&str]| part.iter().position(|line| *line == "// end").expect("an end");
    parts.map(len).collect()
}

#[test]
fn every_program_needs_at_most_15_lines_of_authentication() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let programs: Vec<_> = files.filter(|path| !path.ends_with("main.rs")).collect();
    assert_eq!(programs.len(), 8);
    for path in programs {
        let sides = authentication_lines(&std::fs::read_to_string(&path).unwrap());
        // Negotiate has both sides.
        let count = if path.ends_with("negotiate.rs") { sides.len() } else { 1 };
        assert!(!sides.is_empty() && count <= 2, "{}", path.display());
        let longest = sides.iter().copied().max().filter(|_| count == 2);
        let lines = longest.unwrap_or_else(|| sides.iter().sum());
        assert!((1..=15).contains(&lines), "{}: {sides:?}", path.display());
    }
}

//! The ABNF in DESIGN.md as regular expressions over bytes. What they are compiled to is anchored at both ends.

/// The rules of RFC 9110, each built of those above it: `<name>` stands for that rule.
///
/// White space means nothing, since the expressions are compiled in verbose mode: SP is `\x20`, HTAB is `\t`.
const RULES: &[(&str, &str)] = &[
    // 5.6.3
    ("SP", r"\x20"),
    ("HTAB", r"\t"),
    ("OWS", r"(?: <SP> | <HTAB> )*"),
    ("BWS", r"<OWS>"),
    // RFC 5234, B.1
    ("ALPHA", r"[A-Za-z]"),
    ("DIGIT", r"[0-9]"),
    ("DQUOTE", r"\x22"),
    ("VCHAR", r"[\x21-\x7E]"),
    // 5.6.2
    ("tchar", r"[!\#$%&'*+\-.^_`|~] | <DIGIT> | <ALPHA>"),
    ("token", r"<tchar>+"),
    // 5.5, 5.6.4
    ("obs-text", r"[\x80-\xFF]"),
    (
        "qdtext",
        r"<HTAB> | <SP> | \x21 | [\x23-\x5B] | [\x5D-\x7E] | <obs-text>",
    ),
    ("quoted-pair", r"\\ (?: <HTAB> | <SP> | <VCHAR> | <obs-text> )"),
    ("quoted-string", r"<DQUOTE> (?: <qdtext> | <quoted-pair> )* <DQUOTE>"),
    // 11.1, 11.2
    ("auth-scheme", r"<token>"),
    ("token68", r"(?: <ALPHA> | <DIGIT> | [\-._~+/] )+ =*"),
    ("auth-param", r"<token> <BWS> = <BWS> (?: <token> | <quoted-string> )"),
    // 5.6.1.2: as a recipient reads a list
    ("#auth-param", r"<auth-param>? (?: <OWS> , <OWS> <auth-param>? )*"),
    // 11.3, 11.4
    (
        "challenge",
        r"<auth-scheme> (?: <SP>+ (?: <token68> | <#auth-param> ) )?",
    ),
    (
        "credentials",
        r"<auth-scheme> (?: <SP>+ (?: <token68> | <#auth-param> ) )?",
    ),
    ("#challenge", r"<challenge>? (?: <OWS> , <OWS> <challenge>? )*"),
    // 11.7.1, 11.7.2, 11.7.3
    ("Proxy-Authenticate", r"<#challenge>"),
    ("Proxy-Authorization", r"<credentials>"),
    ("Proxy-Authentication-Info", r"<#auth-param>"),
];

/// One of the three fields, which are three grammars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// `Proxy-Authenticate = #challenge`
    Authenticate,
    /// `Proxy-Authorization = credentials`
    Authorization,
    /// `Proxy-Authentication-Info = #auth-param`
    AuthenticationInfo,
}

impl Grammar {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Authenticate, Self::Authorization, Self::AuthenticationInfo];

    /// The field's name.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Authenticate => "Proxy-Authenticate",
            Self::Authorization => "Proxy-Authorization",
            Self::AuthenticationInfo => "Proxy-Authentication-Info",
        }
    }

    /// The regular expression of a field value, from which white space was trimmed (5.5).
    #[must_use]
    pub fn value(self) -> String {
        expand(&format!("<{}>", self.field()))
    }

    /// The regular expression of what is given to the parser: a value that may have white space around it.
    #[must_use]
    pub fn untrimmed(self) -> String {
        expand(&format!("<OWS> <{}> <OWS>", self.field()))
    }
}

/// Puts the rules in for their names, and sets the mode: verbose, and bytes in place of characters.
fn expand(expression: &str) -> String {
    // From the last rule to the first, since each names only those above it.
    let expanded = RULES
        .iter()
        .rev()
        .fold(expression.to_owned(), |expanded, (name, rule)| {
            expanded.replace(&format!("<{name}>"), &format!("(?:{rule})"))
        });
    assert!(!expanded.contains('<'), "a rule that is not there: {expanded}");
    format!("(?x-u){expanded}")
}

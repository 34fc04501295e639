//! The ABNF in DESIGN.md as regular expressions over bytes. The compiled automata are anchored at both ends.

/// The rules of RFC 9110. `<name>` refers to a rule above.
///
/// The expressions are compiled in verbose mode, which ignores white space: SP is `\x20`, and HTAB is `\t`.
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
    // 5.6.1.2: the syntax of lists for recipients
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

/// The grammar of one of the three fields.
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
    /// All grammars.
    pub const ALL: [Self; 3] = [Self::Authenticate, Self::Authorization, Self::AuthenticationInfo];

    /// Returns the name of the field.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Authenticate => "Proxy-Authenticate",
            Self::Authorization => "Proxy-Authorization",
            Self::AuthenticationInfo => "Proxy-Authentication-Info",
        }
    }

    /// Returns the regular expression of a field value without white space around it (5.5).
    #[must_use]
    pub fn value(self) -> String {
        expand(&format!("<{}>", self.field()))
    }

    /// Returns the regular expression of a value that may have white space around it, as the parser gets it.
    #[must_use]
    pub fn untrimmed(self) -> String {
        expand(&format!("<OWS> <{}> <OWS>", self.field()))
    }
}

/// Replaces the names of rules by the rules, and sets the mode: verbose, and bytes instead of characters.
fn expand(expression: &str) -> String {
    // From the last rule to the first, since each refers only to rules above it.
    let expanded = RULES
        .iter()
        .rev()
        .fold(expression.to_owned(), |expanded, (name, rule)| {
            expanded.replace(&format!("<{name}>"), &format!("(?:{rule})"))
        });
    assert!(!expanded.contains('<'), "undefined rule: {expanded}");
    format!("(?x-u){expanded}")
}

//! Holds `proxy-auth` against the ABNF and the corpus.

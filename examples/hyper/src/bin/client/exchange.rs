//! Answers the challenges of a proxy, and checks its proof, with `proxy-auth`.

use std::error::Error;

use hyper::body::Bytes;
use hyper::header::HeaderValue;
use hyper::{HeaderMap, Response, StatusCode, Uri};
use proxy_auth::digest::{self, Info, Request, Username};
use proxy_auth::{AuthenticationInfo, Candidate, Challenges, Chosen, FieldName, Scheme, ToHeaderValue, basic, choose};

use crate::proxy::Proxy;

/// The schemes that this client answers, the strongest first.
const CANDIDATES: [Candidate<'static>; 2] = [Candidate::Scheme(Scheme::Digest), Candidate::Scheme(Scheme::Basic)];

/// A request through a proxy.
pub(crate) struct Exchange {
    pub(crate) proxy: Proxy,
    pub(crate) url: Uri,
    pub(crate) policy: Policy,
}

/// The user's security decision.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Policy {
    /// A response is trusted only if the proxy proved that it knows the password. Only Digest has such a proof.
    RequireProof,
    /// Basic is not allowed. The proxy need not prove that it knows the password.
    DigestOnly,
    /// Basic is allowed, which sends the password in readable form.
    AllowBasic,
}

impl Policy {
    fn candidates(self) -> &'static [Candidate<'static>] {
        match self {
            Self::AllowBasic => &CANDIDATES,
            Self::RequireProof | Self::DigestOnly => &CANDIDATES[..1],
        }
    }
}

impl Exchange {
    /// Sends the request. Sends it again with an answer if the proxy asks for one. Returns `None` if the proxy refuses, or is not
    /// trusted.
    pub(crate) async fn run(&self) -> Result<Option<Response<Bytes>>, Box<dyn Error>> {
        let mut response = self.proxy.get(&self.url, None).await?;
        if response.status() != StatusCode::PROXY_AUTHENTICATION_REQUIRED && self.policy == Policy::RequireProof {
            eprintln!("the proxy neither asked for the password nor proved that it knows it");
            return Ok(None);
        }
        let mut answered = false;
        let mut told_stale = false;
        while response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            let offered = describe(response.headers());
            let challenges = Challenges::from_headers(response.headers(), FieldName::PROXY_AUTHENTICATE);
            let choice = match choose(challenges, self.policy.candidates()) {
                Ok(choice) => choice,
                Err(nothing_fits) => {
                    eprintln!("407: {offered} offered; {nothing_fits}");
                    if self.policy == Policy::DigestOnly && offers(response.headers(), Scheme::Basic) {
                        eprintln!("Basic lets anyone on the network path read the password; --allow-basic allows it");
                    }
                    return Ok(None);
                }
            };
            let chosen = choice.chosen();
            // If the nonce was stale, answer once more. Otherwise, the user or the password is wrong.
            let is_stale = matches!(&chosen, Chosen::Digest(challenge) if challenge.is_stale());
            if answered && (!is_stale || told_stale) {
                eprintln!("407: {offered} offered; the proxy refuses the user or the password");
                return Ok(None);
            }
            told_stale |= answered && is_stale;
            answered = true;
            let stale = if told_stale { "the nonce was stale; " } else { "" };
            eprintln!("407: {offered} offered; {stale}answering {}", name(&chosen));
            if let Some(passed_over) = choice.passed_over() {
                eprintln!("a challenge that may have been stronger cannot be answered: {passed_over}");
            }
            match self.answer(&chosen).await? {
                Some(answer) => response = answer,
                None => return Ok(None),
            }
        }
        Ok(Some(response))
    }

    /// Sends the request with an answer to the chosen challenge. Returns `None` if the proxy is not trusted.
    async fn answer(&self, chosen: &Chosen<'_>) -> Result<Option<Response<Bytes>>, Box<dyn Error>> {
        let Proxy { user, password, .. } = &self.proxy;
        match chosen {
            Chosen::Basic(_) => {
                let credentials = basic::Credentials::new(user, password)?;
                let response = self.proxy.get(&self.url, Some(credentials.to_header_value()?)).await?;
                Ok(Some(response))
            }
            Chosen::Digest(challenge) => {
                // A proxy that sends charset=UTF-8 follows RFC 7616, so it knows `username*`. Others expect the plain name.
                let username = if challenge.is_utf8() {
                    Username::new(user)?
                } else {
                    Username::plain(user)?
                };
                let (cnonce, target) = (cnonce()?, self.url.to_string());
                let mut client = digest::Client::new(challenge, digest::Login::new(username, password), &cnonce)?;
                let answer = client.answer(Request::new("GET", &target)?);
                let response = self.proxy.get(&self.url, Some(answer.to_header_value()?)).await?;
                let is_trusted = response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
                    || self.is_trusted(&client, &answer, &response)?;
                Ok(is_trusted.then_some(response))
            }
            // Other schemes are not among the candidates.
            _ => Ok(None),
        }
    }

    /// Checks the proxy's proof that it also knows the password.
    fn is_trusted(
        &self,
        client: &digest::Client<'_>,
        answer: &digest::Answer<'_>,
        response: &Response<Bytes>,
    ) -> Result<bool, Box<dyn Error>> {
        let info = AuthenticationInfo::from_headers(response.headers(), FieldName::PROXY_AUTHENTICATION_INFO)?;
        let info = info.as_ref().map(Info::read).transpose()?;
        let (is_trusted, said) = match info.filter(|info| info.rspauth().is_some()) {
            None => (
                self.policy != Policy::RequireProof,
                "the proxy did not prove that it knows the password",
            ),
            Some(info) if client.verify(answer, &info, response.body()) => {
                (true, "the proxy proved that it knows the password")
            }
            Some(_) => (false, "the proxy does not know the password"),
        };
        eprintln!("{said}");
        Ok(is_trusted)
    }
}

/// Describes what a proxy offers, such as `Digest (SHA-256), Basic`.
fn describe(headers: &HeaderMap<HeaderValue>) -> String {
    let challenges = Challenges::from_headers(headers, FieldName::PROXY_AUTHENTICATE).lenient();
    let offered = challenges.map(|challenge| match challenge {
        Ok(challenge) => match digest::Challenge::read(&challenge) {
            Ok(digest) => format!("{} ({})", challenge.scheme(), digest.algorithm()),
            Err(_) => challenge.scheme().to_string(),
        },
        Err(error) => format!("({error})"),
    });
    let offered = offered.collect::<Vec<_>>().join(", ");
    if offered.is_empty() { "nothing".into() } else { offered }
}

/// Checks whether a proxy offers the given scheme, even in a challenge that is damaged or unusable.
fn offers(headers: &HeaderMap<HeaderValue>, scheme: Scheme<'_>) -> bool {
    let challenges = Challenges::from_headers(headers, FieldName::PROXY_AUTHENTICATE).lenient();
    challenges.flatten().any(|challenge| challenge.scheme() == scheme)
}

fn name(chosen: &Chosen<'_>) -> String {
    match chosen {
        Chosen::Digest(challenge) => format!("Digest ({})", challenge.algorithm()),
        Chosen::Basic(_) => "Basic".into(),
        _ => "another scheme".into(),
    }
}

/// Returns text that the proxy cannot predict.
fn cnonce() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

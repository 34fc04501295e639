//! Conversions from and to the types of the crate `http`, which hyper, axum, reqwest and others share.

extern crate alloc;

use alloc::vec;
use alloc::vec::Vec;

use http::header::{self, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue, ValueIter};

use crate::encode::{self, Encode, EncodeTo};
use crate::error::ParseError;
use crate::fields::{AuthenticationInfo, Challenges, Credentials};
use crate::request::Version;
use crate::response::{ChallengeResponse, FieldName, StatusCode};

/// Writes `value` to a field value that is not marked sensitive.
fn header_value(value: &(impl EncodeTo + ?Sized)) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut bytes = vec![0; encode::len(value)];
    if encode::to_buffer(value, &mut bytes).is_err() {
        // Both passes write the same length. If they did not, the NUL would cause an error.
        bytes.push(0);
    }
    HeaderValue::try_from(bytes)
}

/// Writes values to the field values of the crate `http`, which hyper, axum and others share (feature `http`).
///
/// Every type that implements [`Encode`] implements this trait.
///
/// # Examples
/// ```
/// use http::{Request, header};
/// use proxy_auth::{ToHeaderValue, basic};
///
/// let mut request = Request::get("http://example.com/").body(())?;
/// let credentials = basic::Credentials::new("aladdin", "open sesame")?;
/// request.headers_mut().insert(header::PROXY_AUTHORIZATION, credentials.to_header_value()?);
/// assert_eq!(request.headers()[header::PROXY_AUTHORIZATION], "Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// assert!(!format!("{request:?}").contains("Basic"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait ToHeaderValue: Encode {
    /// Writes this value to a field value of the crate `http`.
    ///
    /// The field value is marked sensitive, because it may be credentials: its `Debug` does not show it, and HTTP/2 does not put
    /// it into compression tables. Challenges in
    /// [`ChallengeResponse::to_response`](crate::ChallengeResponse::to_response) are not marked.
    ///
    /// # Errors
    /// No error occurs, because every implementor writes a valid field value. The error type belongs to the conversion in the
    /// crate `http`, which checks the bytes again.
    fn to_header_value(&self) -> Result<HeaderValue, InvalidHeaderValue> {
        let mut value = header_value(self)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl<T: Encode + ?Sized> ToHeaderValue for T {}

impl<'a> Challenges<'a, ValueIter<'a, HeaderValue>> {
    /// Reads the challenges of all field lines with the given name, in order (feature `http`).
    ///
    /// # Examples
    /// ```
    /// use http::{HeaderMap, HeaderValue, header};
    /// use proxy_auth::{Challenges, FieldName, STRONGEST_FIRST, choose};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::PROXY_AUTHENTICATE, HeaderValue::from_static("Negotiate"));
    /// headers.append(header::PROXY_AUTHENTICATE, HeaderValue::from_static("NTLM, Basic realm=x"));
    ///
    /// let challenges = Challenges::from_headers(&headers, FieldName::PROXY_AUTHENTICATE);
    /// assert!(choose(challenges, &STRONGEST_FIRST).is_ok());
    /// assert_eq!(Challenges::from_headers(&headers, FieldName::WWW_AUTHENTICATE).count(), 0);
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap, name: FieldName) -> Self {
        Self::from_lines(headers.get_all(name.lower_case()))
    }
}

impl<'a> Credentials<'a> {
    /// Parses the only field line with the given name, strictly. Returns `None` if there is none (feature `http`).
    ///
    /// # Examples
    /// ```
    /// use http::{HeaderMap, HeaderValue, header};
    /// use proxy_auth::{Credentials, FieldName, ParseErrorKind, Scheme};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::PROXY_AUTHORIZATION, HeaderValue::from_static("Basic YTpi"));
    /// let credentials = Credentials::from_headers(&headers, FieldName::PROXY_AUTHORIZATION)?;
    /// assert_eq!(credentials.unwrap().scheme(), Scheme::Basic);
    ///
    /// headers.append(header::PROXY_AUTHORIZATION, HeaderValue::from_static("Basic YTpi"));
    /// let error = Credentials::from_headers(&headers, FieldName::PROXY_AUTHORIZATION).unwrap_err();
    /// assert_eq!(error.kind(), ParseErrorKind::RepeatedField);
    /// # Ok::<(), proxy_auth::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// See [`from_lines`](Self::from_lines).
    pub fn from_headers(headers: &'a HeaderMap, name: FieldName) -> Result<Option<Self>, ParseError> {
        Self::from_lines(headers.get_all(name.lower_case()))
    }
}

impl<'a> AuthenticationInfo<'a> {
    /// Parses the only field line with the given name, strictly. Returns `None` if there is none (feature `http`).
    ///
    /// # Examples
    /// ```
    /// use http::{HeaderMap, HeaderValue};
    /// use proxy_auth::{AuthenticationInfo, FieldName};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Proxy-Authentication-Info", HeaderValue::from_static("nextnonce=abc"));
    /// let info = AuthenticationInfo::from_headers(&headers, FieldName::PROXY_AUTHENTICATION_INFO)?;
    /// assert_eq!(info.unwrap().param("nextnonce").unwrap(), "abc");
    /// # Ok::<(), proxy_auth::ParseError>(())
    /// ```
    ///
    /// # Errors
    /// See [`from_lines`](Self::from_lines).
    pub fn from_headers(headers: &'a HeaderMap, name: FieldName) -> Result<Option<Self>, ParseError> {
        Self::from_lines(headers.get_all(name.lower_case()))
    }
}

impl From<FieldName> for HeaderName {
    fn from(name: FieldName) -> Self {
        // `from_static` panics if the name is not a token in lower case, but every name here is one.
        Self::from_static(name.lower_case())
    }
}

impl From<StatusCode> for http::StatusCode {
    fn from(status: StatusCode) -> Self {
        // Every status code here has three digits, so `from_u16` accepts it.
        Self::from_u16(status.as_u16()).unwrap_or(Self::PROXY_AUTHENTICATION_REQUIRED)
    }
}

impl From<http::Version> for Version {
    fn from(version: http::Version) -> Self {
        match version {
            http::Version::HTTP_09 | http::Version::HTTP_10 => Self::Http10,
            http::Version::HTTP_11 => Self::Http11,
            // HTTP/2 and HTTP/3.
            _ => Self::Http2,
        }
    }
}

impl ChallengeResponse<'_> {
    /// Converts this response for a server that uses the crate `http` (feature `http`).
    ///
    /// The result has the same field lines in the same order, except for Content-Length. Such a server itself sends the length of
    /// the content. Content-Length is therefore present only if it differs: for content that is [omitted](Self::without_content),
    /// or that the caller [adds](Self::with_content_length) with [`http::Response::map`].
    ///
    /// # Examples
    /// ```
    /// use http::{StatusCode, header};
    /// use proxy_auth::{ChallengeResponse, basic};
    ///
    /// let challenge = basic::Challenge::new("Access to internal site")?;
    /// let response = ChallengeResponse::new(&challenge).with_content(b"Who are you?\n").to_response()?;
    /// assert_eq!(response.status(), StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    /// assert_eq!(response.headers()[header::PROXY_AUTHENTICATE], r#"Basic realm="Access to internal site""#);
    /// assert_eq!(response.body(), b"Who are you?\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns [`http::Error`] if there are more field lines, or a longer field name, than a [`HeaderMap`] allows: tens
    /// of thousands.
    pub fn to_response(&self) -> Result<http::Response<Vec<u8>>, http::Error> {
        let mut response = http::Response::new(self.content().to_vec());
        *response.status_mut() = self.status().into();
        let headers = response.headers_mut();
        if let Some(date) = self.date {
            headers.try_append(header::DATE, HeaderValue::from_bytes(date.as_bytes())?)?;
        }
        let name = HeaderName::from(self.challenge_name());
        let mut appended = Ok(());
        self.each_challenge(&mut |challenge| {
            if appended.is_ok() {
                let value = header_value(challenge).map_err(http::Error::from);
                appended = value.and_then(|value| Ok(headers.try_append(&name, value).map(drop)?));
            }
        });
        appended?;
        for line in self.lines {
            let name = HeaderName::from_bytes(line.name().as_bytes())?;
            headers.try_append(name, HeaderValue::from_bytes(line.value())?)?;
        }
        if let Some(connection) = self.connection() {
            headers.try_append(header::CONNECTION, HeaderValue::from_static(connection))?;
        }
        if let Some(length) = self.other_content_length() {
            headers.try_append(header::CONTENT_LENGTH, HeaderValue::from(length))?;
        }
        Ok(response)
    }
}

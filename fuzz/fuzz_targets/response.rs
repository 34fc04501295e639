//! Builds responses from arbitrary challenges, fields and content, and splits them again.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use proxy_auth::{Challenge, ChallengeResponse, EncodeChallenge, FieldLine};
use proxy_auth_fuzz::Made;

#[derive(Arbitrary, Debug)]
struct Input {
    challenge: Made,
    date: Option<String>,
    fields: Vec<(String, Vec<u8>)>,
    content: Content,
    to_head: bool,
    close: Option<bool>,
    more: u8,
}

#[derive(Arbitrary, Debug)]
enum Content {
    Held(Vec<u8>),
    Length(u64),
    UntilClose,
}

fuzz_target!(|input: Input| {
    input.challenge.with(|scheme, body| {
        let challenge = match body {
            Ok(token68) => Challenge::from_token68(scheme, token68),
            Err(params) => Challenge::from_params(scheme, params),
        };
        let more = vec![&challenge as &dyn EncodeChallenge; input.more.into()];
        let fields = input
            .fields
            .iter()
            .filter_map(|(name, value)| FieldLine::new(name, value).ok());
        let fields: Vec<_> = fields.collect();
        let mut response = ChallengeResponse::new(&challenge)
            .with_more_challenges(&more)
            .with_lines(&fields);
        let mut lines = fields.len() + 1 + more.len();
        if let Some(dated) = input.date.as_ref().and_then(|date| response.with_date(date).ok()) {
            response = dated;
            lines += 1;
        }
        let length = match &input.content {
            Content::Held(content) => {
                response = response.with_content(content);
                Some(content.len() as u64)
            }
            Content::Length(length) => {
                response = response.with_content_length(*length);
                Some(*length)
            }
            Content::UntilClose => {
                response = response.with_content_until_close();
                None
            }
        };
        lines += usize::from(length.is_some());
        if input.to_head {
            response = response.without_content();
        }
        if let Some(close) = input.close {
            response = if close {
                response.with_close()
            } else {
                response.with_keep_alive()
            };
            lines += usize::from(close || length.is_some() || input.to_head);
        }
        let mut buffer = vec![0; response.encoded_len()];
        let written = response.encode(&mut buffer).unwrap();
        let end = written.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let (head, rest) = written.split_at(end);
        match &input.content {
            Content::Held(content) if !input.to_head => assert_eq!(&rest[4..], content),
            _ => assert!(rest[4..].is_empty()),
        }
        let head: Vec<_> = String::from_utf8_lossy(head).split("\r\n").map(str::to_owned).collect();
        assert_eq!(head[0], "HTTP/1.1 407 Proxy Authentication Required");
        assert_eq!(head.len(), lines + 1);
        assert!(head.iter().all(|line| !line.contains(['\r', '\n', '\0'])));
        let lengths = head.iter().filter_map(|line| line.strip_prefix("Content-Length: "));
        let lengths: Vec<u64> = lengths.map(|length| length.parse().unwrap()).collect();
        assert_eq!(lengths, Vec::from_iter(length));
        let asked = head.iter().filter(|line| line.starts_with("Proxy-Authenticate: "));
        assert_eq!(asked.count(), 1 + more.len());
        assert!(
            head[1..]
                .iter()
                .all(|line| line.split_once(": ").is_some_and(|(name, _)| !name.is_empty()))
        );
    });
});

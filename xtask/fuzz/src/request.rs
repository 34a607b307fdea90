//! What must hold for any request that asks to be accepted.
//!
//! An input is written like the head of a request: the target on the first line, a header on each further line, an
//! empty line, the body. `{secret}`, `{sha1}` and `{sha256}` in it stand for what only the vendor could write, so that
//! genuine requests are within reach.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use webhook_core::{Authenticated, Authentication, Reason, Receiver, Rejected, Scheme as _, Secret};

const SECRETS: [&str; 2] = ["the-old-secret-of-a-rotation", "the-new-secret-of-a-rotation"];

struct Request {
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// The secret itself in a header: accepted if and only if it stands there once, byte for byte.
pub fn shared_token<W: Authenticated>(input: &[u8]) {
    let Authentication::SharedToken { header } = W::SCHEME.authentication() else { panic!("another scheme") };
    let request = Request::read(input);
    let values = request.values(header);
    let genuine = match values.as_slice() {
        [value] => SECRETS.iter().position(|secret| secret.as_bytes() == *value),
        _ => None,
    };
    request.expect::<W>(genuine);
}

/// An HMAC of the body in a header: accepted if and only if it is in hexadecimal digits what was computed here.
pub fn body_hmac<W: Authenticated>(input: &[u8]) {
    let Authentication::BodyHmac { header } = W::SCHEME.authentication() else { panic!("another scheme") };
    let request = Request::read(input);
    let values = request.values(header);
    let genuine = match values.as_slice() {
        [value] => std::str::from_utf8(value).ok().and_then(|value| {
            let value = value.trim_matches([' ', '\t']).to_ascii_lowercase();
            SECRETS.iter().position(|secret| {
                let sha1 = hex::<Hmac<Sha1>>(secret, &request.body);
                let sha256 = hex::<Hmac<Sha256>>(secret, &request.body);
                [format!("sha1={sha1}"), format!("sha256={sha256}"), sha1, sha256].contains(&value)
            })
        }),
        _ => None,
    };
    request.expect::<W>(genuine);
}

/// A token in the URL: accepted if and only if it is a part of the path or a value of the query, among the first 64.
pub fn url_token<W: Authenticated>(input: &[u8]) {
    let request = Request::read(input);
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let values = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value);
    let parts = path.split('/').chain(values).filter(|part| !part.is_empty()).take(64);
    let genuine = parts.filter_map(|part| SECRETS.iter().position(|secret| *secret == part)).last();
    request.expect::<W>(genuine);
}

impl Request {
    fn read(input: &[u8]) -> Self {
        let split = input.windows(2).position(|pair| pair == b"\n\n");
        let (head, body) = split.map_or((input, &[][..]), |at| (&input[..at], &input[at + 2..]));
        let mut lines = head.split(|byte| *byte == b'\n').map(|line| fill(line, body));
        let target = String::from_utf8_lossy(&lines.next().unwrap_or_default()).into_owned();
        let headers = lines
            .map(|line| {
                let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
                let value = line.get(colon + 1..).unwrap_or_default().to_vec();
                (String::from_utf8_lossy(&line[..colon]).into_owned(), value)
            })
            .collect();
        Self { target, headers, body: body.to_vec() }
    }

    fn values(&self, header: &str) -> Vec<&[u8]> {
        let named = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(header));
        named.map(|(_, value)| value.as_slice()).collect()
    }

    fn expect<W: Authenticated>(&self, genuine: Option<usize>) {
        let secrets = SECRETS.map(|secret| Secret::new(secret).expect("not empty"));
        let receiver = Receiver::<W>::with_secrets(secrets).expect("two secrets");
        match receiver.accept((self.target.as_str(), &self.headers), self.body.clone()) {
            Ok(delivery) => {
                assert_eq!((delivery.secret_index(), delivery.body()), (genuine, &self.body.clone().into()));
                assert!(genuine.is_some());
            }
            Err(rejected) => {
                assert!(genuine.is_none(), "{rejected}");
                tells_nothing(rejected);
            }
        }
        // A limit is a limit, where the head does not tell already that the request is forged.
        let limited = receiver.with_max_body_bytes(self.body.len().saturating_sub(1));
        let outcome = limited.accept((self.target.as_str(), &self.headers), self.body.clone());
        if !self.body.is_empty() {
            let expected = match limited.check_head((self.target.as_str(), &self.headers)) {
                Ok(()) => Reason::BodyTooLarge,
                Err(rejected) => rejected.reason(),
            };
            assert_eq!(outcome.expect_err("over the limit").reason(), expected);
        }
    }
}

fn tells_nothing(rejected: Rejected) {
    let text = format!("{rejected} {rejected:?}");
    assert!(SECRETS.iter().all(|secret| !text.contains(secret)));
    assert!([400, 401].contains(&rejected.status().as_u16()));
}

/// The line with everything filled in that only the vendor could write.
fn fill(line: &[u8], body: &[u8]) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(line) else { return line.to_vec() };
    if !text.contains('{') {
        return line.to_vec();
    }
    text.replace("{secret}", SECRETS[0])
        .replace("{second}", SECRETS[1])
        .replace("{sha1}", &hex::<Hmac<Sha1>>(SECRETS[0], body))
        .replace("{sha256}", &hex::<Hmac<Sha256>>(SECRETS[1], body))
        .into_bytes()
}

fn hex<M: Mac + KeyInit>(secret: &str, body: &[u8]) -> String {
    let mut mac = <M as KeyInit>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

//! The content of a captured file: a body, or a whole request, of which only the body is used.

use anyhow::{Context, Result, bail, ensure};

/// The maximum size of a capture. It is larger than any vendor sends.
const MAX_BYTES: usize = 1024 * 1024;

/// A captured delivery.
#[derive(Debug)]
pub(super) struct Capture {
    /// The body, byte for byte.
    pub(super) body: String,
    /// What was dropped, for the person who runs the command; never a value.
    pub(super) dropped: Vec<String>,
    /// Values of headers that look like credentials: they must not be in a fixture.
    pub(super) credentials: Vec<String>,
}

impl Capture {
    /// Reads a captured file.
    ///
    /// A request begins with its request line; anything else is a body. A byte order mark before it is dropped.
    pub(super) fn of(bytes: &[u8]) -> Result<Self> {
        const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
        if let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
            let mut capture = Self::of(rest)?;
            capture.dropped.push("the byte order mark".to_owned());
            return Ok(capture);
        }
        ensure!(bytes.len() <= MAX_BYTES, "the capture is larger than 1 MiB: no vendor sends that much");
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let first = String::from_utf8_lossy(line).trim_end().to_owned();
        ensure!(!first.starts_with("HTTP/"), "the capture is a response: the request is what is wanted");
        ensure!(
            !["> ", "< ", "* "].iter().any(|mark| first.starts_with(mark)),
            "it looks like a log of curl: give the request without what curl writes before its lines, and with its body"
        );
        ensure!(
            !is_header(&first),
            "it looks like a request without its request line: write one above, such as POST / HTTP/1.1"
        );
        if is_request_line(&first) {
            request(bytes)
        } else {
            Ok(Self { body: body(bytes)?, dropped: Vec::new(), credentials: Vec::new() })
        }
    }
}

/// The text of a body.
fn body(bytes: &[u8]) -> Result<String> {
    // The first bytes of gzip and zstd data.
    let compressed =
        [&[0x1f, 0x8b][..], &[0x28, 0xb5, 0x2f, 0xfd]].iter().any(|mark| bytes.starts_with(mark));
    ensure!(!compressed, "the body is compressed: capture it decoded");
    ensure!(!bytes.contains(&0), "the body contains a NUL byte: it is not JSON text");
    let text = std::str::from_utf8(bytes);
    Ok(text
        .map_err(|error| anyhow::anyhow!("byte {} of the body is not UTF-8", error.valid_up_to()))?
        .to_owned())
}

/// `Name: value`, with which no JSON begins.
fn is_header(line: &str) -> bool {
    let name = line.split_once(':').map_or("", |(name, _)| name);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    name.starts_with(|letter: char| letter.is_ascii_alphabetic()) && name.chars().all(plain)
}

/// `POST /path HTTP/1.1`, or the same without the version.
fn is_request_line(line: &str) -> bool {
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    is_method && (target.starts_with('/') || target.starts_with("http"))
}

fn request(bytes: &[u8]) -> Result<Capture> {
    let (head, after) = [&b"\r\n\r\n"[..], b"\n\n"]
        .iter()
        .filter_map(|gap| Some((bytes.windows(gap.len()).position(|window| window == *gap)?, gap)))
        .min_by_key(|(at, _)| *at)
        .and_then(|(at, gap)| Some((bytes.get(..at)?, bytes.get(at + gap.len()..)?)))
        .context("the request has no empty line between its headers and its body")?;
    let head = String::from_utf8_lossy(head);
    let mut dropped = Vec::new();
    let mut credentials = Vec::new();
    let mut lines = head.lines();
    let target = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    if target.len() > 1 {
        dropped.push("the target of the request: it may hold a token".to_owned());
        credentials.extend(target.split(['/', '?', '&', '=', '#']).map(str::to_owned));
    }
    let mut headers = 0;
    for line in lines {
        let Some((name, value)) = line.split_once(':') else {
            bail!("the request has a line among its headers that is none");
        };
        let (name, value) = (name.trim(), value.trim());
        let plain = value.eq_ignore_ascii_case("identity");
        if name.eq_ignore_ascii_case("content-encoding") {
            ensure!(plain, "the body is compressed, as its header {name} says: capture it decoded");
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            ensure!(plain, "the body is in chunks, as its header {name} says: capture it decoded");
        }
        headers += 1;
        if is_credential(name) {
            dropped.push(format!("the header {name}: it looks like a credential"));
            credentials.extend(value.split([' ', ';', ',', '=']).map(str::to_owned));
        }
    }
    dropped.push(format!("{headers} headers: a fixture is a body and nothing else"));
    Ok(Capture { body: body(after)?, dropped, credentials })
}

fn is_credential(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    let words =
        ["auth", "cookie", "token", "secret", "signature", "api-key", "apikey", "password", "credential"];
    words.iter().any(|word| header.contains(word))
}

#[cfg(test)]
mod tests {
    use super::Capture;

    fn of(text: &str) -> anyhow::Result<Capture> {
        Capture::of(text.as_bytes())
    }

    #[test]
    fn a_file_with_a_body_is_the_body() {
        let capture = of("{\"event_name\": 1}\n").unwrap();
        assert_eq!(capture.body, "{\"event_name\": 1}\n");
        assert!(capture.dropped.is_empty());
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        let capture = of("\u{feff}{}").unwrap();
        assert_eq!(
            (capture.body.as_str(), capture.dropped.as_slice()),
            ("{}", &["the byte order mark".to_owned()][..])
        );
    }

    #[test]
    fn a_request_keeps_its_body_and_credentials_are_named_without_their_values() {
        for line in ["\r\n", "\n"] {
            let text = [
                "POST /hooks/tkn-31337 HTTP/1.1",
                "Host: hooks.acme.io",
                "X-Qase-Secret-Token: hunter2hunter2",
                "",
                "{}",
            ]
            .join(line);
            let capture = of(&text).unwrap();
            assert_eq!(capture.body, "{}");
            let said = capture.dropped.join("\n");
            assert!(said.contains("the header X-Qase-Secret-Token: it looks like a credential"), "{said}");
            assert!(said.contains("2 headers"), "{said}");
            assert!(!said.contains("hunter2") && !said.contains("31337") && !said.contains("acme"), "{said}");
            assert!(capture.credentials.iter().any(|value| value == "hunter2hunter2"));
            assert!(capture.credentials.iter().any(|value| value == "tkn-31337"));
        }
    }

    #[test]
    fn a_capture_without_a_body_is_refused() {
        let told = |bytes: &[u8]| Capture::of(bytes).unwrap_err().to_string();
        assert_eq!(told(b"{\"a\":\"\xff\"}"), "byte 6 of the body is not UTF-8");
        assert!(told(b"{\0}").contains("NUL"));
        assert!(told(b"HTTP/1.1 200 OK\r\n\r\n{}").contains("response"));
        assert!(told(b"POST / HTTP/1.1\r\nHost: a\r\n{}").contains("no empty line"));
        for encoding in ["gzip", "br", "deflate"] {
            let request =
                [format!("POST / HTTP/1.1\nContent-Encoding: {encoding}\n\n").as_bytes(), b"\x1f\x8b\0\xff"]
                    .concat();
            assert_eq!(
                told(&request),
                "the body is compressed, as its header Content-Encoding says: capture it decoded"
            );
        }
        assert!(told(b"POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n{}").contains("in chunks"));
        assert_eq!(told(b"\x1f\x8b\x08\0"), "the body is compressed: capture it decoded");
        assert_eq!(
            told(b"POST / HTTP/1.1\nA: b\n\n\x1f\x8b\x08\0"),
            "the body is compressed: capture it decoded"
        );
        let headless = told(b"Host: a.b\r\nX-Qase-Secret-Token: hunter2\r\n\r\n{}");
        assert!(headless.contains("without its request line") && !headless.contains("hunter2"), "{headless}");
        for log in ["> POST / HTTP/1.1\n> Host: a\n>\n{}", "* Trying 127.0.0.1\n> POST / HTTP/1.1"] {
            assert!(told(log.as_bytes()).contains("a log of curl"), "{log}");
        }
        assert!(told(&vec![b' '; 1024 * 1024 + 1]).contains("1 MiB"));
    }
}

//! A captured request: a file with only a body, or with the request line and headers too.

use httparse::Status;
use webhook_core::RequestHead;

/// The maximum number of headers, as in usual servers.
const MAX_HEADERS: usize = 100;

/// A captured request.
#[derive(Default)]
pub(crate) struct Captured {
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) target: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Captured {
    /// Splits a file, byte for byte: a request begins with its request line, any other file is a body.
    pub(crate) fn of(mut file: Vec<u8>) -> Result<Self, &'static str> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
        match head(&file, &mut lines)? {
            None => Ok(Self { body: file, ..Self::default() }),
            Some(Parsed { headers, target, length }) => {
                let header = |line: &httparse::Header<'_>| (line.name.to_owned(), line.value.to_vec());
                let headers = headers.iter().map(header).collect();
                let target = Some(target.to_owned());
                Ok(Self { headers, target, body: file.split_off(length) })
            }
        }
    }
}

/// The body in a file that contains a whole request or only a body.
pub(crate) fn body(file: &[u8]) -> Result<&[u8], &'static str> {
    // A request begins with a method. Most files do not, so this check is fast.
    if !file.first().is_some_and(u8::is_ascii_alphabetic) {
        return Ok(file);
    }
    let mut lines = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let length = head(file, &mut lines)?.map_or(0, |parsed| parsed.length);
    Ok(file.get(length..).unwrap_or_default())
}

struct Parsed<'h, 'f> {
    headers: &'h [httparse::Header<'f>],
    target: &'f str,
    length: usize,
}

/// The part before the body; `None` if a file has only a body.
fn head<'h, 'f>(
    file: &'f [u8],
    lines: &'h mut [httparse::Header<'f>],
) -> Result<Option<Parsed<'h, 'f>>, &'static str> {
    let mut request = httparse::Request::new(lines);
    let parsed = request.parse(file);
    let is_target = |path: &&str| path.starts_with('/') || path.starts_with("http");
    let Some(target) = request.path.filter(is_target) else {
        return Ok(None);
    };
    let Ok(Status::Complete(length)) = parsed else {
        return Err("it begins with a request line; it must be like `POST / HTTP/1.1`, with headers and an \
                    empty line behind it");
    };
    Ok(Some(Parsed { headers: request.headers, target, length }))
}

impl RequestHead for Captured {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.headers.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }
}

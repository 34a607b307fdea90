//! A request as it was captured: a file with a body alone, or with what stood before the body too.

use httparse::Status;
use webhook_core::RequestHead;

/// As many headers as servers take.
const MOST_HEADERS: usize = 100;

/// A captured request.
#[derive(Default)]
pub(super) struct Captured {
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) target: Option<String>,
    pub(super) body: Vec<u8>,
}

impl Captured {
    /// Takes a file apart, byte for byte: a request begins with its request line, anything else is a body.
    pub(super) fn of(mut file: Vec<u8>) -> Result<Self, &'static str> {
        let mut lines = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut lines);
        let parsed = request.parse(&file);
        if !request.path.is_some_and(|path| path.starts_with('/') || path.starts_with("http")) {
            return Ok(Self { body: file, ..Self::default() });
        }
        let Ok(Status::Complete(length)) = parsed else {
            return Err(
                "it begins with a request line; such as `POST / HTTP/1.1` it must be, with headers and an empty line behind",
            );
        };
        let header = |line: &httparse::Header<'_>| (line.name.to_owned(), line.value.to_vec());
        let headers = request.headers.iter().map(header).collect();
        let target = request.path.map(str::to_owned);
        Ok(Self { headers, target, body: file.split_off(length) })
    }
}

impl RequestHead for Captured {
    fn each_header<'a>(&'a self, visit: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.headers.each_header(visit);
    }

    fn target(&self) -> Option<&str> {
        self.target.as_deref()
    }
}
